"""What Kotlin's grammar stumbles over, taken out before it reads; offsets and lines stay what they were. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.codebase.structure.macros import blanks

#: `class A : B, C by d {` takes the class's body for a lambda that d is called with.
_DELEGATED = re.compile(
    rb"\b(?:class|object)\s+[\w:][^{}]{0,2000}?\bby\s+(?=[\w.]{1,100}\s{0,40}(?:\{|where\b))([\w.]{1,100})",
    re.DOTALL,
)
_OTHER_DECLARATION = re.compile(rb"[\n;][ \t]*(?:[a-z]+[ \t]+){0,4}(?:val|var|fun|class|object|interface)\b")
#: The constructor of a class on the line below its name, and context parameters at the top of a file.
_LINE_ABOVE_CONSTRUCTOR = re.compile(
    rb"\b(?:class|interface)\s+\w{1,100}(?:<[^<>{}]{0,300}>)?"
    rb"([ \t]*\r?\n\s{0,80}(?:@?[\w.]{1,60}(?:\([^()\n]{0,100}\))?\s{1,40}){0,6}"
    rb"constructor\s{0,40}\()"
)
_CONTEXT = re.compile(
    rb"(?:^|[{;])[ \t]*(context[ \t]*\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}\))(?=\s{0,80}[a-z@])", re.MULTILINE
)
#: `object Limits { val most = 1 }`: a body ends on the line of its last declaration. Strings are passed over.
_ENDS_BODY = re.compile(rb'"(?:[^"\\\n]|\\.){0,2000}"|(?<=[^{,;\s])(?<!->)([ \t])\}')


#: Words that are modifiers before a declaration, and names everywhere else.
_SOFT = (
    rb"annotation|data|sealed|value|open|abstract|inner|final|expect|actual|inline|external|operator|suspend|infix"
    rb"|tailrec|override|const|lateinit"
)
#: Words that stand alone before a body or a list, and names everywhere else: `where?.let { }`, `var set = 1`.
_SOFT_ALONE = rb"get|set|where|by|init|constructor"
_SOFT_NAMES = re.compile(
    rb"\b(?:val|var|fun)\s{1,9}(?:<[^<>\n]{0,200}>\s{0,9})?(" + _SOFT + rb"|" + _SOFT_ALONE + rb")(?=\s{0,9}[=:(\n])"
    rb"|[(,]\s{0,80}(suspend|" + _SOFT_ALONE + rb")(?=\s{0,9}:)"
)
#: What else follows where it is no name.
_AFTER = {b"get": rb"|\(", b"set": rb"|\(", b"init": rb"|\s{0,9}\{", b"constructor": rb"|\("}
_MODIFIERS = re.compile(
    rb"(?:(?:public|private|internal|protected|enum(?=\s{1,9}class\s{1,9}\w{1,100}\s*?(?:\n|\Z))|"
    + _SOFT
    + rb")\s{1,40}){1,9}"
    rb"(?=(?:class|interface|object|fun|val|var|typealias)\b)"
)
#: Annotations of an accessor: `val size @JvmName("size") get() = 1`.
_OF_ACCESSOR = re.compile(
    rb"((?:@[\w.:]{1,100}(?:\((?:[^()\n\"]|\"[^\"\n]{0,200}\"){0,200}\))?\s{1,40}){1,5})"
    rb"(?=(?:(?:private|internal|protected|inline|external)\s{1,9}){0,3}(?:get|set)\s{0,3}\()"
)
#: What a line begins with and is a name there: `get(copy)` and `get { }` below a `val`, which an accessor's body would
#: follow; `inline = true`; `suspend { }`.
_NAME_AT_BEGIN = re.compile(
    rb"^[ \t]*(?:(?:get|set)(?=\([^()\n]{1,200}\)[ \t]*\r?$(?!\s{1,200}[={:])|[ \t]*\{)"
    rb"|(?:" + _SOFT + rb")(?=[ \t]*[-+*/]?=[^=>])|suspend(?=[ \t]*\{))",
    re.MULTILINE,
)
_ANNOTATION = re.compile(rb"\s*(?:/\*(?:[^*]|\*(?!/))*\*/\s*|//[^\n]*\n\s*)*(@[\w.:]{1,160})")
_QUOTED = re.compile(rb'"""(?:[^"]|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|[()]')
_BLANKS = re.compile(rb"\s*")
_FURTHEST = 20_000


def prepared(data: bytes) -> bytes:
    """The text without what the grammar reads wrongly and does not complain of."""
    cleaned = bytearray(data)
    for match in _DELEGATED.finditer(data) if b" by " in data else ():
        if not _OTHER_DECLARATION.search(_without_brackets(match.group())):
            _blank(cleaned, data.rfind(b"by", match.start(), match.start(1)), match.end(1))
    return bytes(cleaned)


def declared(data: bytes, starts: Iterable[int]) -> bytes:
    """The text without the arguments of annotations that begin at these places, and without the modifiers behind them.

    `@Target(CLASS)` with `annotation class Name` on the next line is one expression to the grammar.
    """
    cleaned = bytearray(data)
    for start in starts:
        at = start
        while (annotation := _ANNOTATION.match(data, at)) is not None:
            at = annotation.end()
            if data[at : at + 1] == b"(":
                end = _closed(data, at)
                _blank(cleaned, at, end)
                at = end
        blank = _BLANKS.match(data, at)
        modifiers = _MODIFIERS.match(data, blank.end() if blank else at)
        if modifiers is not None:
            _blank(cleaned, *modifiers.span())
    return bytes(cleaned)


def _closed(data: bytes, at: int) -> int:
    """The place behind the bracket that closes the one at a place."""
    depth = 0
    for sign in _QUOTED.finditer(data, at, at + _FURTHEST):
        depth += (sign.group() == b"(") - (sign.group() == b")")
        if not depth:
            return sign.end()
    return at


def tidied(data: bytes) -> bytes:
    """The text without what the grammar cannot read."""
    cleaned = bytearray(data)
    for match in _LINE_ABOVE_CONSTRUCTOR.finditer(data):
        piece = match.group(1)
        lines = piece.count(b"\n")
        cleaned[match.start(1) : match.end(1)] = b"(" + b" " * (len(piece) - 1 - lines) + b"\n" * lines
    for match in _CONTEXT.finditer(data):
        _blank(cleaned, match.start(1), match.end(1))
    for match in _OF_ACCESSOR.finditer(data):
        _blank(cleaned, match.start(1), match.end(1))
    for match in _NAME_AT_BEGIN.finditer(data):
        cleaned[match.end() - 1 : match.end()] = b"_"
    for name in {match.group(1) or match.group(2) for match in _SOFT_NAMES.finditer(data)}:
        # A use is no modifier: no other word follows it. One that stands alone before a list is none, either.
        for match in re.finditer(rb"\b" + name + rb"\b(?!\s{1,40}[\w@(]" + _AFTER.get(name, rb"") + rb")", data):
            cleaned[match.end() - 1 : match.end()] = b"_"
    for start, end in (match.span(1) for match in _ENDS_BODY.finditer(data) if match.group(1)):
        cleaned[start:end] = b";"
    return bytes(cleaned)


def _without_brackets(text: bytes) -> bytes:
    while text != (shorter := re.sub(rb"\([^()]*\)", b"", text)):
        text = shorter
    return text


def _blank(cleaned: bytearray, start: int, end: int) -> None:
    cleaned[start:end] = blanks(bytes(cleaned[start:end]))
