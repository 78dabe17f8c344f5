"""What AWS says about a deployed release: whether it is what runs, its alarms, and its image's scan."""

from __future__ import annotations

import base64
import shutil
import subprocess
from typing import Any

from botocore.exceptions import ClientError

from agents.aws.failures import code_of
from agents.settings import ALIAS
from cli.stack.clients import Cloud
from components.outputs import StackOutputs
from releases.gate.record import NOT_RUN
from releases.manifest import ReleaseManifest

_FARGATE = {
    True: "passed",
    False: "failed: the file that is too large for Lambda did not run on Fargate",
    None: f"{NOT_RUN}no image, or no file fits between the stack's limits",
}
_SERIOUS = ("CRITICAL", "HIGH")


def checks_of(cloud: Cloud, outputs: StackOutputs, manifest: ReleaseManifest, fargate: bool | None) -> dict[str, str]:
    """The outcome of each check; `fargate` says whether the oversized file ran there, None if it was not tried."""
    drifted = drift(cloud, outputs, manifest)
    return {
        "deployed release": f"failed: {'; '.join(drifted)}" if drifted else "passed",
        "alarms": _alarms(cloud, outputs),
        "Fargate": _FARGATE[fargate],
        "guardrails": f"{NOT_RUN}`pulumi up --policy-pack policy_pack` applies them to every resource when it deploys",
        "dependency scan": f"{NOT_RUN}no scanner of packages is installed; dependencies.cdx.json lists them for one",
        "image scan": _image_scan(cloud, outputs, manifest),
    }


def drift(
    cloud: Cloud, outputs: StackOutputs, manifest: ReleaseManifest, release: str = "", canary: int = 0
) -> list[str]:
    """What the stack runs beside the release, a sentence each: another zip, another release, a split alias.

    `release` is what the functions' aliases lead to, by default the one that was deployed last; a share of the
    sessions for the version `canary` is no drift.
    """
    functions, wanted = cloud.client("lambda"), base64.b64encode(bytes.fromhex(manifest.function.sha256)).decode()
    problems = []
    for name in outputs.function_names:
        found = functions.get_function_configuration(FunctionName=name, Qualifier=ALIAS)
        if found["CodeSha256"] != wanted:
            problems.append(f"the function {name} runs another zip than the release's")
        elif found.get("Environment", {}).get("Variables", {}).get("SWARM_RELEASE") != (release or outputs.release):
            problems.append(f"the function {name} runs for another release")
    routes = [r for r in routes_of(cloud, outputs) if not r["stateMachineVersionArn"].endswith(f":{canary}")]
    if len(routes) > 1:
        problems.append(f"the alias {ALIAS} of the state machine is split between {len(routes)} versions")
    return problems


def routes_of(cloud: Cloud, outputs: StackOutputs) -> list[dict[str, Any]]:
    """Which versions of the state machine its alias leads to."""
    alias = cloud.client("stepfunctions").describe_state_machine_alias(
        stateMachineAliasArn=outputs.state_machine_alias_arn
    )
    return list(alias["routingConfiguration"])


def pulumi_drift(stack: str, seconds: float = 900) -> str:
    """What Pulumi finds changed behind its back, in a sentence; empty if nothing, or if Pulumi is not here to ask."""
    program = shutil.which("pulumi")
    if program is None:
        return ""
    # A refresh compares the stack's state with AWS and runs no program: each stack has another release's.
    command = [program, "refresh", "--preview-only", "--expect-no-changes", "--non-interactive", "--stack", stack]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
    if done.returncode == 0:
        return ""
    last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
    return f"`pulumi refresh --preview-only --expect-no-changes -s {stack}` found changes: {''.join(last)}"


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
