"""Whether a secret or an order is used as one where it stands, or only looks so: a type, a name, a quotation. Pure."""

from __future__ import annotations

import re

import tree_sitter

from agents.codebase.secrets import Secret
from agents.text.orders import orders

#: Rules that go by the name beside a value, not by the form that a service gives its keys.
_BY_NAME = frozenset({"secret-assignment", "secret-connection-string"})
_PROSE = frozenset({"markdown", "restructuredtext", "rst", "asciidoc", "text", "plain", "html"})
#: A password's hash: `{SHA}…`, `$6$…`.
_HASH = re.compile(r"\{S?SHA|\$(?:\w{1,2}|argon2\w{1,2}|scrypt|pbkdf2[\w-]*)\$")
#: A hash that only costs as much time as a real one, and what a badge's address shows to everybody.
_OF_NOBODY = re.compile(r"fake|dummy|timing|placeholder", re.IGNORECASE)
_BADGE = re.compile(r"badge[^\s\"'<>)]{0,80}$")
_BEFORE = 300
_COLOUR = re.compile(r"#[0-9A-Fa-f]{3,8}")
#: Lines of a text above which it is a document of its own, as EXAMPLES of a module.
_LONG_TEXT = 5
_NODES_UP = 4
_TEXTS = ("string", "char", "heredoc", "template", "literal", "text", "content")
#: Literals of types and of their elements are no texts.
_NO_TEXTS = frozenset(
    {"literal_element", "literal_value", "composite_literal", "func_literal", "object_literal", "type_literal"}
)
#: A name as programs write it: words between signs, as in `$crate::private::Number` or `openssh-key-v1`.
_WORDS = re.compile(r"[$@]?[A-Za-z]+(?:\d{0,5}(?:::|[-._/:\\])+[A-Za-z]*\d{0,2}[a-z]*){1,8}\d{0,5}(?:\\x00|\\0)?")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_QUOTED = re.compile(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d|`[^`]*`|\u2018[^\u2019]*\u2019|(?<!\w)'[^']*'(?!\w)")
_FENCE = re.compile(r"^[^\S\n]*(?:```|~~~)", re.MULTILINE)


def is_used(language: str, root: tree_sitter.Node | None, source: bytes, secret: Secret) -> bool:
    """Whether what looks like a secret opens something: a key in the form of its service does wherever it stands.

    A value beside a secret's name does not in a comment, a docstring, a type, a name or a long text; a password's hash
    does not in prose.
    """
    value = source[secret.start : secret.end].decode("utf-8", "replace").strip("\"'`bru")
    before = source[max(0, secret.start - _BEFORE) : secret.start].decode("utf-8", "replace")
    if _BADGE.search(before.rpartition("\n")[2]):
        return False
    if _HASH.match(value):
        if language in _PROSE or _OF_NOBODY.search(before):
            return False
    elif secret.rule not in _BY_NAME:
        return True
    line = source[source.rfind(b"\n", 0, secret.start) + 1 : secret.start].lstrip()
    if root is None:
        return not (_HASH.match(value) and line.startswith(b"#")) and not _COLOUR.fullmatch(value)
    return language == "bash" or _is_used(root, secret, value)


def _is_used(root: tree_sitter.Node, secret: Secret, value: str) -> bool:
    node = root.descendant_for_byte_range(secret.start, max(secret.start, secret.end - 1))
    text = None
    for _ in range(_NODES_UP):
        if node is None:
            break
        if "comment" in node.type:
            return False
        if node.type not in _NO_TEXTS and any(part in node.type for part in _TEXTS):
            text = node
        elif text is not None:
            break
        node = node.parent
    if text is None or text.parent is None:
        return False
    if text.parent.type in {"expression_statement", "type"} or text.end_point[0] - text.start_point[0] > _LONG_TEXT:
        return False
    if text.parent.type in {"list", "array", "tuple", "set"} and _IDENTIFIER.fullmatch(value):
        return False
    return _WORDS.fullmatch(value) is None


def is_quoted(text: str, start: int, end: int) -> bool:
    """Whether the orders in these lines (from 1) all stand between quotation marks, in prose that is about them."""
    lines = text.split("\n")
    first = start - 1
    while first > 0 and lines[first - 1].strip() and start - first < 4:
        first -= 1
    around = "\n".join(lines[first : end + 1])
    return not any(True for _ in orders(_QUOTED.sub(" ", around)))
