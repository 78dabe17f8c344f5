"""boto3 clients of a cloud on this machine, for the process that holds it and for any other that found it."""

from __future__ import annotations

import threading
from typing import Any

from local.privileges.identity import AccessKey


class Clients:
    """One client a service, whichever thread asks."""

    def __init__(self, endpoint_url: str, region: str, key: AccessKey) -> None:
        self._endpoint_url, self._region, self._key = endpoint_url, region, key
        import boto3  # a tenth of a second, which whoever only looks for a cloud need not wait

        self._clients: dict[str, Any] = {}
        # One for all clients: each session reads botocore's list of 400 services anew.
        self._session = boto3.session.Session()
        self._lock = threading.Lock()

    def client(self, service: str) -> Any:
        """A boto3 client of this cloud."""
        from botocore.config import Config

        from local.moto.request_shapes import check

        with self._lock:
            if service not in self._clients:
                made = self._session.client(
                    service,  # type: ignore[call-overload]  # a name known only at run time
                    region_name=self._region,
                    endpoint_url=self._endpoint_url,
                    aws_access_key_id=self._key.id,
                    aws_secret_access_key=self._key.secret,
                    config=Config(
                        retries={"max_attempts": 0},
                        s3={"addressing_style": "path"},
                        inject_host_prefix=False,  # `sync-127.0.0.1`, where TestState would be, is no address
                    ),
                )
                made.meta.events.register("before-parameter-build", check)
                self._clients[service] = made
            return self._clients[service]

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients.values():
            client.close()
