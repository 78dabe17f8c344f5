# ruff: noqa: E501 (a script is one line)
"""setup.py is read without being run: constants, dictionaries, and entry points in each of their forms."""

from __future__ import annotations

import ast

import pytest

from agents.codebase.package_facts.setup_script import setup_py

_PARSE = ast.parse

FORMS = {
    "a list": "setup(name='kettle', entry_points={'console_scripts': ['kettle = kettle.cli:main', 'k=kettle.cli:main']})",
    "a text": "setup(name='kettle', entry_points='''\n  [console_scripts]\n  kettle=kettle.cli:main\n  k = kettle.cli:main\n\n"
    "  [kettle.plugins]\n  steam = kettle.steam:Steam\n''')",
    "constants": "NAME = 'kettle'\nSCRIPTS = ['kettle = kettle.cli:main', 'k = kettle.cli:main']\n"
    "setuptools.setup(name=NAME, entry_points=dict(console_scripts=SCRIPTS))",
    "a dictionary": "META = dict(name='kettle', entry_points={'console_scripts': ('kettle=kettle.cli:main', 'k=kettle.cli:main')})\n"
    "setup(**META)",
    "Python 2": "print 'x'\nsetup(name='kettle', entry_points={'console_scripts': ['kettle = kettle.cli:main', 'k=kettle.cli:main']})",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_programs_and_the_name_are_read_in_each_form(form: str) -> None:
    package = setup_py("setup.py", FORMS[form])

    assert package is not None
    assert package.name == "kettle"
    assert package.commands == (("kettle", "kettle.cli:main"), ("k", "kettle.cli:main"))


def test_texts_in_pieces_and_constants_are_values_and_what_is_computed_is_none() -> None:
    text = "URL = 'https://k'\nsetup(name=\"a\", description='Boils '\n 'water.', url=URL, version=read('VERSION'), python_requires='>=3.9')"

    package = setup_py("setup.py", text)

    assert package is not None
    assert (package.description, package.homepage, package.version) == ("Boils water.", "https://k", "")
    assert package.requires == "Python >=3.9"


@pytest.mark.parametrize("text", ["(" * 5_000, "a" + "()" * 20_000, "\0", "def setup(): pass", "x = '\\d'"])
def test_a_script_that_gives_nothing_says_nothing(text: str) -> None:
    package = setup_py("setup.py", text)

    assert package is not None
    assert (package.name, package.commands) == ("", ())


def test_a_parse_that_another_thread_disturbs_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    disturbed = [SystemError("AST constructor recursion depth mismatch"), None]

    def parse(text: str) -> ast.Module:
        error = disturbed.pop(0)
        if error is not None:
            raise error
        return _PARSE(text)

    monkeypatch.setattr(ast, "parse", parse)
    package = setup_py("setup.py", "from setuptools import setup\nsetup(name='kettle')\n")
    assert package is not None
    assert (package.name, disturbed) == ("kettle", [])
