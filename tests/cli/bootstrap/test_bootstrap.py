"""`swarm bootstrap`: the plan first, then what is missing; a second run changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner, Result

from cli.app import app
from cli.bootstrap import plan
from cli.bootstrap.aws_calls import patiently
from cli.bootstrap.trust import TrustRefused, caller, of_github, of_gitlab, of_principal
from cli.commands.bootstrap import POLICY
from local.cloud import LocalCloud
from local.privileges.policy import Policy
from releases.build import build
from tools.deployer import ASKED

ACCOUNT = "123456789012"
PLACE = plan.AccountPlace("aws", ACCOUNT, "eu-west-1")
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
#: IAM's quota of managed policies for one role.
POLICIES_OF_A_ROLE = 10
OLD = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListAllMyBuckets","Resource":"*"}]}'


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented")
    with mock_aws():
        yield


def swarm(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["bootstrap", "--region", "eu-west-1", *arguments], input=answer)


def made(*arguments: str) -> str:
    result = swarm(*arguments, "--yes")
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.usefixtures("account")
def test_the_plan_comes_first_and_no_changes_nothing() -> None:
    result = swarm("--trust", ADMIN, answer="n\n")
    assert result.exit_code == 0
    for thing in (f"role {plan.DEPLOYER}", f"key {plan.KEY_ALIAS}", f"bucket {PLACE.bucket}"):
        assert f"will be created  {thing}" in result.stdout
    assert "Nothing was changed." in result.stdout
    assert boto3.client("s3").list_buckets()["Buckets"] == []
    assert not [role for role in boto3.client("iam").list_roles()["Roles"] if "swarm" in role["RoleName"]]


@pytest.mark.usefixtures("account")
def test_a_second_run_changes_nothing_and_says_so() -> None:
    first = made("--trust", ADMIN)
    second = made("--trust", ADMIN)
    assert first.count("will be created") == 6
    assert 'pulumi login "s3://pulumi-state-123456789012?region=eu-west-1&awssdk=v2"' in first
    assert 'pulumi stack init dev --secrets-provider "awskms://alias/pulumi-state?region=eu-west-1"' in first
    assert "Nothing is to be done." in second
    assert second.count("  exists") == 6
    assert "Nothing is to be done." in made()  # without a party, who is trusted stays trusted


@pytest.mark.usefixtures("account")
def test_the_bucket_is_versioned_private_encrypted_and_speaks_tls_only() -> None:
    made("--trust", ADMIN)
    s3 = boto3.client("s3", region_name="eu-west-1")
    assert s3.get_bucket_location(Bucket=PLACE.bucket)["LocationConstraint"] == "eu-west-1"
    assert s3.get_bucket_versioning(Bucket=PLACE.bucket)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=PLACE.bucket)["PublicAccessBlockConfiguration"].values())
    rule = s3.get_bucket_encryption(Bucket=PLACE.bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == plan.KEY_ALIAS
    policy = json.loads(s3.get_bucket_policy(Bucket=PLACE.bucket)["Policy"])
    assert policy["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    kms = boto3.client("kms", region_name="eu-west-1")
    key = kms.describe_key(KeyId=plan.KEY_ALIAS)["KeyMetadata"]["Arn"]
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True


@pytest.mark.usefixtures("account")
def test_the_keys_own_policy_lets_the_deployer_use_it_and_not_change_it() -> None:
    made("--trust", ADMIN)
    kms = boto3.client("kms", region_name="eu-west-1")
    key = kms.describe_key(KeyId=plan.KEY_ALIAS)["KeyMetadata"]["Arn"]
    statements = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])["Statement"]
    of_deployer = [one for one in statements if one["Principal"]["AWS"] == PLACE.role_arn(plan.DEPLOYER)]
    policy = Policy("deployer", [POLICY.read_text(encoding="utf-8"), json.dumps({"Statement": of_deployer})])
    tagged = {"aws:ResourceTag/project": "serverless-swarm", "aws:RequestTag/project": "serverless-swarm"}
    assert policy.allowing("kms:Decrypt", key, {})
    for action in ("kms:PutKeyPolicy", "kms:TagResource", "kms:ScheduleKeyDeletion", "kms:CreateGrant"):
        assert not policy.allowing(action, key, {**tagged, "kms:GrantIsForAWSResource": "true"})


@pytest.mark.usefixtures("account")
def test_us_east_1_is_not_named_to_s3() -> None:
    result = CliRunner().invoke(app, ["bootstrap", "--region", "us-east-1", "--trust", ADMIN, "--yes"])
    assert result.exit_code == 0, result.stderr
    assert boto3.client("s3").get_bucket_location(Bucket=PLACE.bucket)["LocationConstraint"] is None


@pytest.mark.usefixtures("account")
def test_an_interrupted_run_is_continued() -> None:
    """A role without its policy, and a key that has no alias yet, are taken up and not made twice."""
    kms = boto3.client("kms", region_name="eu-west-1")
    made("--trust", ADMIN)
    kms.delete_alias(AliasName=plan.KEY_ALIAS)
    iam = boto3.client("iam")
    iam.detach_role_policy(RoleName=plan.DEPLOYER, PolicyArn=f"arn:aws:iam::{ACCOUNT}:policy/{plan.DEPLOYER}-1")
    said = made("--trust", ADMIN)
    assert f"differs          role {plan.DEPLOYER}: policies" in said
    assert f"differs          key {plan.KEY_ALIAS}: alias" in said
    assert len(kms.list_keys()["Keys"]) == 1
    assert "Nothing is to be done." in made("--trust", ADMIN)


@pytest.mark.usefixtures("account")
def test_the_policies_of_an_earlier_release_are_replaced() -> None:
    """An inline policy and a surplus managed one go; a document that differs becomes the default version."""
    made("--trust", ADMIN)
    iam = boto3.client("iam")
    surplus = iam.create_policy(PolicyName=f"{plan.DEPLOYER}-9", PolicyDocument=OLD)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=surplus, PolicyDocument=OLD, SetAsDefault=True)
    theirs = iam.create_policy(PolicyName=f"{plan.DEPLOYER}-theirs", PolicyDocument=OLD)["Policy"]["Arn"]
    for arn in (surplus, theirs):
        iam.attach_role_policy(RoleName=plan.DEPLOYER, PolicyArn=arn)
    iam.put_role_policy(RoleName=plan.DEPLOYER, PolicyName="deploy", PolicyDocument=OLD)
    first = f"arn:aws:iam::{ACCOUNT}:policy/{plan.DEPLOYER}-1"
    for _ in range(4):  # as many versions as IAM keeps
        iam.create_policy_version(PolicyArn=first, PolicyDocument=OLD, SetAsDefault=True)

    said = made()

    assert f"differs          policy {plan.DEPLOYER}-1: document" in said
    assert f"differs          role {plan.DEPLOYER}: policies" in said
    attached = iam.list_attached_role_policies(RoleName=plan.DEPLOYER)["AttachedPolicies"]
    parts = plan.policy_parts(json.loads(POLICY.read_text(encoding="utf-8")))
    ours = {f"{plan.DEPLOYER}-{number + 1}" for number in range(len(parts))}
    assert {one["PolicyName"] for one in attached} == ours | {f"{plan.DEPLOYER}-theirs"}
    assert surplus not in {one["Arn"] for one in iam.list_policies(Scope="Local")["Policies"]}
    assert iam.list_role_policies(RoleName=plan.DEPLOYER)["PolicyNames"] == []
    default = iam.get_policy(PolicyArn=first)["Policy"]["DefaultVersionId"]
    assert iam.get_policy_version(PolicyArn=first, VersionId=default)["PolicyVersion"]["Document"] == parts[0]
    assert "Nothing is to be done." in made()


@pytest.mark.usefixtures("account")
def test_what_somebody_loosened_differs_and_is_tightened_and_other_statements_stay() -> None:
    made("--trust", ADMIN)
    s3 = boto3.client("s3", region_name="eu-west-1")
    s3.put_bucket_versioning(Bucket=PLACE.bucket, VersioningConfiguration={"Status": "Suspended"})
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": {"AWS": ADMIN}, "Action": "s3:DeleteBucket"}
    theirs["Resource"] = f"arn:aws:s3:::{PLACE.bucket}"
    s3.put_bucket_policy(Bucket=PLACE.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    assert f"bucket {PLACE.bucket}: versioning, policy" in made()
    sids = [one["Sid"] for one in json.loads(s3.get_bucket_policy(Bucket=PLACE.bucket)["Policy"])["Statement"]]
    assert sids[:2] == ["Theirs", "TlsOnly"]
    assert s3.get_bucket_versioning(Bucket=PLACE.bucket)["Status"] == "Enabled"


@pytest.mark.usefixtures("account")
def test_a_repository_is_added_to_who_is_trusted_and_gets_a_role_that_previews() -> None:
    made("--trust", ADMIN)
    said = made("--github", "acme/swarm")
    assert "OIDC provider token.actions.githubusercontent.com" in said
    iam = boto3.client("iam")
    trust: Any = iam.get_role(RoleName=plan.DEPLOYER)["Role"]["AssumeRolePolicyDocument"]
    assert trust["Statement"][0]["Principal"] == {"AWS": ADMIN}
    assert trust["Statement"][1]["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": "repo:acme/swarm:environment:dev",
    }
    subjects = trust["Statement"][2]["Condition"]["StringEquals"]
    assert subjects["token.actions.githubusercontent.com:sub"] == "repo:acme/swarm:environment:prod"
    previewer: Any = iam.get_role(RoleName=plan.PREVIEWER)["Role"]["AssumeRolePolicyDocument"]
    assert (
        previewer["Statement"][0]["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
        == "repo:acme/swarm:pull_request"
    )
    assert "Nothing is to be done." in made("--github", "acme/swarm")
    assert "Nothing is to be done." in made()


@pytest.mark.usefixtures("account")
def test_a_bucket_of_another_account_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    call = BaseClient._make_api_call  # type: ignore[attr-defined]  # moto does not look at who is expected

    def of_another(client: Any, name: str, arguments: dict[str, Any]) -> Any:
        if name == "HeadBucket" and arguments["ExpectedBucketOwner"] == ACCOUNT:
            raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, name)
        return call(client, name, arguments)

    monkeypatch.setattr(BaseClient, "_make_api_call", of_another)
    result = swarm("--trust", ADMIN, "--yes")
    assert result.exit_code != 0
    assert f"The bucket {PLACE.bucket} is another account's" in result.stderr


@pytest.mark.usefixtures("account")
def test_a_bucket_in_another_region_is_named_with_its_region() -> None:
    made("--trust", ADMIN)
    result = CliRunner().invoke(app, ["bootstrap", "--region", "eu-central-1", "--yes"])
    assert result.exit_code == 2
    assert "run again with --region eu-west-1" in result.stderr


@pytest.mark.usefixtures("account")
def test_a_key_that_is_being_deleted_is_refused() -> None:
    made("--trust", ADMIN)
    kms = boto3.client("kms", region_name="eu-west-1")
    kms.schedule_key_deletion(KeyId=kms.describe_key(KeyId=plan.KEY_ALIAS)["KeyMetadata"]["KeyId"])
    result = swarm("--yes")
    assert result.exit_code == 2
    assert "is PendingDeletion" in result.stderr


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--trust", "*"], "* is not the ARN of a role"),
        (["--trust", "arn:aws:iam::123456789012:role/*"], "is not the ARN of a role"),
        (["--github", "acme"], "acme is not OWNER/REPOSITORY"),
        (["--github", "acme/*"], "acme/* is not OWNER/REPOSITORY"),
        (["--github", "acme@1/swarm"], "is not OWNER/REPOSITORY"),
        (["--gitlab", "swarm"], "swarm is not GROUP/PROJECT"),
        (["--github", "a/b", "--gitlab", "a/b"], "Give one of --trust, --github and --gitlab"),
        (["--profile", "nobody"], "nobody"),
        ([], "root user's credentials"),
    ],
)
def test_wrong_arguments_are_one_sentence(arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if not arguments:  # the caller, when no party is given
        root = f"arn:aws:iam::{ACCOUNT}:root"
        monkeypatch.setattr("moto.sts.models.STSBackend.get_caller_identity", lambda *_: ("AIDA", root, ACCOUNT))
    result = swarm(*arguments)
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


@pytest.mark.usefixtures("account")
def test_without_a_terminal_and_without_yes_it_says_what_to_give() -> None:
    result = swarm("--trust", ADMIN)
    assert result.exit_code == 2
    assert "give --yes" in result.stderr


def test_a_permission_set_is_trusted_by_name_because_its_role_is_replaced() -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef"
    (statement,) = of_principal(arn).deploys
    assert statement["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    pattern = statement["Condition"]["ArnLike"]["aws:PrincipalArn"]
    assert pattern.endswith(f"/*AWSReservedSSO_Admin_{'?' * 16}")


def test_the_root_user_is_nobodys_default() -> None:
    with pytest.raises(TrustRefused):
        caller(f"arn:aws:iam::{ACCOUNT}:root", "")


def test_no_trust_names_everybody_and_every_token_has_audience_and_subject() -> None:
    for trust in (of_github("a@1/b@2", "aws", ACCOUNT), of_gitlab("a/b/c", "aws", ACCOUNT)):
        for statement in (*trust.deploys, *trust.previews):
            compared = {key for each in statement["Condition"].values() for key in each}
            assert compared == {f"{trust.provider}:aud", f"{trust.provider}:sub"}
            assert "*" not in json.dumps(statement["Principal"])
    assert "*" not in json.dumps([*of_github("a/b", "aws", ACCOUNT).deploys, *of_gitlab("a/b", "aws", ACCOUNT).deploys])


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_every_partition_has_its_own_arns_and_the_policies_fit_a_role(partition: str) -> None:
    document = plan.in_partition(POLICY.read_text(encoding="utf-8"), partition)
    text = json.dumps(document, separators=(",", ":"))
    assert ("arn:aws:" in text) is (partition == "aws")
    assert f"arn:{partition}:" in text
    assert ("amazonaws.com.cn" in text) is (partition == "aws-cn")
    parts = plan.policy_parts(document)
    assert [one for part in parts for one in part["Statement"]] == document["Statement"]
    assert all(len(json.dumps(part, separators=(",", ":"))) <= plan.POLICY_LIMIT for part in parts)
    assert len(parts) <= POLICIES_OF_A_ROLE
    place = plan.AccountPlace(partition, ACCOUNT, "x")
    made = json.dumps([dict(one.aspects) for one in plan.things(place, None, POLICY.read_text(encoding="utf-8"), True)])
    assert ("arn:aws:" in made) is (partition == "aws")


def test_the_deployer_reaches_neither_its_own_role_nor_the_states_bucket_and_alias() -> None:
    policy = Policy("deployer", [POLICY.read_text(encoding="utf-8")])
    assert not policy.allowing("iam:PutRolePolicy", PLACE.role_arn(plan.DEPLOYER), {})
    own = f"arn:aws:iam::{ACCOUNT}:policy/{plan.DEPLOYER}-1"
    assert not policy.allowing("iam:CreatePolicyVersion", own, {})
    assert not policy.allowing("s3:DeleteBucket", f"arn:aws:s3:::{PLACE.bucket}", {})
    alias = f"arn:aws:kms:eu-west-1:{ACCOUNT}:{plan.KEY_ALIAS}"
    assert not policy.allowing("kms:DeleteAlias", alias, {})


def test_the_previewer_may_ask_what_the_program_asks() -> None:
    assert set(ASKED) <= set(plan.PREVIEWS)
    assert "states:ValidateStateMachineDefinition" in plan.PREVIEWS


def test_a_role_that_is_not_known_everywhere_yet_is_waited_for() -> None:
    refusals = [ClientError({"Error": {"Code": "MalformedPolicyDocumentException"}}, "PutKeyPolicy")] * 2
    waits: list[float] = []

    def call() -> None:
        if refusals:
            raise refusals.pop()

    patiently(call, waits.append)
    assert waits == [1.0, 2.0]


@pytest.mark.local
def test_on_the_local_cloud_a_second_run_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    build()
    with LocalCloud() as cloud:
        for name, value in cloud.variables().items():
            monkeypatch.setenv(name, value)
        assert "created          bucket" in made("--trust", ADMIN)
        assert "Nothing is to be done." in made()
