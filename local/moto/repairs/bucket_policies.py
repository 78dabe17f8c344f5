"""Repair of moto's S3: what a bucket's policy denies on a condition is denied where the condition holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

from local.moto.repairs.object_store import current_request
from local.moto.replacements import replaces
from local.privileges.policy import conditions_hold

#: Requests for a part of an object, or for something beside it: they create no object.
_BESIDE = frozenset({"partNumber", "acl", "tagging", "retention", "legal-hold", "uploads"})
#: moto names a call by its method; S3 asks for the same permission to complete an upload in parts.
_PUT, _POST = "s3:PutObject", "s3:PostObject"


@replaces(FakeBucket, "get_permission")
def _get_permission(self: Any, action: str, resource: str) -> PermissionResult:
    """moto takes a Deny with a condition for one that always holds (IAMPolicyStatement.is_action_permitted)."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    policy, context = json.loads(self.policy), _context()
    allowing = [each for each in policy["Statement"] if each["Effect"] == "Allow"]
    denying = [
        {name: value for name, value in each.items() if name != "Condition"}
        for each in policy["Statement"]
        if each["Effect"] == "Deny" and conditions_hold(each.get("Condition", {}), context)
    ]
    read = IAMPolicy(json.dumps({**policy, "Statement": [*allowing, *denying]}))
    return read.is_action_permitted(_PUT if action == _POST else action, resource)


def _context() -> Mapping[str, str]:
    """The condition keys of the request."""
    context: dict[str, str] = {}
    request = current_request()
    if request is not None:
        creates = request.method in {"PUT", "POST"} and not _BESIDE.intersection(request.args)
        context["s3:ObjectCreationOperation"] = str(creates).lower()
        if "If-None-Match" in request.headers:
            context["s3:if-none-match"] = request.headers["If-None-Match"]
    return context
