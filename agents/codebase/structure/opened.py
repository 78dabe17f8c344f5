"""A definition while the walker is inside it, and how several definitions of one name become one symbol."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.codebase.structure.documentation import NOTHING, Doc, document
from agents.codebase.structure.language import TYPES, Definition, Found, Inside
from agents.contracts.base import Lines
from agents.contracts.structure import MEMBER_KINDS, Parameter, Symbol, SymbolKind
from agents.text.marked import plain

_MAX_CALLS = 40
_MAX_RAISES = 20


_HIDDEN = frozenset({"private", "protected", "package"})
#: Tags without words that keep a declaration out of what its documentation tool writes.
_LEFT_OUT = frozenset({"hidden", "ignore", "nodoc", "suppress"})
CALLABLE = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD})


@dataclass(slots=True)
class Opened:
    """A definition, wrapper or scope whose end is not reached yet."""

    end: int
    row: int
    name: str = ""
    kind: SymbolKind | None = None
    inside: Inside = Inside.OWNER
    wrapper: str = ""
    decorators: tuple[str, ...] = ()
    public: bool = True
    marked: bool = True
    label: str = ""
    described: Found | None = None
    doc: Doc = NOTHING
    lines: Lines | None = None
    parameters: tuple[Parameter, ...] = ()
    accessors: tuple[str, ...] = ()
    overloads: tuple[str, ...] = ()
    trait: str = ""
    left_out: str = ""
    type: str = ""
    default: str = ""
    calls: dict[str, None] = field(default_factory=dict)
    raises: dict[str, None] = field(default_factory=dict)

    def symbol(self) -> Symbol | None:
        """The finished symbol, None for a scope that is none."""
        described = self.described
        if described is None or self.lines is None or not described.emits or self.kind is None:
            return None
        more = {
            "type": self.type,
            "default": self.default,
            "decorators": self.decorators,
            "parameters": self.parameters,
            "accessors": self.accessors,
            "overloads": self.overloads,
            "trait": self.trait,
            "target": described.target,
        }
        return Symbol(
            name=self.name,
            kind=self.kind,
            signature=described.signature,
            lines=self.lines,
            doc=self.doc.text,
            documentation=self.doc.document,
            public=self.public and not self.is_said_private(),
            calls=tuple(self.calls)[:_MAX_CALLS],
            raises=tuple(self.raises)[:_MAX_RAISES],
            **{key: value for key, value in more.items() if value},
        )

    def shows(self, kind: SymbolKind) -> bool:
        """Whether what is left out itself still offers what is defined in it: types, in Ruby."""
        return self.left_out == "own" and kind in TYPES | {SymbolKind.MODULE}

    def is_said_private(self) -> bool:
        """Whether its documentation says that it is private: `@private`, `@access private`, `@suppress`."""
        document = self.doc.document
        return document is not None and any(
            fact.name == "private"
            or (fact.name == "access" and fact.text in _HIDDEN)
            or (fact.name in _LEFT_OUT and not fact.text)
            for fact in document.facts
        )

    def parameter_doc(self, name: str, language: str) -> Doc:
        """What a function's documentation says of one of its parameters."""
        entries = self.doc.document.parameters if self.doc.document is not None else ()
        described = next((entry for entry in entries if entry.name.lstrip("$") == name.lstrip("$")), None)
        return document(plain(described.text), language) if described is not None and described.text else NOTHING

    def take(self, other: Opened) -> bool:
        """Whether another definition of the same name is part of this one, which then has what it lacked."""
        if self.described is None or other.described is None:
            return False
        if self.overloads and self.kind is other.kind:
            return self._overloaded_by(other, other.described)
        same = other.described.signature == self.described.signature
        together = bool(self.accessors and other.accessors) and (same or not {*self.accessors} & {*other.accessors})
        if not together and not other.described.once:
            return False
        # C++ has several functions of one name.
        if other.kind in CALLABLE and not same and not together:
            return False
        # What is read is documented where it is read.
        reads = other.accessors == ("get",) and "get" not in self.accessors and other.doc.says
        self.accessors = tuple(dict.fromkeys((*self.accessors, *other.accessors)))
        self.doc = self.doc if self.doc.says and not reads else other.doc
        self.type = self.type or other.type
        self.default = self.default or other.default
        return True

    def _overloaded_by(self, other: Opened, described: Found) -> bool:
        if described.overload:
            self.overloads = (*self.overloads, described.signature)
            self.doc = self.doc if self.doc.says else other.doc
            return True
        if self.lines is None or other.lines is None or (self.described is not None and not self.described.overload):
            return False
        self.described, self.parameters, self.type = described, other.parameters, other.type
        self.decorators = other.decorators
        self.lines = Lines(start=self.lines.start, end=max(self.lines.end, other.lines.end))
        self.doc = other.doc if other.doc.says else self.doc
        # What the one that runs calls is called by all.
        other.calls, other.raises = self.calls, self.raises
        return True


def overloads_of(described: Found, name: str, bodiless: dict[str, list[str]]) -> tuple[str, ...]:
    """The signatures that a definition has besides its own; `bodiless` are those seen so far by the name."""
    if described.overload:
        return (described.signature,)
    if described.bodiless:
        bodiless.setdefault(name, []).append(described.signature)
    elif described.kind in CALLABLE and name in bodiless:
        return tuple(bodiless.pop(name))
    return ()


def foremost(symbols: list[Opened], most: int) -> list[Opened]:
    """The first definitions in their order, public ones before private ones and members last."""
    if len(symbols) <= most:
        return symbols
    ranked = sorted(range(len(symbols)), key=lambda at: (not symbols[at].public, symbols[at].kind in MEMBER_KINDS, at))
    return [symbols[at] for at in sorted(ranked[:most])]


def said_type(doc: Doc) -> str:
    """The type that a comment alone gives: JSDoc's `@type {number}`."""
    facts = doc.document.facts if doc.document is not None else ()
    return next((fact.type for fact in facts if fact.name == "type"), "")


def leaves_method(definition: Definition, scopes: list[Opened]) -> bool:
    """Whether what a method holds belongs to the method's type, such as `self.x` in Python's `__init__`."""
    if definition.escapes is None or len(scopes) < 2 or scopes[-2].kind not in TYPES:
        return False
    return definition.escapes.fullmatch(scopes[-1].name.rpartition(".")[2]) is not None
