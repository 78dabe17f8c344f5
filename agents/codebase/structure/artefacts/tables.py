"""TOML and INI: what their lines declare."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.structure.artefacts.bounded_toml import load_toml
from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, comment_above, part, split_lines
from agents.codebase.structure.artefacts.plain_text import unreadable
from agents.codebase.structure.artefacts.yaml_keys import head_comment
from agents.contracts.structure import Symbol, SymbolKind

#: A key of a .properties or .env file.
_PROPERTY = re.compile(r"[ \t]*(?:export[ \t]+)?([\w.\-\[\]/]{1,160})[ \t]*[=:]")
_TOML_KEY = re.compile(r"([\w\-.\"']+)\s*=")


def toml(text: str) -> Parts:
    """Tables, and the keys before the first of them."""
    errors = 0
    try:
        load_toml(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        errors = 1
    lines = split_lines(text)
    symbols = _tables(lines, "#", SymbolKind.KEY)
    if errors and not symbols:
        return unreadable(text)
    doc, doc_lines = head_comment(lines, "#")
    return Parts(symbols=symbols, doc=doc, doc_lines=doc_lines, parse_errors=errors)


def ini(text: str) -> Parts:
    """Sections in square brackets; in a file without any, its keys."""
    lines = split_lines(text)
    marker = ";" if any(line.startswith(";") for line in lines[:200]) else "#"
    doc, doc_lines = head_comment(lines, marker)
    symbols = _tables(lines, marker, None) or tuple(_properties(lines))
    return Parts(symbols=symbols, doc=doc, doc_lines=doc_lines)


def _properties(lines: list[str]) -> Iterator[Symbol]:
    """Keys of a file without sections; values, which may be secrets, are not shown."""
    continued = False
    count = 0
    for at, line in enumerate(lines, 1):
        key = None if continued else _PROPERTY.match(line)
        continued = line.endswith("\\") and not line.lstrip().startswith(("#", "!", ";"))
        if key and count < MAX_PARTS:
            count += 1
            yield part(key.group(1), SymbolKind.KEY, key.group(1), at, at, comment_above(lines, at, "#"))


def _table(line: str) -> str:
    """The name in a line's square brackets; empty for another line."""
    name, closed, rest = line.strip().removeprefix("[").removeprefix("[").partition("]")
    after = rest.removeprefix("]").lstrip()
    is_table = line.lstrip().startswith("[") and closed and (not after or after[0] in "#;")
    return name.strip() if is_table and "," not in name else ""


def _tables(lines: list[str], marker: str, keys: SymbolKind | None) -> tuple[Symbol, ...]:
    starts: list[tuple[int, str, bool]] = []
    quoted = False
    for at, line in enumerate(lines, 1):
        opened = quoted
        if line.count('"""') % 2 or line.count("'''") % 2:
            quoted = not quoted
        if opened:
            continue
        if table := _table(line):
            starts.append((at, table, True))
        elif keys and not any(is_table for *_, is_table in starts[-1:]) and (key := _TOML_KEY.match(line)):
            starts.append((at, key.group(1), False))
    symbols: list[Symbol] = []
    for index, (start, name, is_table) in enumerate(starts[:MAX_PARTS]):
        end = starts[index + 1][0] - 1 if index + 1 < len(starts) else len(lines)
        while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith(marker)):
            end -= 1
        kind = SymbolKind.SECTION if is_table else keys or SymbolKind.SECTION
        written = lines[start - 1].strip()
        signature = written[: written.rindex("]") + 1] if is_table and "#" not in name else name
        plain = name[1:-1] if name[:1] in "\"'" and name.count(name[0]) == 2 and name.endswith(name[0]) else name
        symbols.append(part(plain, kind, signature, start, end, comment_above(lines, start, marker)))
    return tuple(symbols)
