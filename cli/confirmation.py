"""Asks the person for confirmation."""

from __future__ import annotations

import typer

from cli.errors import BadInput


def confirmed(question: str) -> bool:
    """Whether the person said yes.

    Raises:
        BadInput: standard input gives no answer.
        KeyboardInterrupt: the person wants to stop.
    """
    try:
        return typer.confirm(question, err=True)
    except typer.Abort as abort:
        if isinstance(abort.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from abort
        typer.echo(err=True)  # ends the line of the question
        raise BadInput(f'No answer to "{question}": without a terminal, give --yes') from abort
