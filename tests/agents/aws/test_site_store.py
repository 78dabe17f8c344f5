"""Pages in S3 carry what CloudFront passes on to browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from agents.aws.site_store import S3SiteStore
from agents.ports import HostedPage

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def _page(number: int) -> HostedPage:
    return HostedPage(f"sites/demo/{number}.html", str(number).encode(), "text/html; charset=utf-8", "max-age=3600")


def test_every_page_is_written_when_the_call_returns(s3: S3Client) -> None:
    S3SiteStore(s3, "blobs").write_pages(_page(number) for number in range(50))

    found = s3.get_object(Bucket="blobs", Key="sites/demo/49.html")
    assert s3.list_objects_v2(Bucket="blobs")["KeyCount"] == 50
    assert (found["ContentType"], found["CacheControl"]) == ("text/html; charset=utf-8", "max-age=3600")
    assert found["Body"].read() == b"49"


def test_a_page_that_cannot_be_written_is_an_error(s3: S3Client) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        S3SiteStore(s3, "gone").write_pages(_page(number) for number in range(30))
