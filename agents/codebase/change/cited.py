"""Statements of a finished site: whether the lines that they cite are still what they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from agents.codebase.change.compare import Comparison, renamed_back
from agents.codebase.change.result import CitedCode, Touch, TouchedStatement
from agents.codebase.change.tokens import SEPARATOR, runs
from agents.codebase.change.units import ComparedFile, Piece
from agents.contracts.base import Lines


@dataclass(frozen=True)
class SiteStatement:
    """A sentence of a page and one of the places it cites; `symbol` is the heading that it stands under."""

    page: str
    text: str
    symbol: str
    cited: CitedCode


@dataclass(frozen=True)
class Versions:
    """The files that differ, by path: as the site shows them, in the older and in the newer version."""

    site: Mapping[str, ComparedFile]
    before: Mapping[str, ComparedFile]
    after: Mapping[str, ComparedFile]


def touched_statements(
    statements: Iterable[SiteStatement], versions: Versions, comparison: Comparison
) -> tuple[list[TouchedStatement], int]:
    """The statements whose cited code has changed, and how many did not fit the older version either."""
    texts = _Texts(versions, comparison)
    touched: list[TouchedStatement] = []
    stale = 0
    for statement in statements:
        file = versions.site.get(statement.cited.path)
        if file is None:
            continue
        verdict = texts.verdict(file, statement)
        if verdict is not None:
            touched.append(verdict)
        stale += verdict is None and texts.was_stale(file, statement.cited.lines)
    return list(_with_width(touched)), stale


class _Texts:
    """Counts how often code occurs in the two versions: what occurs as often as before is unchanged, wherever it is."""

    def __init__(self, versions: Versions, comparison: Comparison) -> None:
        self._before = [file.code.whole for file in versions.before.values()]
        self._after = [file.code.whole for file in versions.after.values()]
        names = {new: old for old, new in comparison.matches.renamed.items()}
        self._back = [renamed_back(text, names) for text in self._after] if names else []
        self._pairs = {(old.path, old.name): (old, new) for old, new in comparison.matches.pairs.items()}
        self._changed = {(old.path, old.name): reason for old, reason in comparison.changed.items()}

    def verdict(self, file: ComparedFile, statement: SiteStatement) -> TouchedStatement | None:
        """The statement with what happened to its code; None for one that is as right as before."""
        place = statement.cited
        pieces = [entry for entry in file.pieces if _overlap(entry.lines, place.lines)]
        about = self._about(pieces, place.lines)
        reason = Touch.BODY if any(self._is_gone(part) for part in _parts(file, place.lines)) else None
        key = (about.path, about.name) if about else ("", "")
        pair = self._pairs.get(key)
        if reason is not None:
            reason = Touch.REMOVED if about and pair is None else self._changed.get(key, reason)
        elif about and pair and " ".join(pair[0].doc.split()) != " ".join(pair[1].doc.split()):
            reason = Touch.COMMENT
        if reason is None:
            return None
        now = CitedCode(pair[1].path, pair[1].lines) if pair else None
        symbol = about.title if about else statement.symbol
        return TouchedStatement(statement.text, symbol, place, now, reason, page=statement.page)

    def was_stale(self, file: ComparedFile, lines: Lines) -> bool:
        """Whether the cited code was not in the older version."""
        return any(not _count(self._before, part) for part in _parts(file, lines))

    def _about(self, pieces: list[Piece], lines: Lines) -> Piece | None:
        """The smallest symbol that holds all of the lines, else the file."""
        around = [
            entry
            for entry in pieces
            if entry.name and entry.lines.start <= lines.start and lines.end <= entry.lines.end
        ]
        return min(around, key=lambda entry: entry.lines.end - entry.lines.start, default=None)

    def _is_gone(self, part: str) -> bool:
        before = _count(self._before, part)
        return before > 0 and max(_count(self._after, part), _count(self._back, part)) < before


def _count(texts: list[str], part: str) -> int:
    # Neighbours share a separator, so two that touch count once: the same in both versions.
    return sum(text.count(part) for text in texts)


def _parts(file: ComparedFile, lines: Lines) -> Iterator[str]:
    """The cited code, one text for each symbol's own part of it: symbols may change places."""
    rows = set(range(lines.start - 1, lines.end))
    taken: set[int] = set()
    inner = [entry for entry in file.pieces if entry.name and _overlap(entry.lines, lines)]
    for entry in sorted(inner, key=lambda entry: entry.lines.end - entry.lines.start):
        own = [row for row in range(entry.lines.start - 1, entry.lines.end) if row in rows and row not in taken]
        taken.update(own)
        yield from _texts_of(file, own)
    yield from _texts_of(file, sorted(rows - taken))


def _texts_of(file: ComparedFile, rows: list[int]) -> Iterator[str]:
    for first, last in runs(rows):
        text = file.code.of(range(first, last + 1))
        if text.strip(SEPARATOR):
            yield text


def _overlap(entry: Lines, other: Lines) -> bool:
    return entry.start <= other.end and other.start <= entry.end


def _with_width(touched: list[TouchedStatement]) -> Iterator[TouchedStatement]:
    """Statements that cite lines around those of another are wide: the other says better what has changed."""
    narrow: dict[str, list[Lines]] = {}
    for entry in sorted(touched, key=lambda entry: entry.before.lines.end - entry.before.lines.start):
        lines, smaller = entry.before.lines, narrow.setdefault(entry.before.path, [])
        wide = any(lines.start <= inner.start and inner.end <= lines.end and inner != lines for inner in smaller)
        if lines not in smaller:
            smaller.append(lines)
        yield replace(entry, wide=wide)
