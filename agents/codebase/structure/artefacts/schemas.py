"""Protobuf and GraphQL: what the block reader must know of each."""

# ruff: noqa: E501 (one row is one rule, and a rule's pattern reads best on one line)

from __future__ import annotations

import re
from functools import partial

from agents.codebase.structure.artefacts import schema_details
from agents.codebase.structure.artefacts.block_dialect import SLASHES, STRINGS, TRIPLE, WORD, Dialect, joined, rules
from agents.codebase.structure.artefacts.blocks import read
from agents.contracts.structure import SymbolKind

#: Edition 2024's words before a declaration.
_VISIBILITY = r"(?:(?:export|local)\s+)?"
_REPEATED = r"(?:(?:optional|required|repeated)\s+)?"

PROTOBUF = Dialect(
    language="protobuf",
    quiet=joined([SLASHES, STRINGS]),
    rules=rules(
        ("message", SymbolKind.STRUCT, rf"{_VISIBILITY}message\s+(?P<name>{WORD})(?=\s*\{{)", ""),
        ("message", SymbolKind.STRUCT, rf"{_VISIBILITY}message\s+(?P<name>{WORD})(?=\s*\{{)", "message"),
        ("message", SymbolKind.STRUCT, rf"{_REPEATED}group\s+(?P<name>[A-Z]\w{{0,159}})\s*=\s*\d+", "message"),
        ("enum", SymbolKind.ENUM, rf"{_VISIBILITY}enum\s+(?P<name>{WORD})(?=\s*\{{)", ""),
        ("enum", SymbolKind.ENUM, rf"{_VISIBILITY}enum\s+(?P<name>{WORD})(?=\s*\{{)", "message"),
        ("service", SymbolKind.INTERFACE, rf"service\s+(?P<name>{WORD})", ""),
        (
            "rpc",
            SymbolKind.METHOD,
            rf"rpc\s+(?P<name>{WORD})\s*\([^()]{{0,300}}\)\s*returns\s*\((?P<type>[^()]{{0,300}})\)",
            "service",
        ),
        ("message", None, rf"(?P<name>)(?P<part>oneof\s+{WORD})", "message"),
        ("message", None, r"(?P<name>)(?P<part>extend\s+[\w.]{1,200})", ""),
        ("message", None, r"(?P<name>)(?P<part>extend\s+[\w.]{1,200})", "message"),
        ("skip", None, r"(?P<name>)(?:option|reserved|extensions)\b", "message enum service"),
        (
            "field",
            SymbolKind.FIELD,
            rf"{_REPEATED}(?P<type>map\s*<[^<>\n]{{0,200}}>|[\w.]{{1,200}})\s+(?P<name>{WORD})\s*=\s*\d+",
            "message",
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{WORD})\s*=\s*(?P<default>-?\w{{1,20}})", "enum"),
    ),
    imports=re.compile(
        r"^(?P<word>import)[ \t]+(?:public[ \t]+|weak[ \t]+)?\"(?P<target>[^\"\n]{1,300})\"", re.MULTILINE
    ),
    goes_on=("{", "returns"),
    also=schema_details.group,
    finished=schema_details.protobuf,
)

_NEXT_MEMBER = re.compile(r"(?<=[\w!\]])[ \t](?=[ \t]{0,20}\w{1,160}[ \t]{0,20}[:(])")
_ENUM = re.compile(r"\benum\s+\w+[^{}\n]{0,300}\{([^{}]*)\}")
_NEXT_VALUE = re.compile(r"(?<=\w)[ \t](?=[ \t]{0,20}[A-Za-z_])")


def _graphql_members(code: str) -> str:
    """Members and values on one line need no comma between them."""
    code = _NEXT_MEMBER.sub(",", code)
    return _ENUM.sub(lambda match: match.group().replace(match.group(1), _NEXT_VALUE.sub(",", match.group(1))), code)


_HOLDS = "type interface input"
#: What stands between the brackets of a field's arguments: texts, and the brackets of directives.
_ARGUMENTS = r"(?:\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"|\"(?:[^\"\\\n]|\\.)*\"|[^()\"]|\([^()]{0,500}\)){0,4000}+"
GRAPHQL = Dialect(
    language="graphql",
    quiet=joined([r"(?P<comment>#[^\n]*)", TRIPLE, r"\"(?:[^\"\\\n]|\\.)*\"?"]),
    rules=rules(
        ("type", SymbolKind.CLASS, rf"(?:extend\s+)?type\s+(?P<name>{WORD})", ""),
        ("interface", SymbolKind.INTERFACE, rf"(?:extend\s+)?interface\s+(?P<name>{WORD})", ""),
        ("input", SymbolKind.STRUCT, rf"(?:extend\s+)?input\s+(?P<name>{WORD})", ""),
        ("enum", SymbolKind.ENUM, rf"(?:extend\s+)?enum\s+(?P<name>{WORD})", ""),
        (
            "union",
            SymbolKind.TYPE,
            rf"(?:extend\s+)?union\s+(?P<name>{WORD})\s*=?\s*(?P<target>[^\n#\"]{{0,300}})",
            "",
        ),
        ("scalar", SymbolKind.TYPE, rf"(?:extend\s+)?scalar\s+(?P<name>{WORD})", ""),
        ("directive", SymbolKind.FUNCTION, rf"directive\s+(?P<name>@{WORD})", ""),
        ("operation", SymbolKind.FUNCTION, rf"(?:query|mutation|subscription|fragment)\s+(?P<name>{WORD})", ""),
        (
            "field",
            SymbolKind.FIELD,
            rf"(?P<name>{WORD})\s*(?:\({_ARGUMENTS}\))?\s*:\s*(?P<type>[\[\]\w!]{{1,200}})(?:[ \t]*=[ \t]*(?P<default>\w{{1,60}}))?",
            _HOLDS,
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{WORD})", "enum"),
    ),
    imports=re.compile(r"^(?P<word>#import)[ \t]+\"(?P<target>[^\"\n]{1,300})\"", re.MULTILINE),
    braced=True,
    describes=True,
    goes_on=("{", "@", "&", "|", "implements "),
    commas=frozenset({"type", "interface", "input", "enum"}),
    parted=_graphql_members,
    finished=schema_details.graphql,
)

protobuf = partial(read, dialect=PROTOBUF)
graphql = partial(read, dialect=GRAPHQL)
