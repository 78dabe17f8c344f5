"""The state machine's alias and the functions' aliases: what a canary and a rollback lead to another version.

AWS's errors pass as they are: a person reads them, or the schedule calls again.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from agents.aws import clients
from agents.contracts.trail import JUDGED, Routing, TrailEntry
from agents.settings import ALIAS, AgentSettings

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient
    from types_boto3_stepfunctions import SFNClient

_RELEASE_VARIABLE = "SWARM_RELEASE"
#: The function of every session's first state, with its version.
_FIRST_FUNCTION = re.compile(r":function:([A-Za-z0-9_-]+-open-session):([0-9]+)")
#: Where a release bucket has its trail.
TRAIL = "trail/"


class StateMachineVersions:
    """Versions of the state machine and of functions, and the aliases that lead to them."""

    def __init__(self, states: SFNClient, functions: LambdaClient, alias_arn: str) -> None:
        self._states, self._functions, self._alias_arn = states, functions, alias_arn
        self._machine = alias_arn.rpartition(":")[0]

    def routes(self) -> tuple[dict[int, int], float]:
        """The weight of each version that the alias leads to, and when it was changed last, in seconds since 1970."""
        alias = self._states.describe_state_machine_alias(stateMachineAliasArn=self._alias_arn)
        weights = {_number(r["stateMachineVersionArn"]): int(r["weight"]) for r in alias["routingConfiguration"]}
        return {version: weight for version, weight in weights.items() if weight}, alias["updateDate"].timestamp()

    def published(self) -> Sequence[int]:
        """Every version of the state machine, newest first."""
        listed = self._states.list_state_machine_versions(stateMachineArn=self._machine, maxResults=1000)
        return sorted((_number(v["stateMachineVersionArn"]) for v in listed["stateMachineVersions"]), reverse=True)

    def release_of(self, version: int) -> str:
        """The release of a state machine's version: that of the function versions which its definition names."""
        described = self._states.describe_state_machine(stateMachineArn=f"{self._machine}:{version}")
        named = _FIRST_FUNCTION.search(described["definition"])
        if named is None:  # published before definitions named versions of functions
            return ""
        configured = self._functions.get_function_configuration(FunctionName=named[1], Qualifier=named[2])
        return configured.get("Environment", {}).get("Variables", {}).get(_RELEASE_VARIABLE, "")

    def function_version(self, name: str, release: str) -> str:
        """The newest version of a function that was deployed for the release; empty if there is none."""
        pages = self._functions.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        versions = [
            int(version["Version"])
            for page in pages
            for version in page["Versions"]
            if version["Version"] != "$LATEST"
            and version.get("Environment", {}).get("Variables", {}).get(_RELEASE_VARIABLE) == release
        ]
        return str(max(versions, default=""))

    def lead(self, weights: dict[int, int]) -> None:
        """Lead the state machine's alias to versions by their weights, which are 100 together."""
        routes = [{"stateMachineVersionArn": f"{self._machine}:{v}", "weight": w} for v, w in weights.items()]
        self._states.update_state_machine_alias(
            stateMachineAliasArn=self._alias_arn,
            routingConfiguration=routes,  # type: ignore[arg-type]  # the stubs want a TypedDict of the same keys
        )

    def lead_function(self, name: str, version: str) -> None:
        """Lead a function's alias to a version."""
        self._functions.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)

    def failed_executions(self, version: int, since: float) -> int:
        """Executions of a version that failed or timed out, of those begun since then; the newest thousand of each."""
        begun = datetime.fromtimestamp(since, UTC)
        return sum(
            execution["startDate"] >= begun
            for status in ("FAILED", "TIMED_OUT")
            for execution in self._states.list_executions(
                stateMachineArn=f"{self._machine}:{version}",
                statusFilter=status,
                maxResults=1000,
            )["executions"]
        )


class LazyRollout:
    """A Rollout by a function's settings; its clients are made at the first call, which one function alone makes."""

    def __init__(self, settings: AgentSettings) -> None:
        self._alias, self._bucket = settings.state_machine_alias, settings.release_bucket
        self._functions = settings.function_names.split(",")

    @cached_property
    def _versions(self) -> StateMachineVersions:
        return StateMachineVersions(clients.step_functions(), clients.functions(), self._alias)

    def release_of(self, version: int) -> str:
        """The release whose functions a version calls."""
        return self._versions.release_of(version)

    def failed_executions(self, version: int, since: float) -> int:
        """Executions of a version that failed or timed out, of those begun since then."""
        return self._versions.failed_executions(version, since)

    def routing(self) -> Routing:
        """Where the alias leads now."""
        weights, since = self._versions.routes()
        newest = max(self._versions.published(), default=max(weights))
        former, new = min(weights), max(weights)
        split = new if new != former else None
        percent = weights[new] if split else 0
        judged = self._judged() if newest > former else newest
        return Routing(former=former, new=split, percent=percent, since=since, newest=newest, judged=judged)

    def split(self, former: int, new: int, percent: int) -> None:
        """Give new sessions of this share to the new version, all others to the former."""
        self._versions.lead({former: 100 - percent, new: percent})

    def give_all(self, version: int) -> None:
        """Give all new sessions to one version."""
        self._versions.lead({version: 100})

    def move_functions(self, release: str) -> None:
        """Lead the alias of each function to its newest version of the release; without one it stays."""
        for name in self._functions:
            if version := self._versions.function_version(name, release):
                self._versions.lead_function(name, version)

    def append(self, entry: TrailEntry) -> None:
        """Add to the trail, where nothing is overwritten."""
        body = entry.model_dump_json().encode()
        clients.s3().put_object(
            Bucket=self._bucket,
            Key=trail_key(entry.at, entry.event),
            Body=body,
            IfNoneMatch="*",
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=base64.b64encode(hashlib.sha256(body).digest()).decode("ascii"),
        )

    def _judged(self) -> int:
        """The newest version about which something was decided: the last such entry of the trail has it."""
        pages = clients.s3().get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=TRAIL)
        ends = tuple(f"-{event}.json" for event in JUDGED)
        keys = sorted(o["Key"] for page in pages for o in page.get("Contents", ()) if o["Key"].endswith(ends))
        if not keys:
            return 0
        text = clients.s3().get_object(Bucket=self._bucket, Key=keys[-1])["Body"].read()
        return TrailEntry.model_validate_json(text).version


def trail_key(at: int, event: str) -> str:
    """The key of an entry; `at` is in milliseconds since 1970."""
    return f"{TRAIL}{at:015d}-{event}.json"


def _number(version_arn: str) -> int:
    return int(version_arn.rpartition(":")[2])
