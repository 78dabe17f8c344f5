"""One command of many, where its name stands first on the command line: typer builds all 34 before it looks at it."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import typer


def with_one_command(app: typer.Typer, words: Sequence[str]) -> typer.Typer:
    """The app with the one of its own commands that the first word names; the app itself if it names none of them."""
    named = [command for command in app.registered_commands if [command.name] == list(words[:1])]
    if not named:
        return app
    alone = copy.copy(app)
    vars(alone).update(registered_commands=named, registered_groups=[])
    return alone
