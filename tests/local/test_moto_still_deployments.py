"""Calls of a deployment that moto still cannot answer; each test fails once it can."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.iam.documents import document
from components.iam.resource_policies import immutable_objects
from local.cloud import LocalCloud
from local.moto.repairs import without
from tests.local.clouds import SMALL, start
from tests.local.still import still_needs

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(program=SMALL) as running:
        yield running


@still_needs("LogsResponse.associate_kms_key", "LogsResponse.disassociate_kms_key")
def test_the_key_of_a_log_group_can_be_changed(cloud: LocalCloud) -> None:
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName="/kept/secret")
    key = f"arn:aws:kms:{cloud.region}:{cloud.account}:key/1234abcd-12ab-34cd-56ef-1234567890ab"

    def key_of_group() -> Any:
        return logs.describe_log_groups(logGroupNamePrefix="/kept/secret")["logGroups"][0].get("kmsKeyId")

    logs.associate_kms_key(logGroupName="/kept/secret", kmsKeyId=key)
    assert key_of_group() == key
    logs.disassociate_kms_key(logGroupName="/kept/secret")
    assert key_of_group() is None
    with pytest.raises(ClientError, match="ResourceNotFound"):
        logs.associate_kms_key(logGroupName="/nowhere", kmsKeyId=key)
    with without("LogsResponse.associate_kms_key"), pytest.raises(ClientError, match="500"):
        logs.associate_kms_key(logGroupName="/kept/secret", kmsKeyId=key)
    with without("LogsResponse.disassociate_kms_key"), pytest.raises(ClientError, match="500"):
        logs.disassociate_kms_key(logGroupName="/kept/secret")


@still_needs("StepFunctionResponse.list_state_machine_versions")
def test_the_versions_of_a_state_machine_are_listed(cloud: LocalCloud) -> None:
    states = cloud.client("stepfunctions")
    machine = cloud.outputs["alias"].rpartition(":")[0]
    role = states.describe_state_machine(stateMachineArn=machine)["roleArn"]
    updated = states.update_state_machine(stateMachineArn=machine, roleArn=role, publish=True)
    newest = updated["stateMachineVersionArn"]

    listed = states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]

    assert listed[0]["stateMachineVersionArn"] == newest
    assert len(listed) >= 2
    with without("StepFunctionResponse.list_state_machine_versions"), pytest.raises(ClientError, match="500"):
        states.list_state_machine_versions(stateMachineArn=machine)


@still_needs("StepFunctionResponse.describe_execution", "StepFunctionsParserBackend.list_executions")
def test_an_execution_names_its_version_and_is_listed_by_it(cloud: LocalCloud) -> None:
    states = cloud.client("stepfunctions")
    execution = start(cloud, n=1)

    version = states.describe_execution(executionArn=execution)["stateMachineVersionArn"]

    assert version.rpartition(":")[0] == cloud.outputs["alias"].rpartition(":")[0]
    assert execution in [each["executionArn"] for each in states.list_executions(stateMachineArn=version)["executions"]]
    with without("StepFunctionResponse.describe_execution"):
        assert "stateMachineVersionArn" not in states.describe_execution(executionArn=execution)
    with without("StepFunctionsParserBackend.list_executions"):
        assert states.list_executions(stateMachineArn=version)["executions"] == []


@pytest.fixture(scope="module")
def immutable(cloud: LocalCloud) -> str:
    """A bucket with the policy of a release bucket, and one object, `stored`."""
    s3, name = cloud.client("s3"), "immutable"
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": cloud.region})
    arn = f"arn:aws:s3:::{name}"
    s3.put_bucket_policy(Bucket=name, Policy=document(immutable_objects(arn)))
    s3.put_object(Bucket=name, Key="stored", Body=b"first", IfNoneMatch="*")
    return name


def in_parts(s3: Any, bucket: str, **condition: str) -> None:
    """Upload an object in parts over the stored one."""
    where = {"Bucket": bucket, "Key": "stored"}
    upload = s3.create_multipart_upload(**where)["UploadId"]
    part = s3.upload_part(**where, UploadId=upload, PartNumber=1, Body=b"other")
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload=parts, **condition)


CHANGES: dict[str, Any] = {
    "put": lambda s3, bucket: s3.put_object(Bucket=bucket, Key="stored", Body=b"other"),
    "put of a new key": lambda s3, bucket: s3.put_object(Bucket=bucket, Key="new", Body=b"other"),
    "put on condition": lambda s3, bucket: s3.put_object(Bucket=bucket, Key="stored", Body=b"other", IfNoneMatch="*"),
    "copy": lambda s3, bucket: s3.copy_object(Bucket=bucket, Key="stored", CopySource=f"{bucket}/stored"),
    "upload in parts": in_parts,
    "upload in parts on condition": lambda s3, bucket: in_parts(s3, bucket, IfNoneMatch="*"),
    "delete": lambda s3, bucket: s3.delete_object(Bucket=bucket, Key="stored"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_release_bucket_refuses_to_overwrite_and_to_delete(cloud: LocalCloud, immutable: str, change: str) -> None:
    s3 = cloud.client("s3")
    with pytest.raises(ClientError, match=r"403|PreconditionFailed"):
        CHANGES[change](s3, immutable)
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=immutable)["Contents"]] == ["stored"]
    assert s3.get_object(Bucket=immutable, Key="stored")["Body"].read() == b"first"


def test_a_release_bucket_refuses_to_delete_many_at_once(cloud: LocalCloud, immutable: str) -> None:
    answer = cloud.client("s3").delete_objects(Bucket=immutable, Delete={"Objects": [{"Key": "stored"}]})
    assert [each["Code"] for each in answer["Errors"]] == ["AccessDenied"]


@still_needs("FakeBucket.get_permission")
def test_moto_still_denies_whatever_the_condition_says(cloud: LocalCloud, immutable: str) -> None:
    with without("FakeBucket.get_permission"), pytest.raises(ClientError, match="403"):
        cloud.client("s3").put_object(Bucket=immutable, Key="new", Body=b"new", IfNoneMatch="*")
