"""Cython, read as the Python that it is once the types of C are out of the way."""

from __future__ import annotations

import re

from agents.codebase.structure import syntax
from agents.codebase.structure.source import fold
from agents.contracts.structure import MEMBER_KINDS, Structure, Symbol

_STATEMENT = re.compile(
    r"^(?P<indent>[ \t]*)(?:"
    r"(?P<holder>(?:cdef|ctypedef|cpdef)[ \t]+(?:(?:public|packed|api)[ \t]+){0,3}"
    r"(?:class|struct|union|enum(?:[ \t]+class)?|cppclass))[ \t]+(?P<held>\w+)"
    r"(?P<bases>\([^()\n]{0,300}\))?(?:[ \t]*\[[^\[\]]{0,300}\])?[^\n:]{0,300}:"
    r"|(?P<block>cdef(?:[ \t]+(?:public|extern)[^\n:]{0,300})?|with[ \t]+(?:no)?gil|property[ \t]+\w+)[ \t]*:"
    r"|(?P<alias>ctypedef)[ \t]+(?P<aliased>[^\n()]{1,300}?)[ \t]+(?P<named>\w+)"
    r"|(?P<function>cdef|cpdef|def)[ \t]+(?P<type>[^\n()=:]{0,200}?)\b(?P<name>\w+)[ \t]*"
    r"\((?P<parameters>[^()]{0,2000}(?:\([^()\n]{0,200}\)[^()]{0,1000}){0,8})\)[^\n:]{0,200}"
    r"(?P<rest>:[^\n]*)?"
    r"|(?P<field>cdef)[ \t]+(?:(?:public|readonly)[ \t]+)?(?P<of>[^\n(),=#]{1,200}?)"
    r"(?P<fields>\b\w+[ \t]*(?:\[[^\[\]\n]{0,100}\]){0,3}(?:[=,][^\n]{1,300})?)"
    r"|cimport[ \t]+(?P<cimport>[^\n]+)|from[ \t]+(?P<whence>[\w.]+)[ \t]+cimport[ \t]+(?P<brought>[^\n]+)"
    r")[ \t]*(?:#[^\n]*)?$",
    re.MULTILINE,
)
#: Casts, addresses and loops of C, which Python's grammar does not know.
_CAST = re.compile(
    r"((?:[=(,\[+*/-]|\b(?:return|in|not|and|or|if))[ \t]*)"
    r"<[ \t]*[A-Za-z_][\w.]{0,100}[\w. *\[\]]{0,60}\??>(?=[ \t]*[\w&(<\"'])"
)
_ADDRESS = re.compile(r"([=(,\[]\s{0,80}|\breturn[ \t]+)&(?=\w)")
_LOOP = re.compile(r"^([ \t]*for[ \t]+\w+)[ \t]+from[ \t]+[^:\n]{1,200}:", re.MULTILINE)
_NAME = re.compile(r"(\w+)\s*(?:(?:not|or)\s+None\s*)?(=.*)?$", re.DOTALL)
_CASTS_OF_CASTS = 3
_OF_C = re.compile(
    r"([ \t]*)(?:cdef|ctypedef|cpdef)\b(?:.{0,300}?(\benum\b|\bstruct\b|\bunion\b|\bextern\b)|(?=[ \t]*:))"
    r".{0,300}:[ \t]*(?:#.*)?$"
)
_ENOUGH = re.compile(r"[ \t]*(?:cdef|cpdef|ctypedef|#|\"|'|pass\b|\.\.\.)")


def cython(text: str, language: str) -> Structure:
    """Functions, classes, structs, enums, fields and types with their declarations as written, each on its line."""
    code, added = _complete(text)
    heads: dict[int, tuple[str, str]] = {}
    at, line = 0, 1
    pieces: list[str] = []
    for match in _STATEMENT.finditer(code):
        line += code.count("\n", at, match.start())
        pieces += [code[at : match.start()], _as_python(match)]
        written = fold(match.group().split("#")[0]).rstrip(":").removeprefix(added.get(line, ""))
        heads[line] = (written, fold(match["type"] or match["of"] or match["aliased"] or ""))
        line += match.group().count("\n")
        at = match.end()
    count = text.count("\n") + (0 if text.endswith("\n") else 1)
    python = _LOOP.sub(r"\1 in (0,):", "".join([*pieces, code[at:]]))
    for _ in range(_CASTS_OF_CASTS if "<" in python else 0):
        python = _CAST.sub(r"\1", python)
    python = _ADDRESS.sub(r"\1", python)
    structure = syntax.read("python", python.encode("utf-8", "replace"), count)
    symbols = [_as_written(symbol, *heads.get(symbol.lines.start, ("", ""))) for symbol in structure.symbols]
    return structure.model_copy(update={"language": language, "symbols": tuple(symbols)})


def _as_written(symbol: Symbol, head: str, type_: str) -> Symbol:
    """The symbol with its declaration of Cython, if one begins on its line."""
    if not head or not re.search(rf"\b{re.escape(symbol.name.rpartition('.')[2])}\b", head):
        return symbol
    default = "" if symbol.default in {"object", "..."} else symbol.default
    if symbol.kind in MEMBER_KINDS:
        head = head.partition("=")[0].strip()
    return symbol.model_copy(
        update={"signature": head, "type": type_ or symbol.type.replace("object", ""), "default": default}
    )


def _complete(text: str) -> tuple[str, dict[int, str]]:
    """The code with the `cdef` that blocks of C declarations leave out, and on which lines."""
    result: list[str] = []
    added: dict[int, str] = {}
    inside, values, shift = -1, False, 0
    for number, written in enumerate(text.split("\n"), 1):
        line = written
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent <= inside:
            inside = -1
        if inside >= 0 and line.strip() and not _ENOUGH.match(line):
            added[number] = "cdef int " if values else "cdef "
            # What `cdef:` holds stands where it does.
            shift = indent - inside if shift < 0 else shift
            indent -= shift
            line = line[shift:]
            line = f"{line[:indent]}{added[number]}{line[indent:].rstrip(', ') if values else line[indent:]}"
        if opened := _OF_C.match(line[:700]):
            inside, values = indent, opened.group(2) == "enum"
            shift = -1 if line.strip() == "cdef:" else 0
        result.append(line)
    return "\n".join(result), added


def _as_python(match: re.Match[str]) -> str:
    indent = match["indent"]
    if match["held"]:
        return f"{indent}class {match['held']}{match['bases'] or ''}:" + "\n" * match.group().count("\n")
    if match["block"]:
        return f"{indent}pass" if match["block"] == "cdef" else f"{indent}if 1:"
    if match["aliased"]:
        return f"{indent}{match['named']} = object"
    if match["name"]:
        parameters = ", ".join(filter(None, map(_parameter, match["parameters"].split(","))))
        rest = match["rest"] or ": ..."
        return f"{indent}def {match['name']}({parameters}{chr(10) * match.group().count(chr(10))}){rest}"
    if match["fields"]:
        names = (_NAME.search(part.partition("=")[0].partition("[")[0].strip()) for part in match["fields"].split(","))
        return indent + "; ".join(f"{name.group(1)}: object" for name in names if name)
    if match["cimport"]:
        return f"{indent}import {match['cimport']}"
    return f"{indent}from {match['whence']} import {match['brought']}"


def _parameter(written: str) -> str:
    """A parameter without its type of C."""
    written = written.strip()
    name = _NAME.search(written)
    if name is None:
        return written if written in {"*", "/"} else ""
    stars = written[: len(written) - len(written.lstrip("*"))]
    return f"{stars}{name.group(1)}{name.group(2) or ''}"
