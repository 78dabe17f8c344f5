"""docs/commands.md has every exit code, with what ends in it."""

from __future__ import annotations

import importlib
import pkgutil
import re

import cli
from cli.errors import CommandError, ExitCode
from local.settings import ROOT

_ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def documented() -> dict[int, str]:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    part = text[text.index("## Exit codes") :].split("\n## ")[0]
    return {int(code): errors for code, _, errors in _ROW.findall(part)}


def errors() -> list[type[CommandError]]:
    for module in pkgutil.walk_packages(cli.__path__, "cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[CommandError]] = [CommandError]
    for kind in found:
        found += [one for one in kind.__subclasses__() if one.__module__.startswith("cli.")]
    return found


def test_every_exit_code_is_in_the_table_and_no_other() -> None:
    assert set(documented()) == {int(code) for code in ExitCode}


def test_every_error_of_the_command_line_stands_beside_its_exit_code() -> None:
    table = documented()
    for kind in errors():
        assert f"`{kind.__name__}`" in table[int(kind.exit_code)], kind.__name__
    named = {name for text in table.values() for name in re.findall(r"`(\w+)`", text)}
    assert named == {kind.__name__ for kind in errors()}
