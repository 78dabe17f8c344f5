"""How a resource is deleted."""

from __future__ import annotations

from botocore.exceptions import ClientError

from local.resources import CloudBackend, Declared
from tests.engine.kind import Kind
from tests.engine.observed import call, is_absence


def delete(kind: Kind, identity: str, declared: Declared, cloud: CloudBackend) -> None:
    """Delete it, unless it is declared to stay; what is not there any more is deleted."""
    if kind.kept_if and declared.get(kind.kept_if):
        return
    if kind.emptied_if and declared.get(kind.emptied_if):
        _empty(identity, cloud)
    for one in kind.delete:
        try:
            call(one, {**declared.inputs, "id": identity}, cloud)
        except ClientError as error:
            if not is_absence(error):
                raise


def _empty(bucket: str, cloud: CloudBackend) -> None:
    s3 = cloud.client("s3")
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])
