"""What a stack with `inference: batch` declares beyond one without: one role for Bedrock, and rights on jobs."""

from __future__ import annotations

import json
from typing import Any

import pytest

from agents.settings import AgentSettings
from components.guardrails.model import DeclaredResource
from tests.components.mocked_cloud import BuiltStack, build_stack
from tests.guardrails.linter import findings

MODEL = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
ROLE = "swarm-dev-batch-inference"
JOBS = "arn:aws:bedrock:eu-west-1:111122223333:model-invocation-job/*"


@pytest.fixture(scope="module")
def batch() -> BuiltStack:
    return build_stack("dev", inference="batch", model=f"bedrock:{MODEL}")


def _statements(stack: BuiltStack, role: str) -> dict[str, Any]:
    (policy,) = [one for one in stack.of("aws:iam/rolePolicy:RolePolicy") if one.inputs["role"] == role]
    return {statement["Sid"]: statement for statement in json.loads(policy.inputs["policy"])["Statement"]}


def test_only_a_job_of_this_account_takes_the_role_on(batch: BuiltStack) -> None:
    (role,) = [one for one in batch.of("aws:iam/role:Role") if one.inputs["name"] == ROLE]
    (trust,) = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111122223333"},
        "ArnLike": {"aws:SourceArn": JOBS},
    }


@pytest.mark.parametrize(
    ("model", "arn"),
    [
        ("amazon.nova-pro-v1:0", "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0"),
        ("us.meta.llama3-3-70b-instruct-v1:0", "arn:aws:bedrock:*::foundation-model/meta.llama3-3-70b-instruct-v1:0"),
    ],
)
def test_a_job_may_ask_a_model_of_every_family_and_no_agent_counts_tokens(model: str, arn: str) -> None:
    stack = build_stack("dev", inference="batch", model=f"bedrock:{model}")
    assert arn in _statements(stack, ROLE)["InvokeModel"]["Resource"]
    assert arn in _statements(stack, "swarm-dev-submit-batch-inference")["ManageBatchJobs"]["Resource"]
    policies = [one.inputs["policy"] for one in stack.of("aws:iam/rolePolicy:RolePolicy")]
    assert not any("CountTokens" in policy for policy in policies)


def test_bedrock_reads_input_and_writes_output_and_nothing_else_of_a_session(batch: BuiltStack) -> None:
    statements = _statements(batch, ROLE)
    (read,), (written,) = statements["ReadInput"]["Resource"], statements["WriteOutput"]["Resource"]
    assert read.endswith("/sessions/*/batch-inference/input/*")
    assert written.endswith("/sessions/*/batch-inference/output/*")
    assert (statements["ReadInput"]["Action"], statements["WriteOutput"]["Action"]) == (
        ["s3:GetObject"],
        ["s3:PutObject"],
    )
    assert statements["InvokeModel"]["Resource"][0].endswith(f":inference-profile/{MODEL}")


def test_only_the_function_that_submits_hands_the_role_over_and_only_to_bedrock(batch: BuiltStack) -> None:
    handing = {
        policy.inputs["role"]: statement
        for policy in batch.of("aws:iam/rolePolicy:RolePolicy")
        for statement in json.loads(policy.inputs["policy"])["Statement"]
        if statement["Action"] == ["iam:PassRole"] and any(one.endswith(ROLE) for one in statement["Resource"])
    }
    assert set(handing) == {"swarm-dev-submit-batch-inference"}
    (handed,) = handing.values()
    assert handed["Condition"] == {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    environments = {
        one.inputs["name"]: AgentSettings.from_variables(one.inputs["environment"]["variables"])
        for one in batch.of("aws:lambda/function:Function")
    }
    assert {name for name, one in environments.items() if one.batch_inference_role} == {
        "swarm-dev-submit-batch-inference"
    }


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("submit-batch-inference", ["bedrock:CreateModelInvocationJob"]),
        ("check-batch-inference", ["bedrock:GetModelInvocationJob"]),
        ("collect-batch-inference", ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"]),
        ("reap", ["bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob"]),
    ],
)
def test_who_may_do_what_with_jobs(batch: BuiltStack, role: str, actions: list[str]) -> None:
    statement = _statements(batch, f"swarm-dev-{role}")["ManageBatchJobs"]
    assert statement["Action"] == actions
    assert statement["Resource"][0] == JOBS


def test_without_it_there_is_no_role_and_no_permission_on_jobs() -> None:
    plain = build_stack("dev")
    assert ROLE not in {one.inputs["name"] for one in plain.of("aws:iam/role:Role")}
    policies = [one.inputs["policy"] for one in plain.of("aws:iam/rolePolicy:RolePolicy")]
    assert not [policy for policy in policies if "ModelInvocationJob" in policy]
    assert set(_statements(plain, "swarm-dev-submit-batch-inference")) == {"WriteLogs", "SendFailedEvents"}


def test_parliament_knows_every_action_and_condition_of_it(batch: BuiltStack) -> None:
    said = [
        finding
        for one in batch.resources
        for finding in findings(DeclaredResource(one.token, one.name, one.urn, one.inputs))
        if finding.muted_by is None
    ]
    # Of an action on one of several kinds of resource parliament wants every kind.
    unexplained = [one for one in said if not (one.issue == "RESOURCE_MISMATCH" and one.about.startswith("bedrock:"))]
    assert [f"{one.issue} {one.about}" for one in unexplained] == []
