"""What the grammar of TypeScript misreads, and how it is put so that it reads it. Pure."""

from __future__ import annotations

import re

from agents.codebase.structure.macros import blanks

#: A call signature on a line of its own, below a member that no semicolon ends, whose type goes on to the grammar.
_SIGNATURE_BELOW = re.compile(
    rb"(?<=[\w>)\]}\"'])(?<!\bextends)(?<!\btypeof)(?<!\bkeyof)(?<!\breturn)(?<!\bin)(?<!\bas)(?<!\bis)[ \t]*\r?\n"
    rb"\s{0,400}([ \t])(?=[<(])"
)
_SCRIPT_COMMENT = re.compile(rb"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)


def tidied(data: bytes) -> bytes:
    """A text in TypeScript, with a semicolon where only the line ends; as long as before."""
    cleaned = bytearray(data)
    for match in _SIGNATURE_BELOW.finditer(_SCRIPT_COMMENT.sub(lambda part: blanks(part.group()), data)):
        cleaned[match.start(1) : match.end(1)] = b";"
    return bytes(cleaned)
