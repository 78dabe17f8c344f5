"""What Bedrock is sent: in realtime, in a job and to CountTokens the same question, each in a form that AWS takes."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from agents.contracts.analysis import AnalystReply
from agents.errors import ModelUnavailable, SwarmError
from agents.models import converse
from agents.models.access import ModelAccess
from agents.models.counting import TokenCounter
from agents.questions.prompt import prompt_of
from bench.bedrock_refusals import converse_problem, job_problem, record_problem, shape_problem
from tests.agents.models.over_http.asked import Asker, question, reply
from tests.agents.models.over_http.converse import Converse, refused, tool
from tests.agents.models.over_http.test_prompt_cache import asked_about, said_of

HAIKU = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
NOVA = "amazon.nova-pro-v1:0"
LLAMA = "us.meta.llama3-3-70b-instruct-v1:0"
FAMILIES = pytest.mark.parametrize("model", [HAIKU, NOVA, LLAMA])
PRICES = f"bedrock:{LLAMA}=1/2"
CONVERSE_JOB = {"modelInvocationType": "Converse", "modelId": HAIKU}


def _access(converse: Converse, tier: str = "") -> ModelAccess:
    return ModelAccess(bedrock=converse.client, prices=PRICES, timeout_seconds=60.0, tier_of=lambda _: tier)


def _in_realtime(endpoint: Converse, model: str, tier: str = "", *, cached: bool = False) -> dict[str, Any]:
    endpoint.answers = [tool(said_of("a.py") if cached else reply())]
    endpoint.asked.clear()
    asker = Asker(f"bedrock:{model}", _access(endpoint, tier))
    asker.model().answer(asked_about("a.py") if cached else question())
    ((path, request),) = endpoint.asked
    assert unquote(path).endswith(f"/model/{model}/converse")
    return request


def _in_job() -> dict[str, Any]:
    prompt = prompt_of(question())
    line = converse.record_of("r1", prompt.system, prompt.user, AnalystReply, question().max_output_tokens)
    record = json.loads(line)
    assert (record["recordId"], b"\n" in line) == ("r1", False)
    request: dict[str, Any] = record["modelInput"]
    return request


@FAMILIES
def test_a_record_is_the_request_of_realtime_but_for_the_form_of_the_reply(converse: Converse, model: str) -> None:
    now, later = _in_realtime(converse, model), _in_job()
    assert set(now) - set(later) == {"toolConfig"}
    assert (later["messages"], later["inferenceConfig"]) == (now["messages"], now["inferenceConfig"])
    ((common,), (whole,)) = now["system"], later["system"]
    assert whole["text"].startswith(common["text"])
    form = whole["text"].removeprefix(common["text"])
    assert json.loads(form[form.index("{") :]) == AnalystReply.model_json_schema()


@FAMILIES
def test_aws_takes_both(converse: Converse, model: str) -> None:
    assert converse_problem(model, _in_realtime(converse, model)) == ""
    assert converse_problem(model, _in_realtime(converse, model, cached=True)) == ""
    assert record_problem({**CONVERSE_JOB, "modelId": model}, _in_job()) == ""


@FAMILIES
def test_what_is_counted_is_what_is_sent(converse: Converse, model: str) -> None:
    sent = _in_realtime(converse, model)
    converse.asked.clear()
    converse.answers = [lambda _: (200, "", {"inputTokens": 1234})]
    assert TokenCounter(f"bedrock:{model}", _access(converse)).count(question()) == 1234
    ((path, asked),) = converse.asked
    # CountTokens takes the model behind a profile, and not the profile.
    assert unquote(path).endswith(f"/model/{model.removeprefix('eu.').removeprefix('us.')}/count-tokens")
    assert asked["input"]["converse"] == {part: sent[part] for part in ("messages", "system", "toolConfig")}
    assert shape_problem("bedrock-runtime", "CountTokens", {**asked, "modelId": model}) == ""


def test_a_refused_count_is_one_of_our_errors(converse: Converse) -> None:
    counter = TokenCounter(f"bedrock:{HAIKU}", _access(converse))
    converse.answers = [refused(400, "ValidationException", "The provided model doesn't support counting tokens.")]
    with pytest.raises(SwarmError, match="doesn't support counting tokens"):
        counter.count(question())
    converse.answers = [refused(500, "InternalServerException", "down")]
    with pytest.raises(ModelUnavailable):
        counter.count(question())


def test_a_cache_point_lives_an_hour_where_the_model_takes_it(converse: Converse) -> None:
    for model, point in ((HAIKU, {"type": "default", "ttl": "1h"}), (NOVA, {"type": "default"})):
        request = _in_realtime(converse, model, cached=True)
        assert [block["cachePoint"] for block in request["system"] if "cachePoint" in block] == [point]
        # The only one: where there are more, a longer life must come first.
        assert json.dumps(request).count("cachePoint") == 1


def test_a_tier_is_sent_and_paid_where_the_model_has_it(converse: Converse) -> None:
    assert "serviceTier" not in _in_realtime(converse, NOVA)
    assert "serviceTier" not in _in_realtime(converse, HAIKU, "flex")
    request = _in_realtime(converse, NOVA, "flex")
    assert request["serviceTier"] == {"type": "flex"}
    assert converse_problem(NOVA, request) == ""
    asker = Asker(f"bedrock:{NOVA}", _access(converse, "flex"))
    usage = asker.model().answer(question()).usage
    assert usage.usd == pytest.approx((900 * 0.8 + 100 * 3.2) / 2 / 1e6)
    assert asker.ledger.held[0].usd >= usage.usd


def test_the_stub_refuses_what_bedrock_refuses() -> None:
    fine = _in_job()
    hour = {"cachePoint": {"type": "default", "ttl": "1h"}}
    assert "no body of InvokeModel" in record_problem({"modelId": HAIKU}, fine)
    assert "tool calling" in record_problem(CONVERSE_JOB, {**fine, "toolConfig": {"tools": []}})
    assert "one message" in record_problem(CONVERSE_JOB, {"anthropic_version": "bedrock-2023-05-31"})
    assert "maxTokens" in record_problem(CONVERSE_JOB, {**fine, "inferenceConfig": {"maxTokens": 0}})
    assert "tier flex" in converse_problem(HAIKU, {**fine, "serviceTier": {"type": "flex"}})
    assert "is none of" in converse_problem(NOVA, {**fine, "serviceTier": {"type": "cheap"}})
    assert "five minutes" in converse_problem(NOVA, {**fine, "system": [*fine["system"], hour]})
    early = {"cachePoint": {"type": "default"}}
    assert "comes after" in converse_problem(HAIKU, {**fine, "system": [*fine["system"], early, hour]})
    assert "fewer than" in job_problem([{"recordId": "r1"}], 2)
    assert "recordId" in job_problem([{"modelInput": fine}], 1)
    assert job_problem([{"recordId": "r1"}], 1) == ""
    job = {"jobName": "a", "roleArn": "nobody", "modelId": HAIKU, "modelInvocationType": "Chat"}
    assert "Chat" in shape_problem(
        "bedrock",
        "CreateModelInvocationJob",
        {
            **job,
            "inputDataConfig": {"s3InputDataConfig": {"s3Uri": "s3://bucket/in"}},
            "outputDataConfig": {"s3OutputDataConfig": {"s3Uri": "s3://bucket/out/"}},
        },
    )
