"""Our provider's table against the program, and against what the deployer is asked for: three lists by hand."""

from __future__ import annotations

import pytest

from tests.engine.kinds import KINDS
from tests.engine.updates import changeable
from tests.guardrails.declared import EVERYTHING, stack

#: How IAM calls the services that boto3 names otherwise.
_IAM = {"stepfunctions": "states"}
#: Actions that IAM names otherwise than the API's call.
_ACTIONS = {
    "budgets:DeleteBudget": "budgets:ModifyBudget",
    "s3:DeleteBucketLifecycle": "s3:PutLifecycleConfiguration",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "sns:DeleteTopicPolicy": "sns:SetTopicAttributes",
}
#: All of a lifecycle policy replaces it; a table's association is replaced with its subnet, as both are of one network;
#: a public key is replaced with its name, which is made of it, and a subscription with its topic or address.
NEVER_CHANGED = frozenset(
    {"ecr:LifecyclePolicy", "ec2:RouteTableAssociation", "cloudfront:PublicKey", "sns:TopicSubscription"}
)
#: Kinds that moto cannot delete: what they hang on is deleted.
NEVER_DELETED = frozenset(
    {"s3:BucketPolicy", "sns:TopicPolicy", "cloudfront:KeyGroup", "cloudfront:ResponseHeadersPolicy"}
)


@pytest.fixture(scope="module")
def declared() -> dict[str, str]:
    """The kinds that the program declares on any stack; building three stacks takes seconds."""
    return {resource.kind: resource.type for name in ("local", "dev", EVERYTHING) for resource in stack(name)}


def test_the_table_has_the_kinds_that_the_program_declares_and_no_others(declared: dict[str, str]) -> None:
    assert set(KINDS) == set(declared)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_that_the_program_declares_is_read_changed_and_deleted(kind: str, declared: dict[str, str]) -> None:
    known = KINDS[kind]
    assert known.delete or kind in NEVER_DELETED
    assert known.replaced_by == "*" or kind in NEVER_CHANGED or changeable(declared[kind])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_deletes_a_kind_is_among_what_the_deployer_is_asked_for(kind: str) -> None:
    from local.privileges.provider_calls import CALLS

    made = {f"{_IAM.get(one.service, one.service)}:{_action(one.operation)}" for one in KINDS[kind].delete}
    asked = set(CALLS[kind].delete.split())
    assert {_ACTIONS.get(action, action) for action in made} <= asked or KINDS[kind].kept_if


def _action(operation: str) -> str:
    return "".join(part.capitalize() for part in operation.split("_"))
