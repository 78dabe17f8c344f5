"""A cloud finds what an earlier one has kept, and runs with the settings it was given."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cloud import LocalCloud
from tests.local.clouds import SMALL, run

pytestmark = [pytest.mark.local, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LocalCloud, Path]]:
    """A cloud that finds what an earlier one has kept."""
    folder = tmp_path_factory.mktemp("lived") / "state"
    with LocalCloud(program=SMALL, state=folder) as first:
        write(first)
    with LocalCloud(program=SMALL, state=folder, settings={"greeting": "good evening"}) as second:
        yield second, folder


def write(cloud: LocalCloud) -> None:
    s3, dynamodb = cloud.client("s3"), cloud.client("dynamodb")
    for key in ("sessions/s1/record.json", "sessions/s1/sources/b1.json", "uploads/r/1.zip", "analyses/gone.jsonl"):
        s3.put_object(
            Bucket="small-uploads", Key=key, Body=key.encode(), ContentType="text/x", ChecksumAlgorithm="SHA256"
        )
    s3.copy_object(
        Bucket="small-uploads", Key="analyses/copy.jsonl", CopySource="small-uploads/sessions/s1/record.json"
    )
    s3.delete_object(Bucket="small-uploads", Key="analyses/gone.jsonl")
    upload = s3.create_multipart_upload(Bucket="small-uploads", Key="sessions/s1/site.zip")["UploadId"]
    about = {"Bucket": "small-uploads", "Key": "sessions/s1/site.zip", "UploadId": upload}
    part = s3.upload_part(**about, PartNumber=1, Body=b"site")
    s3.complete_multipart_upload(**about, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    for number, expires in (("1", 0), ("2", 1), ("3", 0)):
        item = {"pk": {"S": number}, "sk": {"S": "x"}, "n": {"N": "1"}, "bytes": {"B": b"\x00"}}
        item |= {"expires_at": {"N": str(expires)}} if expires else {}
        dynamodb.put_item(TableName="small-context", Item=item)
    dynamodb.update_item(
        TableName="small-context",
        Key={"pk": {"S": "1"}, "sk": {"S": "x"}},
        UpdateExpression="ADD n :one",
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    dynamodb.delete_item(TableName="small-context", Key={"pk": {"S": "3"}, "sk": {"S": "x"}})


def test_items_come_back_changed_as_they_were_and_without_the_expired_and_the_deleted(
    lived: tuple[LocalCloud, Path],
) -> None:
    items = lived[0].client("dynamodb").scan(TableName="small-context")["Items"]

    assert items == [{"pk": {"S": "1"}, "sk": {"S": "x"}, "n": {"N": "2"}, "bytes": {"B": b"\x00"}}]


def test_objects_come_back_but_uploads_and_sources_do_not(lived: tuple[LocalCloud, Path]) -> None:
    listed = lived[0].client("s3").list_objects_v2(Bucket="small-uploads")["Contents"]

    assert {entry["Key"]: entry["Size"] for entry in listed} == {
        "sessions/s1/record.json": 23,
        "analyses/copy.jsonl": 23,
        "sessions/s1/site.zip": 4,
    }


def test_an_object_comes_back_with_bytes_type_checksum_and_etag(lived: tuple[LocalCloud, Path]) -> None:
    s3 = lived[0].client("s3")

    found = s3.get_object(Bucket="small-uploads", Key="sessions/s1/record.json", ChecksumMode="ENABLED")

    assert found["Body"].read() == b"sessions/s1/record.json"
    assert found["ContentType"] == "text/x"
    assert found["ChecksumSHA256"]
    assert len(found["ETag"]) == 34


def test_what_was_restored_starts_nothing(lived: tuple[LocalCloud, Path]) -> None:
    found = lived[0].client("sqs").receive_message(QueueUrl=lived[0].outputs["letters"])

    assert "Messages" not in found


def test_a_setting_wins_over_the_stacks_file_and_reaches_the_function(lived: tuple[LocalCloud, Path]) -> None:
    cloud = lived[0]

    described = run(cloud, path="lambda", item={"n": 1})

    assert cloud.outputs["greeting"] == "good evening"
    assert json.loads(described["output"])["answer"]["greeting"] == "good evening"


def test_the_providers_tags_are_on_the_resources(lived: tuple[LocalCloud, Path]) -> None:
    cloud = lived[0]

    assert cloud.outputs["tags"] == {"environment": "test"}
    assert cloud.client("s3").get_bucket_tagging(Bucket="small-uploads")["TagSet"] == [
        {"Key": "environment", "Value": "test"}
    ]


def test_a_second_cloud_in_the_same_process_is_refused(lived: tuple[LocalCloud, Path]) -> None:
    with pytest.raises(RuntimeError, match="already running"):
        LocalCloud(program=SMALL)

    assert lived[0].client("sts").get_caller_identity()["Account"] == "123456789012"


def test_clients_get_all_they_need_and_nothing_of_the_users_account(lived: tuple[LocalCloud, Path]) -> None:
    variables = lived[0].variables()

    assert variables["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert variables["AWS_REGION"] == "eu-west-1"
    assert variables["AWS_SHARED_CREDENTIALS_FILE"] == variables["AWS_CONFIG_FILE"] == os.devnull
