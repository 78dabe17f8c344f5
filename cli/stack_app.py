"""The commands that start a session and follow it: on a stack with --stack, else on this machine's cloud."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from cli.arguments import minutes as minutes_of
from cli.arguments import path as path_of
from cli.arguments import text
from cli.command_runner import run_safely
from cli.errors import BadInput, ExitCode
from cli.location_options import REQUIRED, LocationOf, located
from cli.options import (
    AsJson,
    Debug,
    Exclude,
    Folder,
    RequiredStack,
    SessionArgument,
    StateFolder,
)

stack_app = typer.Typer()


@stack_app.command("submit")
@located()
def submit_command(
    *,
    source: Annotated[
        str,
        typer.Argument(
            parser=text, metavar="PATH|URL", help="A folder, a .zip or a .tar.gz, or an https, ssh or file URL for git."
        ),
    ],
    follow: Annotated[bool, typer.Option("--watch", help="Follow the session to its end, as `swarm watch`.")] = False,
    exclude: Exclude = None,
    folder: Folder = None,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Upload a repository, and name the session that documents it."""
    from cli.commands.submit import SubmitRequest, check_source, submit_repository
    from cli.stack.session_location import cloud_that_is_up
    from cli.upload.snapshot import RepositoryPart

    def command(messages: Console, answers: Console) -> ExitCode:
        check_source(source)
        part = RepositoryPart(tuple(exclude or ()), folder or "")
        location = where()
        with cloud_that_is_up(location) as cloud:
            return submit_repository(cloud, SubmitRequest(source, follow, as_json, part), location, messages, answers)

    run_safely(
        command, debug, f"Stopped. What is uploaded goes on; `swarm sessions{where.options}` lists the sessions."
    )


@stack_app.command("watch")
@located()
def watch_command(
    *,
    session: SessionArgument,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Follow a session to its end. Ctrl-C stops the watching, not the session."""
    from cli.commands.watch import watch
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import cloud_of_stored

    def command(messages: Console, answers: Console) -> ExitCode:
        session_id, location = checked_session_id(session), where()
        with cloud_of_stored(location, session_id) as cloud:
            return watch(cloud, session_id, location, as_json, messages, answers)

    cancel = f"`swarm cancel {session}{where.options}`"
    run_safely(command, debug, f"Stopped watching. Session {session} goes on; {cancel} would end it.")


@stack_app.command("fetch")
@located()
def fetch_command(
    *,
    session: SessionArgument,
    out: Annotated[Path, typer.Option("--out", "-o", parser=path_of, help="A new folder, or one with this session.")],
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Write a session's site and figures into a folder, as `swarm run` leaves them."""
    from cli.commands.fetch import fetch
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import cloud_of_stored

    def command(_: Console, answers: Console) -> ExitCode:
        session_id, location = checked_session_id(session), where()
        with cloud_of_stored(location, session_id) as cloud:
            return fetch(cloud, session_id, out, location, as_json, answers)

    run_safely(command, debug, interrupted="Stopped. The folder is as it was.")


@stack_app.command("logs")
@located(state=StateFolder)
def logs_command(
    *,
    session: SessionArgument,
    state_name: Annotated[
        str | None, typer.Option("--state", parser=text, help="Only the lines of this state, such as AnalyseBatch.")
    ] = None,
    batch: Annotated[str | None, typer.Option("--batch", parser=text, help="Only the lines of this batch.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", parser=text, help="15m, 2h, 1d, or a time. Default: the session's beginning."),
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Print new lines until the session ends.")] = False,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Print what a session's functions and tasks have logged, in the order of time."""
    from cli.commands.logs import LogsRequest, logs, query_of
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import cloud_that_is_up

    def command(messages: Console, answers: Console) -> ExitCode:
        request = LogsRequest(checked_session_id(session), state_name or "", batch or "", since or "", follow, as_json)
        query_of(request)
        location = where()
        with cloud_that_is_up(location) as cloud:
            return logs(cloud, request, location, messages, answers)

    run_safely(command, debug, interrupted=f"Stopped printing. Session {session} is not touched.")


@stack_app.command("redrive")
@located()
def redrive_command(
    *,
    session: Annotated[
        str | None,
        typer.Argument(parser=text, metavar="SESSION", help="The failed session's id; `swarm sessions` lists them."),
    ] = None,
    dead_letters: Annotated[
        bool, typer.Option("--dead-letters", help="Deliver the messages of the dead-letter queue again instead.")
    ] = False,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Let a failed session go on: what is finished is not done, or paid for, again."""
    from cli.commands.redrive import redrive, redrive_queue
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import cloud_that_is_up

    def command(_: Console, answers: Console) -> ExitCode:
        if (session is None) != dead_letters:
            raise BadInput("Name a session to redrive, or give --dead-letters: one of the two")
        session_id = "" if session is None else checked_session_id(session)
        location = where()
        with cloud_that_is_up(location) as cloud:
            return (
                redrive(cloud, session_id, location, as_json, answers)
                if session_id
                else redrive_queue(cloud, as_json, answers)
            )

    run_safely(
        command, debug, f"Stopped. What was redriven goes on; `swarm sessions{where.options}` lists the sessions."
    )


@stack_app.command("smoke")
@located(RequiredStack, REQUIRED, state=None)
def smoke_command(
    *,
    where: LocationOf,
    minutes: Annotated[
        float, typer.Option("--minutes", parser=minutes_of, help="Cancel what has not ended after so many minutes.")
    ] = 20,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Put three small repositories through a deployed stack. Exit code 0: every path works, 1: one is not proven."""
    from cli.commands.smoke import smoke

    def command(messages: Console, answers: Console) -> ExitCode:
        return smoke(where(), minutes, as_json, messages, answers)

    run_safely(command, debug, interrupted="Stopped. Its sessions run on: `swarm sessions`, `swarm cancel`.")
