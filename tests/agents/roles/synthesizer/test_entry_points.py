"""Where a program starts: what commands of a manifest start, main functions, and no method called main by chance."""

from __future__ import annotations

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.roles.scanner.languages import language_of
from agents.roles.synthesizer.entry_points import entry_points

PYPROJECT = '[project]\nname="d"\n[project.scripts]\nd = "{}"\n'
MODULE = "def cli():\n    return 1\n"


def starts(files: dict[str, str]) -> set[str]:
    reader = TreeSitterReader()
    return set(entry_points({path: reader.read(path, language_of(path, text), text) for path, text in files.items()}))


@pytest.mark.parametrize(
    ("files", "start"),
    [
        ({"pyproject.toml": PYPROJECT.format("d.shell:cli"), "d/shell.py": MODULE}, "d/shell.py"),
        ({"pyproject.toml": PYPROJECT.replace("scri", "gui-scri").format("d:cli"), "src/d/a.py": MODULE}, ""),
        ({"pyproject.toml": PYPROJECT.replace("scri", "gui-scri").format("d.a:cli"), "src/d/a.py": ""}, "src/d/a.py"),
        ({"pyproject.toml": PYPROJECT.replace("project", "tool.poetry").format("d.b:cli"), "d/b.py": ""}, "d/b.py"),
        ({"py/pyproject.toml": '[project]\nname="d"\n[project.scripts]\nd = "d:cli"\n', "py/d.py": MODULE}, "py/d.py"),
        ({"package.json": '{"name": "d", "bin": {"d": "./dist/../cli.js"}}', "cli.js": "run();\n"}, "cli.js"),
        ({"package.json": '{"name": "d", "bin": "tool.js"}', "tool.js": "run();\n"}, "tool.js"),
        ({"Cargo.toml": '[package]\nname = "d"\n[[bin]]\npath = "tools/x.rs"\n', "tools/x.rs": "\n"}, "tools/x.rs"),
        ({"composer.json": '{"name": "a/d", "bin": ["run.php"]}', "run.php": "<?php\nrun();\n"}, "run.php"),
        ({"a/app.go": "package main\n\nfunc main() {}\n"}, "a/app.go"),
        ({"A.java": "class A { public static void main(String[] a) {} }\n"}, "A.java"),
    ],
)  # fmt: skip
def test_what_a_command_starts_is_an_entry_point(files: dict[str, str], start: str) -> None:
    assert starts(files) == ({start} if start else set())


def test_a_method_called_main_in_a_class_of_python_is_none() -> None:
    assert starts({"click/core.py": "class BaseCommand:\n    def main(self):\n        return 0\n"}) == set()


def test_a_compiled_file_in_a_folder_of_commands_starts_nothing_without_a_main() -> None:
    assert starts({"src/cmd/add.rs": "pub fn run() {}\n", "cmd/help.go": "package cmd\n\nfunc help() {}\n"}) == set()


def test_a_command_whose_file_is_not_in_the_snapshot_starts_nothing() -> None:
    assert starts({"package.json": '{"name": "d", "bin": {"d": "dist/cli.js"}}'}) == set()


def test_tests_and_examples_are_no_entry_points() -> None:
    assert starts({"tests/main.go": "package main\n\nfunc main() {}\n", "examples/__main__.py": "run()\n"}) == set()
