"""The comment on a pull request: bounded, marked, and without anything of the repository that a host would act on."""

from __future__ import annotations

import pytest

from agents.codebase.change.result import ChangeReport, CitedCode, NamedIn, RemovedSymbol, Touch, TouchedStatement
from agents.contracts.base import Lines
from cli.check.comment import LONGEST, MARK, MARK_WITHOUT_HTML, comment, plain

PLACE = CitedCode("a.py", Lines(start=3, end=5))


def touched(text: str = "Say hello.", symbol: str = "greet", *, wide: bool = False) -> TouchedStatement:
    return TouchedStatement(text, symbol, PLACE, PLACE, Touch.BODY, wide=wide)


def test_it_begins_with_its_mark_and_lists_what_is_touched() -> None:
    removed = RemovedSymbol("shout", PLACE, "cry", (NamedIn("README.md", 7, "Use shout."),))
    text = comment(ChangeReport(statements=(touched(), touched(wide=True)), removed=(removed,)))
    assert text.startswith(MARK + "\n")
    assert "- `greet` in `a.py#L3-L5`: body changed. “Say hello.”" in text
    assert "1 more statements cite lines around these." in text
    assert "- `shout` is `cry` now: named in `README.md#L7`" in text


def test_without_a_finding_it_says_so() -> None:
    assert "no documented statement is touched (3 changed files compared)" in comment(ChangeReport(files=3))
    assert comment(ChangeReport(), MARK_WITHOUT_HTML).startswith(MARK_WITHOUT_HTML)


def test_it_has_a_limit_whatever_is_in_the_repository() -> None:
    many = tuple(touched("word " * 500 + "\U0001f600" * 400, "a" * 5_000) for _ in range(2_000))
    text = comment(ChangeReport(statements=many))
    assert len(text) <= LONGEST
    assert text.startswith(MARK)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("ask @octocat", "@octocat"),
        ("see #12 and !34", "#12"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ("[click](https://example.org)", "](http"),
        ("https://example.org", "https://"),
        ("<!-- swarm check -->", MARK),
        ("a `b` **c**", "**c"),
        ("line\n/close", "\n"),
    ],
)
def test_a_comment_of_the_code_is_plain_words(text: str, refused: str) -> None:
    assert refused not in plain(text)


def test_a_name_cannot_leave_its_code_span() -> None:
    text = comment(ChangeReport(statements=(touched(symbol="a` @octocat `b\n\n# c"),)))
    assert "- `a' @octocat 'b # c` in" in text
