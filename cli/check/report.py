"""What `swarm check` prints: sentences for people, and the same as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from agents.codebase.change.result import ChangeReport, CitedCode, RemovedSymbol, TouchedStatement, UndocumentedSymbol

VERSION = 1
_MOST = 50


def as_data(result: ChangeReport, older: str, newer: str, failed: bool) -> dict[str, Any]:
    """The result as JSON has it."""
    data = asdict(result, dict_factory=dict)
    for kind in ("statements", "rewritten"):
        data[kind] = [_statement(one) for one in getattr(result, kind)]
    data["undocumented"] = [
        {"symbol": one.symbol, "kind": one.kind, **_place(one.place)} for one in result.undocumented
    ]
    data["removed"] = [
        {
            "symbol": one.symbol,
            **_place(one.before),
            "renamed_to": one.renamed_to or None,
            "named_in": [asdict(line) for line in one.named_in],
        }
        for one in result.removed
    ]
    data["unread"] = [{"path": path, "reason": reason} for path, reason in result.unread]
    return {"version": VERSION, "before": older, "after": newer, "failed": failed, "counts": result.counts, **data}


def _statement(one: TouchedStatement) -> dict[str, Any]:
    return {
        "text": one.text,
        "symbol": one.symbol,
        "reason": one.reason.value,
        "because": one.because or None,
        "before": _place(one.before),
        "after": _place(one.now) if one.now else None,
        "page": one.page or None,
        "wide": one.wide,
    }


def _place(place: CitedCode) -> dict[str, Any]:
    return {"path": place.path, "start": place.lines.start, "end": place.lines.end}


def lines_of(result: ChangeReport) -> Iterator[str]:
    """The result as lines of text."""
    if not any(result.counts.values()):
        yield f"No documented statement is touched; {_files(result)}."
    yield from _section("Statements to read again", result.statements, statement_line)
    yield from _section("Added without documentation", result.undocumented, undocumented_line)
    yield from _section("Removed, but still named in documentation", result.removed, removed_line)
    yield from _section("Pages that would change", result.pages, lambda one: f"{one.page}: {one.why}")
    notes = []
    if result.rewritten:
        notes.append(f"{len(result.rewritten)} rewritten by their authors")
    if result.moved:
        notes.append(f"{result.moved} symbols moved unchanged")
    if result.stale_before:
        notes.append(f"{result.stale_before} statements of the site did not fit the older version either")
    if notes:
        yield "Not counted: " + ", ".join(notes) + "."
    for path, reason in result.unread[:_MOST]:
        yield f"Not compared: {path}: {reason}"


def _section(title: str, entries: tuple[Any, ...], line: Any) -> Iterator[str]:
    if entries:
        yield f"{title} ({len(entries)})"
        yield from (f"  {line(one)}" for one in entries[:_MOST])
        if len(entries) > _MOST:
            yield f"  and {len(entries) - _MOST} more; --json has all"
        yield ""


def statement_line(one: TouchedStatement) -> str:
    """A touched statement in one line."""
    place = one.now or one.before
    what = f"{one.reason.value} changed" if one.reason.value not in {"renamed", "removed"} else one.reason.value
    because = f" of {one.because}" if one.because else ""
    page = f" [{one.page}]" if one.page else ""
    return f"{place} {one.symbol}: {what}{because}: “{one.text}”{page}"


def undocumented_line(one: UndocumentedSymbol) -> str:
    """An added symbol in one line."""
    return f"{one.place} {one.kind} {one.symbol}"


def removed_line(one: RemovedSymbol) -> str:
    """A removed symbol in one line, with where it is named."""
    places = ", ".join(f"{line.path}#L{line.line}" for line in one.named_in[:5])
    more = f" and {len(one.named_in) - 5} more" if len(one.named_in) > 5 else ""
    renamed = f" is {one.renamed_to} now" if one.renamed_to else ""
    return f"{one.symbol}{renamed}: named in {places}{more}"


def _files(result: ChangeReport) -> str:
    return f"{result.files} changed {'file was' if result.files == 1 else 'files were'} compared"
