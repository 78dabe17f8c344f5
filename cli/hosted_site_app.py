"""The commands about hosted sites, and their arguments."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import hours as hours_of
from cli.arguments import text
from cli.command_runner import run_safely
from cli.errors import ExitCode
from cli.location_options import LocationOf, located
from cli.options import Debug, Profile


@located()
def open_command(
    *,
    target: Annotated[
        str | None,
        typer.Argument(
            parser=text, metavar="REPOSITORY|SESSION", help="A repository's name or a session's id. Default: newest."
        ),
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", parser=text, help="An earlier version: how its session or snapshot begins."),
    ] = None,
    hours: Annotated[
        int, typer.Option("--hours", parser=hours_of, help="How long a link to a private site lasts, 1 to 168 hours.")
    ] = 12,
    prints_only: Annotated[bool, typer.Option("--print", help="Print the address and open no browser.")] = False,
    where: LocationOf,
    debug: Debug = False,
) -> None:
    """Open a published site in the browser. Where the stack hosts none, it is shown by this machine until Ctrl-C."""
    from cli.commands.open_site import OpenRequest, open_site

    def command(messages: Console, answers: Console) -> ExitCode:
        request = OpenRequest(target or "", version or "", hours, prints_only)
        return open_site(where(), request, messages, answers)

    run_safely(command, debug, interrupted="Nothing was changed.")


def site_key_command(
    stack: Annotated[str, typer.Option("--stack", parser=text, help="The stack, deployed or not.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the key that there is.")] = False,
    profile: Profile = None,
    debug: Debug = False,
) -> None:
    """Make the key that signs links to private sites: one half goes to Secrets Manager, the other is printed."""
    from cli.commands.site_key import make_site_key

    run_safely(
        lambda messages, answers: make_site_key(stack, replace, profile, messages, answers),
        debug,
        interrupted="Stopped. If the secret was written, `swarm site-key --replace` makes another key.",
    )
