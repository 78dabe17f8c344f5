"""An environment's name and region are settings: no code knows one, and another needs no change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.components.mocked_cloud import ROOT, STACKS, BuiltStack, build_stack

BuiltOf = Callable[[str], BuiltStack]

_REGION = re.compile(r"\b(us|eu|ap|sa|ca|af|me|il|mx|cn)(-gov)?-(north|south|east|west|central)(east|west)?-[0-9]\b")
_ENVIRONMENT = re.compile(r"""["'](dev|prod|local)["']|\bswarm-(dev|prod|local)\b|\b(dev|prod)[-_/:]""")
#: The one place that knows what production is called, so that its guardrails hold whatever else it is called.
KNOWS_PRODUCTION = "components/guardrails/model.py"
#: They recognise words in other people's files: GitLab's `local`, the prefix of a token.
READ_FILES = ("agents/codebase/structure", "agents/codebase/secrets/kinds.py")
#: Services that AWS's guides let take a role on for one account only.
FOR_ONE_ACCOUNT = {
    "ecs-tasks.amazonaws.com",
    "events.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
    "vpc-flow-logs.amazonaws.com",
}


def _sources() -> Iterator[Path]:
    for folder in ("agents", "components", "workflow"):
        for path in sorted((ROOT / folder).rglob("*")):
            reads = any(path.is_relative_to(ROOT / place) for place in READ_FILES)
            ours = not reads and "__pycache__" not in path.parts
            if ours and path.suffix in {".py", ".json", ".md"}:
                yield path


def test_no_code_names_an_environment_or_a_region() -> None:
    named = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in _sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (_REGION.search(line) or _ENVIRONMENT.search(line)) and path.relative_to(ROOT).as_posix() != KNOWS_PRODUCTION
    ]
    assert named == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_another_name_in_another_region_builds_the_same_resources(built: BuiltOf, stack: str) -> None:
    ecr = "123456789012.dkr.ecr.ap-southeast-2.amazonaws.com/swarm-agent@sha256:" + "0" * 64
    renamed = build_stack(stack, environment="acme", region="ap-southeast-2", containerImage=ecr)
    assert [r.urn.replace("aws-acme", f"aws-{stack}") for r in renamed.resources] == [
        r.urn for r in built(stack).resources
    ]
    left = [r.urn for r in renamed.resources if re.search(rf"-{stack}\b|eu-west-1", json.dumps(r.inputs, default=str))]
    assert left == []


@pytest.mark.parametrize("stack", STACKS)
def test_a_service_takes_a_role_on_for_this_account_only_where_aws_knows_the_condition(
    built: BuiltOf, stack: str
) -> None:
    for role in built(stack).of("aws:iam/role:Role"):
        (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
        starts_tasks = role.inputs["name"].endswith("-task-start")
        expected = trust["Principal"]["Service"] in FOR_ONE_ACCOUNT and not starts_tasks
        given = trust.get("Condition") == {"StringEquals": {"aws:SourceAccount": "111122223333"}}
        assert given is expected, role.urn


@pytest.mark.parametrize("stack", STACKS)
def test_the_trigger_starts_the_machine_through_its_alias_and_no_other_way(built: BuiltOf, stack: str) -> None:
    (policy,) = [p for p in built(stack).of("aws:iam/rolePolicy:RolePolicy") if p.name == "triggers-rights"]
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert all(":" not in arn.rpartition("stateMachine:")[2] for arn in statement["Resource"])
    assert statement["Condition"] == {"ForAnyValue:StringEquals": {"states:StateMachineQualifier": ["live"]}}
