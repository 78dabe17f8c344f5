"""The commands that read a finished site: `ask` and `mcp`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import dollars, path, text
from cli.command_runner import run_safely
from cli.errors import ExitCode
from cli.options import AsJson, Debug, Settings

site_app = typer.Typer()

Site = Annotated[
    Path, typer.Option("--site", parser=path, help="The folder that `swarm run --out` or `swarm fetch` wrote.")
]
_OUT = Path("swarm-out")


@site_app.command("ask")
def ask_command(
    question: Annotated[str, typer.Argument(parser=text, metavar="QUESTION", help="A question, or a symbol's name.")],
    site: Site = _OUT,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", parser=text, help="A model that writes the answer. Default: none; the best passages are shown."
        ),
    ] = None,
    cap_usd: Annotated[float, typer.Option("--cap-usd", parser=dollars, help="Largest spend in dollars.")] = 0.10,
    setting: Settings = None,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Answer a question from a finished site, with citations. Exit code 1: the site does not say."""
    from cli.commands.ask import AskRequest, ask, prices_from

    def command(_: Console, answers: Console) -> ExitCode:
        answering_model = "" if model in {None, "extractive"} else str(model)  # the search alone extracts
        return ask(AskRequest(question, site, answering_model, cap_usd, prices_from(setting or []), as_json), answers)

    run_safely(command, debug, interrupted="Stopped.")


@site_app.command("mcp")
def mcp_command(site: Site = _OUT, debug: Debug = False) -> None:
    """Serve a finished site to editors and assistants: an MCP server on standard input and output, read-only."""
    from cli.commands.mcp import mcp

    def command(_: Console, __: Console) -> ExitCode:
        return mcp(site)

    run_safely(command, debug, interrupted="Stopped.")
