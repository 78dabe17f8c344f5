"""`swarm rollback prod`: the stack's aliases lead to the former release again; nothing is built or deployed."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from agents.settings import ALIAS
from cli.commands.promote import caller
from cli.errors import BadInput, ExitCode
from cli.stack.release_location import StackReleases, releases_of
from cli.stack.session_location import Location
from local.settings import ROOT
from releases.manifest import is_release_id
from releases.package import RELEASE
from releases.release_bucket import ReleaseRefused
from releases.stack_file import KeyMissing, with_values
from releases.trail import TrailEntry, former, read_trail

_VARIABLE = "SWARM_RELEASE"
#: The function of every session's first state, with its version.
_FIRST_FUNCTION = re.compile(r":function:([A-Za-z0-9_-]+-open-session):([0-9]+)")


@dataclass(frozen=True)
class RollbackPlan:
    """Where the aliases are to lead: a version of the state machine, and of each function by its name."""

    entry: TrailEntry
    state_machine_version: str
    function_versions: Mapping[str, str]


def rollback(where: Location, answers: Console, root: Path = ROOT) -> ExitCode:
    """Go back. New sessions use the former release; those under way finish on what they started with.

    Raises:
        BadInput: there is no former release, or AWS no longer has a version of it; nothing was changed then.
    """
    found = releases_of(where)
    running = running_release(found)
    plan = plan_of(found, running)
    # The way in first: a session that starts between the two calls is whole, since its definition names versions.
    found.cloud.client("stepfunctions").update_state_machine_alias(
        stateMachineAliasArn=found.outputs.state_machine_alias_arn,
        routingConfiguration=[{"stateMachineVersionArn": plan.state_machine_version, "weight": 100}],
    )
    functions = found.cloud.client("lambda")
    for name, version in plan.function_versions.items():
        functions.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
    _record(found, plan, running)
    _prepare_next_up(found, plan, str(where.stack), root, answers)
    answers.print(f"{found.outputs.environment} starts sessions with {plan.entry.release[:12]} again", markup=False)
    return ExitCode.DONE


def running_release(found: StackReleases) -> str:
    """What new sessions run: the release of the state machine's version that the alias leads to. Raises BadInput."""
    states = found.cloud.client("stepfunctions")
    alias = states.describe_state_machine_alias(stateMachineAliasArn=found.outputs.state_machine_alias_arn)
    (heaviest, *_) = sorted(alias["routingConfiguration"], key=lambda route: -int(route["weight"]))
    return _release_of(found, str(heaviest["stateMachineVersionArn"]))


def plan_of(found: StackReleases, running: str) -> RollbackPlan:
    """What to change. Raises BadInput."""
    entry = former(read_trail(found.bucket.trail()), running)
    stack = found.outputs.environment
    if entry is None:
        raise BadInput(
            f"{stack} runs {running[:12]}, and its trail knows no release before it: `swarm releases --stack {stack}`"
        )
    states = found.cloud.client("stepfunctions")
    listed = states.list_state_machine_versions(stateMachineArn=found.outputs.state_machine_arn, maxResults=1000)
    versions = [str(each["stateMachineVersionArn"]) for each in listed["stateMachineVersions"]]
    newest_first = sorted(versions, key=lambda arn: -int(arn.rpartition(":")[2]))
    machine = next((arn for arn in newest_first if _release_of(found, arn) == entry.release), None)
    if machine is None:
        raise BadInput(f"{_gone(entry, stack)} of the state machine: {_DEPLOY}")
    functions = {name: _function_version(found, name, entry) for name in found.outputs.function_names}
    return RollbackPlan(entry, machine, functions)


_DEPLOY = "fetch it (`swarm release fetch --release`), set `release` and `containerImage` back, and run `pulumi up`"


def _gone(entry: TrailEntry, stack: str) -> str:
    return f"Release {entry.release[:12]} of {stack} has no version left"


def _release_of(found: StackReleases, version: str) -> str:
    """The release of a state machine's version: that of the function versions which its definition names."""
    described = found.cloud.client("stepfunctions").describe_state_machine(stateMachineArn=version)
    named = _FIRST_FUNCTION.search(str(described["definition"]))
    if named is None:  # published before definitions named versions of functions
        return ""
    configured = found.cloud.client("lambda").get_function_configuration(FunctionName=named[1], Qualifier=named[2])
    return str(configured.get("Environment", {}).get("Variables", {}).get(_VARIABLE, ""))


def _function_version(found: StackReleases, name: str, entry: TrailEntry) -> str:
    """The newest version of a function that was deployed for the release. Raises BadInput."""
    pages = found.cloud.client("lambda").get_paginator("list_versions_by_function").paginate(FunctionName=name)
    versions = [
        int(version["Version"])
        for page in pages
        for version in page["Versions"]
        if version["Version"] != "$LATEST"
        and version.get("Environment", {}).get("Variables", {}).get(_VARIABLE) == entry.release
    ]
    if not versions:
        raise BadInput(f"{_gone(entry, found.outputs.environment)} of the function {name}: {_DEPLOY}")
    return str(max(versions))


def _record(found: StackReleases, plan: RollbackPlan, running: str) -> None:
    at = int(time.time() * 1000)
    changes = {"event": "rolled-back", "before": running, "other_stack": "", "at": at, "by": caller(found)}
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
