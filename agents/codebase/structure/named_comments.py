"""Comments of C and C++ that name what they document, wherever they stand: `\\def MAX`, `@fn int Table::rows()`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import tree_sitter

from agents.codebase.structure.documentation import NOTHING, Doc, of_comment, together, without_heading
from agents.codebase.structure.opened import Opened
from agents.codebase.structure.source import Source

_LANGUAGES = frozenset({"c", "cpp"})
_COMMAND = re.compile(
    r"(/\*[*!]\s*(?:\*\s*)?|//[/!]\s*)"
    r"[@\\](def|enum|struct|class|union|interface|typedef|var|property|fn)[ \t]+([^\n]+)"
)
#: What is named: a word with its owners, `lib::Table::~Table`, `operator[]`.
_NAME = re.compile(r"(?:[A-Za-z_]\w{0,100}(?:::|\.)){0,9}(?:operator\s?(?:\(\)|[^\s\w(]{1,3})|~?[A-Za-z_]\w{0,100})")
#: `int (*callback_t)(void)`
_POINTER = re.compile(r"\(\s?\*\s?([A-Za-z_]\w{0,100})\s?\)")
#: Commands whose first word is the name; the file of a class or the parameters of a macro follow.
_NAME_FIRST = frozenset({"def", "enum", "struct", "class", "union", "interface"})
_CALL = "operator()"
_LONGEST = 20_000
_LONGEST_HEAD = 400
_MOST_LINES = 500
#: So many rows above a symbol its comment may end.
_FURTHEST = 20


class _NamedComment(NamedTuple):
    """A comment without the command that says whose it is; `arguments` are a function's, without blanks."""

    command: str
    owners: tuple[str, ...]
    arguments: str
    doc: Doc
    row: int


class NamedComments:
    """The comments of a file that begin with the name of what they document."""

    def __init__(self, nodes: Iterable[tree_sitter.Node], source: Source, language: str) -> None:
        self._source = source
        self._language = language
        self._by_name: dict[str, list[_NamedComment]] = {}
        self._types: dict[str, bool] = {}
        # The grammar's binding gives nodes in an order of its own.
        comments = sorted(nodes, key=lambda node: node.start_byte) if language in _LANGUAGES else []
        for at, node in enumerate(comments):
            start = source.data[node.start_byte : node.start_byte + 200]
            if (b"@" in start or b"\\" in start) and (match := _COMMAND.match(source.text(node, _LONGEST))):
                below = _below(comments, at, source)
                self._add(match, "".join(below), node.end_point[0] + len(below))

    def _add(self, match: re.Match[str], below: str, row: int) -> None:
        opens, command, head = match.groups()
        written, end, _ = head.partition("*/")
        if len(written) > _LONGEST_HEAD or (named := _name(command, written.strip(" \t;"))) is None:
            return
        *owners, name = named
        arguments = _arguments(written) if command == "fn" else ""
        rest = f"{opens}{end}" if end else opens + match.string[match.end() :] + below
        doc = of_comment(rest, self._language)
        if doc.says:
            self._by_name.setdefault(name, []).append(_NamedComment(command, tuple(owners), arguments, doc, row))

    def doc(self, opened: Opened, signature: str) -> Doc:
        """What a symbol's own comment says, and below it what such a comment elsewhere says of the symbol."""
        *owners, own = opened.name.split(".")
        fit = [comment for comment in self._by_name.get(own, ()) if self._is_of(comment, owners)]
        if len(fit) > 1:
            written = _arguments(signature)
            fit = [comment for comment in fit if comment.arguments == written] or fit
        own_doc = without_heading(opened.doc, own) if self._language in _LANGUAGES else opened.doc
        if not fit:
            return own_doc
        named = fit[0]
        is_own = opened.row - _FURTHEST <= named.row <= opened.row or named.doc.text in own_doc.text
        return named.doc if not own_doc.says else own_doc if is_own else together(own_doc, named.doc)

    def given_back(self, symbols: list[Opened]) -> list[Opened]:
        """The symbols, without a comment that stands above one and names another of them."""
        if not self._by_name:
            return symbols
        names = {symbol.name.rpartition(".")[2] for symbol in symbols}
        named = {
            comment.row: (name, comment.doc.text)
            for name, fit in self._by_name.items()
            if name in names
            for comment in fit
        }
        for symbol in symbols:
            words = symbol.doc.text
            for name, text in (named[row] for row in range(symbol.row - _FURTHEST, symbol.row) if row in named):
                if words and text == words and name != symbol.name.rpartition(".")[2]:
                    symbol.doc = NOTHING
        return symbols

    def _is_of(self, comment: _NamedComment, owners: list[str]) -> bool:
        """Whether a comment's owners are the symbol's, whose namespaces no name has; one without any names a member."""
        if comment.owners and not owners:
            return not self._is_type(comment.owners[-1])
        if comment.command == "fn" and owners and not comment.owners:
            return False
        return all(owner == written for owner, written in zip(reversed(comment.owners), reversed(owners), strict=False))

    def _is_type(self, name: str) -> bool:
        """Whether the file declares a type of this name, as a namespace may be called as well."""
        if name not in self._types:
            declared = re.compile(
                rb"\b(?:class|struct|union|enum)[ \t]+(?:\w+[ \t]+)?" + name.encode() + rb"\b(?!::|\.)"
            )
            self._types[name] = declared.search(self._source.data) is not None
        return self._types[name]


def _below(comments: Sequence[tree_sitter.Node], at: int, source: Source) -> list[str]:
    """The lines below a comment of one line, `/// Like this.`"""
    lines: list[str] = []
    mark = source.text(comments[at], 3)
    for before, node in zip(comments[at:], comments[at + 1 : at + _MOST_LINES], strict=False):
        text = source.text(node, _LONGEST)
        if mark[:2] != "//" or not text.startswith(mark) or node.start_point[0] != before.start_point[0] + 1:
            break
        if _COMMAND.match(text):
            break
        lines.append("\n" + text.rstrip("\r\n"))
    return lines


def _name(command: str, head: str) -> list[str] | None:
    """The name with its owners that stands behind a command; None where no name does."""
    if command in _NAME_FIRST:
        first = _NAME.match(head)
        return None if first is None else _parts(first.group())
    if command == "typedef" and (pointer := _POINTER.search(head)):
        return [pointer.group(1)]
    names = _NAME.findall(head[: _opening(head)] if command == "fn" else head.partition("[")[0])
    return _parts(names[-1]) if names else None


def _parts(name: str) -> list[str]:
    return re.split(r"::|\.", name.replace("operator ", "operator"))


def _opening(declared: str) -> int:
    """Where a function's parameters begin: at the first bracket that is no operator's own."""
    operator = declared.find(_CALL)
    at = declared.find("(", operator + len(_CALL) if operator >= 0 else 0)
    return at if at >= 0 else len(declared)


def _arguments(head: str) -> str:
    """A function's parameters without blanks."""
    inside = re.sub(r"\s", "", head[_opening(head) :].rpartition(")")[0][1:])
    return "" if inside == "void" else inside
