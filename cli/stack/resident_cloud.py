"""`swarm local up`: a cloud that stays between runs, how a run knows it for its own, and how it leaves it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rich.console import Console

from agents.contracts.reaping import ReapInput
from agents.keys import fingerprint
from cli.commands.reap import ask_reaper
from cli.errors import BadInput, ExitCode
from cli.session import execution_history as history
from cli.session.execution_watch import events_of
from cli.stack.clients import Cloud, Stack
from cli.stack.cloud_turn import turn
from cli.stack.laptop_cloud import check_own_port, check_settings, own_cloud, resident_entry, settings_of
from cli.stack.model_options import KEY_VARIABLE
from cli.upload.submission import Submission, execution_of
from local.configuration import ProgramFailed, configuration
from local.resident import CloudIsUp, Holder, Kind, Place, Resident, refuse_resident
from local.settings import ROOT

#: How long an interrupted run looks for the execution that its upload has started.
_PATIENCE_SECONDS = 5.0
#: How often a cloud that stays looks whether it still can, and how long runs may ask it why it cannot.
_LOOK_SECONDS, _LAST_WORDS_SECONDS = 0.5, 3.0
#: Parts of an identity that no setting names, in words.
_CODE, _KEY, _STACK = "the code", "the model's key", "the stack"


def identity_of(stack: str, settings: Mapping[str, str]) -> dict[str, str]:
    """What must be equal for a run to take a resident cloud: stack, settings, our code, the model's key (hashed).

    Raises:
        BadInput: the stack's file cannot be read.
    """
    try:
        _, values = configuration(ROOT, stack, settings)
    except ProgramFailed as failure:
        raise BadInput(str(failure)) from failure
    named = {key.rpartition(":")[2]: value for key, value in values.items()}
    key = os.environ.get(KEY_VARIABLE, "") if "modelKeySecret" in settings else ""
    return {**named, _STACK: stack, _CODE: _code(ROOT), _KEY: fingerprint(key) if key else ""}


def _code(root: Path) -> str:
    """The code that the cloud is made of; a release names that of the agents, and is among the settings."""
    return fingerprint(*(path.read_bytes() for path in sorted(_files(root))))


def _files(root: Path) -> Iterator[Path]:
    yield from (root / "__main__.py", root / "Pulumi.yaml")
    for package in ("components", "local"):
        yield from (root / package).rglob("*.py")


def differences(cloud: Resident, stack: str, settings: Mapping[str, str]) -> str:
    """What differs between a cloud and the one that a run with these settings would start; empty if nothing does.

    Raises:
        BadInput: the stack's file cannot be read.
    """
    wanted = identity_of(stack, settings)
    return ", ".join(
        sorted(name for name in {*wanted, *cloud.identity} if wanted.get(name) != cloud.identity.get(name))
    )


def choice_of_run(stack: str, settings: Mapping[str, str], folder: Path) -> Callable[[Holder], Resident | None]:
    """What a run does about another process' cloud: take the same one, wait for one that ends, refuse any other."""

    def choose(holder: Holder) -> Resident | None:
        if holder.kind is not Kind.UP or holder.cloud is None:
            return None
        differing = differences(holder.cloud, stack, settings)
        if differing:
            raise BadInput(
                f"The cloud that is up in {folder} (process {holder.process}) is another one: {differing}. End it with"
                " Ctrl-C where `swarm local up` runs, or name another folder with --state"
            )
        return holder.cloud

    return choose


def up(folder: Path, stack: str, settings: Mapping[str, str], messages: Console) -> ExitCode:
    """Start a cloud and hold it until Ctrl-C.

    Raises:
        BadInput: one is up there already, the settings are refused, or nothing more can be kept in the folder.
    """
    check_settings(stack, settings)
    check_own_port(free=True)
    wanted = settings_of(settings)
    identity = identity_of(stack, wanted)  # of the code as it is read now, whatever is saved while the cloud is built

    def say(text: str) -> None:
        messages.print(text, markup=False, soft_wrap=True)

    with turn(folder, Kind.UP, _only_wait_for_runs(folder), say) as place:
        assert isinstance(place, Place)  # noqa: S101  no other cloud is ever chosen
        say("Starting the cloud on this machine ...")
        with own_cloud(stack, folder, wanted) as cloud:
            cloud.await_warm()
            place.tell(resident_entry(cloud, identity))
            say(
                f"The cloud is up at {cloud.endpoint_url}. Each `swarm run` with the same settings and --state"
                " takes it; Ctrl-C ends it."
            )
            _wait(lambda: cloud.trouble)
    say("The cloud is gone. What is finished is kept.")
    return ExitCode.DONE


def _only_wait_for_runs(folder: Path) -> Callable[[Holder], None]:
    def choose(holder: Holder) -> None:
        if holder.kind is Kind.UP:
            try:
                refuse_resident(folder)
            except CloudIsUp as error:
                raise BadInput(str(error)) from error

    return choose


def abandon(cloud: Cloud, stack: Stack, submission: Submission) -> None:
    """End what a run that was interrupted had begun: a resident cloud would go on with it, and pay.

    Raises:
        TriggerSilent: nothing was begun, and nothing will be.
    """
    execution = execution_of(stack, submission, _PATIENCE_SECONDS)
    reached = history.state_of(events_of(stack, execution))
    if not reached.session_id:
        stack.states.stop_execution(executionArn=execution, error="Cancelled", cause="interrupted before its session")
    elif not reached.duplicate:  # else it is another run's
        ask_reaper(cloud, ReapInput(session_id=reached.session_id, cancel=True))


def _wait(trouble: Callable[[], str]) -> None:
    """Until a person or the system asks for the end; cli/command_runner.py makes SIGTERM a Ctrl-C.

    Raises:
        BadInput: nothing more can be kept: a cloud that goes on would lose what it answers for.
    """
    try:
        while not trouble():
            time.sleep(_LOOK_SECONDS)
        time.sleep(_LAST_WORDS_SECONDS)
    except KeyboardInterrupt:
        return
    raise BadInput(trouble())
