"""index.jsonl is the same whatever order analyses come in, masks secrets, and is bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agents.contracts.base import Lines
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.roles.publisher import site_index
from agents.roles.publisher.site_index import IndexLines
from tests.agents.roles.editor.samples import analyses, manifest

FILES = {"a.py": ("python", "First.", ""), "b.py": ("python", "Second.", "")}


def _written(folder: Path, backwards: bool = False) -> bytes:
    folder.mkdir(exist_ok=True)
    found = list(analyses(FILES).values())
    lines = IndexLines(folder / "spool")
    lines.fill(reversed(found) if backwards else found)
    target = folder / "index.jsonl"
    lines.write(target, {"version": 1}, [(one, f"source/{one.path}.html", "") for one in manifest(FILES).documented])
    return target.read_bytes()


def test_the_order_of_analyses_does_not_matter(tmp_path: Path) -> None:
    assert _written(tmp_path / "one") == _written(tmp_path / "two", backwards=True)
    assert [json.loads(line).get("path") for line in _written(tmp_path / "one").splitlines()] == [None, "a.py", "b.py"]


def test_a_full_index_names_files_without_their_symbols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_index, "MOST_BYTES", 0)
    rows = [json.loads(line) for line in _written(tmp_path / "full").splitlines()[1:]]
    assert [(row["path"], row["cut"], "symbols" in row) for row in rows] == [
        ("a.py", True, False),
        ("b.py", True, False),
    ]


def test_a_secret_in_a_signature_is_masked() -> None:
    key = "AKIA" + "Z7QJ4TBN2WXK5LMD"
    symbol = Symbol(
        name="KEY", kind=SymbolKind.CONSTANT, signature=f'KEY = "{key}"', doc=f"Is {key}.", lines=Lines(start=1, end=1)
    )
    known: dict[str, Any] = site_index._known(Structure(language="python", line_count=1, symbols=(symbol,)))
    assert key not in json.dumps(known)
