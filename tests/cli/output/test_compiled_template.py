"""A template is compiled once for all commands, and again when what was stored does not fit."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import Environment

from cli.output.compiled_template import compiled_template


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A template in a folder with a place for bytecode."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "__pycache__").mkdir()
    path = tmp_path / "page.j2"
    path.write_text("<p>{{ name | upper }}</p>", encoding="utf-8")
    return path


def rendered(source: Path) -> str:
    return compiled_template(source).render(name="<b>")


def refuse_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    def compile_it(*_: object) -> None:
        raise AssertionError("the template is compiled again")

    monkeypatch.setattr(Environment, "_compile", compile_it)


def test_should_compile_a_template_once_for_all_commands(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = rendered(source)
    refuse_to_compile(monkeypatch)
    assert rendered(source) == first == "<p>&lt;B&gt;</p>"


def test_should_compile_a_changed_template_again(source: Path) -> None:
    rendered(source)
    source.write_text("<i>{{ name | upper }}</i>", encoding="utf-8")
    assert rendered(source) == "<i>&lt;B&gt;</i>"


@pytest.mark.parametrize("length", [0, 5, 30, -20])
def test_should_compile_again_what_was_stored_in_part(source: Path, length: int) -> None:
    whole = rendered(source)
    [stored] = (source.parent / "__pycache__").iterdir()
    stored.write_bytes(stored.read_bytes()[:length])
    assert rendered(source) == whole


def test_should_compile_where_no_bytecode_can_be_stored(source: Path) -> None:
    (source.parent / "__pycache__").rmdir()
    assert rendered(source) == "<p>&lt;B&gt;</p>"
    assert not (source.parent / "__pycache__").exists()


def test_should_store_nothing_where_python_stores_no_bytecode(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    rendered(source)
    assert not list((source.parent / "__pycache__").iterdir())
