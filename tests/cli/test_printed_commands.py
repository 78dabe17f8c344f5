"""A command that a message prints exists, and leads to the place where the message came from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from cli.app import app
from local.root import ROOT

FOLDERS = ("cli", "local", "agents", "components", "releases")
#: A command in backticks in a text of ours.
PRINTED = re.compile(r"`swarm ([^`]*)`")
SESSION = "s" + "0" * 20


def printed() -> Iterator[tuple[Path, str]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            # A text over several lines is one text.
            text = re.sub(r'"\s*\n\s*f?"', "", path.read_text("utf-8"))
            yield from ((path.relative_to(ROOT), words) for words in PRINTED.findall(text))


def commands(command: object) -> set[str]:
    below = getattr(command, "commands", {})
    return {f"{name} {rest}".strip() for name, child in below.items() for rest in ("", *commands(child))}


def test_every_command_in_a_message_exists() -> None:
    known = commands(get_command(app))
    unknown = [
        (str(path), words)
        for path, words in printed()
        if not words.startswith("--")  # options of any command
        and not any(words == name or words.startswith((f"{name} ", f"{name}{{")) for name in known)
    ]
    assert unknown == []


def test_a_command_that_is_printed_with_its_session_has_the_options_that_lead_there() -> None:
    filled = [(str(path), words) for path, words in printed() if re.search(r"\{session(_id)?\}", words)]
    assert len(filled) >= 2
    assert [(path, words) for path, words in filled if "options}" not in words] == []


def test_a_command_about_the_cloud_of_a_folder_names_the_folder() -> None:
    """In messages of a module that has the folder; a docstring names the command alone."""
    about = {path for path, words in printed() if "state_option(" in words}
    bare = [
        (str(path), words)
        for path, words in printed()
        if path in about and words in {"local down", "local reset"} and f"`swarm {words}`" not in docstrings_of(path)
    ]
    assert len(about) >= 6
    assert bare == []


def docstrings_of(path: Path) -> str:
    """The docstrings of a module."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return "\n".join(ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, documented))


@pytest.mark.parametrize(
    ("place", "options"),
    [
        (["--stack", "dev", "--region", "eu-west-1"], " --stack dev --region eu-west-1"),
        (["--state", "a b"], " --state 'a b'"),
    ],
)
def test_whoever_stops_watching_learns_how_to_cancel_where_the_session_is(
    place: list[str], options: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cli.stack.session_location.cloud_of_stored", interrupted)
    stopped = CliRunner().invoke(app, ["watch", SESSION, *place])
    assert stopped.exit_code == 130
    assert f"`swarm cancel {SESSION}{options}` would end it" in stopped.stderr
