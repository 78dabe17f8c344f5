"""A GitHub App's proof of itself.

Source: GitHub, "Generating a JSON Web Token (JWT) for a GitHub App".
"""

from __future__ import annotations

from agents.errors import CodeHostRefused

#: GitHub takes ten minutes at most; the clock may be a minute ahead of GitHub's.
_LIFE_SECONDS, _AHEAD_SECONDS = 540, 60


def app_assertion(app: str, key: str, now: float) -> str:
    """The token that the App signs with its private key in PEM, RS256. Raises CodeHostRefused for another key."""
    # Only the functions with the layer `signing` have these libraries.
    import jwt
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise CodeHostRefused("the key of the GitHub App in Secrets Manager is no private key in PEM") from None
    if not isinstance(private, RSAPrivateKey):
        raise CodeHostRefused("the key of the GitHub App in Secrets Manager is not an RSA key")
    claims = {"iat": int(now) - _AHEAD_SECONDS, "exp": int(now) + _LIFE_SECONDS, "iss": app}
    return jwt.encode(claims, private, algorithm="RS256")
