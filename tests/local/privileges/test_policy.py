"""The evaluator of policies: what is allowed, what is not, and that it says when it cannot tell."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.privileges import ConditionUnknown, Permission, Policy
from local.privileges.policy import matches

TABLE = "arn:aws:dynamodb:eu-west-1:1:table/context"


def _policy(*statements: dict[str, Any]) -> Policy:
    return Policy("reader", [json.dumps({"Statement": [{"Effect": "Allow", "Sid": "S", **s} for s in statements]})])


def test_what_is_granted_is_allowed_and_everything_else_is_refused() -> None:
    policy = _policy({"Action": ["dynamodb:GetItem"], "Resource": [TABLE]})
    assert policy.allowing("dynamodb:GetItem", TABLE, {}) == (Permission("reader", "S", "dynamodb:GetItem", TABLE),)
    assert policy.allowing("dynamodb:PutItem", TABLE, {}) == ()
    assert policy.allowing("dynamodb:GetItem", f"{TABLE}-of-others", {}) == ()


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("arn:aws:s3:::b/sessions/*", "arn:aws:s3:::b/sessions/a/b.json", True),
        ("arn:aws:s3:::b/sessions/*", "arn:aws:s3:::b/analyses/a", False),
        ("arn:aws:s3:::b/sessions/*/site.zip", "arn:aws:s3:::b/sessions/x/site.zip", True),
        ("arn:aws:s3:::b/sessions/*/site.zip", "arn:aws:s3:::b/sessions/x/site.zip.exe", False),
        ("a?c", "abc", True),
        ("a.c", "abc", False),
        ("*", "line\nbreak", True),
        ("*" * 40 + "x", "y" * 2_000, False),
    ],
)
def test_wildcards_are_those_of_iam(pattern: str, text: str, fits: bool) -> None:
    assert matches(pattern, text) is fits


def test_a_condition_must_hold_and_a_missing_key_does_not() -> None:
    within = {"StringLike": {"s3:prefix": ["sessions/*"]}}
    policy = _policy({"Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": within})
    assert policy.allowing("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "sessions/1/x"})
    assert not policy.allowing("s3:ListBucket", "arn:aws:s3:::b", {"s3:prefix": "analyses/1"})
    assert not policy.allowing("s3:ListBucket", "arn:aws:s3:::b", {})


def test_a_deny_wins_over_every_allow() -> None:
    granted = {"Action": "s3:*", "Resource": "*"}
    policy = _policy(granted, {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": "*"})
    assert policy.allowing("s3:GetObject", "arn:aws:s3:::b/k", {})
    assert not policy.allowing("s3:DeleteObject", "arn:aws:s3:::b/k", {})


def test_an_operator_that_is_not_evaluated_is_named_and_not_taken_as_met() -> None:
    soon = {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}
    with pytest.raises(ConditionUnknown, match="DateLessThan"):
        _policy({"Action": "s3:GetObject", "Resource": "*", "Condition": soon})


def test_every_action_on_every_resource_is_a_permission_of_its_own() -> None:
    policy = _policy({"Action": ["s3:GetObject", "s3:PutObject"], "Resource": ["a", "b"]})
    assert len(list(policy.permissions())) == 4
