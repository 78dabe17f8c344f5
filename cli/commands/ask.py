"""`swarm ask`: answer a question from a finished site, by search alone or with a model that has to cite lines."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from agents.contracts.usage import Usage
from agents.errors import SwarmError
from agents.ports import LanguageModel
from agents.text.wording import amount
from cli.errors import BadInput, CommandError, ExitCode, printable
from cli.site import answers as model_answers
from cli.site.ask_extra import ask_extra
from cli.site.finished import CitedLines, FinishedSite, finished_site
from cli.site.lookups import LONGEST_QUESTION, Lookups, passage_data
from cli.site.search import FoundPassage, words
from cli.stack.model_options import KEY_VARIABLE, check_model

DEFAULT_CAP_USD = 0.10
#: A passage that has fewer of the question's words is about something else.
_LEAST_SHARE = 0.5
_PASSAGES, _LONGEST = 5, 600


@dataclass(frozen=True)
class AskRequest:
    """The arguments of `swarm ask`; without a model nothing is sent anywhere."""

    question: str
    site: Path
    model: str = ""
    cap_usd: float = DEFAULT_CAP_USD
    prices: str = ""
    json: bool = False


@dataclass(frozen=True)
class _Result:
    """What is printed: sentences with their citations, passages, what is missing, and the cost."""

    question: str
    sentences: tuple[tuple[str, str], ...] = ()
    passages: tuple[FoundPassage, ...] = ()
    gap: str = ""
    dropped: int = 0
    usage: Usage = Usage()  # noqa: RUF009 (frozen)

    @property
    def answered(self) -> bool:
        return not self.gap


def prices_from(pairs: Sequence[str]) -> str:
    """The model's price of `--setting modelPrices=…`. Raises BadInput for any other setting."""
    prices = ""
    for pair in pairs:
        key, _, prices = pair.partition("=")
        if key.strip() != "modelPrices":
            raise BadInput(f"--setting {pair}: `swarm ask` takes modelPrices=… only")
    return prices.strip()


def ask(request: AskRequest, answers: Console, model: LanguageModel | None = None) -> ExitCode:
    """Print the answer. Exit code 1: the site does not say. `model` is for tests; else `request.model` is asked."""
    # An argument may hold bytes that are no text, which no answer could be written with.
    question = request.question.encode("utf-8", "replace").decode("utf-8").strip()
    request = replace(request, question=question)
    if not words(question) or len(question) > LONGEST_QUESTION:
        raise BadInput(f"The question has no word to search for, or is longer than {LONGEST_QUESTION:,} characters")
    if request.model:
        check_model(request.model, request.prices)
    site = finished_site(request.site)
    passages = [
        passage for passage in Lookups(site).searching.find(question, _PASSAGES) if passage.share >= _LEAST_SHARE
    ]
    if not passages:
        result = _Result(question, gap=_gap(site, question))
    elif request.model or model:
        result = _by_model(request, site, passages, model or _model(request))
    else:
        result = _Result(question, passages=tuple(passages))
    _print(result, request, answers)
    return ExitCode.DONE if result.answered else ExitCode.SESSION_FAILED


def _by_model(
    request: AskRequest, site: FinishedSite, passages: Sequence[FoundPassage], model: LanguageModel
) -> _Result:
    try:
        got = model_answers.answer(site, request.question, [passage.passage for passage in passages], model)
    except SwarmError as error:
        raise CommandError(f"The model gave no answer: {type(error).__name__}: {error}") from error
    sentences = tuple(
        (statement.text, str(CitedLines(statement.path, statement.lines)))
        for statement in got.statements
        if statement.lines
    )
    gap = "" if sentences else got.gap or "the model wrote no sentence that the lines of the repository prove"
    return _Result(request.question, sentences, tuple(passages), gap, got.dropped, got.usage)


def _model(request: AskRequest) -> LanguageModel:
    """The model on the network, paid from a budget of this command. Raises BadInput where its client is missing."""
    with ask_extra("swarm ask --model"):
        from agents.aws import clients
        from agents.models.access import ModelAccess
        from agents.models.metered import Budget
        from agents.models.provider import ProviderModel

    access = ModelAccess(
        key=lambda: os.environ.get(KEY_VARIABLE, ""), bedrock=clients.bedrock_runtime, prices=request.prices
    )
    budget = Budget(model_answers.CommandBudget(request.cap_usd), "ask")
    return ProviderModel(request.model, access, budget, lambda _role, _spent: None)


def _gap(site: FinishedSite, question: str) -> str:
    search = Lookups(site).searching
    missing = [word for word in dict.fromkeys(words(question)) if not search.knows(word)]
    of = f": nothing there mentions {', '.join(missing)}" if missing else ": no passage is about all of it"
    return f"the documentation of {site.repository} does not say{of}"


def _print(result: _Result, request: AskRequest, answers: Console) -> None:
    if request.json:
        answers.file.write(json.dumps(_as_data(result, request), ensure_ascii=False) + os.linesep)
        return
    for line in _lines(result, request):
        answers.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def _lines(result: _Result, request: AskRequest) -> list[str]:
    lines = [f"not documented: {result.gap}"] if result.gap else []
    lines += [f"{text} [{citation}]" for text, citation in result.sentences]
    if result.sentences or result.gap:
        lines += [
            f"page: {link}" for link in dict.fromkeys(result_passage.passage.link for result_passage in result.passages)
        ]
    else:
        for ranked in result.passages:
            passage = ranked.passage
            cited = ", ".join(str(place) for place in passage.cites[:3])
            text = passage.text if len(passage.text) <= _LONGEST else passage.text[:_LONGEST] + "…"
            lines += [f"{passage.title} ({passage.kind}) [{cited}]", *(f"    {row}" for row in text.splitlines())]
            lines += [f"    page: {passage.link}", ""]
    if request.model:
        spent = f"{result.usage.requests} requests, {result.usage.usd:.4f} of {amount(request.cap_usd)} USD"
        lines.append(f"model: {request.model}, {spent}, {result.dropped} sentences without proof dropped")
    return lines


def _as_data(result: _Result, request: AskRequest) -> dict[str, Any]:
    data: dict[str, Any] = {"question": result.question, "answered": result.answered, "gap": result.gap}
    data["answer"] = [{"text": text, "citation": citation} for text, citation in result.sentences]
    data["passages"] = [passage_data(passage) for passage in result.passages]
    usage = {"requests": result.usage.requests, "usd": result.usage.usd, "cap_usd": request.cap_usd}
    return {**data, "model": request.model, "dropped": result.dropped, "usage": usage}
