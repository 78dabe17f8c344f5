"""`swarm local up`: a cloud that stays between runs, how a run knows it for its own, and how it leaves it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from agents.contracts.reaping import ReapInput
from agents.keys import fingerprint
from cli.commands.reap import ask_reaper
from cli.errors import BadInput, ExitCode
from cli.session import history
from cli.session.watch import events_of
from cli.stack.clouds import own_cloud, settings_of
from cli.stack.models import KEY_VARIABLE
from cli.stack.stack import Cloud, Stack
from cli.upload.submission import Submission, execution_of
from local.configuration import ProgramFailed, configuration
from local.resident import CloudIsUp, Resident, ResidentCloud, hold, resident_in
from local.settings import ROOT

#: How long an interrupted run looks for the execution that its upload has started.
_PATIENCE_SECONDS = 5.0
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


def find(folder: Path, stack: str, settings: Mapping[str, str]) -> tuple[ResidentCloud | None, str]:
    """The cloud that is up in the folder, if a run with these settings would start the same; else what differs.

    Raises:
        BadInput: the stack's file cannot be read.
    """
    found = resident_in(folder)
    if found is None:
        return None, ""
    wanted = identity_of(stack, settings)
    differing = sorted(name for name in {*wanted, *found.identity} if wanted.get(name) != found.identity.get(name))
    if differing:
        return None, ", ".join(differing)
    return ResidentCloud(found), ""


def up(folder: Path, stack: str, settings: Mapping[str, str], messages: Console) -> ExitCode:
    """Start a cloud and hold it until Ctrl-C.

    Raises:
        BadInput: one is up there already, or the program refuses the settings.
    """
    wanted = settings_of(settings)
    identity = identity_of(stack, wanted)  # of the code as it is read now, whatever is saved while the cloud is built
    try:
        with hold(folder) as place:
            messages.print("Starting the cloud on this machine ...")
            with own_cloud(stack, folder, wanted) as cloud:
                cloud.await_warm()
                place.tell(
                    Resident(os.getpid(), cloud.endpoint_url, cloud.region, identity, dict(cloud.outputs), cloud.secret)
                )
                messages.print(
                    f"The cloud is up at {cloud.endpoint_url}. Each `swarm run` with the same settings and --state"
                    " takes it; Ctrl-C ends it.",
                    markup=False,
                    soft_wrap=True,
                )
                _wait()
    except CloudIsUp as up_already:
        raise BadInput(str(up_already)) from up_already
    messages.print("The cloud is gone. What is finished is kept.")
    return ExitCode.DONE


def abandon(cloud: Cloud, stack: Stack, submission: Submission) -> None:
    """End what a run that was interrupted had begun: a resident cloud would go on with it, and pay.

    Raises:
        TriggerSilent: nothing was begun, and nothing will be.
    """
    execution = execution_of(stack, submission, _PATIENCE_SECONDS)
    standing = history.standing(events_of(stack, execution))
    if not standing.session_id:
        stack.states.stop_execution(executionArn=execution, error="Cancelled", cause="interrupted before its session")
    elif not standing.duplicate:  # else it is another run's
        ask_reaper(cloud, ReapInput(session_id=standing.session_id, cancel=True))


def _wait() -> None:
    """Until a person or the system asks for the end; cli/border.py makes SIGTERM a Ctrl-C."""
    try:
        while True:
            signal.pause()
    except KeyboardInterrupt:
        return
