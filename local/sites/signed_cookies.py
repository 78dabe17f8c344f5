"""Checks signed cookies as CloudFront does: key, signature, resource, time and address of a custom policy.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import json
import re
from collections.abc import Mapping
from typing import Any

POLICY, SIGNATURE, KEY = "CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"
#: CloudFront's base64 has other letters where a cookie's value would need quotes.
_ORDINARY = str.maketrans("-_~", "+=/")


class CookiesRefused(Exception):
    """The cookies do not open the page; the name of CloudFront's error."""


def check_cookies(cookies: Mapping[str, str], keys: Mapping[str, str], url: str, now: float, address: str) -> None:
    """Raises CookiesRefused unless the cookies open the URL for the address; `keys` are public keys, PEM, by id."""
    key = keys.get(cookies.get(KEY, ""))
    if key is None:
        raise CookiesRefused("InvalidKey" if cookies.get(KEY) else "MissingKey")
    policy, signature = (_decoded(cookies.get(name, "")) for name in (POLICY, SIGNATURE))
    if not _is_signed(policy, signature, key) or not _allows(_statement(policy), url, now, address):
        raise CookiesRefused("AccessDenied")


def _is_signed(policy: bytes, signature: bytes, key: str) -> bool:
    # A second of imports: most clouds host no site.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    public = load_pem_public_key(key.encode())
    assert isinstance(public, RSAPublicKey)  # noqa: S101  the settings take no other
    try:
        # CloudFront's signatures are of SHA-1: it takes no other for these cookies.
        public.verify(signature, policy, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    except InvalidSignature:
        return False
    return True


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value.translate(_ORDINARY), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CookiesRefused("MalformedPolicy") from error


def _statement(policy: bytes) -> Mapping[str, Any]:
    try:
        (statement,) = json.loads(policy)["Statement"]
        return {"Resource": str(statement["Resource"]), "Condition": dict(statement["Condition"])}
    except (ValueError, TypeError, KeyError) as error:
        raise CookiesRefused("MalformedPolicy") from error


def _allows(statement: Mapping[str, Any], url: str, now: float, address: str) -> bool:
    condition = statement["Condition"]
    try:
        ends = float(condition["DateLessThan"]["AWS:EpochTime"])
        begins = float(condition.get("DateGreaterThan", {"AWS:EpochTime": 0})["AWS:EpochTime"])
        network = ipaddress.ip_network(condition.get("IpAddress", {"AWS:SourceIp": "0.0.0.0/0"})["AWS:SourceIp"])
    except (ValueError, TypeError, KeyError) as error:
        raise CookiesRefused("MalformedPolicy") from error
    pattern = re.escape(statement["Resource"]).replace(r"\*", ".*").replace(r"\?", ".")
    return begins <= now < ends and ipaddress.ip_address(address) in network and bool(re.fullmatch(pattern, url))
