"""The deployer's policy, asked as AWS would ask it: each call that the provider makes for dev and prod is allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from local.cloud import LocalCloud, ProgramFailed
from local.privileges.deployer import Deployer, DeployerRefused, ProviderCall, Step
from local.privileges.provider_calls import CALLS
from tests.guardrails.declared import EVERYTHING, invented, stack

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "cli" / "bootstrap" / "deployer-policy.json").read_text(encoding="utf-8")
REGION, ACCOUNT = "eu-west-1", "123456789012"
DEPLOYER = Deployer(DOCUMENT, REGION, ACCOUNT)
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
STEPS: tuple[Step, ...] = ("create", "update", "delete")
PLACE = f"{REGION}:{ACCOUNT}"
KEY = f"arn:aws:kms:{PLACE}:key/1234abcd"


def _asked(name: str) -> Iterator[ProviderCall]:
    """Every call that creating, changing and destroying the stack may make."""
    for resource in stack(name):
        for step in STEPS:
            yield from DEPLOYER.calls(step, resource)


@pytest.mark.parametrize("name", ["dev", "prod", EVERYTHING])
def test_every_call_of_the_provider_is_allowed(name: str) -> None:
    asked = list(_asked(name))
    refused = sorted({f"{call.action} on {call.arn}" for call in asked if not DEPLOYER.allows(call)})
    assert len(asked) > 1_000
    assert refused == []


def _allowed(action: str, arn: str, context: Mapping[str, str]) -> bool:
    return DEPLOYER.allows(ProviderCall(action, arn, context))


@pytest.mark.parametrize("name", ["dev", "prod", EVERYTHING])
def test_every_kind_of_the_stack_is_in_the_table(name: str) -> None:
    assert {resource.kind for resource in stack(name)} <= set(CALLS)


def test_roles_are_passed_only_to_the_services_that_take_them_on() -> None:
    passed = {
        (call.arn.rpartition("/")[2], call.context["iam:PassedToService"])
        for call in _asked("prod")
        if call.action == "iam:PassRole"
    }
    assert ("swarm-prod-documentation", "states.amazonaws.com") in passed
    assert ("swarm-prod-scan-task", "ecs-tasks.amazonaws.com") in passed
    assert ("swarm-prod-scan", "lambda.amazonaws.com") in passed
    assert not _allowed(
        "iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/swarm-x", {"iam:PassedToService": "ec2.amazonaws.com"}
    )


def test_a_key_without_our_tag_in_its_request_may_not_be_made() -> None:
    key = invented("aws:kms/key:Key", {"enableKeyRotation": True})
    DEPLOYER.may("create", replace(key, tags={"project": "serverless-swarm"}))
    with pytest.raises(DeployerRefused, match=r"kms:CreateKey on \*"):
        DEPLOYER.may("create", replace(key, tags={}))


@pytest.mark.local
@pytest.mark.parametrize("stack_name", ["dev", "prod"])
def test_a_local_cloud_refuses_what_the_deployer_may_not_do(
    stack_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deploying_without("dynamodb:UpdateContinuousBackups", tmp_path, monkeypatch)
    with pytest.raises(ProgramFailed, match="does not allow dynamodb:UpdateContinuousBackups on") as refused:
        LocalCloud(stack_name, settings={"packaged": "false"})
    assert "context-table" in str(refused.value)


def _deploying_without(action: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = json.loads(DOCUMENT)
    for statement in policy["Statement"]:
        statement["Action"] = [each for each in statement["Action"] if each != action]
    file = folder / "policy.json"
    file.write_text(json.dumps(policy), encoding="utf-8")
    monkeypatch.setattr("local.cloud.POLICY_FILE", file)


def test_prods_key_and_table_are_among_what_is_asked() -> None:
    actions = {call.action for call in _asked("prod")}
    assert {"kms:CreateKey", "kms:EnableKeyRotation", "kms:CreateGrant", "dynamodb:CreateTable"} <= actions


@pytest.mark.parametrize(
    ("action", "arn", "context"),
    [
        ("kms:CreateKey", "*", {}),
        ("kms:ScheduleKeyDeletion", KEY, {}),
        ("kms:PutKeyPolicy", KEY, {}),
        ("kms:PutKeyPolicy", KEY, {"aws:ResourceTag/managed-by": "swarm bootstrap"}),
        ("kms:CreateGrant", KEY, {}),
        ("kms:CreateGrant", KEY, {"kms:GrantIsForAWSResource": "false"}),
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
UPLOADS = "arn:aws:s3:::swarm-dev-uploads-1/uploads/hive/1.tar.gz"
REPOSITORY, LAYER = f"arn:aws:ecr:{PLACE}:repository/swarm-dev-agent", f"arn:aws:lambda:{PLACE}:layer:swarm-dev-x"
_PUSH = "BatchCheckLayerAvailability InitiateLayerUpload UploadLayerPart CompleteLayerUpload PutImage"
_PULL = "BatchCheckLayerAvailability BatchGetImage GetDownloadUrlForLayer"
_STORED = [("s3:PutObject", OBJECTS), ("s3:GetObject", OBJECTS), ("s3:ListBucket", BUCKET)]
TABLE, TASK = f"arn:aws:dynamodb:{PLACE}:table/swarm-dev-context", f"arn:aws:ecs:{PLACE}:task/swarm-dev/1a2b"
MACHINE, RUN = (f"arn:aws:states:{PLACE}:{kind}:swarm-dev-documentation" for kind in ("stateMachine", "execution"))
ALARM, RULE = f"arn:aws:cloudwatch:{PLACE}:alarm:swarm-dev-x", f"arn:aws:events:{PLACE}:rule/swarm-dev-x"
_READ = [(f"dynamodb:{name}", TABLE) for name in ("GetItem", "BatchGetItem", "Query")]
_FOLLOWED = [*_READ, ("states:DescribeExecution", f"{RUN}:r"), ("states:GetExecutionHistory", f"{RUN}:r")]
#: What the commands ask of the local cloud; `swarm smoke` runs as this role there (tests/e2e/test_smoke.py).
_SMOKE = [
    *_FOLLOWED,
    ("s3:PutObject", UPLOADS),
    ("states:ListExecutions", MACHINE),
    *((f"ecs:{name}", TASK) for name in ("DescribeTasks", "StopTask")),
]
_DOCTOR = [
    ("ecs:DescribeClusters", f"arn:aws:ecs:{PLACE}:cluster/swarm-dev"),
    ("events:DescribeRule", RULE),
    ("events:ListTargetsByRule", RULE),
    ("lambda:GetAccountSettings", "*"),
    ("cloudwatch:DescribeAlarms", ALARM),
    ("s3:GetBucketNotification", "arn:aws:s3:::swarm-dev-uploads-1"),
    ("servicequotas:GetServiceQuota", "*"),
    ("sns:ListSubscriptionsByTopic", f"arn:aws:sns:{PLACE}:swarm-dev-alarms"),
]
#: What a command of docs/deploy.md asks of AWS, by how it begins; None is an administrator's.
COMMANDS: Mapping[str, list[tuple[str, str]] | None] = {
    # The bootstrap is the administrator's.
    "swarm bootstrap": None,
    "swarm doctor": _DOCTOR,
    "swarm submit": [("s3:PutObject", UPLOADS)],
    "swarm watch": _FOLLOWED,
    "swarm fetch": _FOLLOWED,
    "swarm open": _READ,
    # An administrator makes the key: whoever deploys has no permission to read or write the secret.
    "swarm site": None,
    "swarm smoke": _SMOKE,
    "swarm release": [*_STORED, *_SMOKE, ("ecr:DescribeImageScanFindings", REPOSITORY)],
    "swarm promote": [*_STORED, *((f"ecr:{name}", REPOSITORY) for name in f"{_PULL} {_PUSH}".split())],
    "docker login": [("ecr:GetAuthorizationToken", "*")],
    "docker run": [],
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


def test_the_deployer_may_list_the_tasks_of_our_clusters_alone() -> None:
    ours, another = (f"arn:aws:ecs:{PLACE}:cluster/{name}" for name in ("swarm-dev", "another"))
    assert _allowed("ecs:ListTasks", "*", {"ecs:cluster": ours})
    assert not _allowed("ecs:ListTasks", "*", {"ecs:cluster": another})


def test_the_deployer_may_look_after_sessions() -> None:
    """What the commands on sessions ask of AWS: logs, redrive, cancel and reap."""
    group, function = f"arn:aws:logs:{PLACE}:log-group:/aws/lambda/swarm-dev-x", f"arn:aws:lambda:{PLACE}:function"
    for action, arn in (
        ("logs:FilterLogEvents", group),
        ("states:RedriveExecution", f"{RUN}:r"),
        ("lambda:InvokeFunction", f"{function}:swarm-dev-reap:live"),
    ):
        assert _allowed(action, arn, {}), f"{action} on {arn}"


def _commands() -> list[str]:
    aws = r"aws [a-z0-9]+ [a-z0-9-]+(?: (?:build/release|s3://))?"
    return sorted(
        set(
            map(
                str.strip,
                re.findall(rf"(?:{aws}|docker (?:buildx (?:imagetools )?)?[a-z]+|(?m:^ +swarm) [a-z]+)", PAGE),
            )
        )
    )


@pytest.mark.parametrize("command", _commands())
def test_the_deployer_may_do_what_the_page_tells_to_do(command: str) -> None:
    begins = [name for name in COMMANDS if command.startswith(name)]
    assert begins, f"{command}: say in COMMANDS what it asks of AWS"
    for action, arn in COMMANDS[begins[0]] or []:
        assert _allowed(action, arn, {}), f"{action} on {arn}"
