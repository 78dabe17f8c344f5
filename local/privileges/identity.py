"""Who asks: on a laptop a role's access key is its name, so that each signed request says whose it is."""

from __future__ import annotations

import re

_PREFIX = "role."
#: Of an Authorization header's credential, or of a signed URL's: `<access key>/<day>/<region>/<service>/aws4_request`.
_CREDENTIAL = re.compile(
    r"Credential=(?P<key>[^/]+)/[0-9]{8}/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/aws4_request"
)


def access_key(role_arn: str) -> str:
    """The access key of a role."""
    return _PREFIX + role_arn.rsplit("/", 1)[-1]


def credentials(role_arn: str) -> dict[str, str]:
    """The variables that make a process call under a role; none without a role."""
    return {"AWS_ACCESS_KEY_ID": access_key(role_arn)} if role_arn else {}


def role_of(authorization: str) -> tuple[str, str] | None:
    """The role's name and the service that it asks; None where no role of ours has signed."""
    found = _CREDENTIAL.search(authorization)
    if found is None or not found["key"].startswith(_PREFIX):
        return None
    return found["key"].removeprefix(_PREFIX), found["service"]
