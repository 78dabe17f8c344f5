"""`swarm local up`: a cloud that stays between runs, how a run compares it with its own, and how a run leaves it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console

from agents.contracts.reaping import ReapInput
from cli.checkout import check_checkout
from cli.commands.reap import ask_reaper
from cli.errors import BadInput, ExitCode
from cli.session import execution_history as history
from cli.session.execution_watch import events_of
from cli.stack.clients import Cloud, Stack
from cli.stack.cloud_identity import differing, identity_of
from cli.stack.cloud_turn import turn
from cli.stack.keeper import end_unused
from cli.stack.laptop_cloud import check_own_port, own_cloud, resident_entry, settings_of
from cli.stack.stack_settings import StackSettings
from cli.upload.submission import Submission, execution_of
from local.resident import CloudIsUp, CloudKind, Holder, Place, Resident, refuse_resident
from local.state.database import state_option

#: How long an interrupted run looks for the execution that its upload has started.
_PATIENCE_SECONDS = 5.0
#: How often the cloud checks its state folder, and for how long it still answers runs after that failed.
_LOOK_SECONDS, _LAST_WORDS_SECONDS = 0.5, 3.0


def differences(cloud: Resident, settings: StackSettings, overrides: Mapping[str, str]) -> str:
    """What differs between a cloud and the one that a run with these settings would start; empty if nothing does."""
    return differing(identity_of(settings, overrides), cloud.identity)


def choice_of_run(
    settings: StackSettings, overrides: Mapping[str, str], folder: Path
) -> Callable[[Holder], Resident | None]:
    """What a run does about another process' cloud: use an equal one, wait for one that ends, refuse any other.

    A keeper's cloud ends for one that differs, once nobody uses it.
    """

    def choose(holder: Holder) -> Resident | None:
        if holder.kind is CloudKind.RUN or holder.cloud is None:
            return None
        parts = differences(holder.cloud, settings, overrides)
        if parts and holder.kind is CloudKind.KEEPER:
            end_unused(folder, holder)
            return None
        if parts:
            raise BadInput(
                f"The cloud of `swarm local up` (process {holder.process}) in {folder} differs from this run in:"
                f" {parts}. End that cloud with `swarm local down{state_option(folder)}`, or name another folder with"
                " --state"
            )
        return holder.cloud

    return choose


def up(folder: Path, settings: StackSettings, overrides: Mapping[str, str], messages: Console) -> ExitCode:
    """Start a cloud and run it until Ctrl-C; `overrides` are the command's own settings.

    Raises:
        BadInput: a cloud is up there already, or the folder can store nothing more.
    """
    check_checkout()
    check_own_port(free=True)
    own_settings = settings_of(overrides)
    # Before the cloud is built: the code may be edited meanwhile, and the identity must be that of the code in use.
    identity = identity_of(settings, own_settings)

    def say(text: str) -> None:
        messages.print(text, markup=False, soft_wrap=True)

    with turn(folder, CloudKind.UP, _only_wait_for_runs(folder), say) as place:
        assert isinstance(place, Place)  # noqa: S101  no other cloud is ever chosen
        say("Starting the cloud on this machine ...")
        with own_cloud(settings, folder, own_settings) as cloud:
            cloud.await_warm()
            place.publish(resident_entry(cloud, identity))
            say(
                f"The cloud is up at {cloud.endpoint_url}. Each `swarm run` with the same settings and --state"
                " uses it; Ctrl-C ends it."
            )
            _wait(lambda: cloud.trouble)
    say("The cloud has ended. Finished work is stored.")
    return ExitCode.DONE


def _only_wait_for_runs(folder: Path) -> Callable[[Holder], None]:
    def choose(holder: Holder) -> None:
        if holder.kind is CloudKind.KEEPER:
            end_unused(folder, holder)
        if holder.kind is CloudKind.UP:
            try:
                refuse_resident(folder)
            except CloudIsUp as error:
                raise BadInput(str(error)) from error

    return choose


def abandon(cloud: Cloud, stack: Stack, submission: Submission) -> None:
    """End the session of an interrupted run: a resident cloud would continue it, and pay.

    Raises:
        TriggerSilent: no execution was started.
    """
    end_execution(cloud, stack, execution_of(stack, submission, _PATIENCE_SECONDS))


def end_execution(cloud: Cloud, stack: Stack, execution: str) -> None:
    """Cancel the session of an execution that nobody waits for."""
    reached = history.state_of(events_of(stack, execution))
    if not reached.session_id:
        stack.states.stop_execution(executionArn=execution, error="Cancelled", cause="interrupted before its session")
    elif not reached.duplicate:  # else it is another run's
        ask_reaper(cloud, ReapInput(session_id=reached.session_id, cancel=True))


def _wait(trouble: Callable[[], str]) -> None:
    """Wait for Ctrl-C or SIGTERM, which cli/command_runner.py turns into a KeyboardInterrupt.

    Raises:
        BadInput: the folder can store nothing more, so a cloud that continues would lose data.
    """
    try:
        while not trouble():
            time.sleep(_LOOK_SECONDS)
        time.sleep(_LAST_WORDS_SECONDS)
    except KeyboardInterrupt:
        return
    raise BadInput(trouble())
