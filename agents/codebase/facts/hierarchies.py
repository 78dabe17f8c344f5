"""What a type extends or implements, from its signature as its outline has it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.codebase.facts.written import parts
from agents.contracts.structure import Structure, Symbol, SymbolKind

TYPES = frozenset(
    {SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.ENUM, SymbolKind.TYPE}
)
_PARENTHESES = frozenset({"python", "cython"})
_COLON = frozenset({"csharp", "cpp", "kotlin", "swift"})
_WORDS = re.compile(r"\b(?:extends|implements|with)\b")
_RUBY = re.compile(r"<\s*([\w:]+)\s*$")
_NAME = re.compile(r"^(?:(?:public|private|protected|virtual|open|sealed)\s+)*([A-Za-z_$][\w$.:\\]*)")
_ABSTRACT_BASES = frozenset({"ABC", "Protocol", "abc.ABC", "typing.Protocol", "typing_extensions.Protocol"})


def bases(language: str, symbol: Symbol) -> list[str]:
    """The names of what a type extends or implements, without their arguments."""
    if symbol.kind is SymbolKind.TYPE and language in {"typescript", "tsx"}:
        return []  # `extends` is a condition there, or what a parameter must be
    signature = symbol.signature
    if language in _PARENTHESES:
        listed = parts(signature.partition("(")[2].rpartition(")")[0])
        listed = [text for text in listed if "=" not in text]
    elif language == "ruby":
        match = _RUBY.search(signature)
        listed = [match[1]] if match else []
    elif language in _COLON:
        head = re.sub(r"<[^<>]*>|\([^()]*\)", "", signature)
        listed = parts(head.partition(" where ")[0].partition(" : ")[2] or head.partition(": ")[2])
    elif _WORDS.search(signature):
        head = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*>", "", signature))
        listed = [text for piece in _WORDS.split(head)[1:] for text in parts(piece.partition("{")[0])]
    else:
        listed = []
    return [match[1].replace("::", ".").strip("\\") for text in listed if (match := _NAME.match(text))]


def is_abstract(language: str, symbol: Symbol, members: Iterable[Symbol]) -> bool:
    """Whether a type is there to be extended or implemented."""
    if symbol.kind in {SymbolKind.INTERFACE, SymbolKind.TRAIT}:
        return "@interface" not in symbol.signature  # an annotation
    if symbol.kind is not SymbolKind.CLASS:
        return False
    if language == "python":
        named = {base.partition("[")[0] for base in bases(language, symbol)}
        marked = any(text.endswith("abstractmethod") for member in members for text in member.decorators)
        unwritten = any("NotImplementedError" in member.raises for member in members)
        return bool(named & _ABSTRACT_BASES) or "ABCMeta" in symbol.signature or marked or unwritten
    methods = [member for member in members if member.kind is SymbolKind.METHOD]
    if methods and all(re.search(r"\bstatic\b", member.signature) for member in methods):
        return False  # abstract so that nobody makes one: functions under a common name
    return re.search(r"\babstract\b", symbol.signature) is not None


def members_of(structure: Structure) -> dict[str, list[Symbol]]:
    """Members and methods by their owner's name."""
    members: dict[str, list[Symbol]] = {}
    for symbol in structure.symbols:
        owner = symbol.name.rpartition(".")[0]
        if owner:
            members.setdefault(owner, []).append(symbol)
    return members
