"""Which permissions a request needs, service by service."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from local.privileges import Call, Request, calls_of
from local.privileges.calls import missing_object
from local.privileges.identity import CloudKeys, role_of

MACHINE = "arn:aws:states:eu-west-1:1:stateMachine:swarm"
KEY = "arn:aws:kms:eu-west-1:1:key/k"


class Around:
    """A small account: the bucket `sealed` has a key of its own, one token is waited for."""

    region = "eu-west-1"
    account = "1"

    def task_roles(self, task_definition: str) -> Sequence[str]:
        return [f"arn:aws:iam::1:role/{task_definition.rpartition('/')[2].partition(':')[0]}"]

    def bucket_key(self, bucket: str) -> str:
        return KEY if bucket == "sealed" else ""

    def secret_arn(self, name: str) -> str:
        return f"arn:aws:secretsmanager:eu-west-1:1:secret:{name}-a1B2c3"

    def machine_of_token(self, token: str) -> str:
        return MACHINE if token == "waited-for" else ""


def _asked(request: Request) -> list[tuple[str, str]]:
    return [(call.action, call.resource) for call in calls_of(request, Around())]


def _json(service: str, operation: str, **body: Any) -> Request:
    return Request(service, "POST", "/", target=f"X.{operation}", body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("call", "action"),
    [("converse", "InvokeModel"), ("invoke", "InvokeModel"), ("count-tokens", "CountTokens")],
)
def test_a_call_about_a_model_needs_its_own_permission(call: str, action: str) -> None:
    model = "amazon.nova-pro-v1:0"
    arn = f"arn:aws:bedrock:eu-west-1::foundation-model/{model}"
    assert _asked(Request("bedrock", "POST", f"/model/{model}/{call}")) == [(f"bedrock:{action}", arn)]


@pytest.mark.parametrize(
    ("method", "path", "query", "action", "resource"),
    [
        ("GET", "/b/k/l", {}, "s3:GetObject", "arn:aws:s3:::b/k/l"),
        ("HEAD", "/b/k", {}, "s3:GetObject", "arn:aws:s3:::b/k"),
        ("GET", "/b/k", {"versionId": "v"}, "s3:GetObjectVersion", "arn:aws:s3:::b/k"),
        ("PUT", "/b/k", {}, "s3:PutObject", "arn:aws:s3:::b/k"),
        ("PUT", "/b/k", {"partNumber": "1", "uploadId": "u"}, "s3:PutObject", "arn:aws:s3:::b/k"),
        ("POST", "/b/k", {"uploads": ""}, "s3:PutObject", "arn:aws:s3:::b/k"),
        ("DELETE", "/b/k", {}, "s3:DeleteObject", "arn:aws:s3:::b/k"),
        ("DELETE", "/b/k", {"uploadId": "u"}, "s3:AbortMultipartUpload", "arn:aws:s3:::b/k"),
        ("GET", "/b", {"list-type": "2", "prefix": "p/"}, "s3:ListBucket", "arn:aws:s3:::b"),
        ("GET", "/b", {"policy": ""}, "s3:GET bucket", "arn:aws:s3:::b"),
        ("GET", "/b/k", {"tagging": ""}, "s3:GET object tagging", "arn:aws:s3:::b/k"),
    ],
)
def test_s3(method: str, path: str, query: dict[str, str], action: str, resource: str) -> None:
    assert _asked(Request("s3", method, path, query)) == [(action, resource)]


def test_an_object_under_a_key_of_ours_needs_the_key() -> None:
    assert _asked(Request("s3", "GET", "/sealed/k"))[1] == ("kms:Decrypt", KEY)
    assert _asked(Request("s3", "PUT", "/sealed/k"))[1] == ("kms:GenerateDataKey", KEY)


def test_a_copy_reads_its_source() -> None:
    assert ("s3:GetObject", "arn:aws:s3:::a/k") in _asked(Request("s3", "PUT", "/b/k", copies="/a/k?versionId=1"))


def test_who_looks_for_an_object_that_is_missing_needs_to_list_at_its_key() -> None:
    wanted = Call("s3:ListBucket", "arn:aws:s3:::b", (("s3:prefix", "p/k"),))
    assert missing_object(Request("s3", "HEAD", "/b/p/k")) == wanted
    assert missing_object(Request("s3", "PUT", "/b/p/k")) is None


def test_dynamodb_names_each_table() -> None:
    table = "arn:aws:dynamodb:eu-west-1:1:table/t"
    assert _asked(_json("dynamodb", "GetItem", TableName="t")) == [("dynamodb:GetItem", table)]
    assert _asked(_json("dynamodb", "BatchWriteItem", RequestItems={"t": []})) == [("dynamodb:BatchWriteItem", table)]


def test_a_transaction_needs_the_permission_of_each_of_its_parts() -> None:
    parts = [{"Put": "t"}, {"Update": "u"}, {"Delete": "t"}, {"ConditionCheck": "v"}]
    items = [{kind: {"TableName": name}} for part in parts for kind, name in part.items()]
    assert _asked(_json("dynamodb", "TransactWriteItems", TransactItems=items)) == [
        ("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:1:table/t"),
        ("dynamodb:UpdateItem", "arn:aws:dynamodb:eu-west-1:1:table/u"),
        ("dynamodb:DeleteItem", "arn:aws:dynamodb:eu-west-1:1:table/t"),
        ("dynamodb:ConditionCheckItem", "arn:aws:dynamodb:eu-west-1:1:table/v"),
    ]


@pytest.mark.parametrize("items", [[], [{"Rename": {"TableName": "t"}}], [{}]], ids=["empty", "unknown", "nothing"])
def test_a_transaction_whose_parts_are_not_known_is_refused_by_name(items: list[Any]) -> None:
    ((action, _),) = _asked(_json("dynamodb", "TransactWriteItems", TransactItems=items))
    assert action.startswith("dynamodb:TransactWriteItems")


def test_an_alias_is_asked_about_as_the_machine_with_a_qualifier() -> None:
    (call,) = calls_of(_json("states", "StartExecution", stateMachineArn=f"{MACHINE}:live"), Around())
    assert call == Call("states:StartExecution", MACHINE, (("states:StateMachineQualifier", "live"),))


def test_a_token_is_the_affair_of_the_machine_that_waits_for_it() -> None:
    assert _asked(_json("states", "SendTaskSuccess", taskToken="waited-for")) == [("states:SendTaskSuccess", MACHINE)]
    assert _asked(_json("states", "SendTaskSuccess", taskToken="of nobody")) == []


def test_run_task_tags_the_task_and_hands_its_roles_on() -> None:
    definition = "arn:aws:ecs:eu-west-1:1:task-definition/agent:1"
    request = _json("ecs", "RunTask", cluster="swarm", taskDefinition=definition, propagateTags="TASK_DEFINITION")
    run, tag, hand = calls_of(request, Around())
    assert (run.action, run.resource) == ("ecs:RunTask", definition)
    assert (tag.action, tag.context) == ("ecs:TagResource", (("ecs:CreateAction", "RunTask"),))
    assert (hand.action, hand.resource) == ("iam:PassRole", "arn:aws:iam::1:role/agent")
    assert dict(hand.context)["iam:PassedToService"] == "ecs-tasks.amazonaws.com"


def test_a_role_that_a_caller_gives_a_task_in_the_place_of_its_own_is_passed_on_as_well() -> None:
    definition = "arn:aws:ecs:eu-west-1:1:task-definition/agent:1"
    overrides = {"taskRoleArn": "arn:aws:iam::1:role/admin", "executionRoleArn": "arn:aws:iam::1:role/pull"}
    asked = _asked(_json("ecs", "RunTask", cluster="swarm", taskDefinition=definition, overrides=overrides))
    assert [resource for action, resource in asked if action == "iam:PassRole"][1:] == list(overrides.values())


def test_a_secret_is_read_by_name_or_arn() -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:1:secret:key-a1B2c3"
    for given in ("key", arn):
        assert _asked(_json("secretsmanager", "GetSecretValue", SecretId=given)) == [
            ("secretsmanager:GetSecretValue", arn)
        ]


def test_a_function_is_invoked_by_name_or_arn_through_its_alias() -> None:
    arn = "arn:aws:lambda:eu-west-1:1:function:f:live"
    assert _asked(Request("lambda", "POST", f"/2015-03-31/functions/{arn}/invocations")) == [
        ("lambda:InvokeFunction", arn)
    ]
    by_name = Request("lambda", "POST", "/2015-03-31/functions/f/invocations", {"Qualifier": "live"})
    assert _asked(by_name) == [("lambda:InvokeFunction", arn)]


def test_what_is_not_known_becomes_an_action_that_no_policy_grants() -> None:
    assert _asked(_json("events", "ListRules")) == [("events:ListRules", "unknown")]
    assert _asked(Request("lambda", "GET", "/2015-03-31/layers")) == [("lambda:GET 2015-03-31/layers", "")]


def test_a_request_says_whose_it_is_and_the_persons_own_pass() -> None:
    key = CloudKeys("secret").of_role("arn:aws:iam::1:role/swarm-dev-scan").id
    scope = "20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    assert role_of(f"AWS4-HMAC-SHA256 Credential={key}/{scope}") == ("swarm-dev-scan", "s3")
    assert role_of(f"AWS4-HMAC-SHA256 Credential={CloudKeys('secret').operator.id}/{scope}") is None
    assert role_of("") is None


@pytest.mark.parametrize(
    ("method", "path", "action", "resource"),
    [
        ("GET", "functions/f/configuration?Qualifier=3", "GetFunctionConfiguration", "f:3"),
        ("GET", "functions/f/versions", "ListVersionsByFunction", "f"),
        ("PUT", "functions/f/aliases/live", "UpdateAlias", "f"),
    ],
)
def test_a_call_about_a_functions_versions_is_about_the_function(
    method: str, path: str, action: str, resource: str
) -> None:
    path, _, query = path.partition("?")
    request = Request("lambda", method, f"/2015-03-31/{path}", query=dict([query.split("=")] if query else []))
    assert _asked(request) == [(f"lambda:{action}", f"arn:aws:lambda:eu-west-1:1:function:{resource}")]


def test_a_call_about_an_alias_of_a_state_machine_is_about_the_state_machine() -> None:
    request = _json("states", "UpdateStateMachineAlias", stateMachineAliasArn=f"{MACHINE}:live")
    (call,) = calls_of(request, Around())
    assert (call.action, call.resource) == ("states:UpdateStateMachineAlias", MACHINE)
    assert call.context == (("states:StateMachineQualifier", "live"),)
