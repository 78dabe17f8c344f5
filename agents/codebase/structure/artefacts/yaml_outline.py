"""YAML as events, never built: keys with their lines, however deep or however often an alias repeats. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

_MAX_EVENTS = 300_000
#: Each level makes every later token dearer for the parser.
_DEEPEST = 1_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class YamlEntry:
    """A key: its path from the document's root (`[]` for a list's item), its lines from 1, its value when plain."""

    path: tuple[str, ...]
    line: int
    end: int
    kind: str = "scalar"
    value: str = ""


@dataclass
class _Level:
    """An open mapping or list; `key` waits for its value, `entry` is what is recorded of it."""

    path: tuple[str, ...]
    mapping: bool
    holder: YamlEntry | None
    key: str | None = None
    entry: YamlEntry | None = None


class _Outline:
    def __init__(self, depth: int) -> None:
        self.entries: list[YamlEntry] = []
        self._levels: list[_Level] = []
        self._depth = depth

    def see(self, event: yaml.Event) -> None:
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._open(event)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(event)
        elif isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
            self._scalar(event)

    def _open(self, event: yaml.Event) -> None:
        mapping = isinstance(event, yaml.MappingStartEvent)
        above = self._levels[-1] if self._levels else None
        holder = None
        path: tuple[str, ...] = ()
        if above is not None:
            if above.mapping and above.key is None:
                above.key = "?"
            path = (*above.path, above.key if above.mapping and above.key is not None else "[]")
            holder = above.entry if above.mapping else None
            if holder is not None:
                holder.kind = "mapping" if mapping else "sequence"
        if len(self._levels) >= _DEEPEST:
            raise yaml.YAMLError(f"nested more than {_DEEPEST:,} levels deep")
        self._levels.append(_Level(path[: self._depth + 1], mapping, holder))

    def _close(self, event: yaml.Event) -> None:
        ended = self._levels.pop()
        if ended.holder is not None:
            # A block ends where the next token begins, a flow on the line of its bracket.
            end = _line(event.end_mark, closing=True)
            ended.holder.end = max(ended.holder.line, ended.holder.end, end)
        self._finish()

    def _scalar(self, event: yaml.ScalarEvent | yaml.AliasEvent) -> None:
        value = event.value if isinstance(event, yaml.ScalarEvent) else f"*{event.anchor}"
        level = self._levels[-1] if self._levels else None
        line = _line(event.start_mark)
        if level is not None and level.mapping and level.key is None:
            level.key = str(value)[:160]
            level.entry = None
            if len(level.path) < self._depth:
                level.entry = YamlEntry((*level.path, level.key), line, line)
                self.entries.append(level.entry)
            return
        if level is not None and not level.mapping and len(level.path) < self._depth:
            self.entries.append(YamlEntry((*level.path, "[]"), line, line, value=str(value)[:300]))
        if level is not None and level.entry is not None and level.mapping:
            level.entry.value = str(value)[:300]
            level.entry.end = _line(event.end_mark, closing=True)
        self._finish()

    def _finish(self) -> None:
        if self._levels and self._levels[-1].mapping:
            self._levels[-1].key = None


def _line(mark: Any, closing: bool = False) -> int:
    """A mark's line from 1; what closes at a line's first column closed on the line before."""
    if mark is None:
        return 1
    row, column = int(mark.line), int(mark.column)
    return row if closing and column == 0 and row else row + 1


def readable_outline(text: str, depth: int) -> list[YamlEntry]:
    """The outline of a text that may be no YAML: then nothing."""
    try:
        return outline(text, depth)
    except (yaml.YAMLError, ValueError, RecursionError):
        return []


def outline(text: str, depth: int) -> list[YamlEntry]:
    """Every key, and every plain item of a list, down to a depth, in order. Raises yaml.YAMLError."""
    scan = _Outline(depth)
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        if count > _MAX_EVENTS:
            break
        scan.see(event)
    entries = scan.entries
    lines = text.split("\n")
    for entry in entries:
        # A block's last mark stands on the next key: blank lines and comments before it are not the key's.
        while entry.end > entry.line and (entry.end > len(lines) or not _is_content(lines[entry.end - 1])):
            entry.end -= 1
    _cut_at_siblings(entries)
    return entries


def _is_content(line: str) -> bool:
    stripped = line.strip()
    return bool(stripped) and not stripped.startswith(("#", "---", "..."))


def _cut_at_siblings(entries: list[YamlEntry]) -> None:
    last: dict[int, YamlEntry] = {}
    for entry in entries:
        depth = len(entry.path)
        for deeper in [level for level in last if level >= depth]:
            before = last.pop(deeper)
            before.end = max(before.line, min(before.end, entry.line - 1 if entry.line > before.line else entry.line))
        last[depth] = entry
