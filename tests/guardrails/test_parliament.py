"""A second opinion on every policy document of every stack: parliament knows each action and its resources."""

from __future__ import annotations

from typing import Any

import pytest

from components.guardrails.documents import documents
from tests.components.mocked_cloud import STACKS
from tests.guardrails.declared import EVERYTHING, invented, policy, stack
from tests.guardrails.linter import MUTED, findings


@pytest.mark.parametrize("name", [*STACKS, EVERYTHING])
def test_parliament_has_nothing_to_say_that_is_not_explained(name: str) -> None:
    said = [finding for resource in stack(name) for finding in findings(resource)]
    assert [finding for finding in said if finding.muted_by is None] == []


@pytest.mark.parametrize("name", STACKS)
def test_every_role_bucket_queue_and_key_brings_a_document(name: str) -> None:
    carrying = {resource.kind for resource in stack(name) if list(documents(resource))}
    assert carrying >= {"iam:Role", "iam:RolePolicy", "s3:BucketPolicy", "sqs:QueuePolicy"}
    roles = [resource for resource in stack(name) if resource.kind in {"iam:Role", "iam:RolePolicy"}]
    assert all(list(documents(role)) for role in roles)


def test_no_muted_finding_outlives_its_cause() -> None:
    said = {finding.muted_by for name in STACKS for resource in stack(name) for finding in findings(resource)}
    assert set(MUTED) - said == set()


def test_every_muted_finding_is_explained() -> None:
    assert all(len(muted.reason) > 40 for muted in MUTED)


@pytest.mark.parametrize(
    ("statement", "issue"),
    [
        ({"Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::store"}, "RESOURCE_MISMATCH"),
        ({"Action": ["s3:GetObjectt"], "Resource": "arn:aws:s3:::store/*"}, "UNKNOWN_ACTION"),
        ({"Action": ["dynamodb:GetItem"], "Resource": "*"}, "RESOURCE_STAR"),
        (
            {
                "Action": ["s3:GetObject"],
                "Resource": "arn:aws:s3:::store/*",
                "Condition": {"StringEquals": {"s3:nonsense": "x"}},
            },
            "UNKNOWN_CONDITION_FOR_ACTION",
        ),
        ({"Action": ["s3:GetObject"], "Ressource": "*"}, "MALFORMED"),
    ],
)
def test_a_bad_policy_is_caught(statement: dict[str, Any], issue: str) -> None:
    said = list(findings(invented("aws:iam/rolePolicy:RolePolicy", policy(**statement))))
    assert issue in {finding.issue for finding in said}
    assert all(finding.muted_by is None for finding in said)


def test_a_bad_trust_is_caught() -> None:
    trust = policy(Action="sts:AssumeRol", Principal={"Service": "lambda.amazonaws.com"})["policy"]
    said = list(findings(invented("aws:iam/role:Role", {"assumeRolePolicy": trust})))
    assert {finding.issue for finding in said} == {"UNKNOWN_ACTION"}
