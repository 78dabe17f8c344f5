"""Files that hold code of another language: single-file components and notebooks."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from agents.codebase.structure import syntax
from agents.codebase.structure.artefacts import cython
from agents.codebase.structure.artefacts.lenient_json import TOKEN
from agents.codebase.structure.artefacts.parts import part
from agents.codebase.structure.artefacts.plain_text import plain_text
from agents.codebase.structure.artefacts.prose import markdown
from agents.codebase.structure.documentation import NOTHING, of_comment
from agents.codebase.structure.source import fold
from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol, SymbolKind

_SCRIPT = re.compile(r"<script\b([^<>]{0,500})>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\s*>", re.IGNORECASE)
_TYPESCRIPT = re.compile(r"lang\s*=\s*[\"']?(tsx?)\b")
_NOT_NEWLINE = re.compile(r"[^\n]")
_SLOT = re.compile(r"<slot\b([^<>]{0,300})>")
_SLOT_NAME = re.compile(r"\bname\s*=\s*[\"']([\w-]{1,100})[\"']")
_MACRO = re.compile(r"\bdefine(Props|Emits)\s{0,20}[<(]\s{0,20}(?=[{\[])")
_MOST_MACROS = 20
_LONGEST_MACRO = 20_000
_PIECE = re.compile(r"/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)|//[^\n]*|[{}()\[\],;\n]|[^{}()\[\],;\n/]+|/")
_MEMBER = re.compile(r"\s*[\"']?([A-Za-z_$][\w:.-]{0,100}?)[\"']?(\??)\s*(?::\s*(.*))?\s*$", re.DOTALL)
_EMITTED = re.compile(r"\(\s*\w+\s*:\s*[\"']([\w:.-]{1,100})[\"']")


def component(text: str, language: str) -> Structure:
    """A Vue or Svelte component: its scripts as JavaScript or TypeScript, what it takes and emits, and its slots."""
    script_lines: list[str] = []
    script, at = "javascript", 0
    while begin := _SCRIPT.search(text, at):
        end = _SCRIPT_END.search(text, begin.end())
        stop = end.start() if end else len(text)
        if match := _TYPESCRIPT.search(begin.group(1)):
            script = "tsx" if match.group(1) == "tsx" else "typescript"
        script_lines += [_NOT_NEWLINE.sub(" ", text[at : begin.end()]), text[begin.end() : stop]]
        at = stop
    code = "".join([*script_lines, _NOT_NEWLINE.sub(" ", text[at:])])
    structure = _read(script, code, text)
    newlines = [match.start() for match in re.finditer("\n", text)]

    def line(offset: int) -> int:
        return bisect_right(newlines, offset - 1) + 1

    members = [*_declared(code, line), *(_slots(_without(text, code), line) if language else ())]
    names = {symbol.name for symbol in structure.symbols}
    symbols = [*structure.symbols, *(member for member in members if member.name not in names)]
    symbols.sort(key=lambda symbol: symbol.lines.start)
    return structure.model_copy(update={"language": language, "symbols": tuple(symbols)})


def _declared(code: str, line: Callable[[int], int]) -> list[Symbol]:
    """The members of `defineProps` and `defineEmits`."""
    symbols: list[Symbol] = []
    for macro in [*_MACRO.finditer(code)][:_MOST_MACROS]:
        kind, owner = (SymbolKind.PROPERTY, "props") if macro.group(1) == "Props" else (SymbolKind.EVENT, "emits")
        for start, written, comment in _members(code, macro.end()):
            emitted = _EMITTED.match(written)
            member = _MEMBER.match(written)
            if emitted is None and member is None:
                continue
            name = emitted.group(1) if emitted else member.group(1) if member else ""
            type_ = " ".join((member.group(3) or "").split()) if member and not emitted else ""
            signature = fold(written.strip())
            doc = of_comment(comment, "typescript") if comment else NOTHING
            symbol = part(
                f"{owner}.{name}", kind, signature, line(start), line(start + len(written.rstrip()) - 1), doc.text
            )
            symbols.append(symbol.model_copy(update={"type": fold(type_, 300), "documentation": doc.document}))
    return symbols


def _members(code: str, at: int) -> Iterator[tuple[int, str, str]]:
    """The members of the object or list that begins here: where, as written, and the comment above."""
    depth, comment, pieces, start = 0, "", [""], at
    for match in _PIECE.finditer(code, at, at + _LONGEST_MACRO):
        piece = match.group()
        if piece.startswith(("/*", "//")):
            comment = piece if not "".join(pieces).strip() else comment
            continue
        depth -= piece in {"}", ")", "]"}
        if depth < 1 and at != match.start():
            piece = ","
        if depth <= 1 and piece in {",", ";", "\n"}:
            written = "".join(pieces)
            if written.strip():
                yield start + len(written) - len(written.lstrip()), written.lstrip(), comment
                comment = ""
            pieces = []
            if depth < 1:
                return
        elif depth or piece not in {"{", "["}:
            if not pieces:
                start = match.start()
            pieces.append(piece)
        else:
            pieces = []
        depth += piece in {"{", "(", "["}


def _slots(template: str, line: Callable[[int], int]) -> list[Symbol]:
    slots: dict[str, Symbol] = {}
    for slot in _SLOT.finditer(template):
        named = _SLOT_NAME.search(slot.group(1))
        name = named.group(1) if named else "default"
        at = line(slot.start())
        slots.setdefault(name, part(f"slots.{name}", SymbolKind.PROPERTY, f'<slot name="{name}">', at, at))
    return list(slots.values())


def _without(text: str, code: str) -> str:
    """The text where the code is blank."""
    return "".join(char if other in " \n" else " " for char, other in zip(text, code, strict=True))


def _read(language: str, code: str, text: str) -> Structure:
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    if not code.strip():
        return Structure(language=language, line_count=lines)
    return syntax.read(language, code.encode("utf-8", "replace"), lines)


_MAGIC = re.compile(r"[ \t]*(?:[%!?]|\?\?)|[^\n]*\?\s*$")
_KERNELS = frozenset({"python", "javascript", "typescript", "scala", "ruby", "rust", "go"})


def notebook(text: str, language: str) -> Structure:
    """A Jupyter notebook: the words of its Markdown cells, the definitions of its code cells, on the file's lines."""
    last = text.count("\n") + (0 if text.endswith("\n") else 1)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    cells = content.get("cells") if isinstance(content, dict) else None
    if not isinstance(content, dict) or not isinstance(cells, list):
        broken = plain_text(text)
        return Structure(language=language, line_count=last, doc=broken.doc, doc_lines=broken.doc_lines, parse_errors=1)
    kernel = _kernel(content)
    places = iter(_sources(text))
    code: list[tuple[str, int]] = []
    words: list[tuple[str, int]] = []
    for cell in cells:
        if not isinstance(cell, dict) or "source" not in cell:
            continue
        lines = next(places, [])
        source = cell["source"]
        written = "".join(map(str, source)) if isinstance(source, list) else str(source)
        target = code if cell.get("cell_type") == "code" else words if cell.get("cell_type") == "markdown" else []
        rows = written.split("\n")
        # One text for the whole cell stands on one line of the file.
        target += [(row, lines[min(at, len(lines) - 1)] if lines else 1) for at, row in enumerate(rows)]
        target.append(("", lines[-1] if lines else 1))
    prose = markdown("\n".join(row for row, _ in words)) if words else None
    python = "\n".join("pass" if kernel == "python" and _MAGIC.match(row) else row for row, _ in code)
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


def _kernel(content: Mapping[str, object]) -> str:
    metadata = content.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    for key, inner in (("kernelspec", "language"), ("language_info", "name")):
        value = metadata.get(key)
        if isinstance(value, dict) and isinstance(value.get(inner), str):
            return value[inner].lower() if value[inner].lower() in _KERNELS else ""
    return "python"


def _sources(text: str) -> list[list[int]]:
    """Of each cell's `source`, the lines of the file on which its rows stand."""
    newlines = [match.start() for match in re.finditer("\n", text)]
    result: list[list[int]] = []
    depth, key, inside = 0, "", False
    for match in TOKEN.finditer(text):
        piece = match.group()
        if piece in "{[":
            depth += 1
            if piece == "[" and key == '"source"' and depth == 4:
                inside = True
                result.append([])
        elif piece in "}]":
            inside = inside and depth != 4
            depth -= 1
        elif piece.startswith('"'):
            at = bisect_right(newlines, match.start()) + 1
            if inside:
                result[-1] += [at] * max(1, piece.count("\\n") or 1)
            elif key == '"source"' and depth == 3:
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
    "vue": component,
    "svelte": component,
    "notebook": notebook,
    "cython": cython.cython,
}
