"""A file's bytes as a syntax tree sees them, and how pieces of them become one readable line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import tree_sitter

_SIGNATURE_LENGTH = 200
_NAME_LENGTH = 160
_SPACE = re.compile(r"\s+")
_TRAILING = " \t\r\n{:=;,"
_OPENING = {"(": ")", "[": "]"}
_INNER_COMMENT = re.compile(r"/\*[*\s](?:[^*]|\*(?!/))*\*/")
_ANNOTATION = re.compile(r"@[\w.:]+\s*|#?\[")


@dataclass(frozen=True, slots=True)
class Source:
    """One file's UTF-8 bytes; `exports` are names that a module lists as exported, None when it lists nothing."""

    data: bytes
    exports: frozenset[str] | None = field(default=None)

    def text(self, node: tree_sitter.Node, limit: int = 2000) -> str:
        """The node's text, cut at `limit` bytes."""
        return self.span(node.start_byte, min(node.end_byte, node.start_byte + limit))

    def name(self, node: tree_sitter.Node | None) -> str:
        """The node's text as a name on one line; empty for no node."""
        return fold(self.text(node, _NAME_LENGTH), _NAME_LENGTH) if node is not None else ""

    def span(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self.data[start:end].decode("utf-8", "replace")

    def signature(self, start: int, end: int) -> str:
        """What stands between two byte offsets as one line: no annotations before it, no brace or colon after it."""
        piece = self.span(start, min(end, start + 4000))
        if "/*" in piece:
            piece = _INNER_COMMENT.sub(" ", piece)
        return fold(_without_annotations(piece).rstrip(_TRAILING).removesuffix("=>").rstrip(_TRAILING))


def nth(node: tree_sitter.Node, at: int) -> tree_sitter.Node | None:
    """A node's named child by its number, None past the last; a negative number counts from the end."""
    count = node.named_child_count
    at = at + count if at < 0 else at
    return node.named_child(at) if 0 <= at < count else None


def fold(text: str, limit: int = _SIGNATURE_LENGTH) -> str:
    """Text on one line with single spaces, cut at `limit` characters with an ellipsis."""
    folded = _SPACE.sub(" ", text).strip().replace("( ", "(").replace(" )", ")").replace(",)", ")")
    return folded if len(folded) <= limit else folded[: limit - 1].rstrip() + "…"


def _without_annotations(text: str) -> str:
    rest = _without_comment(text)
    while match := _ANNOTATION.match(rest):
        if rest.startswith("@interface"):
            return rest
        bracket = match.end() - 1 if match.group().endswith("[") else match.end()
        end = _closing(rest, bracket) if rest[bracket : bracket + 1] in _OPENING else match.end()
        if end >= len(rest):
            return text
        rest = _without_comment(rest[end:])
    return rest


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
    for offset in range(start, len(text)):
        if text[offset] in "([":
            depth += 1
        elif text[offset] in ")]":
            depth -= 1
            if depth == 0:
                return offset + 1
    return len(text)


def is_literal_harmless(value: str) -> bool:
    """Whether a constant's value may be shown: short, on one line, and without text that could be a secret."""
    return len(value) <= 60 and not any(mark in value for mark in "\"'`\n{")
