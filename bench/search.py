"""Whether a reader finds symbols by their names and answers by plain questions, in the sites of real projects.

Names and questions are typed into the site's search; the questions are also put to `swarm ask`, without a model.
"""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

from rich.console import Console

from agents.pages.anchors import symbol_anchor
from bench.sites import browsed, built
from cli.commands.ask import AskRequest, ask

_TABLE = Path(__file__).with_suffix(".toml")
NAMES_FOUND = 58
QUESTIONS_ANSWERED = 30


def figures() -> Iterator[dict[str, Any]]:
    """What the search found, by project and in all."""
    total = {"names": 0, "names_first": 0, "questions": 0, "questions_answered": 0, "ask_answered": 0}
    projects = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["project"]
    with TemporaryDirectory(prefix="swarm-bench-") as folder:
        for project in projects:
            site = built(project["registry"], project["name"], project["version"], Path(folder))
            if site is None:
                yield {"project": project["name"], "skipped": f"the client of {project['registry']} is not installed"}
                continue
            figure = _figure(site, project["names"], project["questions"])
            for key in total:
                total[key] += figure[key]
            yield {"project": project["name"], **figure}
    yield {
        **total,
        "within": total["names_first"] >= NAMES_FOUND and total["questions_answered"] >= QUESTIONS_ANSWERED,
    }


def _figure(site: Path, names: Mapping[str, str], questions: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    listings = browsed({"site": str(site), "typed": [*names, *questions]})
    results = dict(zip([*names, *questions], listings, strict=True))
    missed = {name: results[name][:1] for name, place in names.items() if not _is_first(results[name], place)}
    unanswered = [
        question
        for question, places in questions.items()
        if not any(_answers(results[question], place) for place in places)
    ]
    silent = [question for question, places in questions.items() if not is_answered(site.parent, question, places)]
    return {
        "ask_answered": len(questions) - len(silent), "ask_unanswered": silent,
        "names": len(names), "names_first": len(names) - len(missed), "names_missed": missed,
        "questions": len(questions), "questions_answered": len(questions) - len(unanswered), "unanswered": unanswered,
    }  # fmt: skip


def is_answered(out: Path, question: str, places: Sequence[str]) -> bool:
    """Whether a passage of `swarm ask` without a model cites one of the places; OUT is what `swarm run` wrote."""
    printed = io.StringIO()
    ask(AskRequest(question, out, json=True), Console(file=printed))
    passages = json.loads(printed.getvalue())["passages"]
    return any(_is_at(passage, *place.partition("#")[::2]) for passage in passages for place in places)


def _is_at(passage: Mapping[str, Any], path: str, name: str) -> bool:
    """Whether a passage cites the file, and is about the symbol where one is named."""
    cites = any(citation.partition("#")[0].startswith(path) for citation in passage["citations"])
    return cites and (not name or f".{passage['title']}".endswith(f".{name}"))


def _is_first(results: Sequence[str], place: str) -> bool:
    path, _, name = place.partition(" ")
    wanted = f"./api/{path}.html#{symbol_anchor(name)}"
    return bool(results) and unquote(results[0]).partition("~")[0] == wanted


def _answers(results: Sequence[str], place: str) -> bool:
    path, _, name = place.partition("#")
    anchor = f"#{symbol_anchor(name)}" if name else ""
    return any(
        unquote(link).partition("/")[2].partition("/")[2].startswith(path) and unquote(link).endswith(anchor)
        for link in results
    )
