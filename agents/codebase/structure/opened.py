"""A definition while the walker is inside it, and how several definitions of one name become one symbol."""

from __future__ import annotations

from dataclasses import dataclass, field

from agents.codebase.structure.documentation import NOTHING, Doc
from agents.codebase.structure.language import Found, Inside
from agents.contracts.base import Lines
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_MAX_CALLS = 40
_MAX_RAISES = 20


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
    found: Found | None = None
    doc: Doc = NOTHING
    lines: Lines | None = None
    parameters: tuple[Parameter, ...] = ()
    accessors: tuple[str, ...] = ()
    overloads: tuple[str, ...] = ()
    trait: str = ""
    type: str = ""
    default: str = ""
    calls: dict[str, None] = field(default_factory=dict)
    raises: dict[str, None] = field(default_factory=dict)

    def symbol(self) -> Symbol | None:
        """The finished symbol, None for a scope that is none."""
        found = self.found
        if found is None or self.lines is None or not found.emits or self.kind is None:
            return None
        more = {
            "type": self.type,
            "default": self.default,
            "decorators": self.decorators,
            "parameters": self.parameters,
            "accessors": self.accessors,
            "overloads": self.overloads,
            "trait": self.trait,
            "target": found.target,
        }
        return Symbol(
            name=self.name,
            kind=self.kind,
            signature=found.signature,
            lines=self.lines,
            doc=self.doc.text,
            documentation=self.doc.document,
            public=self.public,
            calls=tuple(self.calls)[:_MAX_CALLS],
            raises=tuple(self.raises)[:_MAX_RAISES],
            **{key: value for key, value in more.items() if value},
        )

    def take(self, other: Opened) -> bool:
        """Whether another definition of the same name is part of this one, which then has what it lacked."""
        if self.found is None or other.found is None:
            return False
        if self.overloads and self.kind is other.kind:
            return self._overloaded_by(other, other.found)
        together = bool(self.accessors and other.accessors)
        if not together and not other.found.once:
            return False
        self.accessors = tuple(dict.fromkeys((*self.accessors, *other.accessors)))
        self.doc = self.doc if self.doc.text else other.doc
        self.type = self.type or other.type
        self.default = self.default or other.default
        return True

    def _overloaded_by(self, other: Opened, found: Found) -> bool:
        if found.overload:
            self.overloads = (*self.overloads, found.signature)
            self.doc = self.doc if self.doc.text else other.doc
            return True
        if self.lines is None or other.lines is None or (self.found is not None and not self.found.overload):
            return False
        self.found, self.parameters, self.type = found, other.parameters, other.type
        self.decorators = other.decorators
        self.lines = Lines(start=self.lines.start, end=max(self.lines.end, other.lines.end))
        self.doc = other.doc if other.doc.text else self.doc
        # What the one that runs calls is called by all.
        other.calls, other.raises = self.calls, self.raises
        return True
