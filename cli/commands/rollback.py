"""`swarm rollback prod`: the stack's aliases lead to the former release again; nothing is built or deployed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from agents.aws.rollout import StateMachineVersions
from cli.commands.promote import caller
from cli.errors import BadInput, ExitCode
from cli.stack.location import Location
from cli.stack.release_location import StackReleases, releases_of, versions_of
from local.settings import ROOT
from releases.manifest import is_release_id
from releases.package import RELEASE
from releases.release_bucket import ReleaseRefused
from releases.stack_file import KeyMissing, with_values
from releases.trail import TrailEntry, former, judged_version, read_trail


@dataclass(frozen=True)
class RollbackPlan:
    """Where the aliases are to lead: a version of the state machine, and of each function by its name.

    `newest` is the newest version of the state machine: no canary of it, or of an older one, begins after this.
    """

    entry: TrailEntry
    state_machine_version: int
    function_versions: Mapping[str, str]
    newest: int


def rollback(where: Location, answers: Console, root: Path = ROOT) -> ExitCode:
    """Go back. New sessions use the former release; those under way finish on what they started with.

    A release that has a share of the sessions, or waits for it, is what is gone back from.

    Raises:
        BadInput: there is no former release, or AWS no longer has a version of it; nothing was changed then.
    """
    found = releases_of(where)
    versions = versions_of(found)
    running, plan = plan_of(found, versions)
    # The way in first: a session that starts between the two calls is whole, since its definition names versions.
    versions.lead({plan.state_machine_version: 100})
    # The trail at once: until it has the version, a canary would begin again.
    _record(found, plan, running)
    for name, version in plan.function_versions.items():
        versions.lead_function(name, version)
    _prepare_next_up(found, plan, str(where.stack), root, answers)
    answers.print(f"{found.outputs.environment} starts sessions with {plan.entry.release[:12]} again", markup=False)
    return ExitCode.DONE


def plan_of(found: StackReleases, versions: StateMachineVersions) -> tuple[str, RollbackPlan]:
    """The release that is gone back from, and what to change. Raises BadInput."""
    weights, _ = versions.routes()
    published = versions.published()
    stable, newest = min(weights), max(published)
    running = versions.release_of(stable)
    trail = read_trail(found.bucket.trail())
    stack = found.outputs.environment
    if newest > stable and newest > judged_version(trail):
        entry, machine = _entry_of(trail, running), stable
        running = versions.release_of(newest)
    else:
        wanted = former(trail, running)
        if wanted is None:
            raise BadInput(
                f"{stack} runs {running[:12]}, and its trail knows no release before it:"
                f" `swarm releases --stack {stack}`"
            )
        entry = wanted
        machine = next((each for each in published if versions.release_of(each) == entry.release), 0)
    if not machine:
        raise BadInput(f"{_gone(entry, stack)} of the state machine: {_DEPLOY}")
    functions = {name: versions.function_version(name, entry.release) for name in found.outputs.function_names}
    for name in (name for name, version in functions.items() if not version):
        raise BadInput(f"{_gone(entry, stack)} of the function {name}: {_DEPLOY}")
    return running, RollbackPlan(entry, machine, functions, newest)


_DEPLOY = "fetch it (`swarm release fetch --release`), set `release` and `containerImage` back, and run `pulumi up`"


def _gone(entry: TrailEntry, stack: str) -> str:
    return f"Release {entry.release[:12]} of {stack} has no version left"


def _entry_of(trail: Sequence[TrailEntry], release: str) -> TrailEntry:
    """The entry with which a release was promoted; a release that never was has none of its image."""
    promoted = (entry for entry in reversed(trail) if (entry.event, entry.release) == ("promoted", release))
    return next(promoted, TrailEntry(event="rolled-back", release=release, at=0))


def _record(found: StackReleases, plan: RollbackPlan, running: str) -> None:
    at = int(time.time() * 1000)
    changes = {
        "event": "rolled-back",
        "before": running,
        "other_stack": "",
        "at": at,
        "by": caller(found),
        "version": plan.newest,
    }
    found.bucket.append(at, "rolled-back", plan.entry.model_copy(update=changes).model_dump_json())


def _prepare_next_up(found: StackReleases, plan: RollbackPlan, stack: str, root: Path, answers: Console) -> None:
    """The stack's file and build/release as `pulumi up` must find them, so that it does not go forward again."""
    file = root / f"Pulumi.{stack}.yaml"
    values = {"release": plan.entry.release}
    if plan.entry.container_image:
        values["containerImage"] = plan.entry.container_image
    try:
        file.write_text(with_values(file.read_text("utf-8"), values), "utf-8")
        if is_release_id(plan.entry.release):
            found.bucket.download(plan.entry.release, root / RELEASE)
    except (OSError, KeyMissing, ReleaseRefused) as error:
        answers.print(
            f"The stack went back, but this folder is not ready for its next `pulumi up`: {error}", markup=False
        )
        return
    answers.print(f"{file.name} names it too: commit the file; the next `pulumi up -s {stack}` agrees", markup=False)
