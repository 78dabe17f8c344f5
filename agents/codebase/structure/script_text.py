"""What the grammar of TypeScript misreads, and how it is put so that it reads it. Pure."""

from __future__ import annotations

import re

from agents.codebase.structure.macros import blanks, without_open_comments

#: A call signature on a line of its own, below a member that no semicolon ends, whose type goes on to the grammar.
_SIGNATURE_BELOW = re.compile(
    rb"(?<=[\w>)\]}\"'])(?<!\bextends)(?<!\btypeof)(?<!\bkeyof)(?<!\breturn)(?<!\bin)(?<!\bas)(?<!\bis)[ \t]*\r?\n"
    rb"\s{0,400}([ \t])(?=[<(])"
)
#: `type extends 'a' ? A : B`: the word is a type's name where no name follows it.
_NAMED_TYPE = re.compile(rb"(?<![\w$.#@])type(?=\s{1,9}extends\b|\s{0,9}[<>,)\]|&;?])")
#: `for await (using row of rows)` and `await using file = open()`: a constant whose end is looked after.
_USING = re.compile(rb"(?<=[;{}(\n])(\s{0,80})(?:await\s{1,9})?using(?=\s{1,9}[A-Za-z_$][\w$]*\s{1,9}(?:of\b|=(?!=)))")
_SCRIPT_COMMENT = re.compile(rb"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


def tidied(data: bytes) -> bytes:
    """A text in TypeScript with a semicolon where only a line ends, and no keyword as a name; as long as before."""
    cleaned = bytearray(data)
    code = _SCRIPT_COMMENT.sub(lambda part: blanks(part.group()), without_open_comments(data))
    for match in _SIGNATURE_BELOW.finditer(code):
        cleaned[match.start(1) : match.end(1)] = b";"
    for match in _NAMED_TYPE.finditer(data):
        cleaned[match.start() : match.end()] = b"Type"
    for match in _USING.finditer(data):
        cleaned[match.end(1) : match.end()] = b"const".rjust(match.end() - match.end(1))
    return bytes(cleaned)
