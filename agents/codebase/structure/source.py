"""A file's bytes as a syntax tree sees them, and how pieces of them become one readable line. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

import tree_sitter

from agents.codebase.structure.strings import strings

#: No author's signature is longer; what a generator or an attacker wrote ends with an ellipsis.
_SIGNATURE_LENGTH = 16_000
_NAME_LENGTH = 160
_LONGEST_VALUE = 60
_IS_CODE = re.compile(r"\bfunction\b|=>")
_SECRET_NAME = re.compile(
    r"pass|secret|token|key|credential|auth(?!or)|pwd|salt|private|cert|dsn|cookie|signature|hash|pin(?![a-z])",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_TRAILING = " \t\r\n{:=;,"
_OPENING = {"(": ")", "[": "]"}
_INNER_COMMENT = re.compile(r"/\*[*\s](?:[^*]|\*(?!/))*\*/")
_ANNOTATION = re.compile(r"@[\w.:]+\s*|#?\[")
_SECOND_BRANCH = re.compile(r"\n[ \t]*#[ \t]*el(?:se|if).*?\n[ \t]*#[ \t]*endif[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"\n[ \t]*#[ \t]*(?:if|endif)[^\n]*")
_EDGES = re.compile(r"[(\[] |[ ,][)\]>]")
_TRAILING_COMMA = re.compile(r",\s*\)")
_LAST_WORD = re.compile(r"\w+$")
#: Words that a bracket may follow which calls nothing.
_BEFORE_TUPLE = frozenset(
    {"return", "in", "yield", "and", "or", "not", "else", "if", "is", "as", "from", "await", "lambda"}
)
_TUPLE = "\x00"
_CLOSING_SPACE = re.compile(r",? ([)\]>])|,([)\]])|([(\[]) ")


@dataclass(frozen=True, slots=True)
class Source:
    """One file's UTF-8 bytes; `exports` are names that a module lists as exported, None when it lists nothing.

    `comments` are the first and last bytes of the file's comments in order; `bracketed` says that a bracket at the
    start of a declaration is an attribute of it.
    """

    data: bytes
    exports: frozenset[str] | None = field(default=None)
    comments: Sequence[tuple[int, int]] = field(default=())
    bracketed: bool = True

    def text(self, node: tree_sitter.Node, limit: int = 2000) -> str:
        """The node's text, cut at `limit` bytes."""
        return self.span(node.start_byte, min(node.end_byte, node.start_byte + limit))

    def name(self, node: tree_sitter.Node | None) -> str:
        """The node's text as a name on one line; empty for no node."""
        return fold(self.text(node, _NAME_LENGTH), _NAME_LENGTH) if node is not None else ""

    def written(self, node: tree_sitter.Node | None) -> str:
        """A type or a value as its author wrote it, whole and on one line; empty for no node."""
        return fold(self.code(node.start_byte, node.end_byte)) if node is not None else ""

    def value(self, node: tree_sitter.Node | None) -> str:
        """A member's value as a page may show it: an ellipsis for one that is long or could be a secret."""
        if node is None:
            return ""
        text = self.text(node, 200)
        if not any(mark in text for mark in "\"'{/"):  # no text, no comment
            return text if len(text) <= _LONGEST_VALUE and "\n" not in text and "`" not in text else "…"
        line = self.data.rfind(b"\n", max(0, node.start_byte - _NAME_LENGTH), node.start_byte) + 1
        text = self.written(node) if "/*" in text or "//" in text else text
        return shown_value(text, self.span(max(line, node.start_byte - _NAME_LENGTH), node.start_byte))

    def span(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self.data[start:end].decode("utf-8", "replace")

    def code(self, start: int, end: int) -> str:
        """The text between two byte offsets without its comments, and of a preprocessor's branches the first."""
        end = min(end, start + _SIGNATURE_LENGTH)
        at = bisect_left(self.comments, (start, start))
        pieces: list[str] = []
        while at < len(self.comments) and self.comments[at][0] < end:
            first, last = self.comments[at]
            pieces += [self.span(start, first), "\n" if self.data[last - 1 : last] == b"\n" else " "]
            start = max(start, last)
            at += 1
        text = "".join([*pieces, self.span(start, max(start, end))])
        if "\n" in text and "#" in text:
            text = _DIRECTIVE.sub("", _SECOND_BRANCH.sub("", text))
        return text

    def signature(self, start: int, end: int) -> str:
        """What stands between two byte offsets as one line: no annotations before it, no brace or colon after it."""
        return self._head(start, end)[1]

    def annotations(self, start: int, end: int) -> tuple[str, ...]:
        """The annotations and attributes that a signature begins with, as written."""
        return self._head(start, end)[0] if self.data[start : start + 1] in {b"@", b"[", b"#"} else ()

    def _head(self, start: int, end: int) -> tuple[tuple[str, ...], str]:
        piece = self.code(start, end)
        if "/*" in piece:
            inside = list(strings(piece))
            piece = _INNER_COMMENT.sub(
                lambda match: match.group() if any(a < match.start() < b for a, b in inside) else " ", piece
            )
        annotations, rest = ((), piece.lstrip()) if piece[:1] == "[" and not self.bracketed else _annotated(piece)
        return annotations, fold(rest.rstrip(_TRAILING).removesuffix("=>").rstrip(_TRAILING))


def nth(node: tree_sitter.Node, at: int) -> tree_sitter.Node | None:
    """A node's named child by its number, None past the last; a negative number counts from the end."""
    count = node.named_child_count
    at = at + count if at < 0 else at
    return node.named_child(at) if 0 <= at < count else None


def fold(text: str, limit: int = _SIGNATURE_LENGTH) -> str:
    """Text on one line with single spaces, cut at `limit` characters with an ellipsis; its strings stay as written."""
    if text.isidentifier() and len(text) <= limit:  # most are names
        return text
    quoted = list(strings(text)) if '"' in text or "'" in text or "`" in text else []
    if _TRAILING_COMMA.search(text):
        text = _with_marked_tuples(text, quoted)
    pieces: list[str] = []
    at = 0
    for start, end in quoted:
        pieces += [_folded(text[at:start]), text[start:end]]
        at = end
    folded = "".join([*pieces, _folded(text[at:])]).strip().replace(_TUPLE, ",")
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def _with_marked_tuples(text: str, quoted: Sequence[tuple[int, int]]) -> str:
    """The text with another sign for the comma that makes a tuple of one element, as `(1,)` in Python and Rust."""
    code = list(text)
    for start, end in quoted:
        code[start:end] = "s" * (end - start)
    opened: list[tuple[bool, list[int]]] = []
    signs = list(text)
    for at, sign in enumerate(code):
        if sign in "([{":
            before = "".join(code[max(0, at - 40) : at]).rstrip()
            word = _LAST_WORD.search(before)
            is_call = bool(word and word.group() not in _BEFORE_TUPLE) or before.endswith((")", "]", "!", "?"))
            is_call = is_call or (before.endswith(">") and not before.endswith(("->", "=>")))
            opened.append((sign == "(" and not is_call, []))
        elif sign == "," and opened:
            opened[-1][1].append(at)
        elif sign in ")]}" and opened:
            is_tuple, commas = opened.pop()
            if is_tuple and len(commas) == 1 and not "".join(code[commas[0] + 1 : at]).strip():
                signs[commas[0]] = _TUPLE
    return "".join(signs)


def _folded(code: str) -> str:
    folded = _SPACE.sub(" ", code)
    return _CLOSING_SPACE.sub(_closed, folded) if _EDGES.search(folded) else folded


def _closed(match: re.Match[str]) -> str:
    spaced, closed, opened = match.groups()
    if spaced == ">" and not match.group().startswith(","):
        return match.group()  # a comparison, or the end of an arrow
    return str(spaced or closed or opened)


def _annotated(text: str) -> tuple[tuple[str, ...], str]:
    """The annotations at a text's start, and what follows them."""
    rest = _without_comment(text)
    annotations_read: list[str] = []
    while match := _ANNOTATION.match(rest):
        if rest.startswith("@interface"):
            break
        bracket = match.end() - 1 if match.group().endswith("[") else match.end()
        end = _closing(rest, bracket) if rest[bracket : bracket + 1] in _OPENING else match.end()
        if end >= len(rest):
            return (), text
        annotations_read.append(fold(rest[:end]))
        rest = _without_comment(rest[end:])
    return tuple(annotations_read), rest


def _without_comment(text: str) -> str:
    """The text without blanks and one comment at its start."""
    rest = text.lstrip()
    if rest.startswith("//"):
        return rest.partition("\n")[2].lstrip() or rest
    if rest.startswith("/*"):
        return rest.partition("*/")[2].lstrip() or rest
    return rest


def _closing(text: str, start: int) -> int:
    """The offset after the bracket that closes the one at `start`; the text's length when nothing closes it."""
    depth = 0
    offset = start
    while offset < len(text):
        character = text[offset]
        if character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
            if depth == 0:
                return offset + 1
        elif character in "\"'":
            offset = _string_end(text, offset)
        offset += 1
    return len(text)


def _string_end(text: str, start: int) -> int:
    """The offset of the quote that closes the one at `start`, or `start` when the line has none."""
    verbatim = start > 0 and text[start - 1] == "@"
    at = start + 1
    while at < len(text) and text[at] != "\n":
        if text[at] == text[start]:
            return at
        at += 2 if text[at] == "\\" and not verbatim else 1
    return start


def shown_value(value: str, before: str) -> str:
    """A constant's value as a page may show it; `before` is what stands before it on its line, such as its name.

    What is long, takes several lines, or is text under a name that secrets have, is an ellipsis.
    """
    if len(value) > _LONGEST_VALUE or "\n" in value or "`" in value:
        return "…"
    if "{" in value and _IS_CODE.search(value):
        return "…"
    is_text = any(mark in value for mark in "\"'{")
    return "…" if is_text and _SECRET_NAME.search(f"{before} {value}") else value
