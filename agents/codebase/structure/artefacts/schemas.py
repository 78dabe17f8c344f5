"""Protobuf, GraphQL, Dart and PowerShell: what the block reader must know of each."""

# ruff: noqa: E501 (one row is one rule, and a rule's pattern reads best on one line)

from __future__ import annotations

import re
from functools import partial

from agents.codebase.structure.artefacts import schema_details
from agents.codebase.structure.artefacts.block_dialect import Dialect, joined, rules
from agents.codebase.structure.artefacts.blocks import read
from agents.contracts.structure import SymbolKind

# What is never closed matches to its line's or the file's end, so that no place is scanned twice.
_SLASHES = r"(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z))"
_STRINGS = r"\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?"
_TRIPLE = r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)"
_WORD = r"[A-Za-z_]\w{0,159}"
#: Edition 2024's words before a declaration.
_VISIBILITY = r"(?:(?:export|local)\s+)?"
_REPEATED = r"(?:(?:optional|required|repeated)\s+)?"

PROTOBUF = Dialect(
    language="protobuf",
    quiet=joined([_SLASHES, _STRINGS]),
    rules=rules(
        ("message", SymbolKind.STRUCT, rf"{_VISIBILITY}message\s+(?P<name>{_WORD})(?=\s*\{{)", ""),
        ("message", SymbolKind.STRUCT, rf"{_VISIBILITY}message\s+(?P<name>{_WORD})(?=\s*\{{)", "message"),
        ("message", SymbolKind.STRUCT, rf"{_REPEATED}group\s+(?P<name>[A-Z]\w{{0,159}})\s*=\s*\d+", "message"),
        ("enum", SymbolKind.ENUM, rf"{_VISIBILITY}enum\s+(?P<name>{_WORD})(?=\s*\{{)", ""),
        ("enum", SymbolKind.ENUM, rf"{_VISIBILITY}enum\s+(?P<name>{_WORD})(?=\s*\{{)", "message"),
        ("service", SymbolKind.INTERFACE, rf"service\s+(?P<name>{_WORD})", ""),
        (
            "rpc",
            SymbolKind.METHOD,
            rf"rpc\s+(?P<name>{_WORD})\s*\([^()\n]{{0,300}}\)\s*returns\s*\((?P<type>[^()\n]{{0,300}})\)",
            "service",
        ),
        ("message", None, rf"(?P<name>)(?P<part>oneof\s+{_WORD})", "message"),
        ("message", None, r"(?P<name>)(?P<part>extend\s+[\w.]{1,200})", ""),
        ("message", None, r"(?P<name>)(?P<part>extend\s+[\w.]{1,200})", "message"),
        ("skip", None, r"(?P<name>)(?:option|reserved|extensions)\b", "message enum service"),
        (
            "field",
            SymbolKind.FIELD,
            rf"{_REPEATED}(?P<type>map\s*<[^<>\n]{{0,200}}>|[\w.]{{1,200}})\s+(?P<name>{_WORD})\s*=\s*\d+",
            "message",
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{_WORD})\s*=\s*(?P<default>-?\w{{1,20}})", "enum"),
    ),
    imports=re.compile(
        r"^(?P<word>import)[ \t]+(?:public[ \t]+|weak[ \t]+)?\"(?P<target>[^\"\n]{1,300})\"", re.MULTILINE
    ),
    also=schema_details.group,
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
_ARGUMENTS = r"(?:\"\"\"(?:[^\"]|\"(?!\"\"))*\"\"\"|\"[^\"\n]*\"|[^()\"]|\([^()]{0,500}\)){0,4000}+"
GRAPHQL = Dialect(
    language="graphql",
    quiet=joined([r"(?P<comment>#[^\n]*)", _TRIPLE, r"\"(?:[^\"\\\n]|\\.)*\"?"]),
    rules=rules(
        ("type", SymbolKind.CLASS, rf"(?:extend\s+)?type\s+(?P<name>{_WORD})", ""),
        ("interface", SymbolKind.INTERFACE, rf"(?:extend\s+)?interface\s+(?P<name>{_WORD})", ""),
        ("input", SymbolKind.STRUCT, rf"(?:extend\s+)?input\s+(?P<name>{_WORD})", ""),
        ("enum", SymbolKind.ENUM, rf"(?:extend\s+)?enum\s+(?P<name>{_WORD})", ""),
        (
            "union",
            SymbolKind.TYPE,
            rf"(?:extend\s+)?union\s+(?P<name>{_WORD})\s*=?\s*(?P<target>[^\n#\"]{{0,300}})",
            "",
        ),
        ("scalar", SymbolKind.TYPE, rf"(?:extend\s+)?scalar\s+(?P<name>{_WORD})", ""),
        ("directive", SymbolKind.FUNCTION, rf"directive\s+(?P<name>@{_WORD})", ""),
        ("operation", SymbolKind.FUNCTION, rf"(?:query|mutation|subscription|fragment)\s+(?P<name>{_WORD})", ""),
        (
            "field",
            SymbolKind.FIELD,
            rf"(?P<name>{_WORD})\s*(?:\({_ARGUMENTS}\))?\s*:\s*(?P<type>[\[\]\w!]{{1,200}})(?:[ \t]*=[ \t]*(?P<default>\w{{1,60}}))?",
            _HOLDS,
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{_WORD})", "enum"),
    ),
    imports=re.compile(r"^(?P<word>#import)[ \t]+\"(?P<target>[^\"\n]{1,300})\"", re.MULTILINE),
    describes=True,
    goes_on=("{", "@", "&", "|", "implements "),
    commas=frozenset({"type", "interface", "input", "enum"}),
    parted=_graphql_members,
    finished=schema_details.graphql,
)

_TYPES = "class enum extension"
_MODIFIERS = r"(?:(?:static|final|const|late|external|covariant|abstract|var|required)\s+){0,4}"
_OPERATOR = r"operator\s{0,9}(?:\[\]=?|[^\s\w()\[\]]{1,3})"
_DART_TYPE = r"[\w.$]{1,100}(?:<[^;{}()\n]{0,200}?>)?\??"
_DART_CALLED = rf"(?:{_DART_TYPE}\s+)?Function\s*(?:<[^<>\n]{{0,200}}>)?\((?:[^()]|\([^()]{{0,300}}\)){{0,600}}\)\??"
_DART_VALUE = r"(?:\s*=\s*(?P<default>[^;,\n()\[\]{}]{1,80})(?=[;,]))?"
DART = Dialect(
    language="dart",
    quiet=joined([_SLASHES, r"'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)", _TRIPLE, _STRINGS]),
    rules=rules(
        (
            "class",
            SymbolKind.CLASS,
            rf"(?:(?:abstract|base|final|sealed|interface|mixin)\s+){{0,3}}class\s+(?P<name>{_WORD})",
            "",
        ),
        ("class", SymbolKind.TRAIT, rf"(?:base\s+)?mixin\s+(?P<name>{_WORD})", ""),
        ("enum", SymbolKind.ENUM, rf"enum\s+(?P<name>{_WORD})", ""),
        ("extension", None, r"(?P<name>)extension\s*(?:<[^{}\n]{0,200}>)?\s+on\b", ""),
        ("extension", SymbolKind.CLASS, rf"extension\s+(?:type\s+(?:const\s+)?)?(?P<name>{_WORD})", ""),
        ("typedef", SymbolKind.TYPE, rf"typedef\s+(?P<name>{_WORD})\s*(?:<[^<>\n]{{0,200}}>)?\s*=", ""),
        ("typedef", SymbolKind.TYPE, rf"typedef\s+{_DART_TYPE}\s+(?P<name>{_WORD})\s*(?:<[^<>\n]{{0,200}}>)?\(", ""),
        (
            "export",
            SymbolKind.RE_EXPORT,
            rf"export\s+['\"](?P<target>[^'\"\n]{{1,300}})['\"]\s+(?:hide\s+[\w\s,]{{1,2000}}?)?show\s+(?P<name>{_WORD})",
            "",
        ),
        (
            "value",
            SymbolKind.VARIANT,
            rf"(?P<name>{_WORD})(?=\s*(?:(?:\.\w{{1,160}})?\s*\([^()]{{0,300}}\)\s*)?[,;}}])",
            "enum",
        ),
        ("method", SymbolKind.METHOD, rf"{_MODIFIERS}(?:{_DART_TYPE}\s+)?(?P<name>{_OPERATOR})\s*\(", _TYPES),
        ("skip", None, r"(?P<name>)(?:import|export|part|library|return|if|for|while|switch|throw|await)\b", ""),
        ("skip", None, r"(?P<name>)(?:return|if|for|while|switch|throw|await|assert)\b", _TYPES),
        *(
            row
            for within, kind in (("", SymbolKind.FUNCTION), (_TYPES, SymbolKind.METHOD))
            for row in (
                (
                    "field",
                    SymbolKind.FIELD if within else SymbolKind.VARIABLE,
                    rf"{_MODIFIERS}(?P<type>{_DART_CALLED})\s+(?P<name>{_WORD}){_DART_VALUE}\s*(?=[=;,])",
                    within,
                ),
                (
                    "property",
                    SymbolKind.PROPERTY,
                    rf"{_MODIFIERS}(?:(?P<type>{_DART_TYPE})\s+)?[gs]et\s+(?P<name>{_WORD})",
                    within,
                ),
                (
                    "method",
                    kind,
                    rf"{_MODIFIERS}(?:factory\s+)?(?:(?P<type>{_DART_TYPE})\s+)?(?P<name>{_WORD}(?:\.{_WORD})?)\s*(?:<[^<>\n]{{0,200}}>)?\(",
                    within,
                ),
                (
                    "field",
                    SymbolKind.FIELD if within else SymbolKind.VARIABLE,
                    rf"{_MODIFIERS}(?:(?P<type>{_DART_TYPE})\s+)?(?P<name>{_WORD}){_DART_VALUE}\s*(?=[=;,])",
                    within,
                ),
            )
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{_WORD})\s*(?=[,;}}(\n/])", "enum"),
        private=lambda name: name.startswith("_"),
    ),
    commas=frozenset({"enum"}),
    several=frozenset({"field", "export"}),
    also=schema_details.wrapped,
    imports=re.compile(r"^(?P<word>import|export|part)[ \t]+['\"](?P<target>[^'\"\n]{1,300})['\"]", re.MULTILINE),
)

_ATTRIBUTES = r"(?:\[[\w.]{1,80}\([^\n]{0,200}?\)\]\s*){0,5}"

POWERSHELL = Dialect(
    language="powershell",
    quiet=joined(
        [
            r"(?P<comment><#(?:[^#]|#(?!>))*(?:#>|\Z)|(?<![\w`$])#[^\n]*)",
            r"@\"\n(?:[^\n]|\n(?!\"@))*(?:\n\"@|\Z)|@'\n(?:[^\n]|\n(?!'@))*(?:\n'@|\Z)",
            r"\"(?:[^\"`]|`.|\"\")*(?:\"|\Z)|'[^']*(?:'|\Z)",
        ]
    ),
    rules=rules(
        (
            "function",
            SymbolKind.FUNCTION,
            r"(?i:function|filter|workflow|configuration)\s+(?:\w{1,20}:)?(?P<name>[\w-]{1,160})",
            "",
        ),
        ("class", SymbolKind.CLASS, rf"(?i:class)\s+(?P<name>{_WORD})", ""),
        ("enum", SymbolKind.ENUM, rf"{_ATTRIBUTES}(?i:enum)\s+(?P<name>{_WORD})", ""),
        (
            "method",
            SymbolKind.METHOD,
            rf"{_ATTRIBUTES}(?:(?i:static|hidden)\s+){{0,2}}(?:\[(?P<type>[^\n]{{1,120}}?)\]\s*)?(?P<name>{_WORD})\s*\(",
            "class",
        ),
        (
            "field",
            SymbolKind.PROPERTY,
            rf"{_ATTRIBUTES}(?:(?i:static|hidden)\s+){{0,2}}{_ATTRIBUTES}(?:\[(?P<type>[^\n$()]{{1,120}})\]\s*)?\$(?P<name>{_WORD})",
            "class",
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{_WORD})", "enum"),
    ),
    imports=re.compile(
        r"^[ \t]*(?P<word>\.|Import-Module|using module)[ \t]+(?P<target>[^\s;|{}]{1,200})",
        re.MULTILINE | re.IGNORECASE,
    ),
    inner=schema_details.powershell_help,
    finished=schema_details.powershell,
)

protobuf = partial(read, dialect=PROTOBUF)
graphql = partial(read, dialect=GRAPHQL)
dart = partial(read, dialect=DART)
powershell = partial(read, dialect=POWERSHELL)
