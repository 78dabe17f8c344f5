"""The comment on a pull request: one, bounded, with a hidden mark by which the next run finds and updates it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agents.codebase.change.result import ChangeReport, RemovedSymbol, TouchedStatement, UndocumentedSymbol

MARK = "<!-- swarm check -->"
#: Bitbucket shows comments of HTML; it hides a definition of a link that nothing uses.
MARK_WITHOUT_HTML = "[//]: # (swarm check)"
#: GitHub takes 65,536 characters and Bitbucket 32,768.
LONGEST = 30_000
_MOST, _LONGEST_TEXT = 40, 200
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~$])")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
#: Behind these signs hosts look for people, teams, issues and merge requests to notify.
_REFERENCES = re.compile(r"([@#!~%/]|(?i:gh-))(?=\w)")
_CUT = "\n\n_The rest is left out: `swarm check` lists all of it._\n"
_NOTHING_VISIBLE = "\u200b"


def comment(result: ChangeReport, mark: str = MARK) -> str:
    """The comment as Markdown, LONGEST characters at most."""
    body = "\n".join(_lines(result)).rstrip() + "\n"
    room = LONGEST - len(mark) - len(_CUT) - 2
    if len(body) > room:
        body = body[:room].rpartition("\n")[0] + _CUT
    return f"{mark}\n{body}"


def _lines(result: ChangeReport) -> Iterator[str]:
    narrow = [one for one in result.statements if not one.wide]
    wide = len(result.statements) - len(narrow)
    if not any(result.counts.values()):
        yield f"**Documentation check:** no documented statement is touched ({result.files} changed files compared)."
        return
    yield "**Documentation check**"
    yield ""
    yield from _section(f"{len(narrow)} statements to read again", narrow, _statement)
    if wide:
        yield f"{wide} more statements cite lines around these."
        yield ""
    yield from _section(f"{len(result.undocumented)} added without documentation", result.undocumented, _undocumented)
    yield from _section(f"{len(result.removed)} removed, but still named in documentation", result.removed, _removed)
    if result.pages:
        named = ", ".join(code(page.page) for page in result.pages[:_MOST])
        more = f" and {len(result.pages) - _MOST} more" if len(result.pages) > _MOST else ""
        yield f"Pages that would change: {named}{more}"


def _section(title: str, entries: Sequence[Any], line: Callable[[Any], str]) -> Iterator[str]:
    if entries:
        yield f"**{title}**"
        yield ""
        yield from (f"- {line(one)}" for one in entries[:_MOST])
        if len(entries) > _MOST:
            yield f"- and {len(entries) - _MOST} more"
        yield ""


def _statement(one: TouchedStatement) -> str:
    because = f" of {code(one.because)}" if one.because else ""
    what = f"{one.reason.value} changed" if one.reason.value not in {"renamed", "removed"} else one.reason.value
    return f"{code(one.symbol)} in {code(str(one.now or one.before))}: {what}{because}. “{plain(one.text)}”"


def _undocumented(one: UndocumentedSymbol) -> str:
    return f"{one.kind} {code(one.symbol)} in {code(str(one.place))}"


def _removed(one: RemovedSymbol) -> str:
    places = ", ".join(code(f"{line.path}#L{line.line}") for line in one.named_in[:5])
    renamed = f" is {code(one.renamed_to)} now" if one.renamed_to else ""
    return f"{code(one.symbol)}{renamed}: named in {places}"


def code(text: str) -> str:
    """Text of a repository as code: nothing in it is a mark."""
    flat = " ".join(_shown(text).replace("`", "'").split())[:_LONGEST_TEXT]
    return f"`{flat}`" if flat else "` `"


def plain(text: str) -> str:
    """Text of a repository as plain words: no mark, no link, nobody notified."""
    flat = " ".join(_shown(text).split())[:_LONGEST_TEXT]
    # What looks like a name of a person or an address is parted before signs are escaped.
    parted = _REFERENCES.sub(rf"\1{_NOTHING_VISIBLE}", flat).replace("://", f":{_NOTHING_VISIBLE}//")
    escaped = _SPECIAL.sub(r"\\\1", parted.replace("www.", f"www{_NOTHING_VISIBLE}."))
    return escaped.translate(_HTML)


def _shown(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
