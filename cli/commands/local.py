"""`swarm local ...`: the cloud on this machine."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from cli.command_runner import run_safely
from cli.errors import ExitCode
from cli.interrupts import interrupts_wait
from cli.options import Cap, Debug, Inference, Models, Settings, Stack, State

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

    def command(messages: Console, _: Console) -> ExitCode:
        with interrupts_wait():
            from cli.commands.run import settings_from
            from cli.stack.resident_cloud import up
            from cli.stack.site_key import with_laptops_key
            from cli.stack.stack_settings import read_settings
            from local.state.database import default_folder

        folder = (state or default_folder()).expanduser()
        settings = with_laptops_key(settings_from(setting or [], model or [], inference, cap_usd), stack, folder)
        return up(folder, read_settings(stack, settings), settings, messages)

    run_safely(command, debug, interrupted="No cloud was started.")


@local_app.command("down")
def down_command(state: State = None, debug: Debug = False) -> None:
    """End the cloud that stays up after a run, or that of `swarm local up`."""

    def command(messages: Console, _: Console) -> ExitCode:
        from cli.commands.local_down import down
        from local.state.database import default_folder

        return down((state or default_folder()).expanduser(), messages)

    run_safely(command, debug, interrupted="The cloud may still be up: `swarm local status` says so.")


@local_app.command("status")
def status_command(
    state: State = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON and nothing else.")] = False,
    debug: Debug = False,
) -> None:
    """Show which cloud is up on this machine: its process, its address, its log."""

    def command(_: Console, answers: Console) -> ExitCode:
        from cli.commands.local_down import status
        from local.state.database import default_folder

        return status((state or default_folder()).expanduser(), as_json, answers)

    run_safely(command, debug, interrupted="Nothing was changed.")


@local_app.command("reset")
def reset_command(
    state: State = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    debug: Debug = False,
) -> None:
    """Delete every session and analysis that this machine has stored."""
    from cli.commands.reset import reset

    run_safely(lambda messages, _: reset(state, yes, messages), debug, interrupted="Nothing was removed.")
