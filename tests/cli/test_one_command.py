"""A command that is built alone is the one that is built among all others."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cli.app import app
from cli.one_command import with_one_command

OWN = [command.name for command in app.registered_commands if command.name]


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("words", [["--help"], ["--no-such-option"], ["a", "b", "c", "d"]])
def test_help_and_refusals_are_the_same(name: str, words: list[str]) -> None:
    among_all = CliRunner().invoke(app, [name, *words], prog_name="swarm")

    alone = CliRunner().invoke(with_one_command(app, [name, *words]), [name, *words], prog_name="swarm")

    assert (alone.output, alone.exit_code) == (among_all.output, among_all.exit_code)


def test_the_run_is_built_alone() -> None:
    alone = with_one_command(app, ["run", "."])

    assert [command.name for command in alone.registered_commands] == ["run"]
    assert alone.registered_groups == []
    assert len(app.registered_commands) == len(OWN)


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"], ["local", "up"], ["show"], ["runn"]])
def test_whatever_else_is_asked_for_all_are_built(words: list[str]) -> None:
    assert with_one_command(app, words) is app
