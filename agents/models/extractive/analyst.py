"""Answers the analyst: an author's own words first, and templates over the file's structure where there are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from agents.contracts.analysis import AnalystBrief, AnalystReply, FileBrief, FileReply, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.models.extractive.sentences import counted, first_sentences, listed

#: What a kind is called in a sentence.
_NOUNS: Final = {
    SymbolKind.TYPE: "type",
    SymbolKind.KEY: "top-level key",
    SymbolKind.STAGE: "build stage",
}
_TYPES: Final = (
    SymbolKind.CLASS,
    SymbolKind.INTERFACE,
    SymbolKind.STRUCT,
    SymbolKind.ENUM,
    SymbolKind.TRAIT,
    SymbolKind.TYPE,
)
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
    "markdown": "Markdown document",
    "restructuredtext": "reStructuredText document",
    "text": "Text file",
}
_ANNOUNCED: Final = 3
#: Imports and calls that say nothing about what a file is for.
_UNTOLD: Final = frozenset({"", "__future__", "typing"})
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
    return AnalystReply(files=tuple(_told(file) for file in brief.files))


def _told(file: FileBrief) -> FileReply:
    structure = file.structure
    summary = [*_own_words(structure)]
    if structure.language in _ARTEFACTS:
        summary.append(_artefact(structure))
    else:
        summary.append(_contents(structure))
        summary.extend(_imports(structure))
        summary.extend(_errors(structure))
    if structure.parse_errors:
        places = counted(structure.parse_errors, "place")
        summary.append(Statement(text=f"The grammar could not read {places} of the file, so symbols may be missing."))
    return FileReply(path=file.path, summary=tuple(summary), notes=tuple(_notes(structure.symbols)))


def _own_words(structure: Structure) -> Iterable[Statement]:
    """What the file's author wrote at its top."""
    words = first_sentences(structure.doc)
    if words:
        yield Statement(text=words, lines=structure.doc_lines)


def _span(symbols: Sequence[Symbol]) -> Lines | None:
    if not symbols:
        return None
    return Lines(start=min(one.lines.start for one in symbols), end=max(one.lines.end for one in symbols))


def _noun(kind: SymbolKind) -> str:
    return _NOUNS.get(kind, kind.value)


def _contents(structure: Structure) -> Statement:
    """What the code defines: the largest type by name, the rest by count."""
    symbols = [one for one in structure.symbols if one.kind is not SymbolKind.MODULE]
    if not symbols:
        lines = counted(structure.line_count, "line")
        return Statement(text=f"Runs {lines} of code at the top of the file and defines no names of its own.")
    types = [one for one in symbols if one.kind in _TYPES]
    parts = [_type_phrase(one, symbols) for one in types[:_ANNOUNCED]]
    if len(types) > _ANNOUNCED:
        parts.append(f"{counted(len(types) - _ANNOUNCED, 'further type')}")
    functions = [one for one in symbols if one.kind is SymbolKind.FUNCTION]
    if functions:
        parts.append(_few_by_name(functions, "function"))
    rest = Counter(one.kind for one in symbols if one.kind not in {*_TYPES, SymbolKind.FUNCTION, SymbolKind.METHOD})
    parts.extend(counted(count, _noun(kind)) for kind, count in rest.items())
    if not parts:
        parts = [_few_by_name(symbols, "method")]
    return Statement(text=f"Defines {listed(parts, 8)}.", lines=_span(symbols))


def _type_phrase(one: Symbol, symbols: Sequence[Symbol]) -> str:
    methods = sum(m.kind is SymbolKind.METHOD and m.name.rpartition(".")[0] == one.name for m in symbols)
    phrase = f"the {_noun(one.kind)} {one.name}"
    return f"{phrase} with {counted(methods, 'method')}" if methods else phrase


def _few_by_name(symbols: Sequence[Symbol], noun: str) -> str:
    """Up to three by name; of more, how many and the first public ones."""
    if len(symbols) <= _ANNOUNCED:
        names = listed([one.name for one in symbols])
        return f"the {noun if len(symbols) == 1 else f'{noun}s'} {names}"
    public = [one.name for one in symbols if one.public][:_ANNOUNCED]
    return f"{counted(len(symbols), noun)}" + (f" (such as {listed(public)})" if public else "")


def _imports(structure: Structure) -> Iterable[Statement]:
    targets = list(dict.fromkeys(one.target for one in structure.imports if one.target not in _UNTOLD))
    if targets:
        first, last = structure.imports[0].lines, structure.imports[-1].lines
        lines = Lines(start=min(first.start, last.start), end=max(first.end, last.end))
        yield Statement(text=f"Imports {listed(targets, 5)}.", lines=lines)


def _errors(structure: Structure) -> Iterable[Statement]:
    raising = [one for one in structure.symbols if one.raises and one.kind not in _TYPES]
    names = list(dict.fromkeys(name for one in raising for name in one.raises))
    if names:
        yield Statement(text=f"Raises {listed(names, 5)}.", lines=_span(raising))


def _artefact(structure: Structure) -> Statement:
    """A document by what it holds: stages, jobs, targets, keys, sections."""
    what = _ARTEFACTS[structure.language]
    by_kind: dict[SymbolKind, list[Symbol]] = {}
    for one in structure.symbols:
        by_kind.setdefault(one.kind, []).append(one)
    if not by_kind:
        return Statement(text=f"{what} of {counted(structure.line_count, 'line')}.")
    parts = [
        f"{counted(len(symbols), _noun(kind))} ({listed([one.name for one in symbols])})"
        for kind, symbols in sorted(by_kind.items(), key=lambda pair: -len(pair[1]))
    ]
    return Statement(text=f"{what} with {listed(parts, 4)}.", lines=_span(structure.symbols))


def _notes(symbols: Iterable[Symbol]) -> Iterable[SymbolNote]:
    """A note where the author left none and the structure shows something that the signature does not."""
    for one in symbols:
        if one.doc or one.kind not in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
            continue
        facts = []
        calls = [name for name in one.calls if name not in _EVERYDAY and name not in one.raises]
        if calls:
            facts.append(f"calls {listed(calls, 4)}")
        if one.raises:
            facts.append(f"raises {listed(one.raises, 4)}")
        if facts:
            owner = one.name.rpartition(".")[0]
            subject = f"Method of {owner}" if one.kind is SymbolKind.METHOD and owner else one.kind.value.capitalize()
            yield SymbolNote(symbol=one.name, text=f"{subject}; {'; '.join(facts)}.")
