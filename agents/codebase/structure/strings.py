"""Where strings stand in a line of code, whatever its language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPENS = re.compile(r"\"{3}|'{3}|[\"'`]")
_ENDS = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*'"),
    "`": re.compile(r"[^`\n]*`"),
    '"""': re.compile(r'[^\n]*?"""'),
    "'''": re.compile(r"[^\n]*?'''"),
}
#: `b''`, `rb''`, `u8''`, `$""`; behind any other word a quote is an apostrophe, behind a digit it parts a number.
_PREFIX = re.compile(r"(?:^|[^\w'])(?:[A-Za-z]{1,2}|u8|[$@]{1,2})$")
_LIFETIME = re.compile(r"'[A-Za-z_]\w*(?!['\w])")
_BEFORE_LIFETIME = re.compile(r"[<&+,:(]\s*$")


def strings(text: str) -> Iterator[tuple[int, int]]:
    """The first offset and the one behind the last of each string that stands on one line, its quotes included."""
    at = 0
    closed: dict[str, int] = {}  # where the search for a quote's end last failed
    while match := _OPENS.search(text, at):
        at, quote = match.end(), match.group()
        if closed.get(quote, -1) >= match.start() or not _begins(text, match.start()):
            continue
        end = _ENDS[quote].match(text, at)
        if end is None:
            newline = text.find("\n", at)
            closed[quote] = newline if newline >= 0 else len(text)
            continue
        yield match.start(), end.end()
        at = end.end()


def _begins(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at]
    if before[-1:].isalnum() and not _PREFIX.search(before):
        return False
    return text[at] != "'" or not _is_lifetime(text, at)


def _is_lifetime(text: str, at: int) -> bool:
    """Whether Rust's `'a` stands here: behind what comes before one, with nothing that would close a string."""
    word = _LIFETIME.match(text, at)
    before = _BEFORE_LIFETIME.search(text[max(0, at - 40) : at])
    if word is None or before is None:
        return False
    if before.group()[0] in "<&":
        return True
    closing = text.find("'", word.end(), word.end() + 200)
    return closing < 0 or _BEFORE_LIFETIME.search(text[max(0, closing - 40) : closing]) is not None
