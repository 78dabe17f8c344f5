"""What an analyst tells a model of the files around: what was written of them in earlier waves, and in this batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from agents import keys
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply
from agents.contracts.base import Contract, Statement
from agents.contracts.context import Around, ImportedFile, Neighbour
from agents.contracts.snapshot import Route, SourceFile, Sources
from agents.contracts.states import AnalyseBatchInput
from agents.contracts.structure import Structure
from agents.contracts.usage import Usage
from agents.contracts.waves import WarmPromptCacheInput, WarmPromptCacheOutput
from agents.errors import ModelThrottled
from agents.ports import Question
from agents.roles.analyst.run import run
from agents.roles.analyst.storing import store_analyses
from tests.agents.fakes import SESSION_ID, FakePorts, ReplayingModel, fake_ports, settings, with_model
from tests.agents.roles.analyst.test_analyst import file_reply, plain

REQUEST = AnalyseBatchInput(session_id=SESSION_ID, batch_id="b00000", route=Route.LAMBDA)
KEYS = {path: f"{at:064x}" for at, path in enumerate(("a.py", "b.py", "c.py"))}


def analysis(path: str, *said: str) -> Analysis:
    return Analysis(
        analysis_key=KEYS[path],
        structure=Structure(language="python", line_count=1),
        summary=tuple(Statement(text=text) for text in said),
        model="replayed",
    )


def world(files: Mapping[str, tuple[str, ...]], neighbours: tuple[str, ...]) -> FakePorts:
    """Files of the batch with what they import, and the files around them."""

    def respond(brief: Contract) -> AnalystReply:
        assert isinstance(brief, AnalystBrief)
        return file_reply(brief.files[0].path, Statement(text=f"About {brief.files[0].path}."))

    ports = fake_ports(ReplayingModel(respond=respond))
    sources = Sources(
        batch_id="b00000",
        files=tuple(
            SourceFile(
                path=path,
                language="python",
                analysis_key=KEYS[path],
                text="x = 1\n",
                imports=tuple(ImportedFile(path=one) for one in imports),
            )
            for path, imports in files.items()
        ),
        outline="demo: 3 files",
        neighbours=tuple(
            Neighbour(path=path, analysis_key=KEYS[path], signatures=(f"run: def run_{path[0]}()",))
            for path in neighbours
        ),
    )
    ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")] = sources.model_dump_json().encode()
    return ports


def shown(ports: FakePorts, path: str) -> tuple[Around, ...]:
    briefs = [question.brief for question in ports.model.questions]
    return next(
        brief.files[0].around for brief in briefs if isinstance(brief, AnalystBrief) and brief.files[0].path == path
    )


def test_an_earlier_waves_summary_comes_with_the_signatures() -> None:
    ports = world({"b.py": ("a.py",)}, ("a.py",))
    store_analyses([analysis("a.py", "Sings.", "Loudly.", "Too long.")], ports)
    run(REQUEST, ports, settings("AnalyseBatch"))
    (near,) = shown(ports, "b.py")
    assert (near.summary, near.signatures) == ("Sings. Loudly.", ("run: def run_a()",))


def test_what_nobody_has_analysed_yet_is_described_by_its_signatures() -> None:
    ports = world({"b.py": ("a.py",)}, ("a.py",))
    run(REQUEST, ports, settings("AnalyseBatch"))
    assert [(one.path, one.summary) for one in shown(ports, "b.py")] == [("a.py", "")]


def test_what_this_batch_has_just_written_reaches_the_next_file() -> None:
    ports = world({"a.py": (), "b.py": ("a.py",)}, ("a.py",))
    run(REQUEST, ports, settings("AnalyseBatch"))
    assert [one.summary for one in shown(ports, "b.py")] == ["About a.py."]


def test_every_question_of_the_batch_carries_the_same_outline() -> None:
    ports = world({"a.py": (), "b.py": ()}, ())
    run(REQUEST, ports, settings("AnalyseBatch"))
    assert {q.brief.outline for q in ports.model.questions if isinstance(q.brief, AnalystBrief)} == {"demo: 3 files"}


@dataclass
class Warmed(ReplayingModel):
    """A model that takes warm-ups."""

    error: Exception | None = None

    def warm(self, question: Question[Contract]) -> Usage:
        self.questions.append(question)
        if self.error is not None:
            raise self.error
        return Usage(requests=1, input_tokens=5_000, usd=0.01)


def test_a_warm_up_asks_the_common_beginning_and_its_cost_is_the_sessions() -> None:
    ports = world({"a.py": ()}, ())
    model = Warmed()
    found = run(WarmPromptCacheInput(session_id=SESSION_ID), with_model(ports, model), settings("AnalyseBatch"))
    assert found == WarmPromptCacheOutput(warmed=True)
    (question,) = model.questions
    assert isinstance(question.brief, AnalystBrief)
    assert (question.brief.files, question.brief.outline) == ((), "demo: 3 files")
    assert ports.store.spent[SESSION_ID, "analyst-warm-up"].usd == 0.01


@pytest.mark.parametrize("model", [ReplayingModel(respond=plain), Warmed(error=ModelThrottled("slow down"))])
def test_a_model_that_takes_none_or_fails_stops_nothing(model: ReplayingModel) -> None:
    ports = world({"a.py": ()}, ())
    request = WarmPromptCacheInput(session_id=SESSION_ID)
    assert not run(request, with_model(ports, model), settings("AnalyseBatch")).warmed


def test_lost_sources_leave_the_cache_cold() -> None:
    ports = with_model(fake_ports(), Warmed())
    assert not run(WarmPromptCacheInput(session_id=SESSION_ID), ports, settings("AnalyseBatch")).warmed
