"""A refused reply costs a file the model's description, and never its author's documentation."""

from __future__ import annotations

import pytest

from agents import keys
from agents.contracts.analysis import AnalystReply, FileReply
from agents.contracts.base import Contract, Lines, Statement
from agents.contracts.ladder import as_it_came_out
from agents.contracts.snapshot import Gap, Manifest, ManifestEntry, SourceFile, Sources
from agents.errors import ModelContextExceeded, ModelReplyInvalid
from agents.roles.analyst.run import run
from agents.session.figures import coverage_of, gaps_of
from tests.agents.fakes import SESSION_ID, FakePorts, ReplayingModel, fake_ports, settings
from tests.agents.roles.analyst.test_analyst import REQUEST, path_of, plain, stored

ASKED, INSTEAD = 0, 100


def world(model: ReplayingModel, extractive_key: str | None = f"{INSTEAD:064x}") -> FakePorts:
    """One file in one batch."""
    ports = fake_ports(model)
    source = SourceFile(
        path="a.py", language="python", analysis_key=f"{ASKED:064x}", extractive_key=extractive_key, text="x = 1\n"
    )
    blob = Sources(batch_id="b00000", files=(source,)).model_dump_json().encode()
    ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")] = blob
    return ports


def analysed(ports: FakePorts) -> tuple[Gap, ...]:
    run(REQUEST, ports, settings("AnalyseBatch", model="openai:any"))
    return ports.store.outcomes[SESSION_ID, "b00000"].gaps


def nonsense(brief: Contract) -> AnalystReply:
    claim = Statement(text="It is lovely.", lines=Lines(start=50, end=60))
    return AnalystReply(files=(FileReply(path=path_of(brief), summary=(claim,)),))


def raising(error: Exception) -> ReplayingModel:
    return ReplayingModel(replies=[error])


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (ReplayingModel(respond=nonsense), "ModelReplyInvalid"),
        (raising(ModelReplyInvalid("no JSON")), "ModelReplyInvalid"),
        (raising(ModelContextExceeded("too long")), "ModelContextExceeded"),
    ],
    ids=["nonsense", "broken", "too-long"],
)
def test_the_file_has_an_extractive_analysis_under_a_key_of_its_own_and_is_a_gap(
    model: ReplayingModel, reason: str
) -> None:
    ports = world(model)
    (gap,) = analysed(ports)
    assert (gap.path, gap.reason, gap.extracted) == ("a.py", reason, True)
    assert stored(ports, INSTEAD).model == "extractive"
    assert f"{ASKED:064x}" not in ports.store.pointers
    assert ports.store.outcomes[SESSION_ID, "b00000"].analysed == 0


def test_a_later_attempt_asks_the_model_again() -> None:
    model = ReplayingModel(respond=nonsense)
    ports = world(model)
    analysed(ports)
    model.respond = plain
    assert analysed(ports) == ()
    assert stored(ports, ASKED).model == "openai:any"


def test_a_file_of_an_older_plan_is_a_gap_without_a_page() -> None:
    ports = world(ReplayingModel(respond=nonsense), extractive_key=None)
    (gap,) = analysed(ports)
    assert not gap.extracted
    assert ports.store.pointers == {}


def test_the_session_counts_it_as_a_gap_and_shows_its_symbols() -> None:
    ports = world(ReplayingModel(respond=nonsense))
    analysed(ports)
    outcome = ports.store.outcomes[SESSION_ID, "b00000"]
    entry = ManifestEntry(
        path="a.py", language="python", bytes=6, lines=1, digest="c" * 64, analysis_key=f"{ASKED:064x}",
        batch_id="b00000", extractive_key=f"{INSTEAD:064x}",
    )  # fmt: skip
    manifest = as_it_came_out(Manifest(session_id=SESSION_ID, repository="demo", entries=(entry,)), [outcome])
    coverage = coverage_of(manifest, ports.store.pointers)
    assert gaps_of(manifest, ports.store.pointers, [outcome], []) == outcome.gaps
    assert (coverage.files_total, coverage.files_analysed, coverage.symbols_total) == (1, 0, 1)


def test_a_gap_of_an_older_release_is_read_as_one_without_a_page() -> None:
    assert not Gap.model_validate({"path": "a.py", "reason": "ModelReplyInvalid", "detail": "no"}).extracted
