"""The deployer policy lets its holder deploy every kind of resource that a stack declares, and little else.

After a change that is meant: UPDATE_GOLDEN=1 python -m pytest tests/docs, then read the diff.
"""

from __future__ import annotations

import json
import os

import pytest

from cli.bootstrap.plan import policy_parts
from tests.components.mocked_cloud import ROOT, STACKS
from tests.guardrails.declared import EVERYTHING, invented, stack
from tests.guardrails.linter import findings
from tools.deployer import EVERYWHERE, OF_CLUSTERS, TASKS_LISTED, ActionsUnknown, deployer_policy
from tools.deployer_actions import ACTIONS

POLICY = ROOT / "cli" / "bootstrap" / "deployer-policy.json"
#: IAM's quota of managed policies for one role.
MANAGED_POLICIES = 10
#: A key that is being made has no ARN: AWS wants the right to tag it "not restricted to particular KMS keys". Tasks are
#: listed by cluster, which the statement names as its condition.
WITHOUT_RESOURCE = {("RESOURCE_STAR", "kms:TagResource"), ("RESOURCE_STAR", "ecs:ListTasks")}


def _kinds() -> set[str]:
    return {resource.kind for name in (*STACKS, EVERYTHING) for resource in stack(name)}


def test_the_document_is_what_the_declared_kinds_need() -> None:
    text = deployer_policy(_kinds()) + "\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        POLICY.write_text(text, encoding="utf-8")
    assert text == POLICY.read_text(encoding="utf-8")


def test_a_kind_without_actions_is_named() -> None:
    with pytest.raises(ActionsUnknown, match="rds:Instance has no deployer's actions"):
        deployer_policy({"rds:Instance"})


def test_no_kind_outlives_its_last_resource() -> None:
    assert set(ACTIONS) - _kinds() == set()


def test_the_document_fits_the_managed_policies_of_a_role() -> None:
    assert len(policy_parts(json.loads(POLICY.read_text(encoding="utf-8")))) <= MANAGED_POLICIES


def test_no_action_is_a_wildcard_and_everything_only_what_aws_names_itself() -> None:
    for statement in json.loads(POLICY.read_text(encoding="utf-8"))["Statement"]:
        assert not [action for action in statement["Action"] if "*" in action]
        if statement["Sid"] == "ListTasks":
            assert (frozenset(statement["Action"]), statement["Condition"]) == (TASKS_LISTED, OF_CLUSTERS)
        elif statement["Resource"] == ["*"] and statement["Sid"] != "CreateKey":
            rest = set(statement["Action"]) - EVERYWHERE
            assert all(action.startswith("ec2:Describe") for action in rest)


def test_parliament_knows_every_action_and_every_resource() -> None:
    document = {"policy": POLICY.read_text(encoding="utf-8")}
    said = {(found.issue, found.about) for found in findings(invented("aws:iam/policy:Policy", document))}
    assert said == WITHOUT_RESOURCE
