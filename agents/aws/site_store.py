"""The files of hosted sites, in an S3 bucket that a CloudFront distribution reads."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

from agents.aws.failures import our_errors
from agents.ports import HostedPage

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

#: boto3 keeps ten connections open; so many pages are in memory at once.
_AT_ONCE = 10


class S3SiteStore:
    """A SiteStore over one bucket."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def write_pages(self, pages: Iterable[HostedPage]) -> None:
        """Write every page, several at once and in no order; returns when all are written. Raises StoreThrottled."""
        waiting: set[Future[None]] = set()
        with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="page") as pool:
            for page in pages:
                if len(waiting) >= _AT_ONCE:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    for upload in done:
                        upload.result()
                waiting.add(pool.submit(self._write, page))
        for upload in waiting:
            upload.result()

    def _write(self, page: HostedPage) -> None:
        with our_errors(f"s3://{self._bucket}/{page.key}"):
            self._client.put_object(
                Bucket=self._bucket,
                Key=page.key,
                Body=page.body,
                ContentType=page.content_type,
                CacheControl=page.cache_control,
            )
