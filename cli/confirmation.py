"""Questions to the person, asked where one can answer."""

from __future__ import annotations

import typer

from cli.errors import BadInput


def confirmed(question: str) -> bool:
    """Whether the person said yes.

    Raises:
        BadInput: there is no terminal, and nothing else that answers.
        KeyboardInterrupt: the person wants to stop.
    """
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as abort:
        if isinstance(abort.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from abort
        typer.echo(err=True)  # the question's line has no end
        raise BadInput(f'There is no answer to "{question}": without a terminal, say --yes') from abort
