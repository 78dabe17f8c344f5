"""A project's macros as a Doxyfile that its authors wrote would name them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

DEFINED = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_AROUND_TYPE = re.compile(
    r"^[ \t]*([A-Z][A-Z0-9_]{2,})\(([\w \t*]+|\"[^\"\n]*\")\)\s+(?:\w+[\s*]+)*\w+\s*\(", re.MULTILINE
)
#: `REGISTER(row)` where a declaration or a value of an enumeration would stand; no semicolon or comma ends it.
_ALONE = re.compile(
    r"^[ \t]*[A-Z][A-Z0-9_]{2,}\((?:/\*(?:[^*]|\*(?!/))*\*/|[^()\n]|\\?\n[ \t]*(?=\d|/\*))*\)[ \t]*(?:/[/*][^\n]*)?\n"
    r"(?!\s*[a-z_]\w*\s*\()(?=\s*[\w}])",
    re.MULTILINE,
)
_BEFORE_POINTER = re.compile(r"\(\s*([A-Z][A-Z0-9_]{2,})\s*\*\s*\w+\s*\)\s*\(")
#: `int rows(void) NONNULL (1);`, `int count GUARDED_BY(lock);`
_TRAILING = re.compile(
    r"(?:(?<=\))|(?<!return)(?<=\w)(?=\s*\w+\s*\([\w.&*>-]*\)))\s*\b_*[A-Z][A-Z0-9_]{2,}\s*\([^()]*\)(?=\s*;)"
)
#: Attributes, a word of the language that is defined as nothing for compilers that lack it, and the comments by which
#: authors hide symbols from doxygen that our pages show.
_UNREAD = re.compile(
    r"__attribute__\s*\(\(.*?\)\)|__declspec\s*\(\w*\)|(?<=[/*!])[ \t]*[@\\](?:cond|endcond)\b[^\n*]*"
    r"|^[ \t]*#[ \t]*define[ \t]+const\b[^\n]*",
    re.MULTILINE,
)
#: `int open_rows OF((const char *path));`
_AROUND_LIST = re.compile(r"\w[ \t]+([A-Z_]{1,40})[ \t]?\(\((?:[^()]|\([^()]*\))*\)\)[ \t]*;")
#: `ENABLE_IF_RETURN((is_row<T>), (bool)) operator==(const T& other)`
_CONDITION_AND_TYPE = re.compile(
    r"\b([A-Z][A-Z0-9_]{4,})\(\((?:[^()]|\([^()]*\))*\),\s*\([^()]*\)\)\s*(?:operator|\w+\s*\()"
)
#: `LIBRARY_NAMESPACE_BEGIN` alone on its line.
_NAMESPACE = re.compile(r"^([A-Z][A-Z0-9_]*NAMESPACE[A-Z0-9_]*)[ \t]*$", re.MULTILINE)
#: `LIBRARY_PRIVATE_UNLESS_TESTED:`
_ACCESS = re.compile(r"^[ \t]*([A-Z0-9_]*(PRIVATE|PROTECTED|PUBLIC)[A-Z0-9_]*)[ \t]*:(?!:)", re.MULTILINE)
#: `class Builder LIBRARY_FINAL {`: doxygen takes the last word for the name.
_BEHIND_NAME = re.compile(r"^([ \t]*(?:class|struct)[ \t]+\w+)[ \t]+[A-Z][A-Z0-9_]{2,}(?=\s*[:{])", re.MULTILINE)
_ENUMERATION = re.compile(r"\benum\b[^;{}()]{0,200}\{([^{}]*)\}")
_IN_ENUMERATION = re.compile(r"(?:[,{\n]|^|\w[ \t])[ \t]*([A-Z][A-Z0-9_]{2,})[ \t]?\(", re.MULTILINE)


def expanded(top: Path, folders: str) -> str:
    """The macros that stand for an enumeration's elements or behind one: doxygen takes their names for elements."""
    inside = (body for _, text in texts_of(top, folders) for body in _ENUMERATION.findall(text))
    return " ".join(dict.fromkeys(name for body in inside for name in _IN_ENUMERATION.findall(body)))


_STORAGE = re.compile(
    r"^[ \t]*#[ \t]*define[ \t]+([a-z_]\w*)(?:[ \t]+(?:static|extern|__forceinline|\w*inline\w*))+[ \t]*$",
    re.MULTILINE,
)


def storage_words(texts: Iterable[str]) -> frozenset[str]:
    """The macros that only say how something is stored, as `#define local static`."""
    return frozenset(name for text in texts for name in _STORAGE.findall(text))


def texts_of(top: Path, folders: str) -> Iterator[tuple[Path, str]]:
    """The files of C and C++ in some folders of a project, or in all."""
    for folder in folders.split() or [""]:
        for file in sorted((top / folder).rglob("*.[ch]*")) or [top / folder]:
            if file.is_file():
                yield file, file.read_text(errors="replace")


def without_words(top: Path) -> Path:
    """A copy without what a preprocessor that knows every macro would take out."""
    copy = shutil.copytree(top, top.parent / "plain", symlinks=True)
    for file, text in texts_of(copy, ""):
        file.write_text(_BEHIND_NAME.sub(r"\1", _ALONE.sub("\n", _TRAILING.sub("", _UNREAD.sub("", text)))))
    return copy


def macros(top: Path, folders: str) -> str:
    """What a Doxyfile must say of a project's macros: around or before a type, doxygen takes one for a function."""
    defined: dict[str, None] = {}
    for _, text in texts_of(top, folders):
        for name, inside in _AROUND_TYPE.findall(text):
            defined[f'"{name}(x)={"" if inside.startswith(chr(34)) else "x"}"'] = None
        defined |= dict.fromkeys(f'"{name}="' for name in (*_BEFORE_POINTER.findall(text), *_NAMESPACE.findall(text)))
        defined |= dict.fromkeys(f'"{name}(x)=x"' for name in _AROUND_LIST.findall(text))
        defined |= dict.fromkeys(f'"{name}={word.lower()}"' for name, word in _ACCESS.findall(text))
        for name in _CONDITION_AND_TYPE.findall(text):
            defined |= dict.fromkeys([f'"{name}(condition,type)=WITHOUT_BRACKETS type"', '"WITHOUT_BRACKETS(x)=x"'])
    return " ".join(defined)
