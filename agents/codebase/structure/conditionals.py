"""A second look at C, C++ and C#: what their preprocessor would remove before a compiler reads the rest.

A grammar sees both branches of every `#if`, and macros that stand where a declaration would. Only when it stumbles over
them is the text read again without them; blanks take their place, so that every offset and line stays what it was.
"""

from __future__ import annotations

import re

LANGUAGES = frozenset({"c", "cpp", "csharp"})
_DIRECTIVE = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b[^\n]*", re.MULTILINE)
#: A macro alone on its line, such as DECLARE_HOOK(name) or DEFINE_FLAG(int, depth, 4, "how deep");
_MACRO_LINE = re.compile(
    rb"^[ \t]{0,12}[A-Z][A-Z0-9_]{2,60}[ \t]?\((?:[^()\n;{}]|\([^()\n]{0,200}\)){0,300}\)[ \t]*;?[ \t]*\r?$"
    rb"(?!\n\s{0,40}[{:])",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(
    rb"\b(?:[A-Z][A-Z0-9_]{0,40}_(?:EXPORT|API|INLINE|NORETURN|ANALYSIS|DEPRECATED|NODISCARD|UNUSED|PUBLIC)"
    rb"|ATTRIBUTE_[A-Z_]{2,40})\b(?!\s{0,9}\()"
)
_CONTINUED = re.compile(rb"\\\r?\n")


def tidied(language: str, data: bytes) -> bytes:
    """The text without second branches, and without macros in the place of declarations; as long as before."""
    kept = bytearray(data)
    _drop_branches(kept, data)
    if language != "csharp":
        continued = [found.start() for found in _CONTINUED.finditer(data)]
        for pattern in (_MACRO_LINE, _ATTRIBUTE):
            for found in pattern.finditer(data):
                line = data.rfind(b"\n", 0, found.start()) + 1
                before = data[line : found.start()].lstrip()
                if not before.startswith(b"#") and not (continued and data[max(0, line - 3) : line].find(b"\\") >= 0):
                    _blank(kept, found.start(), found.end())
    return bytes(kept)


def _drop_branches(kept: bytearray, data: bytes) -> None:
    """Blank the directives, and everything from an `#else` or `#elif` to its `#endif`."""
    dropping: list[int | None] = []
    for found in _DIRECTIVE.finditer(data):
        word = found.group(1)
        if word in {b"else", b"elif"}:
            if dropping and dropping[-1] is None:
                dropping[-1] = found.start()
        elif word != b"endif":
            dropping.append(None)
        elif dropping:
            start = dropping.pop()
            if start is not None:
                _blank(kept, start, found.start())
        _blank(kept, found.start(), found.end())


def _blank(kept: bytearray, start: int, end: int) -> None:
    kept[start:end] = re.sub(rb"[^\n]", b" ", bytes(kept[start:end]))
