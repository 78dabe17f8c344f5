"""The commands that list, show, end and erase the sessions of a stack, and examine it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from cli.arguments import path as path_of
from cli.arguments import text
from cli.command_runner import run_safely
from cli.errors import ExitCode
from cli.location_options import REQUIRED, LocationOf, located
from cli.options import (
    AsJson,
    Comment,
    Debug,
    Decider,
    RequiredStack,
    SessionArgument,
    Yes,
)

if TYPE_CHECKING:
    from cli.session.approving import Wish

sessions_app = typer.Typer()


@sessions_app.command("doctor")
@located(RequiredStack, REQUIRED, state=None)
def doctor_command(
    *,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Examine a deployed stack. Exit code 0: all is well, 1: a warning, 2: something does not work."""
    from cli.commands.doctor import doctor

    def command(_: Console, answers: Console) -> int:
        return doctor(where(), as_json, answers)

    run_safely(command, debug, interrupted="Nothing was changed.")


@sessions_app.command("reap")
@located()
def reap_command(
    *,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """End orphaned tasks, and sessions whose execution died. A schedule does the same every five minutes."""
    from cli.commands.reap import reap
    from cli.stack.session_location import cloud_of_running

    def command(_: Console, answers: Console) -> ExitCode:
        with cloud_of_running(where()) as cloud:
            return reap(cloud, as_json, answers)

    run_safely(command, debug, interrupted="Stopped. What was ended stays ended; run `swarm reap` again for the rest.")


@sessions_app.command("cancel")
@located()
def cancel_command(
    *,
    session: SessionArgument,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Stop a session: its execution, its tasks and its claim. The next run reuses its finished work."""
    from cli.commands.cancel import cancel, request_for
    from cli.stack.session_location import cloud_of_session

    def command(_: Console, answers: Console) -> ExitCode:
        request = request_for(session)
        with cloud_of_session(where(), session) as cloud:
            return cancel(cloud, request, answers, as_json)

    run_safely(command, debug, interrupted="Stopped. The session may still be running: run `swarm cancel` again.")


@sessions_app.command("approve")
@located()
def approve_command(
    *,
    session: SessionArgument,
    comment: Comment = None,
    name: Decider = None,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Approve the draft of a session that waits for a person: it is published."""
    from cli.session.approving import Wish

    _decide(session, Wish(True, comment or "", name or ""), where, as_json, debug)


@sessions_app.command("reject")
@located()
def reject_command(
    *,
    session: SessionArgument,
    comment: Comment = None,
    name: Decider = None,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Reject the draft of a session that waits: with --comment the editor writes it again once, else it ends."""
    from cli.session.approving import Wish

    _decide(session, Wish(False, comment or "", name or ""), where, as_json, debug)


def _decide(session: str, wish: Wish, where: LocationOf, as_json: bool, debug: bool) -> None:
    from cli.commands.approve import approve
    from cli.stack.session_location import cloud_of_session

    def command(_: Console, answers: Console) -> ExitCode:
        with cloud_of_session(where(), session) as cloud:
            return approve(cloud, session, wish, answers, as_json)

    run_safely(command, debug, interrupted="Stopped. Whether the decision counts, `swarm show` says.")


@sessions_app.command("sessions")
@located()
def sessions_command(
    *,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many sessions, newest first.")] = 50,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """List the sessions, newest first: id, repository, status, age, spend, model."""
    from cli.commands.sessions import sessions
    from cli.stack.session_location import session_store

    def command(_: Console, answers: Console) -> ExitCode:
        with session_store(where()) as store:
            return sessions(store, as_json, limit, answers)

    run_safely(command, debug, interrupted="Nothing was changed.")


@sessions_app.command("show")
@located()
def show_command(
    *,
    session: SessionArgument,
    turns: Annotated[bool, typer.Option("--turns", help="Show every turn with a model, in order.")] = False,
    role: Annotated[str | None, typer.Option("--role", parser=text, help="Show the turns of this role only.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Show the messages and the reply of each turn.")] = False,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Show one session: figures, usage by role, gaps, steps near the cap, and its turns with models."""
    from cli.commands.show import ShowOptions, show
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import session_store

    def command(_: Console, answers: Console) -> ExitCode:
        session_id, location = checked_session_id(session), where()
        with session_store(location) as store:
            return show(
                store,
                session_id,
                ShowOptions(turns or full or bool(role), role or "", full, as_json),
                location,
                answers,
            )

    run_safely(command, debug, interrupted="Nothing was changed.")


@sessions_app.command("report")
@located()
def report_command(
    *,
    session: SessionArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", parser=path_of, help="The file to write. Default: report-SESSION.html."),
    ] = None,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Write a page about a session: its states, batches and attempts over time, spend, coverage, gaps, revisions."""
    from cli.commands.report import report
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import cloud_of_stored

    def command(_: Console, answers: Console) -> ExitCode:
        session_id, location = checked_session_id(session), where()
        with cloud_of_stored(location, session_id) as cloud:
            return report(cloud, session_id, out or Path(f"report-{session_id}.html"), location, as_json, answers)

    run_safely(command, debug, interrupted="Stopped. The session is not touched.")


@sessions_app.command("erase")
@located()
def erase_command(
    *,
    session: SessionArgument,
    yes: Yes = False,
    where: LocationOf,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Erase a session: its conversation, documents and site, in every version. Other sessions are not touched."""
    from cli.commands.erase import erase
    from cli.session.stored_session import checked_session_id
    from cli.stack.session_location import store_to_erase

    def command(_: Console, answers: Console) -> ExitCode:
        session_id, location = checked_session_id(session), where()
        with store_to_erase(location) as store:
            return erase(store, session_id, yes, as_json, answers, location.options)

    run_safely(command, debug, interrupted="Stopped. The session may be partly erased: run `swarm erase` again.")
