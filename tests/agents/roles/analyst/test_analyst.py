"""AnalyseBatch: every file is analysed or a named gap, and what is finished is never paid for twice."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from agents import keys
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply, FileReply, SymbolNote
from agents.contracts.base import Contract, Lines, Statement
from agents.contracts.snapshot import Route, SourceFile, Sources
from agents.contracts.states import AnalyseBatchInput, AnalyseBatchOutput
from agents.contracts.usage import Usage
from agents.errors import (
    BatchTooLong,
    FileUnparseable,
    FileUnreadable,
    ModelContextExceeded,
    ModelReplyInvalid,
    ModelThrottled,
)
from agents.roles.analyst.run import CHECKPOINT_FILES, CHECKPOINT_SECONDS, PAID_CHECKPOINT_SECONDS, run
from tests.agents.fakes import SESSION_ID, FakePorts, LineReader, ReplayingModel, fake_ports, settings

REQUEST = AnalyseBatchInput(session_id=SESSION_ID, batch_id="b00000", route=Route.LAMBDA)
SPENT = Usage(requests=1, input_tokens=10, output_tokens=2, usd=0.01)


def path_of(brief: Contract) -> str:
    assert isinstance(brief, AnalystBrief)
    return brief.files[0].path


def file_reply(path: str, *statements: Statement, notes: tuple[SymbolNote, ...] = ()) -> AnalystReply:
    return AnalystReply(files=(FileReply(path=path, summary=statements, notes=notes),))


def plain(brief: Contract) -> AnalystReply:
    return file_reply(path_of(brief), Statement(text="Does it.", lines=Lines(start=1, end=1)))


def world(
    *paths: str, respond: Callable[[Contract], Contract] = plain, broken: dict[str, Exception] | None = None
) -> FakePorts:
    ports = fake_ports(ReplayingModel(respond=respond, usage=SPENT), LineReader(broken or {}))
    files = tuple(
        SourceFile(path=path, language="python", analysis_key=f"{number:064x}", text="x = 1\ny = 2\n")
        for number, path in enumerate(paths)
    )
    ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")] = (
        Sources(batch_id="b00000", files=files).model_dump_json().encode()
    )
    return ports


def analysed(ports: FakePorts) -> AnalyseBatchOutput:
    return run(REQUEST, ports, settings("AnalyseBatch"))


def stored(ports: FakePorts, number: int) -> Analysis:
    pointer = ports.store.pointers[f"{number:064x}"]
    return Analysis.model_validate(json.loads(ports.blobs.blobs[pointer.blob_key].splitlines()[pointer.index]))


def gaps(ports: FakePorts) -> dict[str, str]:
    return {gap.path: gap.reason for gap in ports.store.outcomes[SESSION_ID, "b00000"].gaps}


def test_each_analysis_is_found_through_its_pointer() -> None:
    ports = world("a.py", "b.py")
    assert analysed(ports) == AnalyseBatchOutput(batch_id="b00000", analysed=2, gaps=0)
    assert [stored(ports, number).structure.symbols[0].name for number in (0, 1)] == ["a", "b"]
    outcome = ports.store.outcomes[SESSION_ID, "b00000"]
    assert (outcome.route, outcome.analysed, outcome.usage) == (Route.LAMBDA, 2, SPENT + SPENT)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FileUnparseable("odd"), "FileUnparseable"),
        (RecursionError("deep"), "FileUnparseable"),
        (ValueError("surprise"), "FileUnparseable"),
    ],
)
def test_a_file_that_the_reader_chokes_on_costs_one_gap(error: Exception, reason: str) -> None:
    ports = world("a.py", "bad.py", "c.py", broken={"bad.py": error})
    assert analysed(ports) == AnalyseBatchOutput(batch_id="b00000", analysed=2, gaps=1)
    assert gaps(ports) == {"bad.py": reason}


@pytest.mark.parametrize("error", [ModelReplyInvalid("no JSON"), ModelContextExceeded("too long")])
def test_a_file_that_the_model_chokes_on_costs_one_gap(error: Exception) -> None:
    def respond(brief: Contract) -> Contract:
        if path_of(brief) == "bad.py":
            raise error
        return plain(brief)

    ports = world("bad.py", "b.py", respond=respond)
    assert analysed(ports).analysed == 1
    assert gaps(ports) == {"bad.py": type(error).__name__}


def test_statements_and_notes_that_the_file_does_not_support_are_dropped() -> None:
    reply = file_reply(
        "a.py",
        Statement(text="True.", lines=Lines(start=1, end=2)),
        Statement(text="About all of it."),
        Statement(text="Beyond the end.", lines=Lines(start=2, end=3)),
        Statement(text="Backwards.", lines=Lines(start=2, end=1)),
        Statement(text="  "),
        notes=(
            SymbolNote(symbol="a", text="First."),
            SymbolNote(symbol="a", text="Again."),
            SymbolNote(symbol="invented", text="No."),
        ),
    )
    ports = world("a.py", respond=lambda _: reply)
    analysed(ports)
    kept = stored(ports, 0)
    assert [statement.text for statement in kept.summary] == ["True.", "About all of it."]
    assert kept.notes == (SymbolNote(symbol="a", text="First."),)
    assert ports.store.pointers[f"{0:064x}"].symbols_noted == 1


@pytest.mark.parametrize(
    "reply", [AnalystReply(files=()), file_reply("other.py", Statement(text="x")), file_reply("a.py")]
)
def test_a_reply_that_proves_nothing_is_invalid(reply: AnalystReply) -> None:
    ports = world("a.py", respond=lambda _: reply)
    assert analysed(ports).gaps == 1
    assert gaps(ports) == {"a.py": "ModelReplyInvalid"}


def test_a_retry_pays_only_for_what_is_not_stored() -> None:
    ports = world("a.py", "b.py")
    analysed(ports)
    assert analysed(ports).analysed == 2
    assert len(ports.model.questions) == 2


def test_two_files_of_the_same_bytes_are_one_analysis() -> None:
    ports = world("a.py")
    file = {"path": "a.py", "language": "python", "analysis_key": "0" * 64, "text": "x"}
    sources = Sources.model_validate({"batch_id": "b00000", "files": [file, {**file, "path": "copy.py"}]})
    ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")] = sources.model_dump_json().encode()
    assert analysed(ports).analysed == 2
    assert len(ports.model.questions) == 1


def test_no_time_for_another_file_keeps_what_is_finished() -> None:
    ports = world("a.py", "b.py", "c.py")

    def pause() -> None:
        if len(ports.model.questions) == 2:
            raise BatchTooLong("out of time")

    with pytest.raises(BatchTooLong):
        run(REQUEST, ports, settings("AnalyseBatch"), pause)
    assert len(ports.store.pointers) == 2
    assert ports.store.outcomes[SESSION_ID, "b00000"].analysed == 2
    retry = run(REQUEST.model_copy(update={"route": Route.FARGATE}), ports, settings("AnalyseBatch"))
    assert (retry.analysed, len(ports.model.questions)) == (3, 3)
    outcome = ports.store.outcomes[SESSION_ID, "b00000"]
    total = sum([outcome.usage, *ports.store.spent.values()], Usage())
    assert (outcome.route, total.requests) == (Route.FARGATE, 3)


def test_what_two_attempts_of_one_second_have_spent_is_counted_twice() -> None:
    ports = world("a.py", "b.py", "c.py")
    for finished in (1, 2):

        def pause(finished: int = finished) -> None:
            if len(ports.model.questions) == finished:
                raise BatchTooLong("out of time")

        with pytest.raises(BatchTooLong):
            run(REQUEST, ports, settings("AnalyseBatch"), pause)
        ports.clock.seconds += 0.25
    assert sum(ports.store.spent.values(), Usage()) == SPENT + SPENT


def test_a_batch_notes_when_its_last_attempt_began() -> None:
    ports = world("a.py")
    for _ in range(2):
        began = ports.clock.seconds = ports.clock.seconds + 60
        analysed(ports)
    assert ports.store.outcomes[SESSION_ID, "b00000"].began_at == began


def test_a_throttle_is_the_state_machines_to_retry() -> None:
    def respond(brief: Contract) -> Contract:
        if path_of(brief) == "b.py":
            raise ModelThrottled("slow down")
        return plain(brief)

    ports = world("a.py", "b.py", respond=respond)
    with pytest.raises(ModelThrottled):
        analysed(ports)
    assert len(ports.store.pointers) == 1


def test_a_long_batch_is_stored_as_it_goes() -> None:
    paths = [f"f{number}.py" for number in range(CHECKPOINT_FILES + 5)]
    ports = world(*paths)
    analysed(ports)
    assert len([key for key in ports.blobs.writes if key.startswith(keys.ANALYSES)]) == 2
    assert {stored(ports, number).analysis_key for number in range(len(paths))} == set(ports.store.pointers)


@pytest.mark.parametrize(
    ("model", "seconds", "writes"),
    [
        ("extractive", CHECKPOINT_SECONDS, 3),
        ("extractive", PAID_CHECKPOINT_SECONDS, 1),
        ("bedrock:any", PAID_CHECKPOINT_SECONDS, 3),
    ],
)
def test_slow_files_are_stored_every_few_seconds_and_paid_ones_sooner(model: str, seconds: float, writes: int) -> None:
    def respond(brief: Contract) -> Contract:
        ports.clock.seconds += seconds
        return plain(brief)

    ports = world("a.py", "b.py", "c.py", respond=respond)
    run(REQUEST, ports, settings("AnalyseBatch", model=model, model_calls_at_once=1))
    assert len(ports.blobs.writes) == writes


def test_lost_sources_are_named() -> None:
    with pytest.raises(FileUnreadable, match="b00000"):
        analysed(fake_ports())


@pytest.mark.parametrize(
    ("model", "calls", "under_way"), [("extractive", 12, 0), ("bedrock:any", 1, 1), ("bedrock:any", 12, 15)]
)
def test_a_quarter_more_questions_are_under_way_than_the_model_answers(model: str, calls: int, under_way: int) -> None:
    own = settings("AnalyseBatch", model=model, model_calls_at_once=calls)
    assert own.questions_at_once("analyst") == under_way
    assert own.calls_at_once("analyst") == (calls if under_way else 0)
