"""Files that hold code of another language: single-file components and notebooks."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping

from agents.codebase.structure import syntax
from agents.codebase.structure.artefacts import components, cython
from agents.codebase.structure.artefacts.lenient_json import TOKEN
from agents.codebase.structure.artefacts.plain_text import plain_text
from agents.codebase.structure.artefacts.prose import markdown
from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol


def _read(language: str, code: str, text: str) -> Structure:
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    if not code.strip():
        return Structure(language=language, line_count=lines)
    return syntax.read(language, code.encode("utf-8", "replace"), lines)


_MAGIC = re.compile(r"([ \t]*+)(?:(?:[%!?]|\?\?)|[^\n#\"']*\?\s*$)")
#: `files = !ls`: what stands behind the sign is no Python.
_ASSIGNED_MAGIC = re.compile(r"^([\w.,\[\] \t]++=\s*+)[!%].*")
#: A cell that is written in another language, or into a file.
_FOREIGN = re.compile(r"\s*%%(?!(?:time|timeit|capture|prun|python3?|pypy|px|memit|mprun|lprun|heat|cache)\b)\w+")
_SOURCES = frozenset({'"source"', '"input"'})
_KERNELS = frozenset({"python", "javascript", "typescript", "scala", "ruby", "rust", "go"})


def notebook(text: str, language: str) -> Structure:
    """A Jupyter notebook: the words of its Markdown cells, the definitions of its code cells, on the file's lines."""
    last = text.count("\n") + (0 if text.endswith("\n") else 1)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    cells, depth = _cells(content)
    if not isinstance(content, dict) or cells is None:
        broken = plain_text(text)
        return Structure(language=language, line_count=last, doc=broken.doc, doc_lines=broken.doc_lines, parse_errors=1)
    kernel = _kernel(content)
    places = iter(_sources(text, depth))
    code: list[tuple[str, int]] = []
    words: list[tuple[str, int]] = []
    for cell in cells:
        if not isinstance(cell, dict) or not {"source", "input"} & {*cell}:
            continue
        lines = next(places, [])
        source = cell["source"] if "source" in cell else cell["input"]
        written = "".join(map(str, source)) if isinstance(source, list) else str(source)
        kind = cell.get("cell_type")
        if kind == "heading":
            kind, written = "markdown", f"{'#' * int(cell.get('level') or 1)} {written}"
        is_foreign = kernel == "python" and _FOREIGN.match(written)
        target = words if kind == "markdown" else code if kind == "code" and not is_foreign else []
        rows = written.split("\n")
        # One text for the whole cell stands on one line of the file.
        target += [(row, lines[min(at, len(lines) - 1)] if lines else 1) for at, row in enumerate(rows)]
        target.append(("", lines[-1] if lines else 1))
    prose = markdown("\n".join(row for row, _ in words)) if words else None
    python = "\n".join(_without_magic(row) if kernel == "python" else row for row, _ in code)
    read = (
        _read(kernel, python + "\n", python)
        if kernel and python.strip()
        else Structure(language=language, line_count=last)
    )
    symbols = [_moved(symbol, words) for symbol in (prose.symbols if prose else ())] + [
        _moved(symbol, code) for symbol in read.symbols
    ]
    return Structure(
        language=language,
        line_count=last,
        doc=prose.doc if prose else "",
        doc_lines=_placed(prose.doc_lines, words) if prose and prose.doc and prose.doc_lines else None,
        symbols=tuple(sorted(symbols, key=lambda symbol: symbol.lines.start)),
        imports=tuple(
            statement.model_copy(update={"lines": _placed(statement.lines, code)}) for statement in read.imports
        ),
        evidence=tuple(
            evidence.model_copy(update={"lines": _placed(evidence.lines, code)}) for evidence in read.evidence
        ),
        parse_errors=read.parse_errors,
    )


def _without_magic(row: str) -> str:
    """A row of IPython as Python: a command of the notebook's does nothing."""
    magic = _MAGIC.match(row)
    return f"{magic.group(1)}pass" if magic else _ASSIGNED_MAGIC.sub(r"\1...", row)


def _kernel(content: Mapping[str, object]) -> str:
    metadata = content.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for key, inner in (("kernelspec", "language"), ("language_info", "name")):
        value = metadata.get(key)
        if isinstance(value, dict) and isinstance(value.get(inner), str):
            return value[inner].lower() if value[inner].lower() in _KERNELS else ""
    return "python"


def _cells(content: object) -> tuple[list[object] | None, int]:
    """A notebook's cells, before 2014 in worksheets, and the depth of brackets at which the lists of rows stand."""
    if not isinstance(content, dict):
        return None, 0
    cells = content.get("cells")
    if isinstance(cells, list):
        return cells, 4
    sheets = content.get("worksheets")
    sheet_cells = (
        [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
    )
    listed = [cell for part in sheet_cells if isinstance(part, list) for cell in part]
    return (listed, 6) if sheet_cells else (None, 0)


def _sources(text: str, rows_depth: int) -> list[list[int]]:
    """Of each cell's `source`, the lines of the file on which its rows stand."""
    newlines = [match.start() for match in re.finditer("\n", text)]
    result: list[list[int]] = []
    depth, key, inside = 0, "", False
    for match in TOKEN.finditer(text):
        piece = match.group()
        if piece in "{[":
            depth += 1
            if piece == "[" and key in _SOURCES and depth == rows_depth:
                inside = True
                result.append([])
        elif piece in "}]":
            inside = inside and depth != rows_depth
            depth -= 1
        elif piece.startswith('"'):
            at = bisect_right(newlines, match.start()) + 1
            if inside:
                result[-1] += [at] * max(1, piece.count("\\n") or 1)
            elif key in _SOURCES and depth == rows_depth - 1:
                result.append([at])
                key = ""
                continue
            if not inside:
                key = piece
        elif piece == ",":
            key = key if inside else ""
    return result


def _placed(lines: Lines, rows: list[tuple[str, int]]) -> Lines:
    start = rows[min(lines.start, len(rows)) - 1][1]
    return Lines(start=start, end=max(start, rows[min(lines.end, len(rows)) - 1][1]))


def _moved(symbol: Symbol, rows: list[tuple[str, int]]) -> Symbol:
    return symbol.model_copy(update={"lines": _placed(symbol.lines, rows)})


#: Language -> reader of a whole structure.
EMBEDDED: Mapping[str, Callable[[str, str], Structure]] = {
    "vue": components.component,
    "svelte": components.component,
    "notebook": notebook,
    "cython": cython.cython,
}
