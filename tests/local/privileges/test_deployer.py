"""The deployer's policy, asked as AWS would ask it: each call that the provider makes for dev and prod is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.privileges.policy import Policy
from tests.guardrails.declared import stack
from tests.local.privileges.provider_calls import CALLS, LITERAL, TABLE_KEY, WITHOUT_RESOURCE

ROOT = Path(__file__).resolve().parents[3]
POLICY = Policy("deployer", [(ROOT / "docs" / "deployer-policy.json").read_text(encoding="utf-8")])
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
PLACE = "eu-west-1:123456789012"
TAG = {"project": "serverless-swarm"}
MADE = {f"aws:RequestTag/{key}": value for key, value in TAG.items()}
TAGGED = {f"aws:ResourceTag/{key}": value for key, value in TAG.items()}
KEY = f"arn:aws:kms:{PLACE}:key/1234abcd"


def _arn(action: str, kind: str, inputs: Mapping[str, Any]) -> str:
    if action in LITERAL:
        return LITERAL[action]
    service, _, name_of_action = action.partition(":")
    if action in WITHOUT_RESOURCE or service == "route53":
        return "*"
    if service == "ec2":
        described = name_of_action.startswith("Describe") and name_of_action != "DescribeVpcAttribute"
        return "*" if described else f"arn:aws:ec2:{PLACE}:{kind.partition(':')[2].lower()}/x-1"
    if service == "kms":
        return f"arn:aws:kms:{PLACE}:{inputs['name']}" if "Alias" in action else KEY
    name = next((str(inputs[key]) for key in _NAMED if inputs.get(key)), "swarm-dev-x").rpartition("/")[2]
    name = name.rpartition(":")[2] if name.startswith("arn:") else name
    resource = {
        "cloudwatch": f"cloudwatch:{PLACE}:alarm:{name}",
        "dynamodb": f"dynamodb:{PLACE}:table/{name}",
        "ecr": f"ecr:{PLACE}:repository/{name}",
        "ecs": f"ecs:{PLACE}:{'task-definition' if 'TaskDefinition' in kind else 'cluster'}/{name}",
        "events": f"events:{PLACE}:rule/{name}",
        "iam": f"iam::123456789012:role/{name}",
        "lambda": f"lambda:{PLACE}:{'layer' if 'Layer' in kind else 'function'}:{name}",
        "logs": f"logs:{PLACE}:log-group:{inputs.get('name', '')}",
        "s3": f"s3:::{name}",
        "scheduler": f"scheduler:{PLACE}:schedule/default/{name}",
        "sns": f"sns:{PLACE}:{name}",
        "sqs": f"sqs:{PLACE}:{name}",
        "ssm": f"ssm:{PLACE}:parameter{inputs.get('name', '')}",
        "states": f"states:{PLACE}:stateMachine:{name}",
    }[service]
    return f"arn:aws:{resource}"


#: Properties that hold a physical name, the own before those of what a resource belongs to.
_NAMED = (
    "functionName",
    "function",
    "layerName",
    "family",
    "clusterName",
    "rule",
    "repository",
    "role",
    "bucket",
    "topic",
    "name",
)


def _asked(name: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Resource, action, ARN and context of every call that creating and destroying the stack makes."""
    for resource in stack(name):
        calls, inputs = CALLS[resource.kind], resource.inputs
        if resource.kind in {"iam:RolePolicy", "sfn:Alias", "sns:TopicPolicy", "sqs:QueuePolicy", "lambda:Alias"}:
            inputs = {key: value for key, value in inputs.items() if key != "name"}
        # A network's tags count at once; a key's take up to five minutes.
        soon = TAGGED if resource.kind.startswith("ec2:") else {}
        for actions, context in ((calls.create, MADE), (calls.read, soon), (calls.delete, TAGGED)):
            for action in actions.split():
                yield resource.name, action, _arn(action, resource.kind, inputs), context
        if resource.kind == "dynamodb:Table" and inputs.get("serverSideEncryption"):
            for action in TABLE_KEY.split():
                yield resource.name, action, KEY, {"kms:ViaService": "dynamodb.eu-west-1.amazonaws.com"}


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_call_of_the_provider_is_allowed(name: str) -> None:
    asked = list(_asked(name))
    refused = sorted({f"{action} on {arn}" for _, action, arn, context in asked if not _allowed(action, arn, context)})
    assert len(asked) > 500
    assert refused == []


def _allowed(action: str, arn: str, context: Mapping[str, str]) -> bool:
    return bool(POLICY.allowing(action, arn, context))


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_kind_of_the_stack_is_in_the_table(name: str) -> None:
    assert {resource.kind for resource in stack(name)} <= set(CALLS)


def test_prods_key_and_table_are_among_what_is_asked() -> None:
    actions = {action for _, action, _, _ in _asked("prod")}
    assert {"kms:CreateKey", "kms:EnableKeyRotation", "kms:ReEncryptTo", "dynamodb:CreateTable"} <= actions


@pytest.mark.parametrize(
    ("action", "arn", "context"),
    [
        ("kms:CreateKey", "*", {}),
        ("kms:ScheduleKeyDeletion", KEY, {}),
        ("kms:Decrypt", KEY, {}),
        ("kms:Decrypt", KEY, {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}),
        ("s3:PutObject", "arn:aws:s3:::another-bucket/x", {}),
        ("ec2:DeleteVpc", f"arn:aws:ec2:{PLACE}:vpc/x-1", {}),
        ("states:DeleteStateMachine", f"arn:aws:states:{PLACE}:stateMachine:another", {}),
    ],
)
def test_what_is_not_ours_is_refused(action: str, arn: str, context: dict[str, str]) -> None:
    assert not _allowed(action, arn, context)


BUCKET, OBJECTS = "arn:aws:s3:::swarm-dev-releases-1", "arn:aws:s3:::swarm-dev-releases-1/releases/r/function.zip"
REPOSITORY, LAYER = f"arn:aws:ecr:{PLACE}:repository/swarm-dev-agent", f"arn:aws:lambda:{PLACE}:layer:swarm-dev-x"
_PUSH = "BatchCheckLayerAvailability InitiateLayerUpload UploadLayerPart CompleteLayerUpload PutImage"
_PULL = "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer"
#: What a command of docs/deploy.md asks of AWS, by how it begins; None is the administrator's at the bootstrap.
COMMANDS: Mapping[str, list[tuple[str, str]] | None] = {
    "aws sts get-caller-identity": [],
    "aws s3api create-bucket": None,
    "aws s3api put-bucket-versioning": None,
    "aws s3api put-public-access-block": None,
    "aws kms create-key": None,
    "aws kms create-alias": None,
    "aws iam create-role": None,
    "aws iam put-role-policy": None,
    "aws ecr get-login-password": [("ecr:GetAuthorizationToken", "*")],
    "aws ecr describe-images": [("ecr:DescribeImages", REPOSITORY)],
    "docker buildx build": [(f"ecr:{name}", REPOSITORY) for name in _PUSH.split()],
    "docker buildx imagetools create": [(f"ecr:{name}", REPOSITORY) for name in f"{_PULL} {_PUSH}".split()],
    "aws s3 cp build/release": [("s3:PutObject", OBJECTS), ("s3:ListBucket", BUCKET)],
    "aws s3 cp s3://": [("s3:GetObject", OBJECTS), ("s3:ListBucket", BUCKET)],
    "aws s3api put-object": [("s3:PutObject", OBJECTS)],
    "aws lambda delete-layer-version": [("lambda:DeleteLayerVersion", f"{LAYER}:3")],
    "aws lambda list-layer-versions": [("lambda:ListLayerVersions", "*")],
    "aws lambda get-account-settings": None,
    "aws ecs deregister-task-definition": [("ecs:DeregisterTaskDefinition", "*")],
    "aws ecs delete-task-definitions": [
        ("ecs:DeleteTaskDefinitions", f"arn:aws:ecs:{PLACE}:task-definition/swarm-dev-x:1")
    ],
}


def _commands() -> list[str]:
    aws = r"aws [a-z0-9]+ [a-z0-9-]+(?: (?:build/release|s3://))?"
    return sorted(set(re.findall(rf"(?:{aws}|docker buildx (?:imagetools )?[a-z]+)", PAGE)))


@pytest.mark.parametrize("command", _commands())
def test_the_deployer_may_do_what_the_page_tells_to_do(command: str) -> None:
    begins = [name for name in COMMANDS if command.startswith(name)]
    assert begins, f"{command}: say in COMMANDS what it asks of AWS"
    for action, arn in COMMANDS[begins[0]] or []:
        assert _allowed(action, arn, {}), f"{action} on {arn}"
