"""What the grammars of Kotlin and TypeScript misread, and how it is put so that they read it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.structure.macros import blanks

#: `class A : B, C by d {` takes the class's body for a lambda that d is called with.
_DELEGATED = re.compile(
    rb"\b(?:class|object)\s+\w{1,100}[^{}]{0,2000}?\bby\s+(?=[\w.]{1,100}\s{0,40}(?:\{|where\b))([\w.]{1,100})",
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
    rb"^[ \t]*(context[ \t]*\((?:[^()\n]|\([^()\n]{0,200}\)){0,400}\))(?=\s{0,80}[a-z@])", re.MULTILINE
)
#: `object Limits { val most = 1 }`: a declaration's value ends a body on the same line.
_ENDS_BODY = re.compile(rb"\b(?:val|var|fun)[ \t][^{}=\n]{1,200}=[^{}\n]{0,200}[^{}\s;]([ \t])\}")
_SOFT_NAME = re.compile(rb"\bfun\s{1,9}(?:<[^<>\n]{0,200}>\s{0,9})?suspen(d)(?=\s{0,9}\()")

#: A call signature on a line of its own, below a member that no semicolon ends, whose type goes on to the grammar.
_SIGNATURE_BELOW = re.compile(
    rb"(?<=[\w>)\]}\"'])(?<!\bextends)(?<!\btypeof)(?<!\bkeyof)(?<!\breturn)(?<!\bin)(?<!\bas)(?<!\bis)[ \t]*\r?\n"
    rb"\s{0,400}([ \t])(?=[<(])"
)
_SCRIPT_COMMENT = re.compile(rb"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


def delegations(data: bytes) -> Iterator[tuple[int, int]]:
    """Where a class of Kotlin says what it delegates to, with the word before it."""
    for match in _DELEGATED.finditer(data):
        if not _OTHER_DECLARATION.search(_without_brackets(match.group())):
            yield data.rfind(b"by", match.start(), match.start(1)), match.end(1)


def _without_brackets(text: bytes) -> bytes:
    while text != (shorter := re.sub(rb"\([^()]*\)", b"", text)):
        text = shorter
    return text


def tidied_kotlin(data: bytes) -> bytes:
    """A text in Kotlin without the forms that its grammar stumbles over; as long as before."""
    cleaned = bytearray(data)
    for match in _LINE_ABOVE_CONSTRUCTOR.finditer(data):
        piece = match.group(1)
        lines = piece.count(b"\n")
        cleaned[match.start(1) : match.end(1)] = b"(" + b" " * (len(piece) - 1 - lines) + b"\n" * lines
    for match in _CONTEXT.finditer(data):
        cleaned[match.start(1) : match.end(1)] = blanks(match.group(1))
    for match in _SOFT_NAME.finditer(data):
        cleaned[match.start(1) : match.end(1)] = b"_"
    for match in _ENDS_BODY.finditer(data):
        cleaned[match.start(1) : match.end(1)] = b";"
    return bytes(cleaned)


def tidied_script(data: bytes) -> bytes:
    """A text in TypeScript, with a semicolon where only the line ends; as long as before."""
    cleaned = bytearray(data)
    for match in _SIGNATURE_BELOW.finditer(_SCRIPT_COMMENT.sub(lambda part: blanks(part.group()), data)):
        cleaned[match.start(1) : match.end(1)] = b";"
    return bytes(cleaned)
