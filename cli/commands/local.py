"""`swarm local ...`: the cloud on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.command_runner import run_safely
from cli.commands.run import settings_from
from cli.errors import ExitCode
from cli.options import Cap, Debug, Inference, Models, Settings, Stack, State
from cli.stack.stack_settings import read_settings

local_app = typer.Typer(help="The cloud on this machine.", no_args_is_help=True)


@local_app.command("up")
def up_command(
    state: State = None,
    model: Models = None,
    inference: Inference = None,
    cap_usd: Cap = None,
    stack: Stack = "local",
    setting: Settings = None,
    debug: Debug = False,
) -> None:
    """Keep a cloud running: each `swarm run` with the same settings uses it instead of starting its own."""
    from cli.stack.resident_cloud import up
    from local.state.database import default_folder

    def command(messages: Console, _: Console) -> ExitCode:
        settings = settings_from(setting or [], model or [], inference, cap_usd)
        return up((state or default_folder()).expanduser(), read_settings(stack, settings), settings, messages)

    run_safely(command, debug, interrupted="No cloud was started.")


@local_app.command("reset")
def reset_command(
    state: State = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    debug: Debug = False,
) -> None:
    """Delete every session and analysis that this machine has stored."""
    from cli.commands.reset import reset

    run_safely(lambda messages, _: reset(state, yes, messages), debug, interrupted="Nothing was removed.")
