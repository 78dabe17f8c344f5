"""What a finished declaration of a schema's language says besides its name: parameters, defaults, fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.structure.artefacts.block_dialect import between
from agents.codebase.structure.documentation import Doc
from agents.codebase.structure.documentation.words import text_of
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold, shown_value
from agents.contracts.documentation import Documentation, Entry
from agents.contracts.structure import Parameter, Symbol, SymbolKind
from agents.text.marked import escaped

_DEPRECATED = re.compile(r"@deprecated\b(?:\s*\(\s*reason\s*:\s*\"((?:[^\"\\]|\\.){0,500})\")?")
_VALUE = re.compile(r"[\]\w!]\s*=\s*(\"[^\"]*\"|\[[^\[\]]*\]|\{[^{}]*\}|[^\s,@]+)")
#: An argument behind its description; no comma needs to stand between two.
_ARGUMENT = re.compile(
    r"(?:(\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"|\"[^\"\n]*\")\s*)?\$?\b(\w+)\s*:\s*([\[\]\w!]+)"
    r"(?:\s*=\s*(\"[^\"]*\"|\[[^\[\]]*\]|\{[^{}]*\}|[^\s,@]+))?"
)
_APPLIED = re.compile(r"@\w+\s*\([^()]*\)")
_STATIC = re.compile(r"(?:static\s+)?hidden\b", re.IGNORECASE)
_BLOCK = re.compile(r"\bparam\s*\(", re.IGNORECASE)
_OUTPUT = re.compile(r"\[OutputType\(\s*\[?'?([\w.\[\]]{1,120}?)\]?'?\s*[,)]", re.IGNORECASE)
_REMARK = re.compile(r"<#.*?#>|(?<![\w`$])#[^\n]*", re.DOTALL)
_TAKEN = re.compile(r"((?:\[(?:[^\[\]]|\[[^\[\]]*\])*\]\s*)*)\$(\w+)\s*(?:=\s*(.+?))?\s*$", re.DOTALL)
_ATTRIBUTE = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_LONGEST = 20_000
_HELP = re.compile(r"\s*(<#(?:[^#]|#(?!>))*#>)")
_HELP_WORD = re.compile(r"^\s*\.(?:SYNOPSIS|DESCRIPTION)\b", re.IGNORECASE | re.MULTILINE)


def graphql(symbol: Symbol, _body: str) -> Symbol:
    """A field's arguments and default, a union's members, and what is deprecated."""
    more: dict[str, object] = {}
    signature = symbol.signature
    opened = re.match(r"(?:\w+\s+)?[@\w]+\s*\(", signature)
    if opened and symbol.kind in {SymbolKind.FIELD, SymbolKind.FUNCTION}:
        listed = between(signature, opened.end() - 1)
        arguments = list(_ARGUMENT.finditer(_APPLIED.sub("", listed)))
        more["parameters"] = tuple(
            Parameter(name=argument.group(2), type=fold(argument.group(3)), default=fold(argument.group(4) or ""))
            for argument in arguments
        )
        more |= _described(
            symbol, {argument.group(2): argument.group(1).strip('" ') for argument in arguments if argument.group(1)}
        )
        symbol, signature = symbol.model_copy(update=more), signature[opened.end() + len(listed) :]
    elif symbol.kind is SymbolKind.FIELD and (value := _VALUE.search(signature)):
        more["default"] = shown_value(value.group(1), symbol.name)
    if symbol.kind is SymbolKind.TYPE and symbol.target:
        members = symbol.target.rpartition("=")[2].strip(" |")
        more["target"] = "" if members.startswith("@") else members
    if (deprecated := _DEPRECATED.search(signature)) and symbol.kind in {SymbolKind.FIELD, SymbolKind.VARIANT}:
        entry = Entry(text=escaped(deprecated.group(1) or "do not use it."))
        whole = symbol.documentation or Documentation(summary=escaped(symbol.doc))
        doc = Doc(text_of(whole := whole.model_copy(update={"deprecated": entry})), whole)
        more |= {"doc": doc.text, "documentation": doc.document}
    return symbol.model_copy(update=more) if more else symbol


def powershell(symbol: Symbol, body: str) -> Symbol:
    """Parameters of a function or a method, a property's default, and what is hidden."""
    signature = symbol.signature
    more: dict[str, object] = {}
    if _STATIC.match(signature):
        more["public"] = False
    if symbol.kind in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
        block = _BLOCK.search(body, 0, _LONGEST) if symbol.kind is SymbolKind.FUNCTION else None
        listed = between(body, block.end() - 1) if block else ""
        if not listed and "(" in signature:
            listed = between(signature, signature.index("("))
        more["parameters"] = parameters = tuple(_taken(_REMARK.sub("", listed)))
        more |= _described(symbol, dict(_remarks(listed, [parameter.name for parameter in parameters])))
        if block and (output := _OUTPUT.search(body, 0, block.end())):
            more["type"] = output.group(1)
    elif "=" in signature:
        more["default"] = shown_value(signature.partition("=")[2].strip(), symbol.name)
    return symbol.model_copy(update=more) if more else symbol


def _remarks(listed: str, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What comments above parameters, or their help messages, say of them."""
    for name in names:
        above = re.search(
            rf"((?:^[ \t]*#[^\n]*\n)+)(?:[ \t]*\[[^\n$]*\n|[ \t]*\n)*[^\n$#]*\${name}\b", listed, re.MULTILINE
        )
        message = re.search(rf"HelpMessage\s*=\s*([\"'])((?:(?!\1)[^\n])+)\1[^$]*\${name}\b", listed, re.IGNORECASE)
        words = " ".join(line.strip(" \t#") for line in above.group(1).splitlines()) if above else ""
        if words and not words.startswith(("[", "$")):
            yield name, words
        elif message:
            yield name, message.group(2)


def _described(symbol: Symbol, remarks: dict[str, str]) -> dict[str, object]:
    """The documentation with what is said of parameters that it leaves out."""
    whole = symbol.documentation or Documentation(summary=escaped(symbol.doc))
    documented = {entry.name.lower() for entry in whole.parameters}
    added = [Entry(name=name, text=escaped(words)) for name, words in remarks.items() if name.lower() not in documented]
    if not added:
        return {}
    whole = whole.model_copy(update={"parameters": (*whole.parameters, *added)})
    return {"doc": text_of(whole), "documentation": whole}


def _taken(listed: str) -> list[Parameter]:
    result: list[Parameter] = []
    for piece in split(listed, angles=False):
        taken = _TAKEN.search(piece.strip())
        if taken is None:
            continue
        attributes = [attribute for attribute in _ATTRIBUTE.findall(taken.group(1)) if "(" not in attribute]
        given = {"type": fold(attributes[-1]) if attributes else "", "default": fold(taken.group(3) or "")}
        result.append(Parameter(name=taken.group(2), **given))
    return result


def group(symbol: Symbol) -> Iterator[Symbol]:
    """The field that a group declares beside its message: of the same name in small letters."""
    if re.match(r"(?:\w+ )?group ", symbol.signature):
        owner, _, name = symbol.name.rpartition(".")
        more = {"name": f"{owner}.{name.lower()}".lstrip("."), "kind": SymbolKind.FIELD, "type": name}
        yield symbol.model_copy(update=more)


def powershell_help(body: str) -> str:
    """Comment-based help at the beginning of a function, or at its end."""
    match = _HELP.match(body)
    if match is None and body.rstrip().endswith("#>"):
        match = _HELP.match(body, body.rindex("<#")) if "<#" in body else None
        match = match if match and _HELP_WORD.search(match.group(1)) else None
    return match.group(1)[2:-2].strip() if match and "." in match.group(1) else ""
