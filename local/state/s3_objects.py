"""An object of moto's S3 in a form that can be kept, and back."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from moto.s3.models import FakeDeleteMarker, FakeKey

from local.state.database import StateFile


def describe(key: Any) -> str | None:
    """All but the bytes, as JSON; None when there is no object."""
    if key is None or isinstance(key, FakeDeleteMarker):
        return None
    return json.dumps(
        {
            "etag": key.etag.strip('"'),
            "metadata": dict(key.metadata),
            "checksum": [key.checksum_algorithm, key.checksum_value, key.checksum_type, key.checksum_parts],
            "modified": key.last_modified.replace(tzinfo=UTC).timestamp(),
        }
    )


def revive(backend: Any, bucket: str, name: str, described: str, size: int, file: StateFile) -> None:
    """Put a kept object into a bucket, without an event."""
    about = json.loads(described)
    key: FakeKey = backend.put_object(bucket, name, b"", etag=about["etag"], disable_notification=True)
    key.set_metadata(about["metadata"], replace=True)
    key.checksum_algorithm, key.checksum_value, key.checksum_type, key.checksum_parts = about["checksum"]
    key.last_modified = datetime.fromtimestamp(about["modified"], UTC).replace(tzinfo=None)
    key._value_buffer = LazyBytes(lambda: file.body(bucket, name))
    key.contentsize = size


class LazyBytes:
    """A file that reads its content from elsewhere when it is first touched: a state may hold gigabytes."""

    def __init__(self, load: Callable[[], bytes]) -> None:
        self._load = load
        self._content: io.BytesIO | None = None
        self._lock = threading.Lock()

    def _opened(self) -> io.BytesIO:
        with self._lock:
            if self._content is None:
                self._content = io.BytesIO(self._load())
            return self._content

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened(), name)

    def close(self) -> None:
        """Nothing to let go of that was never read."""
        if self._content is not None:
            self._content.close()
