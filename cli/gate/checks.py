"""What AWS says about a deployed release: whether it is what runs, its alarms, and its image's scan."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.settings import ALIAS
from cli.errors import BadInput
from cli.gate.pulumi_command import guardrails
from cli.stack.clients import Cloud
from cli.stack.release_location import StackReleases
from components.outputs import StackOutputs
from releases.gate.advisories import AdvisoryRefused, read_advisories, vulnerable
from releases.gate.record import NOT_RUN
from releases.manifest import ReleaseManifest, program_digest
from releases.program_files import program_files

_FARGATE = {
    True: "passed",
    False: "failed: the file that is too large for Lambda did not run on Fargate",
    None: f"{NOT_RUN}no image, or no file fits between the stack's limits",
}
_SERIOUS = ("CRITICAL", "HIGH")
Checks: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class GivenToChecks:
    """What a person gives: advisories of packages, if any, and the checkout whose program may be the release's."""

    advisories: Path | None
    checkout: Path


def checks_of(found: StackReleases, manifest: ReleaseManifest, fargate: bool | None, given: GivenToChecks) -> Checks:
    """The outcome of each check; `fargate` says whether the oversized file ran there, None if it was not tried."""
    cloud, outputs = found.cloud, found.outputs
    drifted = drift(cloud, outputs, manifest)
    return {
        "deployed release": f"failed: {'; '.join(drifted)}" if drifted else "passed",
        "alarms": _alarms(cloud, outputs),
        "Fargate": _FARGATE[fargate],
        "guardrails": _guardrails(outputs.environment, manifest, given.checkout),
        "dependency scan": _dependency_scan(found, manifest, given.advisories),
        "image scan": _image_scan(cloud, outputs, manifest),
    }


def _guardrails(stack: str, manifest: ReleaseManifest, checkout: Path) -> str:
    """By a preview with the policy pack, where the checkout has the program that was deployed."""
    if program_digest(program_files(checkout)) != manifest.program:
        return f"{NOT_RUN}this checkout has another program than the release: test from the release's commit"
    broken = guardrails(checkout, stack)
    if broken is None:
        return f"{NOT_RUN}`pulumi preview -s {stack} --policy-pack policy_pack` could not be run here"
    return f"failed: {broken}" if broken else "passed"


def _dependency_scan(found: StackReleases, manifest: ReleaseManifest, advisories: Path | None) -> str:
    if advisories is None:
        return f"{NOT_RUN}give advisories of packages in OSV's format (--advisories)"
    part = manifest.dependencies
    bill = found.bucket.part(found.outputs.release, part.file, part.sha256).decode("utf-8")
    named = vulnerable(bill, read_files(advisories))
    return f"failed: {', '.join(named)}" if named else "passed"


def read_files(path: Path) -> Iterator[Mapping[str, Any]]:
    """The advisories of a JSON file, of a zip of them as OSV publishes one for each ecosystem, or of a folder of both.

    Raises:
        BadInput: a file cannot be read, with its name.
    """
    files = sorted(each for each in path.rglob("*") if each.suffix in {".json", ".zip"}) if path.is_dir() else [path]
    try:
        for file in files:
            if file.suffix != ".zip":
                yield from read_advisories(file.read_text("utf-8"))
                continue
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    yield from read_advisories(archive.read(name).decode("utf-8"))
    except (AdvisoryRefused, OSError, ValueError, zipfile.BadZipFile) as error:
        raise BadInput(f"The advisories in {path} cannot be read: {error}") from error


def drift(
    cloud: Cloud, outputs: StackOutputs, manifest: ReleaseManifest, release: str = "", canary: int = 0
) -> list[str]:
    """What the stack runs beside the release, a sentence each: another zip, another release, a split alias.

    `release` is what the functions' aliases lead to, by default the one that was deployed last; a share of the
    sessions for the version `canary` is no drift.
    """
    functions, wanted = cloud.client("lambda"), base64.b64encode(bytes.fromhex(manifest.function.sha256)).decode()
    zips, releases = [], []
    for name in outputs.function_names:
        found = functions.get_function_configuration(FunctionName=name, Qualifier=ALIAS)
        if found["CodeSha256"] != wanted:
            zips.append(name)
        elif found.get("Environment", {}).get("Variables", {}).get("SWARM_RELEASE") != (release or outputs.release):
            releases.append(name)
    problems = [f"{_first(zips)} runs another zip than the release's"] if zips else []
    problems += [f"{_first(releases)} runs for another release"] if releases else []
    routes = [r for r in routes_of(cloud, outputs) if not r["stateMachineVersionArn"].endswith(f":{canary}")]
    if len(routes) > 1:
        problems.append(f"the alias {ALIAS} of the state machine is split between {len(routes)} versions")
    return problems


def _first(functions: Sequence[str]) -> str:
    more = f" (and {len(functions) - 1} more)" if len(functions) > 1 else ""
    return f"the function {functions[0]}{more}"


def routes_of(cloud: Cloud, outputs: StackOutputs) -> list[dict[str, Any]]:
    """Which versions of the state machine its alias leads to."""
    alias = cloud.client("stepfunctions").describe_state_machine_alias(
        stateMachineAliasArn=outputs.state_machine_alias_arn
    )
    return list(alias["routingConfiguration"])


def _alarms(cloud: Cloud, outputs: StackOutputs) -> str:
    if not outputs.alarm_names:
        return f"{NOT_RUN}the stack has no alarms"
    found = cloud.client("cloudwatch").describe_alarms(AlarmNames=list(outputs.alarm_names))
    raised = [alarm["AlarmName"] for alarm in found.get("MetricAlarms", ()) if alarm["StateValue"] == "ALARM"]
    return f"failed: {', '.join(raised)} in ALARM" if raised else "passed"


def _image_scan(cloud: Cloud, outputs: StackOutputs, manifest: ReleaseManifest) -> str:
    if not manifest.image:
        return f"{NOT_RUN}the release has no image"
    try:
        found = cloud.client("ecr").describe_image_scan_findings(
            repositoryName=outputs.image_repository, imageId={"imageDigest": manifest.image}
        )
    except ClientError as error:
        return f"{NOT_RUN}ECR answers {code_of(error)}"
    if found.get("imageScanStatus", {}).get("status") not in {"COMPLETE", "ACTIVE"}:
        return f"{NOT_RUN}the scan is {found.get('imageScanStatus', {}).get('status', 'unknown')}"
    counts = found.get("imageScanFindings", {}).get("findingSeverityCounts", {})
    serious = [f"{counts[level]} {level}" for level in _SERIOUS if counts.get(level)]
    return f"failed: {', '.join(serious)}" if serious else "passed"
