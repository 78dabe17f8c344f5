"""Takes out of a text what nobody sees: whoever searches a text must see what a person or a model will see. Pure."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
#: Characters of other categories that Unicode calls default ignorable: a joiner, fillers, variation selectors.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_VISIBLE = {"\n", "\t"}
#: Control characters go last: terminal escapes are known by them.
_LATER = {"Cc"}
_NO_BREAKS = {ord(c): None for c in "\n\t"}
#: CSI and its 8-bit form, OSC with its text, and the two-character escapes.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|\x1b[ -/]{0,4}[0-Z\\^-~]"
)


def visible_text(text: str) -> str:
    """The text without terminal escapes and invisible characters. Its lines keep their numbers: a lone \\r stays."""
    # What is printable holds none of these; the analyses of a large repository are a million such texts.
    if text.isprintable() or (text.isascii() and text.translate(_NO_BREAKS).isprintable()):
        return text if text.isascii() else _IGNORABLE.sub("", text)
    if "\r\n" in text:
        text = text.replace("\r\n", "\n")
    for _ in range(4):  # what is taken out may put together what was apart
        before = text
        text = _ANSI.sub("", text) if "\x1b" in text or "\x9b" in text or "\x9d" in text else text
        visible = _VISIBLE | {"\r"}
        gone = {ord(c): None for c in set(text) if c not in visible and unicodedata.category(c) in _INVISIBLE - _LATER}
        text = _IGNORABLE.sub("", text.translate(gone) if gone else text)
        if text == before:
            break
    gone = {ord(c): None for c in set(text) if c not in visible and unicodedata.category(c) in _LATER}
    return text.translate(gone) if gone else text
