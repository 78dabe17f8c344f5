"""Each `swarm …` that a page names exists, with the options that it is given there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.main import get_command

from cli.app import app
from tests.docs.blocks import DOCS

PAGES = [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
#: In backticks, in an indented or fenced block, or after a prompt.
NAMED = re.compile(r"`swarm ([^`]+)`|^(?: {4}|\$ )?(?:\.venv/bin/python -m cli|swarm) (.+)$", re.MULTILINE)
#: What the transcripts show of a wrong call, and options before a command.
WRONG = {"nonsense"}


def commands(command: object, name: str = "") -> Iterator[tuple[str, set[str]]]:
    below: Mapping[str, object] = getattr(command, "commands", {})
    options = {word for option in getattr(command, "params", []) for word in option.opts}
    yield name, options | {"--help"}
    for word, child in below.items():
        yield from commands(child, f"{name} {word}".strip())


KNOWN = dict(commands(get_command(app)))


def named(page: str) -> list[str]:
    return [one or two for one, two in NAMED.findall(page)]


def fault_of(words: str) -> str:
    """What is wrong with a command line; empty if nothing is."""
    line = re.split(r"\s(?:#|\||&&|  )|\s{2,}", words)[0].replace(",", " ").replace(".", " ")
    parts = line.split()
    if parts[0] in WRONG or parts[0].startswith("--"):
        return ""
    name = next((found for found in (" ".join(parts[:2]), parts[0]) if found in KNOWN), None)
    if name is None:
        return "no such command"
    below = set().union(*(options for each, options in KNOWN.items() if each == name or each.startswith(f"{name} ")))
    unknown = [word for word in parts if word.startswith("--") and word.partition("=")[0] not in below]
    return f"no such option: {unknown[0]}" if unknown else ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_exists_with_its_options(page: Path) -> None:
    faults = {words: fault_of(words) for words in named(page.read_text("utf-8"))}
    assert {words: fault for words, fault in faults.items() if fault} == {}


def test_the_pages_name_most_commands() -> None:
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert len({words.split()[0] for words in named(text)} & {name.split()[0] for name in KNOWN if name}) >= 25


def test_a_command_or_option_that_is_not_there_is_noticed() -> None:
    assert fault_of("cancle SESSION --stack prod") == "no such command"
    assert fault_of("cancel SESSION --stacks prod") == "no such option: --stacks"
    assert fault_of("local down --state DIR") == ""
