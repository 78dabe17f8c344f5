"""Answers the analyst: an author's own words first, and templates over the file's structure where there are none."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import Final

from agents.contracts.analysis import AnalystBrief, AnalystReply, FileBrief, FileReply, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.structure import Import, Structure, Symbol, SymbolKind
from agents.models.extractive.inventory import TYPES, contents, span
from agents.models.extractive.sentences import first_sentences, is_code
from agents.text.wording import counted_in_words, listed

#: What a kind is called in a sentence.
_NOUNS: Final = {
    SymbolKind.KEY: "top-level key",
    SymbolKind.STAGE: "build stage",
}
_NOUNS_BY_LANGUAGE: Final = {
    ("xml", SymbolKind.SECTION): "element",
    ("html", SymbolKind.SECTION): "named part",
}
#: What a file that is not code is called, and which kinds of its symbols are worth counting.
_ARTEFACTS: Final = {
    "dockerfile": "Dockerfile",
    "makefile": "Makefile",
    "github-actions": "GitHub Actions workflow",
    "gitlab-ci": "GitLab CI pipeline",
    "json": "JSON document",
    "yaml": "YAML document",
    "toml": "TOML document",
    "xml": "XML document",
    "html": "HTML page",
    "css": "style sheet",
    "ini": "configuration file",
    "sql": "SQL script",
    "notebook": "notebook",
    "protobuf": "Protobuf schema",
    "graphql": "GraphQL document",
    "terraform": "Terraform configuration",
    "helm": "Helm template",
    "asciidoc": "AsciiDoc document",
    "markdown": "Markdown document",
    "restructuredtext": "reStructuredText document",
    "text": "Text file",
}
#: Formats whose doc begins with a title, which says nothing by itself.
_TITLED: Final = frozenset({"markdown", "restructuredtext", "html", "github-actions", "notebook", "asciidoc"})
_TITLE_LENGTH: Final = 80
#: In a file with more functions than this, no one of them speaks for the file.
_FEW: Final = 3
#: Imports and calls that say nothing about what a file is for.
_UNTOLD: Final = frozenset({"", "__future__", "typing", "crate", "self", "super", "std", "core", "alloc"})
_EVERYDAY: Final = frozenset(
    [
        "super",
        "__init__",
        "str",
        "int",
        "float",
        "bool",
        "len",
        "list",
        "dict",
        "set",
        "tuple",
        "isinstance",
        "range",
        "next",
    ]
)


def respond(brief: AnalystBrief) -> AnalystReply:
    """What can be said of each file without understanding it."""
    return AnalystReply(files=tuple(_file_reply(file) for file in brief.files))


def _file_reply(file: FileBrief) -> FileReply:
    structure = file.structure
    if structure.language in _ARTEFACTS:
        title, words = _titled(structure)
        summary = [*_own_words(words, structure.doc_lines), _artefact(structure, title)]
    else:
        own = [*_own_words(structure.doc, structure.doc_lines)]
        summary = [
            *(own or _main_words(structure, file.path)),
            contents(structure),
            *_imports(structure),
            *_errors(structure),
        ]
    if structure.parse_errors:
        places = counted_in_words(structure.parse_errors, "place")
        summary.append(Statement(text=f"The grammar could not read {places} of the file, so symbols may be missing."))
    return FileReply(path=file.path, summary=tuple(summary), notes=tuple(_notes(structure.symbols)))


def _titled(structure: Structure) -> tuple[str, str]:
    """A document's title and its further words."""
    title, _, words = structure.doc.partition("\n\n")
    title = " ".join(title.split())
    if title.endswith((".", "!", "?")) and not words:
        return "", title
    if structure.language not in _TITLED or len(title) > _TITLE_LENGTH:
        return "", structure.doc
    return title, words


def _own_words(doc: str, lines: Lines | None) -> Iterable[Statement]:
    """What the file's author wrote at its top."""
    words = first_sentences(doc)
    if words and not is_code(words):
        yield Statement(text=words, lines=lines)


def _main_words(structure: Structure, path: str) -> Iterable[Statement]:
    """What its author wrote of the largest type, or of the first of few functions, where the file itself has no doc."""
    documented = [
        definition
        for definition in structure.definitions
        if definition.doc and not definition.doc.startswith("Deprecated:")
    ]
    types = [
        definition for definition in documented if definition.kind in TYPES and definition.kind is not SymbolKind.TYPE
    ]
    functions = {symbol.name for symbol in structure.symbols if symbol.kind is SymbolKind.FUNCTION}
    stem = posixpath.basename(path).split(".")[0].replace("_", "").replace("-", "").lower()
    named = [
        definition
        for definition in documented
        if definition.name.rpartition(".")[2].replace("_", "").lower() == stem and "." not in definition.name
    ]
    if named:
        main: Symbol | None = named[0]
    elif types:
        main = max(types, key=lambda definition: (definition.public, definition.lines.end - definition.lines.start))
    elif len(functions) <= _FEW:
        main = next(
            (definition for definition in documented if definition.kind is SymbolKind.FUNCTION and definition.public),
            None,
        )
    else:
        main = None
    words = first_sentences(main.doc) if main is not None else ""
    if main is not None and words and not is_code(words):
        name = main.name.rpartition(".")[2]
        # Go's authors begin with the name already.
        yield Statement(text=words if words.startswith(name) else f"{name}: {words}", lines=main.lines)


def _noun(kind: SymbolKind, language: str = "") -> str:
    return _NOUNS_BY_LANGUAGE.get((language, kind)) or _NOUNS.get(kind, kind.value)


def _imports(structure: Structure) -> Iterable[Statement]:
    targets = list(dict.fromkeys(name for statement in structure.imports for name in _imported(statement)))
    if targets:
        first, last = structure.imports[0].lines, structure.imports[-1].lines
        lines = Lines(start=min(first.start, last.start), end=max(first.end, last.end))
        yield Statement(text=f"Imports {listed(targets, 5)}.", lines=lines)


def _imported(statement: Import) -> Iterable[str]:
    """What an import names; `from . import x` names what it takes rather than where."""
    if not statement.target.strip("."):
        return [f"{statement.target}{name}" for name in statement.names if name != "*"]
    return [statement.target] if statement.target not in _UNTOLD else []


def _errors(structure: Structure) -> Iterable[Statement]:
    raising = [symbol for symbol in structure.symbols if symbol.raises and symbol.kind not in TYPES]
    names = list(dict.fromkeys(name.lstrip("\\") for symbol in raising for name in symbol.raises))
    if names:
        yield Statement(text=f"Raises {listed(names, 5)}.", lines=span(raising))


def _artefact(structure: Structure, title: str) -> Statement:
    """A document by what it holds: stages, jobs, targets, keys, sections."""
    what = _ARTEFACTS[structure.language] + (f" “{title}”" if title else "")
    by_kind: dict[SymbolKind, dict[str, None]] = {}
    for symbol in structure.symbols:
        if symbol.name != title:
            by_kind.setdefault(symbol.kind, {})[symbol.name] = None
    if not by_kind:
        return Statement(text=f"{what} of {counted_in_words(structure.line_count, 'line')}.")
    parts = [
        f"{counted_in_words(len(names), _noun(kind, structure.language))} ({listed(list(names))})"
        for kind, names in sorted(by_kind.items(), key=lambda pair: -len(pair[1]))
    ]
    return Statement(text=f"{what} with {listed(parts, 4)}.", lines=span(structure.symbols))


def _notes(symbols: Iterable[Symbol]) -> Iterable[SymbolNote]:
    """A note where the author left none and the structure shows something that the signature does not."""
    for symbol in symbols:
        if symbol.doc or symbol.kind not in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
            continue
        facts = []
        calls = [name for name in symbol.calls if name not in _EVERYDAY and name not in symbol.raises]
        if calls:
            facts.append(f"calls {listed(calls, 4)}")
        if symbol.raises:
            facts.append(f"raises {listed(symbol.raises, 4)}")
        if facts:
            owner = symbol.name.rpartition(".")[0]
            subject = (
                f"Method of {owner}" if symbol.kind is SymbolKind.METHOD and owner else symbol.kind.value.capitalize()
            )
            yield SymbolNote(symbol=symbol.name, text=f"{subject}; {'; '.join(facts)}.")
