"""A small OpenID Connect provider over real HTTP: it signs everybody in, and lies where a test says so."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from jwt.api_jws import PyJWS

CLIENT, SECRET = "swarm-docs", "a secret/with:signs"
EMAIL = "ada@example.com"


class SigningKey:
    """A key pair with an id."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65_537, key_size=2048)

    @property
    def published(self) -> dict[str, Any]:
        """The public half, as a JWK."""
        jwk: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "kid": self.name, "use": "sig", "alg": "RS256"}


class OidcProvider:
    """Serves until it is closed. `claims` replace those of the next tokens, None leaves one out; `sign` signs them."""

    def __init__(self) -> None:
        self.key = SigningKey("first")
        self.published = [self.key.published]
        self.claims: dict[str, object] = {}
        self.sign: Callable[[Mapping[str, object]], str] = self.signed
        self.methods = ["client_secret_basic"]
        self.description: dict[str, object] = {}
        self.requests: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(_Handler):
            served = provider

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def signed(self, claims: Mapping[str, object]) -> str:
        """As it should be."""
        return self.signed_text(json.dumps(dict(claims)).encode())

    def signed_text(self, claims: bytes) -> str:
        """The same of any bytes: PyJWT's own encode() refuses to write some lies."""
        return PyJWS().encode(claims, self.key.private, "RS256", {"kid": self.key.name})

    def describe(self) -> dict[str, object]:
        """The document of discovery."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": self.methods,
            **self.description,
        }

    def authorize(self, query: Mapping[str, str]) -> str:
        """Where the browser goes back to, signed in."""
        code = secrets.token_urlsafe(8)
        self._codes[code] = dict(query)
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def exchange(self, form: Mapping[str, str], client: tuple[str, str]) -> tuple[int, dict[str, str]]:
        """An ID token for a code that nobody has used, and only to whom it was given."""
        asked = self._codes.pop(form["code"], None)
        if client != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if asked is None or asked["code_challenge"] != challenge.decode():
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "ada",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "email": EMAIL,
            "email_verified": True,
            **self.claims,
        }
        return 200, {"id_token": self.sign({name: value for name, value in claims.items() if value is not None})}


class _Handler(BaseHTTPRequestHandler):
    served: OidcProvider

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        self.served.requests.append(path.path)
        if path.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(path.query).items()}
            self._send(302, b"", {"Location": self.served.authorize(query)})
        elif path.path == "/keys":
            self._send(200, json.dumps({"keys": self.served.published}).encode())
        elif path.path == "/.well-known/openid-configuration":
            self._send(200, json.dumps(self.served.describe()).encode())
        else:
            self._send(404, b"{}")

    def do_POST(self) -> None:
        self.served.requests.append(self.path)
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        named = self.headers.get("Authorization", "").removeprefix("Basic ")
        if named:
            name, _, secret = base64.b64decode(named).decode().partition(":")
            client = (unquote(name), unquote(secret))
        else:
            client = (form.get("client_id", ""), form.get("client_secret", ""))
        status, answer = self.served.exchange(form, client)
        self._send(status, json.dumps(answer).encode())

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
