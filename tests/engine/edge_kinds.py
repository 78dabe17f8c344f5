"""The kinds of resources that a hosted site is made of; see tests/engine/kinds.py. Pure.

moto takes any text as `IfMatch`, deletes a distribution that is enabled, and neither deletes a key group nor knows a
policy of response headers: these two stay what they were, and are not looked for when a stack is destroyed.
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.engine.kind import Call, Kind

_ID = {"Id": "{id}"}
_NAME = {"Name": "{id}"}
_MATCHED = {"IfMatch": "*"}
EDGE_KINDS: Mapping[str, Kind] = {
    "cloudfront:Distribution": Kind(
        "staging",
        Call("cloudfront", "get_distribution", _ID, "Distribution"),
        (Call("cloudfront", "delete_distribution", {**_ID, **_MATCHED}),),
    ),
    "cloudfront:Function": Kind(
        "name",
        Call("cloudfront", "describe_function", _NAME, "FunctionSummary"),
        (Call("cloudfront", "delete_function", {**_NAME, **_MATCHED}),),
        name="name",
    ),
    "cloudfront:KeyGroup": Kind("", Call("cloudfront", "get_key_group", _ID, "KeyGroup"), name="name"),
    "cloudfront:OriginAccessControl": Kind(
        "",
        Call("cloudfront", "get_origin_access_control", _ID, "OriginAccessControl"),
        (Call("cloudfront", "delete_origin_access_control", {**_ID, **_MATCHED}),),
        name="name",
    ),
    "cloudfront:PublicKey": Kind(
        "name encodedKey",
        Call("cloudfront", "get_public_key", _ID, "PublicKey"),
        (Call("cloudfront", "delete_public_key", {**_ID, **_MATCHED}),),
        name="name",
    ),
    "cloudfront:ResponseHeadersPolicy": Kind("", Call("cloudfront", "list_distributions", {}), name="name"),
}
