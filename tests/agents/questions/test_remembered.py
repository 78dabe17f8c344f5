"""An answer is paid for once: asked again in its session it costs what it cost, in a later one nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from agents.contracts.conversation import Turn
from agents.contracts.draft import EditorBrief, EditorReply
from agents.contracts.synthesis import CitedStatement
from agents.contracts.usage import Usage
from agents.ports import Question
from agents.questions.remembered import RememberedModel
from tests.agents.fakes import FakeClock, ReplayingModel

PAID = Usage(requests=1, input_tokens=10, usd=0.5)
STATEMENT = CitedStatement(text="It sings.", path="a.py")


@dataclass
class Talk:
    """A session's conversation, over answers that all sessions share."""

    shared: dict[str, str] = field(default_factory=dict)
    turns: dict[tuple[str, str], tuple[Turn, str]] = field(default_factory=dict)

    def recall(self, role: str, question: str) -> tuple[Turn, str] | None:
        return self.turns.get((role, question))

    # A fake has the port's signature.
    def keep(self, turn: Turn, messages: Sequence[str], reply: str) -> None:  # noqa: ARG002
        self.turns[turn.role, turn.question] = (turn, reply)

    def share(self, question: str, reply: str) -> None:
        self.shared[question] = reply

    def recall_shared(self, question: str) -> str | None:
        return self.shared.get(question)


def question(role: str = "editor", title: str = "Demo", instructions: str = "Tell.") -> Question[EditorReply]:
    return Question(role, instructions, EditorBrief(page="p.md", title=title, statements=(STATEMENT,)), EditorReply)


def model(talk: Talk, name: str = "openai:a") -> tuple[RememberedModel, ReplayingModel]:
    inner = ReplayingModel(respond=lambda _: EditorReply(paragraphs=((STATEMENT,),)), usage=PAID, name=name)
    return RememberedModel(inner, talk, FakeClock(), {"analyst"}), inner


def later(talk: Talk) -> Talk:
    return Talk(shared=talk.shared)


def test_the_same_session_finds_the_answer_with_what_it_cost() -> None:
    talk = Talk()
    remembered, inner = model(talk)
    assert [remembered.answer(question()).usage for _ in range(2)] == [PAID, PAID]
    assert len(inner.questions) == 1


def test_a_later_session_has_the_answer_for_nothing_and_keeps_the_turn() -> None:
    first = Talk()
    paid = model(first)[0].answer(question())
    second = later(first)
    remembered, inner = model(second)
    again = remembered.answer(question())
    assert (again.reply, again.usage) == (paid.reply, Usage(reused=1))
    assert inner.questions == []
    ((turn, _),) = second.turns.values()
    assert turn.usage == Usage(reused=1)
    assert remembered.answer(question()).usage == Usage(reused=1)


@pytest.mark.parametrize(
    "other", [question(title="Other"), question(instructions="Shout."), question(role="synthesizer")]
)
def test_another_question_is_asked(other: Question[EditorReply]) -> None:
    first = Talk()
    model(first)[0].answer(question())
    remembered, inner = model(later(first))
    assert remembered.answer(other).usage == PAID
    assert len(inner.questions) == 1


def test_models_share_nothing() -> None:
    first = Talk()
    model(first)[0].answer(question())
    assert model(later(first), "openai:b")[0].answer(question()).usage == PAID


def test_a_role_whose_results_are_kept_elsewhere_is_always_asked_and_shares_nothing() -> None:
    first = Talk()
    model(first)[0].answer(question("analyst"))
    assert first.shared == {}
    assert model(later(first))[0].answer(question("analyst")).usage == PAID


def test_an_answer_of_another_releases_contract_is_asked_again() -> None:
    first = Talk()
    model(first)[0].answer(question())
    first.shared = dict.fromkeys(first.shared, '{"paragraphs": 3}')
    assert model(later(first))[0].answer(question()).usage == PAID
