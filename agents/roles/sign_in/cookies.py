"""CloudFront's signed cookies, which open the pages of one repository until a time."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

POLICY, SIGNATURE, KEY = "CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"
#: CloudFront's base64 has other letters where a cookie's value would need quotes.
_COOKIE_LETTERS = str.maketrans("+=/", "-_~")


def reader_cookies(resource: str, key_id: str, private_key: str, ends_at: int) -> dict[str, str]:
    """Cookies that open the addresses that `resource` names, with wildcards, until `ends_at` (seconds since 1970).

    Raises ValueError for what is no RSA key.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
    """
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    condition = {"DateLessThan": {"AWS:EpochTime": ends_at}}
    policy = json.dumps({"Statement": [{"Resource": resource, "Condition": condition}]}, separators=(",", ":")).encode()
    # CloudFront takes signatures of SHA-1 alone.
    signature = loaded_key(private_key).sign(policy, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    return {POLICY: _value(policy), SIGNATURE: _value(signature), KEY: key_id}


def loaded_key(private_key: str) -> RSAPrivateKey:
    """A private key, PEM. Raises ValueError for what is no RSA key."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    loaded = load_pem_private_key(private_key.encode(), password=None)
    if not isinstance(loaded, RSAPrivateKey):
        raise ValueError("it is no RSA key")  # noqa: TRY004 (a text was given, and its content is wrong)
    return loaded


def _value(raw: bytes) -> str:
    return base64.b64encode(raw).decode().translate(_COOKIE_LETTERS)
