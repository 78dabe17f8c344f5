"""A session with `inference: batch` and a model that is not Claude: the job's records are in the form of Converse."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.contracts.snapshot import Route
from bench.stub_batch import BatchBehaviour
from tests.e2e.test_batch_inference import FILES, IN_PRICE, OUT_PRICE, batch_world

pytestmark = [pytest.mark.local, pytest.mark.timeout(300)]


@pytest.mark.slow  # half a minute each
@pytest.mark.parametrize("serves", ["eu.amazon.nova-pro-v1:0", "us.meta.llama3-3-70b-instruct-v1:0"])
def test_a_job_asks_a_model_of_another_family(tmp_path: Path, serves: str) -> None:
    with batch_world(tmp_path, serves) as world:
        ran = world.ran(BatchBehaviour(minimum_records=FILES))
        (job,) = world.stub.jobs.values()
    assert (job.request["modelId"], job.request["modelInvocationType"]) == (serves, "Converse")
    assert (ran.record.routes.batch_inference, ran.in_realtime) == (FILES, [])
    spent = ran.outcomes[Route.BATCH_INFERENCE].usage
    assert spent.usd == pytest.approx((spent.input_tokens * IN_PRICE + spent.output_tokens * OUT_PRICE) / 2 / 1e6)
    assert (ran.ledger.reserved, ran.record.gaps) == (0, ())
