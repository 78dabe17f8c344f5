"""Rare but legal forms of notebooks, AsciiDoc, reStructuredText and Cython, one test for each kind."""

from __future__ import annotations

import json

from tests.agents.codebase.structure.reading import lines, read, symbols


def test_a_notebook_of_the_third_format_is_read_from_its_worksheets() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Load"]},
        {"cell_type": "markdown", "source": ["Words."]},
        {"cell_type": "code", "input": ["x = 1\n", "def old(): pass"], "language": "python"},
    ]
    text = json.dumps({"metadata": {}, "nbformat": 3, "worksheets": [{"cells": cells}]}, indent=1)
    structure = read("notebook", text)
    found = symbols(structure)

    assert structure.parse_errors == 0
    assert [(name, str(symbol.kind)) for name, symbol in found.items()] == [
        ("Load", "section"),
        ("x", "variable"),
        ("old", "function"),
    ]
    assert found["Load"].doc == "Words."
    assert text.split("\n")[lines(found["old"])[0] - 1].strip() == '"def old(): pass"'


def test_titles_of_asciidoc_with_the_signs_of_markdown() -> None:
    found = symbols(read("asciidoc", "= Guide\n\nWords.\n\n## Part two\n\nMore.\n\n----\n# no title\n----\n"))

    assert list(found) == ["Guide", "Part two"]


def test_what_a_list_of_asciidoc_describes_is_not_what_its_section_says() -> None:
    text = "= Guide\n\n== Words\n\nfirst term:: one\nother::\n  two\n  and more\n\nThe words.\n"

    assert symbols(read("asciidoc", text))["Words"].doc == "The words."


def test_the_words_of_a_directive_are_not_what_its_section_says() -> None:
    text = "Title\n=====\n\n.. note:: Mind it,\n   it is hot.\n\n   Very.\n\nThe words.\n"

    assert symbols(read("restructuredtext", text))["Title"].doc == "The words."


def test_parameters_of_cython_have_the_types_of_c() -> None:
    text = (
        "cdef int* go(int** a, np.ndarray[f8, ndim=2] b not None, const char* s = 'x', *args): pass\n"
        "def run(self, int x, y=1, z: str = 'a'): pass\n"
    )
    found = symbols(read("cython", text))

    assert [(one.name, one.type, one.default) for one in found["go"].parameters] == [
        ("a", "int**", ""),
        ("b", "np.ndarray[f8, ndim=2]", ""),
        ("s", "const char*", "'x'"),
        ("args", "", ""),
    ]
    assert [(one.name, one.type) for one in found["run"].parameters] == [
        ("self", ""),
        ("x", "int"),
        ("y", ""),
        ("z", "str"),
    ]
