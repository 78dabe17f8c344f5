"""A GitHub App's proof of itself.

Source: GitHub, "Generating a JSON Web Token (JWT) for a GitHub App".
"""

from __future__ import annotations

import base64
import json

from agents.errors import CodeHostRefused

#: GitHub takes ten minutes at most; the clock may be a minute ahead of GitHub's.
_LIFE_SECONDS, _AHEAD_SECONDS = 540, 60


def app_assertion(app: str, key: str, now: float) -> str:
    """The token that the App signs with its private key in PEM, RS256. Raises CodeHostRefused for another key."""
    # Only the function that fetches has this library, in a layer of its own.
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    claims = {"iat": int(now) - _AHEAD_SECONDS, "exp": int(now) + _LIFE_SECONDS, "iss": app}
    signed = ".".join(_part(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise CodeHostRefused("the key of the GitHub App in Secrets Manager is no private key in PEM") from None
    if not isinstance(private, RSAPrivateKey):
        raise CodeHostRefused("the key of the GitHub App in Secrets Manager is not an RSA key")
    return f"{signed}.{_part(private.sign(signed.encode(), PKCS1v15(), SHA256()))}"


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
