"""AWS's Signature Version 4, checked as AWS does: in the Authorization header, or in the query of a presigned URL.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from calendar import timegm
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from botocore.utils import normalize_url_path

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_HEADER = re.compile(
    rf"{_ALGORITHM} Credential=(?P<key>[^/,\s]+)/(?P<day>[0-9]{{8}})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)"
    r"/aws4_request,\s*SignedHeaders=(?P<headers>[a-z0-9;_-]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_SHA256 = re.compile(r"[0-9a-f]{64}")
#: What S3 takes in the place of a body's hash.
_UNSIGNED: Final = "UNSIGNED-PAYLOAD"
_UNSIGNED_WORDS = frozenset({_UNSIGNED, "STREAMING-UNSIGNED-PAYLOAD-TRAILER"})
#: How far a signature's time may be from ours, in seconds; AWS's figure.
_SKEW_SECONDS: Final = 15 * 60
#: The longest life of a presigned URL, in seconds; AWS's figure.
_LONGEST_SECONDS: Final = 7 * 24 * 3600


@dataclass(frozen=True)
class SignedRequest:
    """What is signed: `path` and `query` as they were sent, names of `headers` in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Signature:
    """What a request says of its own signature; `expires` in seconds, None in the header's form."""

    key_id: str
    day: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    stamp: str
    expires: int | None = None

    @property
    def scope(self) -> str:
        """The credential's scope."""
        return f"{self.day}/{self.region}/{self.service}/aws4_request"

    @property
    def header(self) -> str:
        """The same as an Authorization header."""
        names = ";".join(self.signed_headers)
        credential = f"Credential={self.key_id}/{self.scope}"
        return f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={self.signature}"


class NotSigned(Exception):
    """The request is not signed by a key of this cloud; `code` is AWS's name for it, the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def signature_of(request: SignedRequest) -> Signature:
    """The signature that a request carries. Raises NotSigned."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        fields = _HEADER.fullmatch(authorization)
        return _signature(fields, request.headers.get("x-amz-date", ""))
    given = dict(_pairs(request.query))
    if given.get("X-Amz-Algorithm") != _ALGORITHM:
        raise NotSigned("MissingAuthenticationToken", "the request is not signed")
    fields = _HEADER.fullmatch(
        f"{_ALGORITHM} Credential={given.get('X-Amz-Credential', '')}, "
        f"SignedHeaders={given.get('X-Amz-SignedHeaders', '')}, Signature={given.get('X-Amz-Signature', '')}"
    )
    expires = given.get("X-Amz-Expires", "")
    if not expires.isdecimal() or int(expires) > _LONGEST_SECONDS:
        raise NotSigned("AuthorizationQueryParametersError", "X-Amz-Expires must be at most a week, in seconds")
    return _signature(fields, given.get("X-Amz-Date", ""), int(expires))


def verify(request: SignedRequest, secret_of: Callable[[str], str | None], now: float | None = None) -> Signature:
    """The request's signature, which is right. Raises NotSigned."""
    signed = signature_of(request)
    secret = secret_of(signed.key_id)
    if secret is None:
        raise NotSigned("UnrecognizedClientException", f"the access key {signed.key_id} is not one of this cloud's")
    _check_time(signed, time.time() if now is None else now)
    _check_headers(signed, request.headers)
    payload = _payload(signed, request)
    canonical = _canonical(signed, request, payload)
    text = "\n".join((_ALGORITHM, signed.stamp, signed.scope, hashlib.sha256(canonical.encode()).hexdigest()))
    key = _signing_key(secret, signed.day, signed.region, signed.service)
    if not hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), signed.signature):
        raise NotSigned("SignatureDoesNotMatch", f"the signature is not that of the access key {signed.key_id}")
    return signed


def _signature(fields: re.Match[str] | None, stamp: str, expires: int | None = None) -> Signature:
    if fields is None:
        raise NotSigned("IncompleteSignature", "the signature is not in the form of Signature Version 4")
    names = tuple(fields["headers"].split(";"))
    scope = (fields["key"], fields["day"], fields["region"], fields["service"])
    return Signature(*scope, names, fields["signature"], stamp, expires)


def _check_time(signed: Signature, now: float) -> None:
    try:
        at = _seconds(signed.stamp)
    except ValueError:
        raise NotSigned("IncompleteSignature", "X-Amz-Date is missing or not a time") from None
    if not signed.stamp.startswith(signed.day):
        raise NotSigned("SignatureDoesNotMatch", "X-Amz-Date is of another day than the credential's scope")
    if now < at - _SKEW_SECONDS or now > at + (_SKEW_SECONDS if signed.expires is None else signed.expires):
        raise NotSigned("RequestExpired", "the signature is of another time: check the clock, or sign again")


@lru_cache(maxsize=64)
def _seconds(stamp: str) -> int:
    """Since 1970. Raises ValueError."""
    return timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))


def _check_headers(signed: Signature, headers: Mapping[str, str]) -> None:
    """What decides over a request must be signed; else a signature would fit other requests as well."""
    needed = {"host", *(name for name in headers if name.startswith("x-amz-"))}
    missing = sorted(needed.difference(signed.signed_headers))
    if missing:
        raise NotSigned("SignatureDoesNotMatch", f"headers that must be signed are not: {', '.join(missing)}")


def _payload(signed: Signature, request: SignedRequest) -> str:
    """The word for the body in what is signed."""
    if signed.expires is not None and signed.service == "s3":
        return request.headers.get("x-amz-content-sha256", _UNSIGNED)
    declared = request.headers.get("x-amz-content-sha256")
    if declared in _UNSIGNED_WORDS and signed.service == "s3":
        return declared
    digest = hashlib.sha256(request.body).hexdigest()
    if declared is not None and (_SHA256.fullmatch(declared) is None or declared != digest):
        raise NotSigned("XAmzContentSHA256Mismatch", "x-amz-content-sha256 is not the hash of the body")
    return digest


def _canonical(signed: Signature, request: SignedRequest, payload: str) -> str:
    path = request.path or "/"
    if signed.service != "s3" and path != "/":  # all but S3 sign a path that is encoded once more
        path = quote(normalize_url_path(path), safe="/~")
    pairs = [pair for pair in _pairs(request.query) if signed.expires is None or pair[0] != "X-Amz-Signature"]
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    query = "&".join(f"{name}={value}" for name, value in encoded)
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in signed.signed_headers)
    return "\n".join((request.method, path, query, headers, ";".join(signed.signed_headers), payload))


def _pairs(query: str) -> Sequence[tuple[str, str]]:
    split = (part.partition("=") for part in query.split("&") if part)
    return [(unquote(name), unquote(value)) for name, _, value in split]


@lru_cache(maxsize=256)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key
