"""Deliveries as each code host sends them: its headers, its signature, one of its payloads."""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent / "payloads"
SECRET = "the secret of the webhooks"


def payload(name: str) -> tuple[str, str, Any]:
    """The provider, the event and the body of a payload file."""
    read = json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))
    return read["provider"], read["event"], read["body"]


def hexadecimal(body: bytes, secret: str = SECRET) -> str:
    """HMAC with SHA-256."""
    return hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def delivery(
    provider: str, event: str, body: bytes, now: float, secret: str = SECRET, delivery_id: str = ""
) -> Mapping[str, str]:
    """The headers of a delivery."""
    name = delivery_id or str(uuid.uuid4())
    headers = {"content-type": "application/json"}
    signed = hexadecimal(body, secret)
    if provider == "github":
        return headers | {"x-github-event": event, "x-github-delivery": name, "x-hub-signature-256": f"sha256={signed}"}
    if provider == "gitlab":
        return headers | {"x-gitlab-event": event.title(), "x-gitlab-event-uuid": name, "x-gitlab-token": secret}
    if provider == "bitbucket":
        return headers | {"x-event-key": event, "x-request-uuid": name, "x-hub-signature": f"sha256={signed}"}
    if provider == "gitea":
        # Gitea sends GitHub's headers beside its own.
        theirs = {"x-github-event": event, "x-github-delivery": name, "x-hub-signature-256": f"sha256={signed}"}
        return headers | theirs | {"x-gitea-event": event, "x-gitea-delivery": name, "x-gitea-signature": signed}
    stamp = str(int(now))
    whole = hexadecimal(b".".join((stamp.encode(), name.encode(), body)), secret)
    return headers | {"x-swarm-delivery": name, "x-swarm-signature": f"t={stamp},v1={whole}"}
