"""Blobs in one S3 bucket."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from agents.aws.failures import our_errors
from agents.errors import BlobMissing
from agents.ports import BlobIdentity

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectRequestTypeDef, HeadObjectRequestTypeDef, PutObjectRequestTypeDef

_CHUNK = 1024 * 1024


class S3BlobStore:
    """A BlobStore over one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def _name(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"

    def read(self, key: str) -> bytes:
        """The blob's bytes. Raises BlobMissing or StoreThrottled."""
        with our_errors(self._name(key)):
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Write the blob whole; the last writer wins. Raises StoreThrottled."""
        with our_errors(self._name(key)):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def upload(
        self, key: str, path: Path, content_type: str, sha256: str = "", about: Mapping[str, str] | None = None
    ) -> None:
        """Stream a file into the blob; the last writer wins. Raises StoreThrottled."""
        request: PutObjectRequestTypeDef = {"Bucket": self._bucket, "Key": key, "ContentType": content_type}
        if sha256:
            checksum = base64.b64encode(bytes.fromhex(sha256)).decode("ascii")
            request["ChecksumAlgorithm"], request["ChecksumSHA256"] = "SHA256", checksum
        if about:
            request["Metadata"] = about
        with our_errors(self._name(key)), path.open("rb") as body:
            request["Body"] = body
            self._client.put_object(**request)

    def download(self, key: str, path: Path, version: str = "") -> None:
        """Stream the blob into a file. Raises BlobMissing or StoreThrottled."""
        request: GetObjectRequestTypeDef = {"Bucket": self._bucket, "Key": key}
        if version:
            request["VersionId"] = version
        with our_errors(self._name(key)), path.open("wb") as file:
            for chunk in self._client.get_object(**request)["Body"].iter_chunks(_CHUNK):
                file.write(chunk)

    def identity(self, key: str, version: str = "") -> BlobIdentity:
        """SHA-256 where S3 keeps it, else the ETag; and the metadata. Raises BlobMissing or StoreThrottled."""
        request: HeadObjectRequestTypeDef = {"Bucket": self._bucket, "Key": key, "ChecksumMode": "ENABLED"}
        if version:
            request["VersionId"] = version
        with our_errors(self._name(key)):
            head = self._client.head_object(**request)
        return BlobIdentity(head.get("ChecksumSHA256") or head["ETag"].strip('"'), head.get("Metadata", {}))

    def exists(self, key: str) -> bool:
        """Whether there is such a blob. Raises StoreThrottled."""
        try:
            with our_errors(self._name(key)):
                self._client.head_object(Bucket=self._bucket, Key=key)
        except BlobMissing:
            return False
        return True
