"""Vue's and Svelte's single-file components: their scripts as code, and what a component takes, emits and offers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from agents.codebase.structure import syntax
from agents.codebase.structure.artefacts.component_members import members_of
from agents.codebase.structure.artefacts.component_nodes import ComponentMember
from agents.codebase.structure.artefacts.parts import part
from agents.codebase.structure.documentation import Doc, document, of_comment
from agents.codebase.structure.source import Source, fold
from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol, SymbolKind

_SCRIPT = re.compile(r"<script\b((?:\"[^\"]*\"|'[^']*'|[^<>\"']){0,500})>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script\s*>", re.IGNORECASE)
_TYPESCRIPT = re.compile(r"lang\s*=\s*[\"']?(tsx?)\b")
_EXPORTS = re.compile(r"^[^\S\n]*export\b", re.MULTILINE)
_STYLE = re.compile(r"<style\b.*?</style\s*>", re.IGNORECASE | re.DOTALL)
_STYLE_END = re.compile(r"</style\s*>", re.IGNORECASE)
_NOT_NEWLINE = re.compile(r"[^\n]")
_HTML_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_HTML_COMMENT_END = re.compile("-->")
_SLOT = re.compile(r"<slot\b((?:\"[^\"]*\"|'[^']*'|\{(?:[^{}]|\{[^{}]*\}){0,300}\}|[^<>\"'{}]){0,500})>")
_SLOT_NAME = re.compile(r"(?<![\w:-])name\s*=\s*[\"']([\w.-]{1,100})[\"']")
_BOUND_NAME = re.compile(r"(?::|v-bind:)name\s*=|(?<![\w:-])name\s*=\s*\{")
_SLOT_DOC = re.compile(r"\s*@slot\b[ \t]*")
_EXPORTED = re.compile(r"\bexport\s*\{([^{}]{0,2000})\}")
_RENAMED = re.compile(r"\w+\s+as\s+(\w+)")
_EMIT = re.compile(r"(?:\$emit|(?<![\w.$])emit)\(\s*[\"']([\w:.-]{1,100})[\"']")
_DISPATCH = re.compile(r"\bdispatch\(\s*[\"']([\w:.-]{1,100})[\"']")
_FORWARDED = re.compile(r"\son:([\w:.-]{1,60})(?:\|[\w|]+)?(?=[\s/>])")


def component(text: str, language: str) -> Structure:
    """A component with its scripts as JavaScript or TypeScript. The script may be without an end."""
    pieces: list[str] = []
    outside: list[str] = []
    closed_scripts: list[tuple[int, int]] = []
    script, at = "javascript", 0
    while begin := _SCRIPT.search(text, at):
        end = _SCRIPT_END.search(text, begin.end())
        stop = end.start() if end else len(text)
        if match := _TYPESCRIPT.search(begin.group(1)):
            script = "tsx" if match.group(1) == "tsx" else "typescript"
        # What a script without exports declares is its component's own.
        if not _EXPORTS.search(text, begin.end(), stop):
            closed_scripts.append((text.count("\n", 0, begin.end()) + 1, text.count("\n", 0, stop) + 1))
        pieces += [_NOT_NEWLINE.sub(" ", text[at : begin.end()]), text[begin.end() : stop]]
        outside += [text[at : begin.end()], _NOT_NEWLINE.sub(" ", text[begin.end() : stop])]
        at = stop
    code = "".join([*pieces, _NOT_NEWLINE.sub(" ", text[at:])])
    template = _blanked(_STYLE, _STYLE_END, "".join([*outside, text[at:]]))
    lines = text.count("\n") + (0 if text.endswith("\n") else 1)
    if not code.strip():
        return _with(Structure(language=language, line_count=lines), language, [], template)
    data = code.encode("utf-8", "replace")
    structure, root = syntax.read_with_tree(script, data, lines)
    members = list(members_of(root, Source(data), language))
    symbols = _own(structure.symbols, members, closed_scripts)
    return _with(structure.model_copy(update={"symbols": tuple(symbols)}), language, members, template, code)


def _own(
    symbols: Sequence[Symbol], members: Sequence[ComponentMember], closed_scripts: Sequence[tuple[int, int]]
) -> Iterator[Symbol]:
    """The script's symbols: what the options of a component hold is read as its members, and setup code is closed."""
    options = next((member for member in members if not member.name), None)
    own = {member.name: member for member in members if "." not in member.name and member.name}
    for symbol in symbols:
        start = symbol.lines.start
        member = own.get(symbol.name)
        if options is not None and options.line <= start and symbol.lines.end <= options.end:
            if member is not None and member.kind is SymbolKind.METHOD:
                doc = {"doc": member.doc.text, "documentation": member.doc.document, "kind": member.kind}
                yield symbol.model_copy(update={"lines": Lines(start=member.line, end=member.end), **doc})
            continue
        closed = any(first <= start <= last for first, last in closed_scripts)
        kind = member.kind if member is not None and options is None else symbol.kind
        yield symbol.model_copy(update={"public": symbol.public and not closed, "kind": kind})


def _with(
    structure: Structure, language: str, members: Sequence[ComponentMember], template: str, code: str = ""
) -> Structure:
    """The structure with the component's members, those that only its template shows, and its documentation."""
    newlines = [match.start() for match in re.finditer("\n", template)]

    def line(offset: int) -> int:
        return bisect_right(newlines, offset - 1) + 1

    names = {symbol.name for symbol in structure.symbols}
    symbols = list(structure.symbols)
    named = [member for member in members if member.name]
    matched = [_symbol(member) for member in named]
    elements = _blanked(_HTML_COMMENT, _HTML_COMMENT_END, template)
    matched += _slots(template, elements, line) if "<slot" in template else ()
    if not any(member.name.startswith("emits.") for member in named):
        emitted = [_EMIT] if language == "vue" else []
        matched += _events(emitted, [elements, code], line)
    if language == "svelte":
        matched += _renamed(code, line)
        matched += _events([_DISPATCH], [elements, code], line)
        matched += _events([_FORWARDED], [elements], line)
    for symbol in matched:
        if symbol.name not in names:
            names.add(symbol.name)
            symbols.append(symbol)
    symbols.sort(key=lambda symbol: symbol.lines.start)
    changes: dict[str, object] = {"language": language, "symbols": tuple(symbols)}
    doc, at = _doc(template, members, line)
    if doc.says:
        changes |= {"doc": doc.text, "documentation": doc.document, "doc_lines": at}
    return structure.model_copy(update=changes)


def _doc(template: str, members: Sequence[ComponentMember], line: Callable[[int], int]) -> tuple[Doc, Lines | None]:
    """What documents the component: the comment above its options, `@component`, or the comment it begins with."""
    options = next((member for member in members if not member.name), None)
    if options is not None and options.doc.says:
        return options.doc, Lines(start=options.line, end=options.line)
    for comment in _HTML_COMMENT.finditer(template, 0, _last_end(_HTML_COMMENT_END, template)):
        words = comment.group(1).strip()
        begins = not template[: comment.start()].strip()
        if words.startswith("@component") or (begins and not words.startswith("@slot")):
            place = Lines(start=line(comment.start()), end=line(comment.end() - 1))
            text = words.removeprefix("@component").strip("\n")
            return document("\n".join(row.strip() for row in text.split("\n")).strip(), "typescript"), place
    return Doc(), None


def _symbol(member: ComponentMember) -> Symbol:
    made = part(member.name, member.kind, member.signature, member.line, member.end, member.doc.text)
    more = {"type": fold(member.type, 300), "default": member.default, "documentation": member.doc.document}
    return made.model_copy(update={**more, "accessors": member.accessors, "public": member.public})


def _slots(template: str, elements: str, line: Callable[[int], int]) -> Iterator[Symbol]:
    comments = list(_HTML_COMMENT.finditer(template, 0, _last_end(_HTML_COMMENT_END, template)))
    for slot in _SLOT.finditer(elements):
        if _BOUND_NAME.search(slot.group(1)):
            continue
        named = _SLOT_NAME.search(slot.group(1))
        name = named.group(1) if named else "default"
        above = next((comment for comment in reversed(comments) if comment.end() <= slot.start()), None)
        doc = Doc()
        if above is not None and not template[above.end() : slot.start()].strip() and _SLOT_DOC.match(above.group(1)):
            words = _SLOT_DOC.sub("", above.group(1)).replace("@binding", "@param")
            doc = of_comment(f"/**\n{words}\n*/", "typescript")
        at = line(slot.start())
        made = part(f"slots.{name}", SymbolKind.PROPERTY, f'<slot name="{name}">', at, at, doc.text)
        yield made.model_copy(update={"documentation": doc.document})


def _events(patterns: Sequence[re.Pattern[str]], texts: Sequence[str], line: Callable[[int], int]) -> Iterator[Symbol]:
    """Events that a component is seen to emit."""
    for pattern in patterns:
        for text in texts:
            for event in pattern.finditer(text):
                at = line(event.start(1))
                yield part(f"emits.{event.group(1)}", SymbolKind.EVENT, event.group(1), at, at)


def _renamed(code: str, line: Callable[[int], int]) -> Iterator[Symbol]:
    """Properties under another name, `export { name as class }`: the grammar knows no keyword there."""
    for listed in _EXPORTED.finditer(code):
        for renamed in _RENAMED.finditer(code, listed.start(1), listed.end(1)):
            at = line(renamed.start())
            yield part(renamed.group(1), SymbolKind.PROPERTY, f"export {{ {renamed.group()} }}", at, at)


def _blanked(element: re.Pattern[str], end: re.Pattern[str], text: str) -> str:
    """The text where such elements are blank."""
    last = _last_end(end, text)
    return element.sub(lambda match: _NOT_NEWLINE.sub(" ", match.group()), text[:last]) + text[last:]


def _last_end(end: re.Pattern[str], text: str) -> int:
    """Behind the last end of an element: beyond it, each beginning would be followed to the end of the text."""
    return max((match.end() for match in end.finditer(text)), default=0)
