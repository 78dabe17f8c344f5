"""The ledger in front of a cloud: refusals in AWS's own words, and the book of what was used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session

from local.cloud import LocalCloud
from tests.local.clouds import SMALL

pytestmark = [pytest.mark.local]

DATABASE = "arn:aws:dynamodb:eu-west-1:123456789012:table/small-context"
RIGHTS = [
    {"Effect": "Allow", "Sid": "Read", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::small-uploads/seen/*"]},
    {
        "Effect": "Allow",
        "Sid": "Tell",
        "Action": ["s3:ListBucket"],
        "Resource": ["arn:aws:s3:::small-uploads"],
        "Condition": {"StringLike": {"s3:prefix": ["seen/*"]}},
    },
    {"Effect": "Allow", "Sid": "Look", "Action": ["dynamodb:GetItem", "dynamodb:Query"], "Resource": [DATABASE]},
]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL, privileges=True) as running:
        iam = running.client("iam")
        iam.create_role(RoleName="guest", AssumeRolePolicyDocument="{}")
        iam.put_role_policy(
            RoleName="guest", PolicyName="g", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": RIGHTS})
        )
        running.client("s3").put_object(Bucket="small-uploads", Key="seen/it", Body=b"seen")
        yield running


def _as_guest(cloud: LocalCloud, service: str) -> Any:
    return boto3.session.Session().client(
        service,  # type: ignore[call-overload]  # a name known only at run time
        region_name=cloud.region,
        endpoint_url=cloud.endpoint_url,
        aws_access_key_id=cloud.keys.of_role("arn:aws:iam::123456789012:role/guest").id,
        aws_secret_access_key=cloud.keys.of_role("guest").secret,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


def _refusal(call: Any, **arguments: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    error: dict[str, Any] = dict(refused.value.response["Error"])
    return error


def test_what_the_policy_allows_is_answered(cloud: LocalCloud) -> None:
    assert _as_guest(cloud, "s3").get_object(Bucket="small-uploads", Key="seen/it")["Body"].read() == b"seen"
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    assert "Item" not in _as_guest(cloud, "dynamodb").get_item(TableName="small-context", Key=key)


def test_what_it_does_not_allow_is_refused_by_role_action_and_resource(cloud: LocalCloud) -> None:
    table = _as_guest(cloud, "dynamodb")
    error = _refusal(table.put_item, TableName="small-context", Item={"pk": {"S": "a"}, "sk": {"S": "b"}})
    assert error["Code"] == "AccessDeniedException"
    assert f"guest may not dynamodb:PutItem on {DATABASE}" in error["Message"]


@pytest.mark.parametrize("size", [10, 3_000_000])
def test_a_refused_upload_is_answered_and_nothing_is_written(cloud: LocalCloud, size: int) -> None:
    error = _refusal(_as_guest(cloud, "s3").put_object, Bucket="small-uploads", Key="seen/other", Body=b"x" * size)
    assert error["Code"] == "AccessDenied"
    assert "guest may not s3:PutObject on arn:aws:s3:::small-uploads/seen/other" in error["Message"]
    listed = cloud.client("s3").list_objects_v2(Bucket="small-uploads", Prefix="seen/other")
    assert listed["KeyCount"] == 0


def test_only_who_may_list_learns_that_an_object_is_missing(cloud: LocalCloud) -> None:
    store = _as_guest(cloud, "s3")
    assert _refusal(store.get_object, Bucket="small-uploads", Key="seen/nothing")["Code"] == "NoSuchKey"
    assert _refusal(store.head_object, Bucket="small-uploads", Key="seen/nothing")["Code"] == "404"
    assert _refusal(store.head_object, Bucket="small-uploads", Key="hidden/nothing")["Code"] == "403"


def test_a_function_that_may_not_be_invoked_is_refused(cloud: LocalCloud) -> None:
    error = _refusal(_as_guest(cloud, "lambda").invoke, FunctionName="small-work")
    assert error["Code"] == "AccessDeniedException"
    assert "guest may not lambda:InvokeFunction" in error["Message"]


def test_a_role_that_there_is_not_may_nothing(cloud: LocalCloud) -> None:
    stranger = boto3.client(
        "stepfunctions",
        region_name=cloud.region,
        endpoint_url=cloud.endpoint_url,
        aws_access_key_id=cloud.keys.of_role("nobody").id,
        aws_secret_access_key=cloud.keys.of_role("nobody").secret,
    )
    assert "nobody may not states:ListStateMachines" in _refusal(stranger.list_state_machines)["Message"]


def test_the_book_names_the_refused_call_and_the_permission_that_nobody_used(cloud: LocalCloud) -> None:
    table = _as_guest(cloud, "dynamodb")
    table.get_item(TableName="small-context", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
    _refusal(table.delete_item, TableName="small-context", Key={"pk": {"S": "a"}, "sk": {"S": "b"}})
    refused = {str(refusal) for refusal in cloud.ledger.refused}
    assert f"guest may not dynamodb:DeleteItem on {DATABASE}" in refused
    unused = {str(permission) for permission in cloud.ledger.unused(["guest"])}
    assert f"guest dynamodb:Query {DATABASE} (Look)" in unused
    assert f"guest dynamodb:GetItem {DATABASE} (Look)" not in unused


@pytest.mark.parametrize(
    ("service", "kind"),
    [
        ("dynamodb", "application/x-www-form-urlencoded"),
        ("dynamodb", "text/plain"),
        ("sns", "application/x-amz-json-1.0"),
    ],
)
def test_a_request_that_is_not_in_its_service_s_protocol_is_refused(cloud: LocalCloud, service: str, kind: str) -> None:
    """moto would read a form's operation, of which the role's policy was never asked."""
    headers = {"Content-Type": kind, "X-Amz-Target": "DynamoDB_20120810.GetItem"}
    body = b"Action=DeleteTable&TableName=small-context"
    request = AWSRequest("POST", f"{cloud.endpoint_url}/", headers=headers, data=body)
    key = cloud.keys.of_role("guest")
    SigV4Auth(Credentials(key.id, key.secret), service, cloud.region).add_auth(request)

    answer = URLLib3Session().send(request.prepare())

    assert (answer.status_code, "guest may not" in answer.text) == (400, True)
    assert "small-context" in cloud.client("dynamodb").list_tables()["TableNames"]


def test_a_role_may_what_its_policy_says_now(cloud: LocalCloud) -> None:
    """The ledger remembers what a policy has said of a call."""
    iam, guest = cloud.client("iam"), _as_guest(cloud, "s3")
    text = json.dumps({"Version": "2012-10-17", "Statement": RIGHTS[1:]})

    assert guest.get_object(Bucket="small-uploads", Key="seen/it")["Body"].read() == b"seen"
    iam.put_role_policy(RoleName="guest", PolicyName="g", PolicyDocument=text)
    try:
        assert _refusal(guest.get_object, Bucket="small-uploads", Key="seen/it")["Code"] == "AccessDenied"
    finally:
        text = json.dumps({"Version": "2012-10-17", "Statement": RIGHTS})
        iam.put_role_policy(RoleName="guest", PolicyName="g", PolicyDocument=text)
    assert guest.get_object(Bucket="small-uploads", Key="seen/it")["Body"].read() == b"seen"
