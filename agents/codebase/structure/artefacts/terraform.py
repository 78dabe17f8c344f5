"""Terraform: blocks with their descriptions, types, defaults and what they validate."""

from __future__ import annotations

import re
from functools import partial
from textwrap import dedent

from agents.codebase.structure.artefacts.block_dialect import Dialect, joined, rules
from agents.codebase.structure.artefacts.blocks import read
from agents.codebase.structure.documentation import NOTHING, Doc, document
from agents.codebase.structure.source import fold, shown_value
from agents.contracts.documentation import Documentation, Entry
from agents.contracts.structure import Symbol, SymbolKind
from agents.text.marked import escaped

_LABEL = r"\"?[\w-]{1,160}\"?"
_PREFIXES = {
    "variable": "var",
    **dict.fromkeys(("data", "output", "module", "provider", "resource", "ephemeral", "check"), ""),
}
_ARGUMENT = re.compile(
    r"^[ \t]*(description|type|default|source|error_message|alias|sensitive|nullable|ephemeral)[ \t]*=[ \t]*",
    re.MULTILINE,
)
_REMARK = re.compile(r"(\"(?:[^\"\\\n]|\\.)*\")|(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
#: What a value other than the usual one says of a variable or an output.
_FLAGS = {"sensitive": "true", "nullable": "false", "ephemeral": "true"}
_HEREDOC = re.compile(
    r"<<-?(?P<mark>[\w-]{1,60})[ \t]*\r?\n(?P<words>.*?)(?:(?<=\n)[ \t]*(?P=mark)[ \t]*\r?(?=\n|\Z)|\Z)", re.DOTALL
)
#: A heredoc's words are Markdown, by the convention of terraform-docs.
_MARKDOWN = "terraform"
_SIGN = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|[\[({]|[\])}]|\n")
_LONGEST_BODY = 20_000
_LONGEST_TYPE = 4_000


def _terraform_value(body: str, at: int) -> str:
    """An argument's value: to the end of its line, or of the bracket that begins there."""
    depth = 0
    for sign in _SIGN.finditer(body, at):
        depth += (sign.group() in "([{") - (sign.group() in ")]}")
        if sign.group() == "\n" and depth <= 0:
            value = body[at : sign.start()]
            return value.strip() if "\n" in value else value.split(" #")[0].strip()
    return body[at:].strip()


def _written(value: str, heredoc: re.Match[str] | None) -> str:
    """The words of a string or a heredoc; empty for an expression."""
    if heredoc is not None:
        return dedent(heredoc["words"]).strip()
    if not value.startswith('"'):
        return ""
    return value.strip('"').replace("\\n", "\n").replace('\\"', '"').strip()


def _terraform_block(symbol: Symbol, body: str) -> Symbol:
    """A variable's or an output's own description, type and default."""
    values: dict[str, str] = {}
    described = NOTHING
    messages: list[Entry] = []
    body = body[:_LONGEST_BODY]
    heredocs = {match.start(): match for match in _HEREDOC.finditer(body)}
    for argument in _ARGUMENT.finditer(_HEREDOC.sub(lambda match: re.sub(r"[^\n]", "~", match[0]), body)):
        name, heredoc = argument[1], heredocs.get(argument.end())
        if name in values and name != "error_message":
            continue
        values[name] = _terraform_value(body, argument.end()) if heredoc is None else ""
        written = _written(values[name], heredoc)
        if name == "description" and written:
            described = Doc(written, document(written, _MARKDOWN).document if "\n" in written else None)
        elif name == "error_message" and written:
            messages.append(Entry(name="validation", text=escaped(written)))
    more: dict[str, object] = {}
    doc, documentation = symbol.doc, symbol.documentation
    if described.says:
        comment = doc if doc != described.text else ""
        doc = "\n\n".join(filter(None, (comment, described.text)))
        documentation = None if comment else described.document
    messages = [Entry(name=name, text=value) for name, value in _FLAGS.items() if values.get(name) == value] + messages
    if messages:
        whole = documentation or Documentation(summary=escaped(doc))
        documentation = whole.model_copy(update={"facts": tuple(messages)})
    if described.says or messages:
        more |= {"doc": doc, "documentation": documentation}
    return symbol.model_copy(update=more | _named(symbol, values))


def _named(symbol: Symbol, values: dict[str, str]) -> dict[str, object]:
    """How other code names a block, with a variable's type and default, and a module's source."""
    word = symbol.signature.split(" ", 1)[0]
    prefix = _PREFIXES.get(word, "local")
    name = f"{prefix}.{symbol.name}" if prefix else re.sub(r"\"\s+\"", ".", symbol.name)
    more: dict[str, object] = {"name": name}
    if prefix == "var":
        more["type"] = _type(values.get("type", ""))
        value = values.get("default", "")
        more["default"] = "…" if value and values.get("sensitive") == "true" else shown_value(value, name)
    elif word == "provider" and "alias" in values:
        more["name"] = f"{name}.{values['alias'].strip(chr(34))}"
    elif word == "module":
        more["target"] = values.get("source", "").strip('"')
    return more


def _type(written: str) -> str:
    """A type on one line, its attributes parted by commas as a line's end parts them."""
    lines = [line.strip() for line in _REMARK.sub(lambda match: match[1] or "", written).split("\n")]
    whole = ""
    for line in filter(None, lines):
        ends = not whole or whole.endswith(("{", "(", "[", ",")) or line[0] in "})]"
        whole += f" {line}" if ends else f", {line}"
    return fold(whole, _LONGEST_TYPE)


TERRAFORM = Dialect(
    language="terraform",
    quiet=joined(
        [r"(?P<comment>#[^\n]*|//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))", _HEREDOC.pattern, r"\"(?:[^\"\\\n]|\\.)*\"?"]
    ),
    rules=rules(
        ("resource", SymbolKind.SECTION, r"resource\s+\"(?P<label>[\w-]{1,160})\"\s+\"(?P<name>[\w-]{1,160})\"", ""),
        ("data", SymbolKind.SECTION, r"(?P<label>data)\s+(?P<name>\"[\w-]{1,160}\"\s+\"[\w-]{1,160}\")", ""),
        ("data", SymbolKind.SECTION, r"(?P<label>ephemeral)\s+(?P<name>\"[\w-]{1,160}\"\s+\"[\w-]{1,160}\")", ""),
        ("check", SymbolKind.SECTION, rf"(?P<label>check)\s+(?P<name>{_LABEL})", ""),
        ("variable", SymbolKind.VARIABLE, rf"variable\s+(?P<name>{_LABEL})", ""),
        ("output", SymbolKind.VARIABLE, rf"(?P<label>output)\s+(?P<name>{_LABEL})", ""),
        ("module", SymbolKind.MODULE, rf"(?P<label>module)\s+(?P<name>{_LABEL})", ""),
        ("provider", SymbolKind.SECTION, rf"(?P<label>provider)\s+(?P<name>{_LABEL})", ""),
        ("locals", None, r"(?P<name>locals)(?=\s*\{)", ""),
        ("local", SymbolKind.VARIABLE, r"(?P<name>[\w-]{1,160})\s*=(?!=)", "locals"),
    ),
    imports=re.compile(r"^[ \t]*(?P<word>source)[ \t]*=[ \t]*\"(?P<target>\.{1,2}/[^\"\n]{0,300})\"", re.MULTILINE),
    finished=_terraform_block,
)

terraform = partial(read, dialect=TERRAFORM)
