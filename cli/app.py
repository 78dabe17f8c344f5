"""The command `swarm` and its arguments."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import path as path_of
from cli.arguments import text
from cli.command_runner import run_safely
from cli.commands.local import local_app
from cli.commands.run import RunRequest, run, settings_from
from cli.errors import ExitCode
from cli.options import (
    Cap,
    Debug,
    DeployedStack,
    Inference,
    Models,
    Outputs,
    Repository,
    SessionArgument,
    Settings,
    Stack,
    State,
)
from cli.site_app import open_command, site_key_command

app = typer.Typer(
    name="swarm",
    help="Point a swarm of agents at a code repository and get documentation you can trust.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(local_app, name="local")
app.command("open")(open_command)
app.command("site-key")(site_key_command)


def _version(requested: bool) -> None:
    if requested:
        try:
            typer.echo(f"swarm {version('serverless-swarm')}")
        except PackageNotFoundError:  # a clone is run as it is, without being installed
            typer.echo(f"swarm {_version_of_clone()}")
        raise typer.Exit


def _version_of_clone() -> str:
    import tomllib

    project = Path(__file__).resolve().parents[1] / "pyproject.toml"
    return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])


@app.callback()
def swarm(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Document code repositories with a swarm of agents."""


@app.command("run")
def run_command(
    path: Repository,
    out: Annotated[Path, typer.Option("--out", "-o", parser=path_of, help="Folder for site and figures.")] = Path(
        "swarm-out"
    ),
    state: State = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print session.json's content and nothing else.")] = False,
    model: Models = None,
    inference: Inference = None,
    cap_usd: Cap = None,
    stack: Stack = "local",
    setting: Settings = None,
    keep_logs: Annotated[bool, typer.Option("--keep-logs", help="Keep the agents' logs in OUT/logs.")] = False,
    debug: Debug = False,
) -> None:
    """Document a repository on this machine: no account, no Docker, no key."""

    def command(messages: Console, answers: Console) -> ExitCode:
        settings = settings_from(setting or [], model or [], inference, cap_usd)
        return run(RunRequest(path, out, state, stack, settings, as_json, keep_logs), messages, answers)

    run_safely(command, debug, interrupted="Stopped. Finished work is stored: the next run pays only for the rest.")


@app.command("estimate")
def estimate_command(
    path: Repository,
    model: Models = None,
    inference: Inference = None,
    cap_usd: Cap = None,
    state: State = None,
    stack: Stack = "local",
    setting: Settings = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the estimate as JSON and nothing else.")] = False,
    debug: Debug = False,
) -> None:
    """Estimate the cost and the time of a run, without a call to a model."""
    from cli.commands.estimate import EstimateRequest, run_estimate

    def command(_: Console, answers: Console) -> ExitCode:
        settings = settings_from(setting or [], model or [], inference, cap_usd)
        return run_estimate(EstimateRequest(path, state, stack, settings, as_json), answers)

    run_safely(command, debug, interrupted="Stopped. No model was called.")


@app.command("doctor")
def doctor_command(
    stack: Annotated[str, typer.Option("--stack", parser=text, help="The name of the deployed stack.")],
    outputs: Outputs = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON and nothing else.")] = False,
    debug: Debug = False,
) -> None:
    """Examine a deployed stack. Exit code 0: all is well, 1: a warning, 2: something does not work."""
    from cli.commands.doctor import doctor

    run_safely(lambda _, answers: doctor(stack, outputs, as_json, answers), debug, interrupted="Nothing was changed.")


@app.command("reap")
def reap_command(
    stack: DeployedStack = None,
    outputs: Outputs = None,
    state: State = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")] = False,
    debug: Debug = False,
) -> None:
    """End orphaned tasks, and sessions whose execution died. A schedule does the same every five minutes."""
    from cli.commands.reap import reap
    from cli.stack.session_location import Location, cloud_of_running

    def command(_: Console, answers: Console) -> ExitCode:
        with cloud_of_running(Location(stack, outputs, state)) as cloud:
            return reap(cloud, as_json, answers)

    run_safely(command, debug, interrupted="Stopped. What was ended stays ended; run `swarm reap` again for the rest.")


@app.command("cancel")
def cancel_command(
    session: SessionArgument,
    stack: DeployedStack = None,
    outputs: Outputs = None,
    state: State = None,
    debug: Debug = False,
) -> None:
    """Stop a session: its execution, its tasks and its claim. The next run reuses its finished work."""
    from cli.commands.cancel import cancel, request_for
    from cli.stack.session_location import Location, cloud_of_session

    def command(_: Console, answers: Console) -> ExitCode:
        request = request_for(session)
        with cloud_of_session(Location(stack, outputs, state), session) as cloud:
            return cancel(cloud, request, answers)

    run_safely(command, debug, interrupted="Stopped. The session may still be running: run `swarm cancel` again.")


@app.command("sessions")
def sessions_command(
    stack: DeployedStack = None,
    outputs: Outputs = None,
    state: State = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many sessions, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print the sessions as JSON and nothing else.")] = False,
    debug: Debug = False,
) -> None:
    """List the sessions, newest first: id, repository, status, age, spend, model."""
    from cli.commands.sessions import sessions
    from cli.stack.session_location import Location, session_store

    def command(_: Console, answers: Console) -> ExitCode:
        with session_store(Location(stack, outputs, state)) as store:
            return sessions(store, as_json, limit, answers)

    run_safely(command, debug, interrupted="Nothing was changed.")


@app.command("show")
def show_command(
    session: SessionArgument,
    turns: Annotated[bool, typer.Option("--turns", help="Show every turn with a model, in order.")] = False,
    role: Annotated[str | None, typer.Option("--role", parser=text, help="Show the turns of this role only.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Show the messages and the reply of each turn.")] = False,
    stack: DeployedStack = None,
    outputs: Outputs = None,
    state: State = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the session as JSON and nothing else.")] = False,
    debug: Debug = False,
) -> None:
    """Show one session: figures, usage by role, gaps, steps near the cap, and its turns with models."""
    from cli.commands.show import ShowOptions, show
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import Location, session_store

    def command(_: Console, answers: Console) -> ExitCode:
        session_id, where = checked_session_id(session), Location(stack, outputs, state)
        with session_store(where) as store:
            return show(
                store, session_id, ShowOptions(turns or full or bool(role), role or "", full, as_json), where, answers
            )

    run_safely(command, debug, interrupted="Nothing was changed.")


@app.command("erase")
def erase_command(
    session: SessionArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    stack: DeployedStack = None,
    outputs: Outputs = None,
    state: State = None,
    debug: Debug = False,
) -> None:
    """Erase a session: its conversation, documents and site, in every version. Other sessions are not touched."""
    from cli.commands.erase import erase
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import Location, store_to_erase

    def command(_: Console, answers: Console) -> ExitCode:
        session_id = checked_session_id(session)
        with store_to_erase(Location(stack, outputs, state)) as store:
            return erase(store, session_id, yes, answers)

    run_safely(command, debug, interrupted="Stopped. The session may be partly erased: run `swarm erase` again.")
