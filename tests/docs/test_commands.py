"""docs/commands.md says what `--help` says.

After a change that is meant: UPDATE_GOLDEN=1 python -m pytest tests/docs, then read the diff.
"""

from __future__ import annotations

from collections.abc import Iterator

from typer.main import get_command

from cli.app import app
from tests.docs.blocks import DOCS, hold, table

#: Of every command, and described once in the page.
_OF_ALL = frozenset({"--help"})


def _commands(command: object, name: str) -> Iterator[tuple[str, object]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield name, command
        return
    for word, child in below.items():
        yield from _commands(child, f"{name} {word}")


def _described(name: str, command: object) -> str:
    parameters = getattr(command, "params", [])
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    usage = " ".join([name, *(one.metavar or str(one.name).upper() for one in arguments)])
    rows = [
        [", ".join(f"`{word}`" for word in one.opts), f"{one.help}"]
        for one in parameters
        if one.param_type_name == "option" and not _OF_ALL & set(one.opts)
    ]
    said = str(getattr(command, "help", "")).strip()
    return f"### `{usage}`\n\n{said}\n\n{table(('option', 'what it does'), rows)}"


def test_the_page_has_every_command_and_option_as_help_shows_them() -> None:
    found = list(_commands(get_command(app), "swarm"))
    assert len(found) >= 15
    hold("commands.md", "commands", "\n\n".join(_described(name, command) for name, command in found))


def test_no_transcript_names_a_folder_of_one_machine() -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert [word for word in ("/home/", "/work/", "/tmp/", "/root/", "/Users/") if word in text] == []
