"""The items and blobs of sessions: in a stack's table and bucket, or in this machine's state folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeAlias

from agents import keys
from agents.aws.blob_store import S3BlobStore
from agents.aws.items import ContextTable
from agents.aws.ledger_reading import account_keys
from agents.aws.site_store import S3SiteStore
from agents.errors import BlobMissing
from agents.keys import ItemKey
from agents.ports import HostedPage
from cli.errors import BadInput
from cli.stack.clients import Cloud

Item: TypeAlias = dict[str, Any]
_SESSION = "session"


class SessionStore(Protocol):
    """The store of sessions, as the commands use it."""

    def sessions(self) -> Iterable[Item]:
        """Every session's own item."""

    def items(self, partition: str) -> Iterable[Item]:
        """Every item of a partition."""

    def ledger(self, session: str) -> Iterable[Item]:
        """Every item of a session's budget ledger."""

    def blob(self, key: str) -> bytes:
        """A blob's bytes. Raises BlobMissing."""

    def delete_items(self, names: Iterable[ItemKey]) -> None:
        """Delete items; they may be gone already."""

    def delete_blobs(self, prefix: str) -> int:
        """Delete every version of every blob under the prefix; how many blobs and versions there were."""

    def write_pages(self, pages: Iterable[HostedPage]) -> None:
        """Write pages of hosted sites, where something serves them."""


class StackSessionStore:
    """The table and the bucket of a stack, read with the operator's own credentials."""

    def __init__(self, cloud: Cloud) -> None:
        self._s3 = cloud.client("s3")
        self._dynamodb = cloud.client("dynamodb")
        self._bucket = str(cloud.outputs["context_bucket"])
        self._table = ContextTable(self._dynamodb, str(cloud.outputs["context_table"]))
        self._blobs = S3BlobStore(self._s3, self._bucket)
        self._site_bucket = str(cloud.outputs.get("site_bucket", ""))

    def sessions(self) -> Iterator[Item]:
        """By the bucket's folders: the table's items are many, and one partition a session cannot be listed."""
        ids: dict[str, None] = {}
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=keys.SESSIONS, Delimiter="/"
        )
        for page in pages:
            for folder in page.get("CommonPrefixes", []):
                ids[folder["Prefix"].removeprefix(keys.SESSIONS).rstrip("/")] = None
        for item in self._table.query(keys.running_item("").pk, "session#"):  # too young for any blob
            ids[item["sk"]["S"].partition("#")[2]] = None
        return self._table.get_many(keys.session_item(session) for session in ids)

    def items(self, partition: str) -> Iterator[Item]:
        """Every item of a partition."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table.name,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
            ConsistentRead=True,
        )
        for page in pages:
            yield from page["Items"]

    def ledger(self, session: str) -> Iterator[Item]:
        """The account's item, then each of its shards with its leases."""
        for item in self._table.get_many(account_keys(keys.ledger_item(session))):
            if item["sk"]["S"] == keys.ledger_item(session).sk:
                yield item
            else:
                yield from self.items(item["pk"]["S"])

    def blob(self, key: str) -> bytes:
        """A blob's bytes. Raises BlobMissing."""
        return self._blobs.read(key)

    def delete_items(self, names: Iterable[ItemKey]) -> None:
        """Delete items; they may be gone already."""
        self._table.delete_many(names)

    def delete_blobs(self, prefix: str) -> int:
        """Delete every version and delete marker under the prefix, so that nothing can be brought back."""
        return sum(self._delete_in(bucket, prefix) for bucket in (self._bucket, self._site_bucket) if bucket)

    def write_pages(self, pages: Iterable[HostedPage]) -> None:
        """Write pages of hosted sites; none are hosted where there is no bucket for them."""
        if self._site_bucket:
            S3SiteStore(self._s3, self._site_bucket).write_pages(pages)

    def _delete_in(self, bucket: str, prefix: str) -> int:
        count = 0
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix):
            versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            if not versions:
                continue
            named = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
            answer = self._s3.delete_objects(Bucket=bucket, Delete={"Objects": named, "Quiet": True})
            if answer.get("Errors"):
                first = answer["Errors"][0]
                raise BadInput(f"{first['Key']} cannot be deleted: {first['Code']}: {first.get('Message', '')}")
            count += len(named)
        return count


class FolderSessionStore:
    """The state folder of `swarm run` on this machine."""

    def __init__(self, state: Any) -> None:
        self._state = state

    def sessions(self) -> Iterator[Item]:
        """Every session's own item."""
        session_items: Iterator[Item] = self._state.partitions(keys.session_item("").pk, _SESSION)
        return session_items

    def items(self, partition: str) -> Iterator[Item]:
        """Every item of a partition."""
        partition_items: Iterator[Item] = self._state.items(partition)
        return partition_items

    def ledger(self, session: str) -> Iterator[Item]:
        """Every item of a session's budget ledger."""
        ledger_items: Iterator[Item] = self._state.items_of(keys.ledger_item(session).pk)
        return ledger_items

    def blob(self, key: str) -> bytes:
        """A blob's bytes. Raises BlobMissing."""
        body: bytes | None = self._state.blob(key)
        if body is None:
            raise BlobMissing(key)
        return body

    def delete_items(self, names: Iterable[ItemKey]) -> None:
        """Delete items; they may be gone already."""
        for name in names:
            self._state.delete_item(name.pk, name.sk)

    def delete_blobs(self, prefix: str) -> int:
        """Delete every blob under the prefix."""
        count: int = self._state.delete_blobs(prefix)
        return count

    def write_pages(self, pages: Iterable[HostedPage]) -> None:
        """Nothing: no cloud is up that serves them, and the next publication writes the lists of versions."""
