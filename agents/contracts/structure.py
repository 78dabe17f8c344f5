"""What a reader sees in one file without a model: symbols, imports, evidence."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from agents.contracts.base import AuthorText, Contract, Lines, RepositoryText
from agents.contracts.documentation import Documentation
from agents.contracts.facts import Fact


class SymbolKind(StrEnum):
    """A symbol's kind; one word for the same thing in every language."""

    MODULE = "module"
    CLASS = "class"
    INTERFACE = "interface"
    STRUCT = "struct"
    ENUM = "enum"
    TRAIT = "trait"
    FUNCTION = "function"
    METHOD = "method"
    CONSTANT = "constant"
    TYPE = "type"
    MACRO = "macro"
    TABLE = "table"
    KEY = "key"
    SECTION = "section"
    STAGE = "stage"
    JOB = "job"
    TARGET = "target"
    FIELD = "field"
    PROPERTY = "property"
    VARIANT = "variant"
    VARIABLE = "variable"
    EVENT = "event"
    ALIAS = "alias"
    RE_EXPORT = "re-export"


#: Kinds that are listed under their owner: they are named and documented, but no count of definitions holds them.
MEMBER_KINDS = frozenset(
    {
        SymbolKind.FIELD,
        SymbolKind.PROPERTY,
        SymbolKind.VARIANT,
        SymbolKind.VARIABLE,
        SymbolKind.EVENT,
        SymbolKind.ALIAS,
        SymbolKind.RE_EXPORT,
    }
)


_DOCUMENTED_MEMBERS = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY, SymbolKind.VARIANT, SymbolKind.EVENT})


class Parameter(Contract):
    """One parameter of a function: `kind` is empty for an ordinary one, else what is special about it.

    Kinds: `positional-only`, `keyword-only`, `var-positional`, `var-keyword`, `optional`, `block`, `receiver`.
    """

    name: RepositoryText
    type: RepositoryText = ""
    default: AuthorText = ""
    kind: str = ""


#: Parts of data and documents. Whoever counts symbols of code leaves them out.
PARTS_OF_DATA = frozenset({SymbolKind.KEY, SymbolKind.SECTION, SymbolKind.STAGE, SymbolKind.JOB, SymbolKind.TARGET})


class Symbol(Contract):
    """A named piece of a file.

    `name` is qualified inside its file (`Class.method`); `signature` is the whole signature on one line, without
    decorators and body; `doc` is the docstring or the leading comment in plain words, empty if there is none;
    `documentation` is the same as a document, None when the words say all.
    """

    name: AuthorText
    kind: SymbolKind
    signature: AuthorText
    lines: Lines
    doc: AuthorText = ""
    documentation: Documentation | None = Field(default=None, exclude_if=lambda value: value is None)
    public: bool = True
    type: RepositoryText = Field(default="", description="a member's type, or what a function returns, as written")
    default: AuthorText = Field(default="", description="a member's value; `…` where it could be a secret")
    decorators: tuple[AuthorText, ...] = Field(default=(), description="decorators or annotations, as written")
    parameters: tuple[Parameter, ...] = ()
    accessors: tuple[str, ...] = Field(default=(), description="`get`, `set`, `delete` … of a property, once each")
    overloads: tuple[AuthorText, ...] = Field(default=(), description="signatures declared beside the one that runs")
    trait: RepositoryText = Field(default="", description="the trait or interface that a method implements")
    target: RepositoryText = Field(default="", description="what an alias or a re-export stands for")
    calls: tuple[RepositoryText, ...] = Field(default=(), description="names called, in order, once each, 40 at most")
    raises: tuple[RepositoryText, ...] = Field(default=(), description="names of errors raised or thrown, once each")

    @property
    def opening(self) -> str:
        """The words that say what it is; empty where its author describes parameters alone."""
        own = self.documentation
        if own is None or own.summary or own.blocks or own.deprecated is not None:
            return self.doc
        return "" if own.type_parameters or own.parameters or own.attributes else self.doc


class Import(Contract):
    """One import, as written: `target` is what a resolver starts from (`a.b`, `./c`, `java.util.List`, `stdio.h`)."""

    target: RepositoryText
    names: tuple[RepositoryText, ...] = ()
    lines: Lines


class ManifestKind(StrEnum):
    """Which package manager or compiler reads a manifest."""

    NPM = "npm"
    TSCONFIG = "tsconfig"
    CARGO = "cargo"
    GO = "go"
    COMPOSER = "composer"
    PYTHON = "python"


class ImportNames(Contract):
    """What a package's manifest says of how its code is imported; paths are relative to the manifest's folder."""

    kind: ManifestKind
    name: RepositoryText = ""
    entries: dict[str, tuple[RepositoryText, ...]] = Field(
        default_factory=dict, description="what an importer writes after the name (`.`, `./math`) -> files, best first"
    )
    aliases: dict[str, tuple[RepositoryText, ...]] = Field(
        default_factory=dict,
        description="other names that imports in this folder may use, such as `@/*` -> their files",
    )
    base: RepositoryText = Field(default="", description="the folder that names without a dot may start from")
    extends: tuple[RepositoryText, ...] = Field(default=(), description="manifests whose aliases hold as well")
    starts: tuple[RepositoryText, ...] = Field(
        default=(), description="what the package's commands start: files, or a Python module and function (`a.b:main`)"
    )


class Topic(StrEnum):
    """Which reviewer an evidence is for."""

    SECURITY = "security"
    PERFORMANCE = "performance"


class Evidence(Contract):
    """A place that a reviewer should judge: `rule` names the shape seen, such as `shell-injection`.

    `excerpt` is the line's text, at most 200 characters, with the value of a secret replaced by stars.
    """

    topic: Topic
    rule: str = Field(pattern=r"^[a-z0-9-]+$")
    lines: Lines
    symbol: RepositoryText = Field(default="", description="the symbol it stands in, empty at the top of the file")
    excerpt: AuthorText
    condition: AuthorText = Field(default="", description="under which the code around it gets there, as written")


class Structure(Contract):
    """One file as a reader sees it."""

    language: str
    line_count: int = Field(ge=0)
    doc: AuthorText = Field(default="", description="the file's own docstring or leading comment")
    documentation: Documentation | None = Field(default=None, exclude_if=lambda value: value is None)
    doc_lines: Lines | None = None
    symbols: tuple[Symbol, ...] = ()
    imports: tuple[Import, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    facts: tuple[Fact, ...] = Field(default=(), exclude_if=lambda value: not value)
    package: ImportNames | None = Field(default=None, exclude_if=lambda value: value is None)
    namespaces: tuple[RepositoryText, ...] = Field(
        default=(),
        description="packages or namespaces that the file's code declares itself part of, their parts joined by dots",
        exclude_if=lambda value: not value,
    )
    demands: tuple[RepositoryText, ...] = Field(
        default=(), description="words that text in the file orders a language model to write"
    )
    parse_errors: int = Field(default=0, ge=0, description="places the grammar could not read")
    holds_secrets: bool = Field(
        default=True,
        description="whether the text may hold secrets; false once the whole of it was searched, and none was there",
        exclude_if=lambda value: value,
    )

    @property
    def definitions(self) -> tuple[Symbol, ...]:
        """The symbols without the members that are listed under them."""
        return tuple(symbol for symbol in self.symbols if symbol.kind not in MEMBER_KINDS)

    @property
    def documentable(self) -> tuple[Symbol, ...]:
        """What an author is expected to document: definitions, and the public members of a type."""
        return tuple(
            symbol
            for symbol in self.symbols
            if symbol.kind not in MEMBER_KINDS or (symbol.public and symbol.kind in _DOCUMENTED_MEMBERS)
        )
