"""What a finished declaration of PowerShell says besides its name: parameters, defaults, help, attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatch

from agents.codebase.structure.artefacts.block_dialect import between
from agents.codebase.structure.artefacts.parts import Parts, part
from agents.codebase.structure.artefacts.schema_details import described
from agents.codebase.structure.documentation import NOTHING, document, of_comment, of_entry
from agents.codebase.structure.parameters import split
from agents.codebase.structure.source import fold, shown_value
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_STATIC = re.compile(r"(?:static\s+)?hidden\b", re.IGNORECASE)
_BLOCK = re.compile(r"\bparam\s*\(", re.IGNORECASE)
_OUTPUT = re.compile(r"\[OutputType\(\s*\[?'?([\w.\[\]]{1,120}?)\]?'?\s*[,)]", re.IGNORECASE)
_REMARK = re.compile(r"<#.*?#>|(?<![\w`$])#[^\n]*", re.DOTALL)
_TAKEN = re.compile(r"((?:\[(?:[^\[\]]|\[[^\[\]]*+\])*+\]\s*+){0,40}+)\$(\w++)\s*+(?:=\s*+(.+))?$", re.DOTALL)
_ATTRIBUTE = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]")
_LONGEST = 20_000
#: `function private:Name`
_OF_SCRIPT = re.compile(r"\w+\s+private:", re.IGNORECASE)
_BEFORE_BLOCK = re.compile(r"(?<![\]\s])\s*+(?:\[(?:[^\[\]]|\[[^\[\]]*+\])*+\]\s*+)++\Z")
_EXPORTS = re.compile(r"^[ \t]*Export-ModuleMember\b((?:`\r?\n|,\s*\r?\n|[^\n;|])*)", re.IGNORECASE | re.MULTILINE)
_LISTED = re.compile(r"(?:-(\w+)[ \t`\r\n]+)?((?:[\"']?[\w*?-]+[\"']?)(?:\s*,\s*`?\s*[\"']?[\w*?-]+[\"']?)*)")
_ALIAS = re.compile(
    r"^[ \t]*(?:Set|New)-Alias\s+(?:-Name\s+)?[\"']?([\w.%?-]{1,80})[\"']?\s+"
    r"(?:-Value\s+)?[\"']?([\w.:\\-]{1,160})[\"']?[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
_PREAMBLE = re.compile(
    r"(?:\s|<#(?:[^#]|#(?!>))*#>|#[^\n]*\n|using\s[^\n]*\n|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*+param\s*(?=\()",
    re.IGNORECASE,
)
_HELP = re.compile(r"\s*(<#(?:[^#]|#(?!>))*#>)")
_HELP_WORD = re.compile(r"^\s*\.(?:SYNOPSIS|DESCRIPTION)\b", re.IGNORECASE | re.MULTILINE)


def finished(symbol: Symbol, body: str) -> Symbol:
    """Parameters of a function or a method, a property's default, and what is hidden."""
    signature = symbol.signature
    more: dict[str, object] = {}
    if _STATIC.match(signature) or _OF_SCRIPT.match(signature):
        more["public"] = False
    if symbol.kind in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
        block = _BLOCK.search(body, 0, _LONGEST) if symbol.kind is SymbolKind.FUNCTION else None
        listed = between(body, block.end() - 1) if block else ""
        if not listed and "(" in signature:
            listed = between(signature, signature.index("("))
        more["parameters"] = parameters = tuple(_taken(_REMARK.sub("", listed)))
        more |= described(symbol, dict(_remarks(listed, [parameter.name for parameter in parameters])))
        if block and (attributes := _BEFORE_BLOCK.search(body[: block.start()])):
            more["decorators"] = tuple(f"[{fold(written)}]" for written in _ATTRIBUTE.findall(attributes.group()))
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


def help_inside(body: str) -> str:
    """Comment-based help at the beginning of a function, or at its end."""
    match = _HELP.match(body)
    if match is None and body.rstrip().endswith("#>"):
        match = _HELP.match(body, body.rindex("<#")) if "<#" in body else None
        match = match if match and _HELP_WORD.search(match.group(1)) else None
    return match.group(1)[2:-2].strip() if match and "." in match.group(1) else ""


def with_statements(parts: Parts, text: str) -> Parts:
    """A file's parts with its own parameters and aliases; a module offers what its statements export."""
    exported = _exported(text)
    symbols = [
        symbol.model_copy(update={"public": any(fnmatch(symbol.name.lower(), name) for name in exported)})
        if exported and symbol.public and symbol.kind is SymbolKind.FUNCTION
        else symbol
        for symbol in parts.symbols
    ]
    added = (*_own_parameters(text), *_aliases(text))
    return replace(parts, symbols=tuple(sorted((*symbols, *added), key=lambda symbol: symbol.lines.start)))


def _exported(text: str) -> list[str]:
    """The functions that a module's statements name, in small letters; none when a name is computed."""
    names: list[str] = []
    for statement in _EXPORTS.finditer(text):
        if "$" in statement.group(1):
            return []
        for how, listed in _LISTED.findall(statement.group(1).replace("`", " ")):
            if not how or "function".startswith(how.lower()):
                names += [name.strip(" \r\n\t\"'").lower() for name in listed.split(",")]
    return names


def _aliases(text: str) -> Iterator[Symbol]:
    for alias in _ALIAS.finditer(text):
        line = text.count("\n", 0, alias.start(1)) + 1
        symbol = part(alias.group(1), SymbolKind.ALIAS, alias.group().strip(), line, line)
        yield symbol.model_copy(update={"target": alias.group(2)})


def _own_parameters(text: str) -> Iterator[Symbol]:
    """The parameters of a script, each documented by the help above them."""
    opened = _PREAMBLE.match(text[:_LONGEST])
    if opened is None:
        return
    listed = between(text, opened.end())
    comment = re.search(r"<#(?:[^#]|#(?!>))*#>|(?:^#[^\n]*\n)+", text[: opened.end()], re.MULTILINE)
    help_text = of_comment(comment.group(), "powershell") if comment else NOTHING
    taken = _taken(_REMARK.sub("", listed))
    remarks = dict(_remarks(listed, [parameter.name for parameter in taken]))
    for parameter in taken:
        entry = of_entry(help_text, parameter.name)
        place = re.search(rf"\${parameter.name}\b", listed)
        line = text.count("\n", 0, opened.end() + (place.start() if place else 0)) + 1
        head = f"[{parameter.type}] ${parameter.name}" if parameter.type else f"${parameter.name}"
        value = shown_value(parameter.default, parameter.name)
        symbol = part(parameter.name, SymbolKind.VARIABLE, f"{head} = {value}" if value else head, line, line)
        doc = entry if entry.says else document(remarks.get(parameter.name, ""), "powershell")
        more = {"type": parameter.type, "default": value, "doc": doc.text, "documentation": doc.document}
        yield symbol.model_copy(update=more)
