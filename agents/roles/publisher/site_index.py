"""index.jsonl: what `swarm ask` and `swarm mcp` look up, one line of JSON for each file of the repository.

The first line names the repository and its written pages; the files follow in the manifest's order. It repeats what
the site shows and nothing else: secrets are masked, texts are short, and a file has a limited number of symbols.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.codebase.secrets import without_secrets
from agents.contracts.analysis import Analysis
from agents.contracts.snapshot import ManifestEntry
from agents.contracts.structure import Structure, Symbol
from agents.roles.publisher.gated import TableOfContentsEntry

NAME = "index.jsonl"
VERSION = 1
#: Symbols and imports of one file; characters of a signature and of a documentation comment; bytes of all lines.
_SYMBOLS, _SIGNATURE, _DOC = 2_000, 300, 600
MOST_BYTES = 48_000_000


class IndexLines:
    """The lines of the files, kept on disk in the order in which analyses come, and read in the manifest's."""

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._places: dict[str, tuple[int, int]] = {}

    def fill(self, analyses: Iterable[Analysis]) -> None:
        """Write what each analysis knows of its file."""
        at = 0
        with self._spool.open("wb") as file:
            for analysis in analyses:
                line = _dumped(_known(analysis.structure))
                file.write(line)
                self._places[analysis.analysis_key] = (at, len(line))
                at += len(line)

    def write(self, target: Path, head: Mapping[str, Any], rows: Iterable[tuple[ManifestEntry, str, str]]) -> None:
        """Write the index; `rows` are each file with its source page and its API page, which may be empty."""
        size = 0
        with self._spool.open("rb") as spool, target.open("wb") as file:
            file.write(_dumped(head) + b"\n")
            for entry, source, api in rows:
                row: dict[str, Any] = {"path": entry.path, "lines": entry.lines, "source": source}
                if api:
                    row["api"] = api
                at, length = self._places.get(entry.analysis_key or "", (0, 0))
                if size + length > MOST_BYTES:
                    row["cut"] = True
                elif length:
                    spool.seek(at)
                    row |= json.loads(spool.read(length))
                line = _dumped(row) + b"\n"
                size += len(line)
                file.write(line)


def index_head(repository: str, pages: Sequence[TableOfContentsEntry], models: str) -> dict[str, Any]:
    """The index's first line; API pages stand with their files."""
    listed = [[page.path, page.kind.value, page.title] for page in pages if page.markdown]
    return {"version": VERSION, "repository": repository, "written_by": models, "pages": listed}


def _known(structure: Structure) -> dict[str, Any]:
    symbols = structure.symbols[:_SYMBOLS]
    # Reading has masked them already; a text that stood in pieces is searched as it is here.
    mask: Callable[[str], str] = without_secrets if structure.holds_secrets else str
    facts: dict[str, Any] = {"language": structure.language, "doc": _plain(structure.doc, _DOC, mask)}
    facts["symbols"] = [_symbol(symbol, mask) for symbol in symbols]
    facts["imports"] = [
        [statement.target, statement.lines.start, list(statement.names)] for statement in structure.imports[:_SYMBOLS]
    ]
    if len(structure.symbols) > _SYMBOLS or len(structure.imports) > _SYMBOLS:
        facts["cut"] = True
    return facts


def _symbol(symbol: Symbol, mask: Callable[[str], str]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": _plain(symbol.name, _SIGNATURE, mask),
        "kind": symbol.kind.value,
        "lines": [symbol.lines.start, symbol.lines.end],
        "signature": _plain(symbol.signature, _SIGNATURE, mask),
    }
    if symbol.doc:
        facts["doc"] = _plain(symbol.doc, _DOC, mask)
    if symbol.calls:
        facts["calls"] = list(symbol.calls)
    if not symbol.public:
        facts["internal"] = True
    return facts


def _plain(text: str, longest: int, mask: Callable[[str], str]) -> str:
    # Masked whole, then cut: half a secret is not recognised as one.
    readable = mask(text)
    return readable if len(readable) <= longest else readable[:longest].rstrip() + "…"


def _dumped(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
