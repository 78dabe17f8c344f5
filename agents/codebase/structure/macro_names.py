"""C's and C++'s macros around a name: `int PREFIX(inflate)(…)` declares inflate, `void CALLBACK(done)(…)` a pointer.

Pure. The macro makes another name of it, or a pointer; the name in its brackets is the one that authors document and
callers read. Blanks, and for a pointer the grammar's own signs, take the macro's place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAMED = re.compile(
    rb"^[ \t]{0,40}(?!(?:return|else|case|goto|throw|delete|new|sizeof|using|namespace|co_return)\b)"
    rb"(?:[A-Za-z_][\w:]{0,99}[ \t*&]{1,20}){1,8}(?P<macro>[A-Z][A-Z0-9_]{1,60})(?P<open>\()[ \t]{0,9}"
    rb"(?P<name>[A-Za-z_]\w{0,99})[ \t]{0,9}(?P<close>\))\s{0,40}\((?!\s{0,9}\()",
    re.MULTILINE,
)
#: A macro that makes a pointer, by its own name and by its definition in the file.
_POINTS = re.compile(rb"CALLBACK|FN_?PTR|FUNC_?PTR|FPTR|POINTER|_PTR\b|_FP\b")
_DEFINED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+([A-Z][A-Z0-9_]{1,60})\(([^\n]*)", re.MULTILINE)


#: `class EXPORT_CLASS Name {` and `class Name CLASS_FINAL {` are functions to the grammar, and no error.
_EXPORTED_CLASS = re.compile(
    rb"\b(?:class|struct)[ \t]+(?:(?:([A-Z][A-Z0-9_]{2,60})[ \t]+)?(?=\w{0,100}[a-z])\w{1,100}[ \t]+"
    rb"([A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,40}|FINAL|SEALED)(?=\s{0,40}(?::(?!:)|\{))"
    rb"|([A-Z][A-Z0-9_]{2,60}(?:\([^()\n]{0,100}\))?)[ \t]+"
    rb"(?=[A-Za-z_]\w{0,100}\s{0,40}(?:final\s{0,40})?(?://[^\n]{0,200}\s{0,40})?[:{]))"
)


def bare_classes(cleaned: bytearray, data: bytes) -> None:
    """Take the macros from before and behind the names of classes."""
    for match in _EXPORTED_CLASS.finditer(data):
        for start, end in (match.span(group) for group in (1, 2, 3) if match.group(group)):
            cleaned[start:end] = b" " * (end - start)


def open_names(cleaned: bytearray, data: bytes) -> None:
    """Take the macros from around the names of functions, types of functions and fields that point to one."""
    named = list(_NAMED.finditer(data))
    defined = dict(_DEFINED.findall(data)) if named else {}
    for match in named:
        start, end, close = match.start("macro"), match.end("open"), match.start("close")
        macro = match.group("macro")
        pointed = b"*" in defined[macro] if macro in defined else _POINTS.search(macro) is not None
        cleaned[start:end] = (b"(" + b"*".rjust(end - start - 1)) if pointed else b" " * (end - start)
        cleaned[close : close + 1] = b")" if pointed else b" "


#: `lib_really_inline operator bool() const;`: small letters, and a last word that no type is called by.
_OF_STORAGE = re.compile(
    rb"(?<![.>:\w])[a-z]\w{0,60}_(?:inline|noinline|forceinline|nodiscard|constexpr)\b(?=\s{1,9}(?:[A-Za-z_~]|\[\[))"
)


def storage_macros(data: bytes) -> Iterator[tuple[int, int]]:
    """The first and last bytes of macros in small letters that only say how what follows is stored."""
    for macro in _OF_STORAGE.finditer(data):
        line = data.rfind(b"\n", 0, macro.start()) + 1
        if not data[line : macro.start()].lstrip().startswith(b"#"):
            yield macro.span()
