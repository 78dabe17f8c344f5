"""Verifies an ID token: who signed it, for whom, until when, and for which sign-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from agents.roles.sign_in.core import SignInRefused

#: Signatures with a public key alone: with HS256 or `none`, whoever knows the public key could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
#: Seconds by which the provider's clock and ours may differ.
_LEEWAY_SECONDS = 60
_REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


@dataclass(frozen=True)
class Expected:
    """What the token must say."""

    issuer: str
    client: str
    nonce: str


def verified_claims(token: str, key_of: Callable[[str], jwt.PyJWK | None], expected: Expected) -> Mapping[str, Any]:
    """The token's claims. `key_of` finds a key of the provider by its id. Raises SignInRefused."""
    try:
        key = key_of(str(jwt.get_unverified_header(token).get("kid", "")))
        if key is None:
            raise SignInRefused(401, "The provider's answer is signed with a key that it does not publish.")
        claims: Mapping[str, Any] = jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=expected.client,
            issuer=expected.issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": _REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise SignInRefused(401, f"The provider's answer is not valid: {type(error).__name__}.") from error
    if claims["nonce"] != expected.nonce:
        raise SignInRefused(401, "The provider's answer belongs to another sign-in.")
    # https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation, steps 3 to 5
    if claims.get("azp", expected.client) != expected.client or claims["aud"] not in (
        expected.client,
        [expected.client],
    ):
        raise SignInRefused(401, "The provider's answer is meant for another application, too.")
    return claims
