"""Repairs of moto's S3: what a request did is reported once, when the request is over, with S3's own event names."""

from __future__ import annotations

import threading
from typing import Any

from moto.core.responses import ActionResult
from moto.s3 import notifications
from moto.s3.models import S3Backend
from moto.s3.responses import S3Response

from local.moto import bridge as moto_bridge
from local.moto.events import REASONS, object_created
from local.moto.replacements import replaces

_request = threading.local()
_original_key_response = S3Response.key_response
_original_bucket_response = S3Response.bucket_response
_original_notification = S3Response.get_bucket_notification
_original_put = S3Backend.put_object
_original_delete = S3Backend.delete_object


class _Changes:
    """The keys one request has written or deleted, and the events it owes."""

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], S3Backend] = {}
        self.events: dict[tuple[str, str], tuple[str, Any, str]] = {}

    def settle(self) -> None:
        """Keep first, announce second: whoever acts on the event finds what survives a crash."""
        for (bucket, key), backend in self.keys.items():
            moto_bridge.current().object_changed(backend, bucket, key)
        for (bucket_name, key_name), (account, bucket, event_name) in self.events.items():
            _announce(account, bucket, bucket_name, key_name, event_name)


def current_request() -> Any:
    """The request to an object or a bucket that this thread answers; None while there is none."""
    return getattr(_request, "current", None)


def _settled(original: Any, self: Any, request: Any, *args: Any) -> Any:
    changes = _request.changes = _Changes()
    _request.current = request
    try:
        return original(self, request, *args)
    finally:
        _request.changes = _request.current = None
        changes.settle()


@replaces(S3Response, "key_response")
def _key_response(self: Any, request: Any, full_url: str, headers: Any) -> Any:
    """moto sends an object's event before it has set the object's checksum and metadata; here it follows."""
    return _settled(_original_key_response, self, request, full_url, headers)


@replaces(S3Response, "bucket_response")
def _bucket_response(self: Any, request: Any, full_url: str, headers: Any) -> Any:
    """The same for DeleteObjects and form uploads, which are requests to the bucket."""
    return _settled(_original_bucket_response, self, request, full_url, headers)


@replaces(S3Response, "get_bucket_notification")
def _get_bucket_notification(self: Any) -> Any:
    """moto keeps that a bucket tells EventBridge, and leaves it out of its answer; `swarm doctor` asks for it."""
    notification = self.backend.get_bucket_notification_configuration(self.bucket_name)
    if (
        notification is None
        or notification.event_bridge is None
        or notification.topic
        or notification.queue
        or notification.cloud_function
    ):
        return _original_notification(self)
    self.data["Action"] = "GetBucketNotificationConfiguration"
    return self.serialized(ActionResult({"EventBridgeConfiguration": {}}))


@replaces(S3Backend, "put_object")
def _put_object(self: Any, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> Any:
    """Every way to write an object comes by here: put, copy, completed multipart upload."""
    key = _original_put(self, bucket_name, key_name, *args, **kwargs)
    _note(self, bucket_name, key_name)
    return key


@replaces(S3Backend, "delete_object")
def _delete_object(self: Any, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> Any:
    """Every way to delete one."""
    result = _original_delete(self, bucket_name, key_name, *args, **kwargs)
    _note(self, bucket_name, key_name)
    return result


def _note(backend: S3Backend, bucket: str, key: str) -> None:
    changes = getattr(_request, "changes", None)
    if changes is not None:
        changes.keys[bucket, key] = backend


@replaces(notifications, "_send_event_bridge_message")
def _send_event_bridge_message(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
    """moto's event has `eTag` for `etag`, a constant id and sequencer, a time in seconds and a made-up reason; a
    multipart upload sends it twice; an error anywhere is swallowed with it. Deletions are not announced here.
    https://github.com/getmoto/moto/issues/7363 lists the events that moto lacks; pull request 7252 brought this one.
    """
    name = getattr(event_name, "value", event_name)
    if name not in REASONS:
        return
    changes = getattr(_request, "changes", None)
    if changes is not None:
        changes.events[bucket.name, key.name] = (account_id, bucket, name)  # the later of two is the truer
    else:
        _announce(account_id, bucket, bucket.name, key.name, name)


def _announce(account: str, bucket: Any, bucket_name: str, key_name: str, event_name: str) -> None:
    from moto.events.models import events_backends  # here: it is costly, and many clouds have no rule

    key = bucket.keys.get(key_name)
    event = object_created(
        bucket=bucket_name,
        key=key_name,
        size=key.size,
        etag=key.etag.strip('"'),
        version_id=key.version_id if bucket.is_versioned else None,
        reason=REASONS[event_name],
        region=bucket.region_name,
        account=account,
    )
    for rule in list(events_backends[account][bucket.region_name].event_buses["default"].rules.values()):
        rule.send_to_targets({**event, "ingestion-time": 0.0})
