"""The project's text is plain English: words of its former dialect are refused, in prose and in names.

CLEAN lists the rooms that are clean. Add a room once its text is rewritten; a room is never taken out again.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Files, and folders whose Python, Markdown and template files are clean.
CLEAN = (
    "cli",
    "docs",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "Makefile",
    "Pulumi.yaml",
    "bench/README.md",
    "agents/__init__.py",
    "agents/bedrock.py",
    "agents/errors.py",
    "agents/keys.py",
    "agents/ports.py",
    "agents/role_code.py",
    "agents/roster.py",
    "agents/roster_row.py",
    "agents/settings.py",
    "agents/codebase",
    "agents/models",
    "agents/text",
    "agents/aws",
    "agents/contracts",
    "agents/costs",
    "agents/pages",
    "agents/questions",
    "agents/roles",
    "agents/session",
    "agents/shells",
    "tests/agents/aws",
    "tests/agents/costs",
    "tests/agents/questions",
    "tests/agents/roles",
    "tests/agents/session",
    "tests/agents/shells",
    "tests/cli",
    "local",
    "bench",
    "releases",
    "components",
    "policy_pack",
    "workflow",
    "tools",
    "__main__.py",
    "tests/local",
    "tests/chaos",
    "tests/e2e",
    "tests/components",
    "tests/releases",
    "tests/guardrails",
    "tests/docs",
    "tests/agents/codebase",
    "tests/agents/models",
    "tests/agents/text",
    "tests/agents/code_hosts",
    "tests/agents/fakes.py",
    "tests/agents/pages",
    "tests/agents/test_bedrock.py",
    "tests/architecture",
    "tests/bench",
    "tests/events",
    "tests/conftest.py",
    "tests/corpus",
    "tests/engine",
    "tests/image",
    "tests/workflow",
)
_SUFFIXES = {".py", ".md", ".j2"}

#: Each with the plain words that replace it.
FORBIDDEN = {
    r"told": "shown, reported, given; a noun such as `claims` or `outcome` in names",
    r"struck": "removed, dropped",
    r"coroner": "the task-end role",
    r"for want of": "because there is no …",
    r"whatever becomes": "however … ends",
    r"nobody who": "no one / no process that …",
    r"(?:of )?one's own": "your own, its own, the stack's own",
    r"on their way(?! down)": "in flight",
    r"on its way(?! down)": "in flight, in transit",
    r"speaks? as .* does": "has the API of …",
    r"tells? of": "names, describes",
    r"put (?:it|the cause|the price|the permissions|the key) right": "correct",
    r"held against": "checked against, compared with",
    r"stands? in for": "replaces",
    r"kept under its": "stored under its",
    r"taken off": "removed from",
    r"are others than": "differ from",
    r"goes? on On-Demand": "continues On-Demand",
    r"somebody hears": "someone is notified",
    r"that nobody has": "that has not been …",
    r"without a word": "without an answer",
    r"beats? no more": "sends no heartbeat",
    r"standing": "state",
}
#: Words that are also refused as a part of an identifier, between underscores or capitals: `was_told`, `ToldText`.
_IN_NAMES = ("told", "struck", "standing", "coroner")

#: Rooms in which the words of `_NEVER_NAMES` name nothing: no variable, parameter, attribute or function.
NOUNS_ONLY = ("agents",)
#: Words that do not say what a thing is, as a whole name.
_NEVER_NAMES = frozenset({"one", "found", "asked", "kept", "said", "shown", "held", "known"})
#: Names that may stay, each with its file and the reason.
_NAMES_ALLOWED = {
    ("agents/contracts/batch_inference.py", "held"): "a field of a stored contract, with what reads and writes it",
    ("agents/roles/analyst/job/run.py", "held"): "that field",
    ("agents/session/batch_job.py", "held"): "that field",
}

#: What may stay, and why. A pattern that no line needs any more fails the test below.
ALLOWED = {
    r"`struck`|`?struck`? \(?in session\.json|\.struck\b": "the field of session.json, a published interface",
    r"`test_\w+`": "names of tests, which belong to other rooms",
}
_WORDS = re.compile(r"\b(?:" + "|".join(FORBIDDEN) + r")\b", re.IGNORECASE)
_NAMES = re.compile(
    rf"(?:^|_|(?<=[a-z]))({'|'.join(_IN_NAMES)}|{'|'.join(word.title() for word in _IN_NAMES)})(?=_|[A-Z]|$)"
)
_PERMITTED = re.compile("|".join(ALLOWED))
#: Tables between these marks are written from code, whose rooms answer for their words.
_GENERATED = re.compile(r"<!-- (?!end)[\w ]+ -->\n.*?<!-- end -->", re.DOTALL)


def offences(text: str) -> list[str]:
    """The refused words of a text, each with its line number."""
    readable = _GENERATED.sub(lambda block: "\n" * block[0].count("\n"), text)
    return [
        f"{number}: {word}"
        for number, line in enumerate(readable.splitlines(), 1)
        for word in _in_line(_PERMITTED.sub("", line))
    ]


def _in_line(line: str) -> Iterator[str]:
    yield from _WORDS.findall(line)
    names = (name for name in re.findall(r"\w+", line) if "_" in name or not (name.islower() or name.istitle()))
    yield from (name for name in names if _NAMES.search(name))


def files(room: str) -> list[Path]:
    """The texts of a clean room; this file, which quotes what it refuses, is none."""
    path = ROOT / room
    texts = [path] if path.is_file() else [file for file in sorted(path.rglob("*")) if file.suffix in _SUFFIXES]
    return [text for text in texts if text != Path(__file__).resolve()]


@pytest.mark.parametrize("room", CLEAN)
def test_a_clean_room_stays_plain_english(room: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{offence}" for file in files(room) for offence in offences(file.read_text("utf-8"))
    ]
    assert found == [], f"say it in plain English: {FORBIDDEN}"


def _identifiers(source: str) -> Iterator[tuple[int, str]]:
    """Every name that a Python text gives or uses, with its line."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.Name(id=name, lineno=line) | ast.arg(arg=name, lineno=line) | ast.Attribute(attr=name, lineno=line)
            ):
                yield line, name
            case ast.FunctionDef(name=name, lineno=line) | ast.ClassDef(name=name, lineno=line):
                yield line, name
            case ast.keyword(arg=str(name), lineno=line):
                yield line, name
            case ast.MatchAs(name=str(name), lineno=line) | ast.MatchStar(name=str(name), lineno=line):
                yield line, name


def _nameless(source: str) -> list[tuple[int, str]]:
    return [(line, name) for line, name in _identifiers(source) if name in _NEVER_NAMES]


@pytest.mark.parametrize("room", NOUNS_ONLY)
def test_a_name_says_what_the_thing_is(room: str) -> None:
    offenders = [
        f"{path}:{line}: {name}"
        for file in files(room)
        if file.suffix == ".py"
        for path in [file.relative_to(ROOT).as_posix()]
        for line, name in _nameless(file.read_text("utf-8"))
        if (path, name) not in _NAMES_ALLOWED
    ]

    assert offenders == [], "name the thing with a noun: `match`, `symbols`, `reply`, `page`"


@pytest.mark.parametrize(("path", "name"), _NAMES_ALLOWED)
def test_a_name_that_no_longer_needs_its_exception_loses_it(path: str, name: str) -> None:
    assert name in {used for _, used in _nameless((ROOT / path).read_text("utf-8"))}


@pytest.mark.parametrize(
    "source",
    [
        "found = 1",
        "[one for one in pages]",
        "lambda said: said",
        "page.shown",
        "def held(): pass",
        "f(known=1)",
        "match a:\n case kept: pass",
    ],
)
def test_a_name_that_says_nothing_is_recognised(source: str) -> None:
    assert _nameless(source)


@pytest.mark.parametrize("room", CLEAN)
def test_every_clean_room_exists(room: str) -> None:
    assert files(room)


@pytest.mark.parametrize("pattern", ALLOWED)
def test_an_exception_that_is_no_longer_needed_is_removed(pattern: str) -> None:
    needed = re.compile(pattern)
    texts = (file.read_text("utf-8") for room in CLEAN for file in files(room))
    assert any(needed.search(text) for text in texts)


@pytest.mark.parametrize(
    "text",
    [
        "The model is told why.",
        "def was_told() -> None:",
        "class ToldText:",
        "standing = history.standing(events)",
        "A key of one's own.",
        "described without a model for want of money",
    ],
)
def test_the_dialect_is_recognised(text: str) -> None:
    assert offences(text)


@pytest.mark.parametrize(
    "text",
    [
        "The model is asked once more, with the reason.",
        "the field `struck`",
        "record.struck",
        "understanding, outstanding",
    ],
)
def test_plain_english_passes(text: str) -> None:
    assert offences(text) == []
