"""Asks an OpenID Connect provider: its own description, its keys, and the ID token for a code."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from jwt import PyJWK, PyJWTError

from agents.errors import ProviderFailed
from agents.ports import Clock, Web
from agents.roles.sign_in.core import SignInRefused

#: Seconds for which the description and the keys are taken from memory.
_FRESH_SECONDS = 600
#: An unknown key's id has the keys read again, and no oftener than this: anybody can invent ids.
_AGAIN_SECONDS = 10


class Provider:
    """The provider of one issuer; one object a process, so that its answers are remembered between calls."""

    def __init__(self, issuer: str, web: Web, clock: Clock) -> None:
        self.issuer = issuer
        self._web, self._clock = web, clock
        self._described: tuple[float, Mapping[str, Any]] = (float("-inf"), {})
        self._published: tuple[float, Mapping[str, PyJWK]] = (float("-inf"), {})

    def endpoint(self, name: str) -> str:
        """An address out of the provider's description. Raises ProviderFailed."""
        read_at, described = self._described
        now = self._clock.now()
        if now - read_at > _FRESH_SECONDS:
            described = self._read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if described.get("issuer") != self.issuer:
                raise ProviderFailed(f"{self.issuer} calls itself {described.get('issuer')!r}: set siteSignInIssuer so")
            self._described = (now, described)
        address, scheme = str(described.get(name, "")), urlsplit(self.issuer).scheme
        if not _is_address(address, scheme):
            raise ProviderFailed(f"{self.issuer} has no {name} under {scheme}:")
        return address

    def key(self, name: str) -> PyJWK | None:
        """The public key of this id, None if the provider publishes none such. Raises ProviderFailed."""
        read_at, keys = self._published
        age = self._clock.now() - read_at
        if age > _FRESH_SECONDS or (name not in keys and age > _AGAIN_SECONDS):
            keys = _keys(self._read(self.endpoint("jwks_uri")))
            self._published = (self._clock.now(), keys)
        if not name and len(keys) == 1:  # a provider with one key need not name it
            return next(iter(keys.values()))
        return keys.get(name)

    def id_token(self, code: str, verifier: str, callback: str, client: str, secret: str) -> str:
        """The ID token for a code. Raises SignInRefused for a code that is not good, ProviderFailed."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": callback,
            "code_verifier": verifier,
        }
        address, headers = self.endpoint("token_endpoint"), {}
        taken = self._described[1].get("token_endpoint_auth_methods_supported")
        if not isinstance(taken, list) or not taken or "client_secret_basic" in taken:
            named = f"{quote(client, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(named.encode()).decode()}"
        else:
            form |= {"client_id": client, "client_secret": secret}
        status, body = self._web.fetch(address, form, headers)
        answer = _object(body)
        if answer.get("error") == "invalid_grant":
            raise SignInRefused(401, "The provider does not accept its own code any more. Sign in again.")
        if status != 200 or not isinstance(answer.get("id_token"), str):
            raise ProviderFailed(f"{address} answered {status} {str(answer.get('error', ''))[:60]!r} and no ID token")
        token: str = answer["id_token"]
        return token

    def _read(self, address: str) -> Mapping[str, Any]:
        status, body = self._web.fetch(address)
        document = _object(body)
        if status != 200 or not document:
            raise ProviderFailed(f"{address} answered {status} and no JSON object")
        return document


def _is_address(address: str, scheme: str) -> bool:
    """Whether a browser may be sent there: ASCII without spaces, and under the scheme."""
    if not address.isascii() or not address.isprintable() or " " in address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == scheme and bool(parts.hostname)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _keys(published: Mapping[str, Any]) -> Mapping[str, PyJWK]:
    """Public keys for signatures, by id; a kind that PyJWT does not know is left out."""
    keys: dict[str, PyJWK] = {}
    listed = published.get("keys")
    for jwk in listed if isinstance(listed, list) else ():
        if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig" or jwk.get("kty") == "oct":
            continue
        try:
            keys[str(jwk.get("kid", ""))] = PyJWK(jwk)
        except (PyJWTError, TypeError, ValueError):  # PyJWT stumbles over some that are no keys
            continue
    return keys
