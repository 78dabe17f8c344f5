"""The StructureReader: one file in, its structure out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from agents.codebase.facts import facts_of_text
from agents.codebase.structure import evidence, syntax
from agents.codebase.structure.artefacts import ARTEFACTS
from agents.codebase.structure.artefacts.embedded import EMBEDDED
from agents.codebase.structure.artefacts.parts import Parts
from agents.codebase.structure.artefacts.plain_text import plain_text
from agents.codebase.structure.grammars import LANGUAGES
from agents.codebase.structure.import_names import import_names_of
from agents.codebase.structure.masking import masked
from agents.codebase.structure.namespaces import namespaces_of
from agents.contracts.base import Lines
from agents.contracts.structure import Structure
from agents.errors import FileUnparseable
from agents.text.visible import visible_text


class TreeSitterReader:
    """Reads code by tree-sitter grammars, and other text by what its format calls a part."""

    def read(self, path: str, language: str, text: str) -> Structure:
        """Symbols, imports and evidence of one file. Raises FileUnparseable."""
        with _named_gap(path, language):
            text = visible_text(text)
            structure = _read(language, text)
            added = {"package": import_names_of(path, text), "namespaces": namespaces_of(language, text)}
            structure = structure.model_copy(update={name: value for name, value in added.items() if value})
            return masked(structure, text.encode("utf-8", "replace"))

    def read_unmasked(self, path: str, language: str, text: str) -> Structure:
        """The same without evidence and facts, in half the time. Secrets in it are not hidden: for comparisons alone.

        Raises FileUnparseable.
        """
        with _named_gap(path, language):
            return _read(language, visible_text(text), with_evidence=False)


@contextmanager
def _named_gap(path: str, language: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # whatever a grammar or a parser does, one file is one named gap
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise FileUnparseable(f"{path}: cannot be read as {language}: {reason[:300]}") from error


def _read(language: str, text: str, *, with_evidence: bool = True) -> Structure:
    data = text.encode("utf-8", "replace")
    if not text.strip():
        return Structure(language=language, line_count=line_count(text))
    if language in LANGUAGES:
        return syntax.read(language, data, line_count(text), with_evidence=with_evidence)
    if language in EMBEDDED:
        return EMBEDDED[language](data.decode("utf-8"), language)
    # Lone surrogates are gone from the bytes, and every reader of text sees what the bytes hold.
    parts = ARTEFACTS.get(language, plain_text)(data.decode("utf-8"))
    structure = _structure(language, data, line_count(text), parts)
    facts = facts_of_text(language, text, structure.symbols) if with_evidence else ()
    return structure.model_copy(update={"facts": facts}) if facts else structure


def _structure(language: str, data: bytes, lines: int, parts: Parts) -> Structure:
    return Structure(
        language=language,
        line_count=lines,
        doc=parts.doc,
        doc_lines=_within(parts.doc_lines, lines) if parts.doc_lines and parts.doc else None,
        symbols=tuple(
            symbol if symbol.lines.end <= lines else symbol.model_copy(update={"lines": _within(symbol.lines, lines)})
            for symbol in parts.symbols
            if symbol.name
        ),
        imports=parts.imports,
        evidence=evidence.collect(language, None, data, parts.symbols),
        parse_errors=parts.parse_errors,
    )


def _within(place: Lines, lines: int) -> Lines:
    return Lines(start=min(place.start, lines), end=min(place.end, lines))


def line_count(text: str) -> int:
    """How many lines a text has; a newline at its end begins no further line."""
    return text.count("\n") + (0 if not text or text.endswith("\n") else 1)
