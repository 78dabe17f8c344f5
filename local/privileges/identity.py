"""Who asks: the keys of one cloud on this machine, all made of one random secret.

The operator's key may do everything. A role's key is what the cloud hands to a process that works under the role: its
id is the role's name, so that each signed request says whose it is, and its secret follows from the name and the
cloud's secret, so that nobody makes one up, and no role the key of another.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from functools import lru_cache

#: A person who wants to look into a running cloud chooses its secret by this, instead of a random one.
SECRET_VARIABLE = "SWARM_LOCAL_SECRET"  # noqa: S105  (the variable's name)
_OPERATOR = "operator"
_PREFIX = "role."
#: Of an Authorization header's credential, or of a signed URL's: `<access key>/<day>/<region>/<service>/aws4_request`.
_CREDENTIAL = re.compile(
    r"Credential=(?P<key>[^/]+)/[0-9]{8}/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/aws4_request"
)


@dataclass(frozen=True)
class AccessKey:
    """An id and the secret that signs."""

    id: str
    secret: str = field(repr=False)

    @property
    def variables(self) -> dict[str, str]:
        """The variables that make a process sign with it."""
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


class CloudKeys:
    """Every key of one cloud."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    @property
    def operator(self) -> AccessKey:
        """The key of whoever started the cloud."""
        return self._key(_OPERATOR)

    def of_role(self, role_arn: str) -> AccessKey:
        """The key of a role, by its ARN or name."""
        return self._key(_PREFIX + role_arn.rsplit("/", 1)[-1])

    def variables_of_role(self, role_arn: str) -> dict[str, str]:
        """The variables that make a process call under a role; none without a role."""
        return self.of_role(role_arn).variables if role_arn else {}

    def secret_of(self, key_id: str) -> str | None:
        """The secret that belongs to an access key's id; None for an id that this cloud never gave."""
        if key_id != _OPERATOR and not key_id.startswith(_PREFIX):
            return None
        return self._key(key_id).secret

    def _key(self, key_id: str) -> AccessKey:
        return _key_of(self._secret, key_id)


@lru_cache(maxsize=256)
def _key_of(secret: bytes, key_id: str) -> AccessKey:
    return AccessKey(key_id, hmac.new(secret, key_id.encode(), hashlib.sha256).hexdigest())


def role_of(authorization: str) -> tuple[str, str] | None:
    """The role's name and the service that it asks; None where no role of ours has signed."""
    credential = _CREDENTIAL.search(authorization)
    if credential is None or not credential["key"].startswith(_PREFIX):
        return None
    return credential["key"].removeprefix(_PREFIX), credential["service"]
