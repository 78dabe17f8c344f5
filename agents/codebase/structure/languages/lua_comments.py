"""Classes and types that the Lua language server's annotations declare: `---@class`, `---@field`, `---@alias`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import tree_sitter

from agents.codebase.structure.documentation.draft import type_end
from agents.codebase.structure.language import Found, Inside
from agents.codebase.structure.languages.comment_declarations import declared_in_comments
from agents.codebase.structure.source import Source, fold
from agents.contracts.structure import Parameter, SymbolKind

_HEAD = re.compile(r"--+\s*@(class|alias)\s+(?:\(\w+\)\s*)?([\w.]+)(?:<[^>\n]*>)?[ \t]*(.*)")
_FIELD = re.compile(r"--+\s*@field\s+(?:(private|protected|public|package)\s+)?(\[[^\]\n]+\]|[\w.]+)(\??)[ \t]+(.*)")
_OTHER = re.compile(r"--+\s*@")
_TAGGED = re.compile(r"--+\s*@(function|table|name|field)\s+([\w.:]+)\s*$")
_KIND = re.compile(r"--+\s*@class\s+(function|table|field)\s*$")
_PARAMETER = re.compile(
    r"--+\s*@(?:param|string|number|int|tab|bool|func|thread|tparam(?=\S*\s+\S+\s+\w)(?:\[[^\]\n]*\])?\s+\S+)"
    r"(?:\[[^\]\n]*\])?\s+([\w.]+)"
)
_TYPED = re.compile(r"@type\s+(\w+)\s*$", re.MULTILINE)
_MOST_LINES = 1_000
_MOST_OF_ONE = 60


def _declared(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    if (tagged := _TAGGED.match(source.text(node))) is not None:
        yield from _tagged(node, source, *tagged.groups())
    head = _HEAD.match(source.text(node))
    if head is None or _KIND.match(head.group()):
        return
    word, name, rest = head.groups()
    if word == "alias":
        end = type_end(rest)
        yield Found(
            name, SymbolKind.TYPE, fold(f"@alias {name} {rest[:end]}"), target=fold(rest[:end]), doc=_words(rest[end:])
        )
        return
    above = _text_above(node, source)
    yield Found(
        name, SymbolKind.CLASS, fold(f"@class {name} {rest}".strip()), doc=above, once=True, inside=Inside.NOTHING
    )
    for comment in _below(node, source):
        field = _FIELD.match(comment)
        if field is not None:
            scope, own, optional, written = field.groups()
            end = type_end(written)
            own = "[]" if own.startswith("[") else own
            signature = fold(f"{own}{optional}: {written[:end]}")
            public = scope not in {"private", "protected", "package"}
            words = _words(written[end:])
            yield Found(
                f"{name}.{own}",
                SymbolKind.FIELD,
                signature,
                public=public,
                type=fold(written[:end]),
                doc=words,
                once=True,
            )


def _tagged(node: tree_sitter.Node, source: Source, word: str, name: str) -> Iterator[Found]:
    """What LDoc's `@function name` documents where no code below declares it."""
    first = node
    above: list[str] = []
    while (before := first.prev_sibling) is not None and before.type == "comment":
        if before.start_point[0] != first.start_point[0] - 1 or before.start_point[1]:
            break
        if len(above) >= _MOST_OF_ONE or _TAGGED.match(source.text(before, 200)):
            return  # no comment names two
        first = before
        above.append(source.text(before))
    following = list(islice(_following(node), _MOST_OF_ONE))
    below = [source.text(comment) for comment in following]
    lines = [*reversed(above), *below]
    if word == "name":  # LuaDoc's pair of tags: `@class function` and `@name X`
        kinds = [match.group(1) for line in lines if (match := _KIND.match(line)) is not None]
        word = kinds[0] if kinds else "function"
    code = (following[-1] if following else node).next_sibling
    written = source.text(code, 200).partition("\n")[0] if code is not None and code.type != "comment" else ""
    if re.search(rf"(?<!\w){re.escape(re.split('[.:]', name)[-1])}[\"']?\]?\s*[(=,]", written):
        return
    own = [match.group(1) for line in lines if (match := _PARAMETER.match(line))]
    function = word == "function"
    yield Found(
        name.replace(":", "."),
        SymbolKind.FUNCTION if function else SymbolKind.VARIABLE,
        f"{name}({', '.join(own)})" if function else name,
        doc="\n".join(re.sub(r"^-+ ?", "", line) for line in lines if not _KIND.match(line)),
        parameters=tuple(Parameter(name=parameter) for parameter in own) if function else (),
        inside=Inside.NOTHING,
        once=True,
    )


def is_class(statement: tree_sitter.Node, name: str, source: Source) -> bool:
    """Whether the comment above a local table says that it is a class, by LDoc's `@type` with its name."""
    row = statement.start_point[0]
    before = statement.prev_sibling
    while before is not None and before.type == "comment" and before.end_point[0] >= row - 1:
        if (typed := _TYPED.search(source.text(before, 4_000))) is not None:
            return typed.group(1) == name
        row = before.start_point[0]
        before = before.prev_sibling
    return False


def _words(text: str) -> str:
    return re.sub(r"^\s*[#@]?\s*", "", text).strip()


def _text_above(node: tree_sitter.Node, source: Source) -> str:
    """The plain lines of the comment directly above a class's annotation."""
    lines: list[str] = []
    before = node.prev_sibling
    while before is not None and before.type == "comment" and len(lines) < _MOST_LINES:
        text = source.text(before)
        if before.start_point[0] != node.start_point[0] - len(lines) - 1 or not text.startswith("---"):
            break
        if _OTHER.match(text):
            break
        lines.append(text.lstrip("-").strip())
        before = before.prev_sibling
    return "\n".join(reversed(lines)).strip()


def _below(node: tree_sitter.Node, source: Source) -> Iterator[str]:
    yield from (source.text(comment) for comment in _following(node))


def _following(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The comments on the lines directly below one."""
    row = node.start_point[0]
    following = node.next_sibling
    while following is not None and following.type == "comment" and following.start_point[0] == row + 1:
        row = following.start_point[0]
        yield following
        following = following.next_sibling


DECLARED_IN_COMMENTS = declared_in_comments(SymbolKind.CLASS, "@(class|alias|function|table|name|field)", _declared)
