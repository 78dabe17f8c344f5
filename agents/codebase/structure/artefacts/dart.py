"""Dart: what the block reader must know of it."""

from __future__ import annotations

import re
from functools import partial

from agents.codebase.structure.artefacts import dart_details
from agents.codebase.structure.artefacts.block_dialect import SLASHES, STRINGS, TRIPLE, WORD, Dialect, joined, rules
from agents.codebase.structure.artefacts.blocks import read
from agents.contracts.structure import SymbolKind

_OWNERS = "class enum extension"
_MODIFIERS = r"(?:(?:static|final|const|late|external|covariant|abstract|var|required)\s+){0,4}"
_OPERATOR = r"operator\s{0,9}(?:\[\]=?|[^\s\w()\[\]]{1,3})"
_TYPE = r"[\w.$]{1,100}(?:<[^;{}()\n]{0,200}?>)?\??"
_NESTED = r"(?:[^()]|\([^()]{0,300}+\)){0,600}+"
_ARGUMENTS = rf"\((?:[^()]|\({_NESTED}\)){{0,600}}+\)"
_CALLED = rf"(?:{_TYPE}\s+)?Function\s*(?:<[^<>\n]{{0,200}}>)?\({_NESTED}\)\??"
_RECORD = rf"\({_NESTED}\)\??"
_WRITTEN_OUT = rf"(?:{_CALLED}|{_RECORD})"
_GENERAL = r"(?:<[^()\n]{0,200}?>)?"
_VALUE = r"(?:\s*=\s*(?P<default>[^;,\n()\[\]{}]{1,80})(?=[;,]))?"
_NAMED = rf"(?P<name>{WORD}(?:\.{WORD})?)\s*{_GENERAL}\("

DART = Dialect(
    language="dart",
    quiet=joined([SLASHES, r"'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z)", TRIPLE, STRINGS]),
    rules=rules(
        (
            "class",
            SymbolKind.CLASS,
            rf"(?:(?:abstract|base|final|sealed|interface|mixin)\s+){{0,3}}class\s+(?P<name>{WORD})",
            "",
        ),
        ("class", SymbolKind.TRAIT, rf"(?:base\s+)?mixin\s+(?P<name>{WORD})", ""),
        ("enum", SymbolKind.ENUM, rf"enum\s+(?P<name>{WORD})", ""),
        ("extension", None, r"(?P<name>)extension\s*(?:<[^{}\n]{0,200}>)?\s+on\b", ""),
        ("extension", SymbolKind.CLASS, rf"extension\s+(?:type\s+(?:const\s+)?)?(?P<name>{WORD})", ""),
        ("typedef", SymbolKind.TYPE, rf"typedef\s+(?P<name>{WORD})\s*{_GENERAL}\s*=", ""),
        ("typedef", SymbolKind.TYPE, rf"typedef\s+{_TYPE}\s+(?P<name>{WORD})\s*{_GENERAL}\(", ""),
        (
            "export",
            SymbolKind.RE_EXPORT,
            rf"export\s+['\"](?P<target>[^'\"\n]{{1,300}})['\"]\s+(?:hide\s+[\w\s,]{{1,2000}}?)?show\s+(?P<name>{WORD})",
            "",
        ),
        (
            "value",
            SymbolKind.VARIANT,
            rf"(?P<name>{WORD})(?=\s*(?:{_GENERAL}(?:\.\w{{1,160}})?\s*{_ARGUMENTS}\s*)?[,;}}])",
            "enum",
        ),
        (
            "method",
            SymbolKind.METHOD,
            rf"{_MODIFIERS}(?:(?P<type>{_WRITTEN_OUT}|{_TYPE})\s+)?(?P<name>{_OPERATOR})\s*\(",
            _OWNERS,
        ),
        ("skip", None, r"(?P<name>)(?:import|export|part|library|return|if|for|while|switch|throw|await)\b", ""),
        ("skip", None, r"(?P<name>)(?:return|if|for|while|switch|throw|await|assert)\b", _OWNERS),
        *(
            row
            for within, method, field in (
                ("", SymbolKind.FUNCTION, SymbolKind.VARIABLE),
                (_OWNERS, SymbolKind.METHOD, SymbolKind.FIELD),
            )
            for row in (
                ("method", method, rf"{_MODIFIERS}(?P<type>{_WRITTEN_OUT})\s+(?!get\b){_NAMED}", within),
                (
                    "field",
                    field,
                    rf"{_MODIFIERS}(?P<type>{_WRITTEN_OUT})\s+(?P<name>{WORD}){_VALUE}\s*(?=[=;,])",
                    within,
                ),
                (
                    "property",
                    SymbolKind.PROPERTY,
                    rf"{_MODIFIERS}(?:(?P<type>{_WRITTEN_OUT}|{_TYPE})\s+)?[gs]et\s+(?P<name>{WORD})",
                    within,
                ),
                ("method", method, rf"{_MODIFIERS}(?:factory\s+)?(?:(?P<type>{_TYPE})\s+)?{_NAMED}", within),
                (
                    "field",
                    field,
                    rf"{_MODIFIERS}(?:(?P<type>{_TYPE})\s+)?(?P<name>{WORD}){_VALUE}\s*(?=[=;,])",
                    within,
                ),
            )
        ),
        ("value", SymbolKind.VARIANT, rf"(?P<name>{WORD})\s*(?=[,;}}(\n/])", "enum"),
        private=lambda name: name.startswith("_"),
    ),
    annotation=re.compile(
        rf"@[\w.$]{{1,160}}(?:<[^;{{}}\n]{{0,200}}?>(?=\())?(?:\((?:[^()]|\({_NESTED}\)){{0,4000}}+\))?[ \t]*"
    ),
    braced=True,
    commas=frozenset({"enum"}),
    several=frozenset({"field", "export"}),
    also=dart_details.wrapped,
    finished=dart_details.finished,
    imports=re.compile(r"^(?P<word>import|export|part)[ \t]+['\"](?P<target>[^'\"\n]{1,300})['\"]", re.MULTILINE),
)

dart = partial(read, dialect=DART)
