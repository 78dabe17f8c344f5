"""A class name stands for one thing: whoever reads it, or searches for it, finds one class."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.architecture.source import ROOT, modules


def class_names(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Where each class is defined, by its name; nested classes count."""
    places: dict[str, list[str]] = defaultdict(list)
    for file, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{file}:{node.lineno}")
    return places


def duplicates(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """The names that more than one class has."""
    return {name: places for name, places in class_names(texts).items() if len(places) > 1}


@pytest.fixture(scope="module")
def product() -> dict[str, str]:
    """Every product file's text, by its path."""
    return {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in modules().values()}


def test_no_class_name_stands_twice(product: Mapping[str, str]) -> None:
    assert duplicates(product) == {}


def test_the_search_reads_the_product(product: Mapping[str, str]) -> None:
    assert len(class_names(product)) > 300


def test_a_second_class_of_a_name_is_noticed() -> None:
    texts = {"agents/a.py": "class Price:\n    pass\n", "tools/b.py": "def f():\n    class Price:\n        pass\n"}
    assert duplicates(texts) == {"Price": ["agents/a.py:1", "tools/b.py:2"]}
