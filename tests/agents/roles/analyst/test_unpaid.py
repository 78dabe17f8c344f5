"""What the analyst does when money is short: extractive analyses under their own key, and small files together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from agents import keys
from agents.contracts.analysis import AnalystBrief, AnalystReply, FileReply
from agents.contracts.base import Contract, Lines, Statement
from agents.contracts.ladder import Rung
from agents.contracts.snapshot import SourceFile, Sources
from agents.errors import ModelReplyInvalid
from agents.ports import Answer, Ports, Question
from agents.roles.analyst.run import run
from tests.agents.fakes import SESSION_ID, FakePorts, ReplayingModel, fake_ports, settings
from tests.agents.roles.analyst.test_analyst import REQUEST, SPENT, plain, stored


@dataclass
class ShortOfMoney(ReplayingModel):
    """Answers `paid` questions; the others are answered in its place, without a model."""

    paid: int = 0

    def answer(self, question: Question[Any]) -> Answer[Any]:
        answer = super().answer(question)
        return answer if len(self.questions) <= self.paid else replace(answer, unpaid=True)


def every_file(brief: Contract) -> AnalystReply:
    assert isinstance(brief, AnalystBrief)
    said = (Statement(text="Does it.", lines=Lines(start=1, end=1)),)
    return AnalystReply(files=tuple(FileReply(path=file.path, summary=said) for file in brief.files))


def world(asked: ReplayingModel, **changes: object) -> FakePorts:
    ports = fake_ports(asked)
    files = tuple(
        SourceFile(
            path=path,
            language="python",
            analysis_key=f"{number:064x}",
            extractive_key=f"{100 + number:064x}",
            text="x = 1\ny = 2\n",
            **changes,
        )
        for number, path in enumerate(("a.py", "b.py", "c.py"))
    )
    sources = Sources(batch_id="b00000", files=files)
    ports.blobs.blobs[keys.sources(SESSION_ID, "b00000")] = sources.model_dump_json().encode()
    return ports


def analyse(ports: Ports) -> None:
    run(REQUEST, ports, settings("AnalyseBatch", model="openai:any"))


def test_a_file_that_cannot_be_paid_for_has_an_extractive_analysis_under_a_key_of_its_own() -> None:
    ports = world(ShortOfMoney(respond=plain, usage=SPENT, paid=2))
    analyse(ports)
    outcome = ports.store.outcomes[SESSION_ID, "b00000"]
    assert outcome.analysed == 3
    assert outcome.gaps == ()
    assert len(outcome.unpaid) == 1
    unpaid = "abc".index(outcome.unpaid[0][0])
    assert f"{unpaid:064x}" not in ports.store.pointers
    assert stored(ports, 100 + unpaid).model == "extractive"
    assert stored(ports, (unpaid + 1) % 3).model == "openai:any"


def test_the_batchs_step_is_recorded() -> None:
    ports = world(ShortOfMoney(respond=plain, paid=0))
    analyse(ports)
    (step,) = ports.store.steps(SESSION_ID)
    assert (step.rung, step.planned, step.role, step.answers) == (Rung.EXTRACTIVE, False, "analyst", 3)


def test_a_later_attempt_asks_again_for_what_was_not_paid() -> None:
    model = ShortOfMoney(respond=plain, paid=1)
    ports = world(model)
    analyse(ports)
    model.paid = 100
    analyse(ports)
    assert ports.store.outcomes[SESSION_ID, "b00000"].unpaid == ()
    assert {stored(ports, number).model for number in range(3)} == {"openai:any"}
    assert len(model.questions) == 5


def test_the_model_that_the_plan_names_is_asked_and_stands_in_the_analysis() -> None:
    model = ReplayingModel(respond=plain)
    ports = world(model, model="openai:economy")
    analyse(ports)
    assert {question.model for question in model.questions} == {"openai:economy"}
    assert stored(ports, 0).model == "openai:economy"
    assert ports.store.known_paces == {}


def test_files_that_share_a_question_get_an_analysis_each() -> None:
    model = ReplayingModel(respond=every_file, usage=SPENT)
    ports = world(model, together="a.py")
    analyse(ports)
    outcome = ports.store.outcomes[SESSION_ID, "b00000"]
    assert len(model.questions) == 1
    assert (outcome.analysed, outcome.usage) == (3, SPENT)


def test_a_file_that_the_shared_answer_leaves_out_is_asked_about_alone() -> None:
    model = ReplayingModel(respond=plain)
    analyse(ports := world(model, together="a.py"))
    # The fake, or the tree at hand, has it.
    assert [len(question.brief.files) for question in model.questions] == [3, 1, 1]  # type: ignore[attr-defined]
    assert ports.store.outcomes[SESSION_ID, "b00000"].analysed == 3


def test_a_shared_question_without_an_answer_costs_no_file_its_analysis() -> None:
    replies: list[Contract | Exception] = [ModelReplyInvalid("no")]
    alone = [every_file(AnalystBrief(files=())).model_copy(update={"files": (one,)}) for one in _three()]
    ports = world(ReplayingModel(replies=[*replies, *alone]), together="a.py")
    analyse(ports)
    assert ports.store.outcomes[SESSION_ID, "b00000"].gaps == ()


def test_a_shared_answer_is_objected_to_file_by_file() -> None:
    model = ReplayingModel(respond=every_file)
    analyse(world(model, together="a.py"))
    objections = model.questions[0].objections
    assert objections is not None
    said = Statement(text="Far away.", lines=Lines(start=50, end=60))
    reply = AnalystReply(files=(FileReply(path="a.py", summary=(said,)), FileReply(path="zzz.py", summary=(said,))))
    problems = " ".join(objections(reply))
    assert "no file zzz.py" in problems
    assert "nothing about the file b.py" in problems
    assert "none of them 50 to 60" in problems


def _three() -> tuple[FileReply, ...]:
    said = (Statement(text="Does it.", lines=Lines(start=1, end=1)),)
    return tuple(FileReply(path=path, summary=said) for path in ("a.py", "b.py", "c.py"))
