"""Blobs on S3."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from agents.aws.blob_store import S3BlobStore
from agents.errors import BlobMissing, StoreThrottled

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


@pytest.fixture
def blobs(s3: S3Client) -> S3BlobStore:
    return S3BlobStore(s3, "blobs")


def test_what_was_written_last_is_read(blobs: S3BlobStore) -> None:
    blobs.write("a", b"one")
    blobs.write("a", b"two", "text/plain")
    assert blobs.read("a") == b"two"
    assert blobs.exists("a")


def test_a_missing_blob_is_named(blobs: S3BlobStore, tmp_path: Path) -> None:
    assert not blobs.exists("nothing")
    for ask in (blobs.read, blobs.identity, lambda key: blobs.download(key, tmp_path / "x")):
        with pytest.raises(BlobMissing, match="s3://blobs/nothing"):
            ask("nothing")


def test_a_blob_is_streamed_into_a_file(blobs: S3BlobStore, tmp_path: Path) -> None:
    blobs.write("a", b"x" * 3_000_000)
    blobs.download("a", tmp_path / "x")
    assert (tmp_path / "x").stat().st_size == 3_000_000


def test_a_version_is_the_bytes_of_its_time(blobs: S3BlobStore, s3: S3Client, tmp_path: Path) -> None:
    s3.put_bucket_versioning(Bucket="blobs", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="blobs", Key="a", Body=b"old")["VersionId"]
    blobs.write("a", b"new")
    blobs.download("a", tmp_path / "x", first)
    assert (tmp_path / "x").read_bytes() == b"old"
    assert blobs.identity("a", first).checksum != blobs.identity("a").checksum


def test_the_checksum_is_the_identity_where_there_is_one(blobs: S3BlobStore, s3: S3Client) -> None:
    s3.put_object(Bucket="blobs", Key="a", Body=b"x", ChecksumAlgorithm="SHA256")
    assert blobs.identity("a").checksum == base64.b64encode(hashlib.sha256(b"x").digest()).decode()


def test_without_a_checksum_the_etag_is_the_identity() -> None:
    client = mock.Mock()
    client.head_object.return_value = {"ETag": '"abc-2"'}
    assert S3BlobStore(client, "blobs").identity("a").checksum == "abc-2"


@pytest.mark.parametrize("code", ["SlowDown", "ExpiredToken", "RequestTimeTooSkewed"])
def test_what_may_pass_has_the_name_that_the_retrier_knows(code: str) -> None:
    client = mock.Mock()
    client.get_object.side_effect = ClientError({"Error": {"Code": code, "Message": ""}}, "GetObject")
    with pytest.raises(StoreThrottled):
        S3BlobStore(client, "blobs").read("a")


@pytest.mark.parametrize(
    "broken",
    [
        IncompleteReadError(actual_bytes=177, expected_bytes=354),
        ReadTimeoutError(endpoint_url="https://s3"),
        ResponseStreamingError(error="connection reset"),
        EndpointConnectionError(endpoint_url="https://s3"),
        ConnectionClosedError(endpoint_url="https://s3"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_answer_that_breaks_off_may_pass(broken: Exception) -> None:
    client = mock.Mock()
    client.get_object.return_value = {"Body": mock.Mock(read=mock.Mock(side_effect=broken))}
    with pytest.raises(StoreThrottled):
        S3BlobStore(client, "blobs").read("a")
