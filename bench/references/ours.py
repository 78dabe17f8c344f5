"""What our reader says of a project: the files that a scan keeps, read as every session reads them."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.documentation import Documentation
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.errors import FileUnparseable
from agents.roles.scanner.archive import open_archive
from agents.roles.scanner.archive_bounds import Limits
from agents.roles.scanner.examination import examine_all
from agents.text.marked import plain
from bench.references.rows import Row

#: What a scan takes of its settings.
_SETTINGS: Any = SimpleNamespace(file_limit_kilobytes=1_000)
_LIMITS = Limits(files=20_000, bytes=500_000_000)
#: What an object's value holds may be listed and need not be.
_VALUES = frozenset({SymbolKind.CONSTANT, SymbolKind.VARIABLE})
#: What a block is, its label and a piece of code's language are the parser's words, not the author's.
_PARSERS = frozenset({"kind", "label", "language"})
_TAGGED = {"type_parameters", "parameters", "returns", "raises"}
#: Among the fields that a tool leaves out: a parameter of which the author says nothing but the name.
BARE = "bare"
#: What a tag that the tool leaves out begins with in the same set.
FACT = "fact:"
_MEMBERS = frozenset({SymbolKind.FIELD, SymbolKind.PROPERTY, SymbolKind.VARIANT, SymbolKind.EVENT})


class Read(NamedTuple):
    """What a scan and our reader made of an archive; files that are `left_out` are generated, vendored or no text."""

    structures: dict[str, Structure]
    left_out: frozenset[str]


def read(archive: Path) -> Read:
    """Every file as a session reads it. Files that cannot be parsed are in neither."""
    reader = TreeSitterReader()
    structures: dict[str, Structure] = {}
    left_out: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder:
        snapshot = Path(folder) / "snapshot.zip"
        examined = list(examine_all(open_archive(archive, archive.name, _LIMITS), snapshot, _SETTINGS))
        with zipfile.ZipFile(snapshot) as texts:
            for file in examined:
                if file.skipped is not None:
                    left_out.add(file.path)
                elif file.gap is None:
                    text = texts.read(file.path).decode("utf-8", "replace")
                    try:
                        structures[file.path] = reader.read(file.path, file.language, text)
                    except FileUnparseable:
                        continue
    above = _shared([*structures, *left_out])
    return Read(
        {path[above:]: structure for path, structure in structures.items()},
        frozenset(path[above:] for path in left_out),
    )


def rows(
    structures: Mapping[str, Structure], languages: frozenset[str], ignored: frozenset[str] = frozenset()
) -> Iterator[Row]:
    """The symbols of the files in some languages, as a page shows them, without `ignored` fields of documentation."""
    for path, structure in structures.items():
        if structure.language in languages:
            values = {symbol.name for symbol in structure.symbols if symbol.kind in _VALUES}
            for symbol in structure.symbols:
                if symbol.name.rpartition(".")[2] != "*":  # names that are handed on without naming them
                    required = symbol.name.rpartition(".")[0] not in values
                    yield from _rows(path, symbol, required, ignored)


def _shared(paths: list[str]) -> int:
    """The length of the folders that hold everything, as bench.projects.unpacked leaves them out."""
    shared = os.path.commonpath(paths)
    return len(shared) + 1 if shared and len(paths) > 1 else 0


def _rows(path: str, symbol: Symbol, required: bool, ignored: frozenset[str]) -> Iterator[Row]:
    doc = symbol.doc if symbol.documentation is None else whole(symbol.documentation, ignored)
    tagged = {} if symbol.documentation is None else symbol.documentation.model_dump(include=_TAGGED)
    tags = "\n".join(_texts(tagged, ignored | _PARSERS))
    for signature in (symbol.signature, *symbol.overloads):
        yield Row(
            path=path,
            name=symbol.name,
            member=symbol.kind in _MEMBERS,
            public=symbol.public,
            required=required,
            doc=doc,
            tags=tags,
            signature=" ".join(
                [*(text for text in symbol.decorators if not text.startswith(("template", "protected:"))), signature]
            ),
        )


def whole(document: Documentation, ignored: frozenset[str] = frozenset()) -> str:
    """Every word of a document, without the headings and labels that a page gives it."""
    return "\n".join(_texts(document.model_dump(), ignored | _PARSERS))


def _texts(value: Any, ignored: frozenset[str]) -> Iterator[str]:
    if isinstance(value, str):
        yield plain(value)
    elif isinstance(value, dict) and value.get("kind") == "code":
        yield value["text"]
    elif isinstance(value, dict):
        for key, one in value.items():
            bare = BARE in ignored and key in _TAGGED
            said = [entry for entry in one if set(entry) - ignored != {"name"}] if bare else one
            if key == "facts":
                said = [entry for entry in one if f"{FACT}{entry['name']}" not in ignored]
                # The tool tells what a tag says, and the tag's own name where it says nothing.
                said = [{**entry, "name": ""} if BARE in ignored and set(entry) - {"name"} else entry for entry in said]
            if key not in ignored:
                yield from _texts(said, ignored)
    elif isinstance(value, list | tuple):
        yield from (text for one in value for text in _texts(one, ignored))
