"""`swarm ask`: passages with citations, sentences that are proved, or what is missing."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
from pydantic_ai.models import override_allow_model_requests
from rich.console import Console

from agents.contracts.base import Lines
from agents.contracts.synthesis import CitedStatement
from agents.contracts.usage import Usage
from agents.errors import BudgetExhausted
from agents.ports import Answer, Question, ReplyT
from bench.stub_model import Behaviour, StubModel
from cli.commands.ask import AskRequest, ask, prices_from
from cli.errors import BadInput, CommandError, ExitCode
from cli.site.answers import AskReply, CommandBudget
from cli.site.finished import finished_site
from cli.site.lookups import Lookups
from cli.stack.model_options import KEY_VARIABLE
from tests.cli.site.samples import write_site


class Replies:
    """A model with one reply."""

    name = "fake"

    def __init__(self, *statements: CitedStatement, gap: str = "", fails: Exception | None = None) -> None:
        self.reply = AskReply(statements=statements, gap=gap)
        self.fails = fails
        self.objections: list[str] = []

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        if self.fails:
            raise self.fails
        assert question.objections is not None
        self.objections = list(question.objections(self.reply))
        return cast("Answer[ReplyT]", Answer(self.reply, Usage(requests=1, usd=0.01)))


def _said(text: str, start: int, end: int, path: str = "demo/greet.py") -> CitedStatement:
    return CitedStatement(text=text, path=path, lines=Lines(start=start, end=end))


def _ask(tmp_path: Path, question: str, model: Replies | None = None) -> tuple[ExitCode, dict[str, Any]]:
    out = io.StringIO()
    code = ask(AskRequest(question, write_site(tmp_path / "out"), json=True), Console(file=out), model)
    return code, json.loads(out.getvalue())


def test_a_model_without_its_packages_is_refused_with_the_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "agents.models.provider", raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == "pydantic_ai"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pydantic_ai", cast("ModuleType", None))
    request = AskRequest("set a timeout", write_site(tmp_path / "out"), model="openai:gpt-5-mini")
    with pytest.raises(BadInput, match=r"pydantic_ai: install .*\.\[ask\]"):
        ask(request, Console(file=io.StringIO()))


def test_without_a_model_the_passages_are_cited(tmp_path: Path) -> None:
    code, answer = _ask(tmp_path, "set a timeout")
    assert code == ExitCode.DONE
    assert answer["passages"][0]["citations"] == ["README.md#L5-L7"]


def test_what_the_site_does_not_say_names_the_gap(tmp_path: Path) -> None:
    code, answer = _ask(tmp_path, "kubernetes operators")
    assert code == ExitCode.SESSION_FAILED
    assert "kubernet" in answer["gap"]


def test_a_sentence_with_its_lines_is_the_answer(tmp_path: Path) -> None:
    code, answer = _ask(tmp_path, "greet", Replies(_said("It calls `hello` with the name.", 6, 6)))
    assert code == ExitCode.DONE
    assert answer["answer"] == [{"text": "It calls `hello` with the name.", "citation": "demo/greet.py#L6"}]
    assert answer["usage"]["usd"] == 0.01


@pytest.mark.parametrize(
    ("statement", "objection"),
    [
        (_said("It greets.", 6, 60), "none of them"),
        (_said("It greets.", 1, 1, "other.py"), "no file"),
        (_said("It calls `explode_all()` at once.", 6, 6), "explode_all"),
        (_said("It greets. It also calls hello.", 6, 6), "more than one sentence"),
        (CitedStatement(text="It greets.", path="demo/greet.py"), "without lines"),
    ],
)
def test_a_sentence_that_nothing_proves_is_not_shown(tmp_path: Path, statement: CitedStatement, objection: str) -> None:
    model = Replies(statement)
    code, answer = _ask(tmp_path, "greet", model)
    assert (code, answer["answer"], answer["dropped"]) == (ExitCode.SESSION_FAILED, [], 1)
    assert any(objection in one for one in model.objections)


def test_a_models_gap_is_named(tmp_path: Path) -> None:
    code, answer = _ask(tmp_path, "greet", Replies(gap="The excerpts do not say when it was written."))
    assert code == ExitCode.SESSION_FAILED
    assert answer["gap"] == "The excerpts do not say when it was written."


def test_a_model_that_fails_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="BudgetExhausted"):
        _ask(tmp_path, "greet", Replies(fails=BudgetExhausted("the cap is 0.0001")))


@pytest.mark.parametrize("question", ["?", "the of", "x" * 2000])
def test_a_question_without_words_is_refused(tmp_path: Path, question: str) -> None:
    with pytest.raises(BadInput, match="question"):
        _ask(tmp_path, question)


def test_another_setting_is_refused() -> None:
    assert prices_from(["modelPrices=openai:x=1/2"]) == "openai:x=1/2"
    with pytest.raises(BadInput, match="modelPrices"):
        prices_from(["capUsd=3"])


def test_the_budget_holds_the_cap() -> None:
    budget = CommandBudget(0.10)
    first = budget.reserve("ask", 0.08)
    with pytest.raises(BudgetExhausted):
        budget.reserve("ask", 0.03)
    budget.settle(first, 0.02)
    budget.settle(first, 0.02)
    budget.reserve("ask", 0.08)
    assert budget.spent == 0.02


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubModel]:
    with override_allow_model_requests(True), StubModel() as running:
        monkeypatch.setenv(KEY_VARIABLE, running.secret)
        yield running


def _ask_stub(site: Path, question: str, stub: StubModel) -> tuple[ExitCode, dict[str, Any]]:
    out = io.StringIO()
    code = ask(AskRequest(question, site, model=stub.model, json=True), Console(file=out))
    return code, json.loads(out.getvalue())


def test_every_sentence_of_a_model_cites_lines_that_resolve(tmp_path: Path, stub: StubModel) -> None:
    site = write_site(tmp_path / "out")
    lookups = Lookups(finished_site(site))

    for question in ("how do I set a timeout", "say hello to a person", "greet"):
        code, answer = _ask_stub(site, question, stub)

        assert code == ExitCode.DONE
        assert answer["answer"]
        assert all(lookups.citations(sentence["citation"])["text"].strip() for sentence in answer["answer"])


def test_a_model_that_proves_nothing_leaves_a_named_gap(tmp_path: Path, stub: StubModel) -> None:
    stub.behaviour = Behaviour(rewrite=lambda *_: {"statements": [], "gap": "The time zone is nowhere set."})

    code, answer = _ask_stub(write_site(tmp_path / "out"), "greet", stub)

    assert (code, answer["answer"]) == (ExitCode.SESSION_FAILED, [])
    assert answer["gap"] == "The time zone is nowhere set."
