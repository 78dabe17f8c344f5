"""No argument may be nothing: an unset variable in a script would mean the current folder, or everything."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from cli import app as command_line
from cli import arguments
from cli.errors import ExitCode

BLANK = ["", " ", "\t"]
SESSION = "s" + "a" * 20


def words_of(command: object, prefix: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """Every command with its parameters."""
    commands = getattr(command, "commands", None)
    if commands is None:
        return [(prefix, parameter) for parameter in getattr(command, "params", ())]
    return [found for name, one in commands.items() for found in words_of(one, (*prefix, name))]


PARAMETERS = [
    (words, parameter)
    for words, parameter in words_of(typer.main.get_command(command_line.app))
    if not getattr(parameter, "is_flag", False) and getattr(parameter, "name", "") not in {"limit", "help"}
]


def test_there_are_parameters_to_try() -> None:
    assert len(PARAMETERS) > 30


@pytest.mark.parametrize("blank", BLANK, ids=repr)
@pytest.mark.parametrize(
    ("words", "parameter"),
    PARAMETERS,
    ids=[f"{' '.join(words)} {getattr(one, 'name', '')}" for words, one in PARAMETERS],
)
def test_nothing_is_refused_in_one_sentence(words: tuple[str, ...], parameter: object, blank: str) -> None:
    options = getattr(parameter, "opts", [""])
    is_option = options[0].startswith("-")
    needs = {"run": ["."], "estimate": ["."], "show": [SESSION], "cancel": [SESSION], "erase": [SESSION]}
    given = [*needs.get(words[0], []), options[0], blank] if is_option else [blank]
    if words[0] == "doctor" and options[0] != "--stack":
        given += ["--stack", "dev"]

    result = CliRunner().invoke(command_line.app, [*words, *given])

    assert result.exit_code == ExitCode.BAD_INPUT
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    assert result.stderr.startswith("swarm: Invalid value for")


@pytest.mark.parametrize("amount", ["nan", "inf", "-1", "abc", "1,5"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    with pytest.raises(arguments.ArgumentRefused, match="is not an amount in dollars"):
        arguments.dollars(amount)


@pytest.mark.parametrize("time", ["nan", "inf", "0", "-1", "soon"])
def test_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(arguments.ArgumentRefused, match="is not a number of minutes"):
        arguments.minutes(time)


@pytest.mark.parametrize("given", ["0", "169", "1.5", "-1", "x", "\u0663"])
def test_hours_that_are_none_are_refused(given: str) -> None:
    assert arguments.hours("168") == 168
    with pytest.raises(arguments.ArgumentRefused, match="is not a whole number of hours from 1 to 168"):
        arguments.hours(given)


def test_a_home_that_nobody_has_is_refused() -> None:
    with pytest.raises(arguments.ArgumentRefused, match="names no folder"):
        arguments.path("~nobody-of-this-name/x")


def test_what_is_not_blank_is_taken_as_it_is() -> None:
    assert arguments.path("a b") == Path("a b")
    assert arguments.dollars("2.50") == 2.5


@pytest.mark.parametrize(
    "words",
    [
        ("sessions",),
        ("show", SESSION),
        ("report", SESSION),
        ("erase", SESSION, "--yes"),
        ("cancel", SESSION),
        ("approve", SESSION),
        ("reject", SESSION),
        ("reap",),
        ("open",),
        ("submit", "."),
        ("watch", SESSION),
        ("fetch", SESSION, "--out", "new"),
        ("redrive", SESSION),
    ],
    ids=lambda words: str(words[0]),
)
def test_an_option_that_would_be_ignored_is_refused(words: tuple[str, ...]) -> None:
    alone = CliRunner().invoke(command_line.app, [*words, "--outputs", "outputs.json"])
    both = CliRunner().invoke(command_line.app, [*words, "--stack", "dev", "--state", "here"])

    assert alone.exit_code == both.exit_code == ExitCode.BAD_INPUT
    assert "--outputs outputs.json needs --stack" in alone.stderr
    assert "give one of them" in both.stderr
