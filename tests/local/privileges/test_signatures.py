"""Signature Version 4 as botocore signs it, and every way in which a request may not be what was signed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from local.privileges.identity import CloudKeys
from local.privileges.signatures import NotSigned, SignedRequest, verify

KEYS = CloudKeys("a cloud's secret")
ROLE = KEYS.of_role("arn:aws:iam::1:role/scan")
HOST = "127.0.0.1:4566"
TARGETS = ["/", "/bucket/a%20key%2Bplus/%C3%A9.txt", "/bucket?list-type=2&prefix=a%2Fb%20c&empty=", "/a//b/../c%7E~"]


def signed_by(signer: Any, method: str, target: str, body: bytes = b"", **headers: str) -> SignedRequest:
    """A request as botocore signs it and our server reads it."""
    request = AWSRequest(method, f"http://{HOST}{target}", headers, body)
    signer.add_auth(request)
    prepared = request.prepare()
    url = urlsplit(prepared.url)
    sent = {
        name.lower(): value if isinstance(value, str) else value.decode() for name, value in prepared.headers.items()
    }
    sent = {"host": HOST, **sent}
    return SignedRequest(method, url.path, url.query, sent, body)


def header(service: str, secret: str = ROLE.secret, key_id: str = ROLE.id) -> Any:
    return (S3SigV4Auth if service == "s3" else SigV4Auth)(Credentials(key_id, secret), service, "eu-west-1")


def presigned(service: str = "s3", expires: int = 60) -> Any:
    kind = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    return kind(Credentials(ROLE.id, ROLE.secret), service, "eu-west-1", expires=expires)


@pytest.mark.parametrize("service", ["s3", "dynamodb", "lambda"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("method", "body"), [("GET", b""), ("PUT", b"some \x00 bytes"), ("DELETE", b""), ("HEAD", b"")]
)
def test_what_botocore_signs_is_signed(service: str, target: str, method: str, body: bytes) -> None:
    request = signed_by(header(service), method, target, body, **{"X-Amz-Target": "T.Op", "Content-Type": "a;  b"})

    found = verify(request, KEYS.secret_of)

    assert (found.key_id, found.service, found.region) == (ROLE.id, service, "eu-west-1")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("service", ["s3", "lambda"])
def test_a_presigned_url_is_signed_until_it_expires(service: str, target: str) -> None:
    request = signed_by(presigned(service, expires=60), "GET", target)

    assert verify(request, KEYS.secret_of).service == service
    with pytest.raises(NotSigned) as refused:
        verify(request, KEYS.secret_of, time.time() + 62)
    assert refused.value.code == "RequestExpired"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=20))
def test_any_name_of_an_object_can_be_signed(name: str) -> None:
    from urllib.parse import quote

    request = signed_by(header("s3"), "GET", f"/bucket/{quote(name, safe='/~')}?prefix={quote(name, safe='-_.~')}")
    assert verify(request, KEYS.secret_of).key_id == ROLE.id


def changed(request: SignedRequest, **parts: Any) -> SignedRequest:
    values = {name: getattr(request, name) for name in ("method", "path", "query", "headers", "body")}
    return SignedRequest(**{**values, **parts})


def without(request: SignedRequest, *names: str) -> SignedRequest:
    return changed(request, headers={name: value for name, value in request.headers.items() if name not in names})


def with_header(request: SignedRequest, name: str, value: str) -> SignedRequest:
    return changed(request, headers={**request.headers, name: value})


TAMPERED: dict[str, Callable[[SignedRequest], SignedRequest]] = {
    "another verb": lambda sent: changed(sent, method="DELETE"),
    "another path": lambda sent: changed(sent, path="/other"),
    "another query": lambda sent: changed(sent, query="a=2"),
    "another body": lambda sent: changed(sent, body=b"other"),
    "another operation": lambda sent: with_header(sent, "x-amz-target", "T.Other"),
    "a header that decides and was not signed": lambda sent: with_header(sent, "x-amz-copy-source", "/b/k"),
    "another host": lambda sent: with_header(sent, "host", "evil.example"),
    "another time": lambda sent: with_header(sent, "x-amz-date", "20200101T000000Z"),
    "no time": lambda sent: without(sent, "x-amz-date"),
    "no signature": lambda sent: without(sent, "authorization"),
    "a password": lambda sent: with_header(sent, "authorization", "Basic b3BlcmF0b3I6eA=="),
    "a signature in another form": lambda sent: with_header(sent, "authorization", sent.headers["authorization"][:-1]),
}


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_request_that_was_changed_is_not_signed(
    change: Callable[[SignedRequest], SignedRequest], service: str
) -> None:
    sent = signed_by(header(service), "POST", "/path?a=1", b"body", **{"X-Amz-Target": "T.Op"})
    verify(sent, KEYS.secret_of)

    with pytest.raises(NotSigned):
        verify(change(sent), KEYS.secret_of)


@pytest.mark.parametrize("service", ["s3", "dynamodb"])
@pytest.mark.parametrize(
    ("key_id", "secret"),
    [
        (ROLE.id, "any"),
        (ROLE.id, KEYS.of_role("publish").secret),
        (KEYS.operator.id, ROLE.secret),
        (KEYS.operator.id, CloudKeys("another cloud's").operator.secret),
        ("local", "local"),
        ("AKIDEXAMPLE", KEYS.operator.secret),
    ],
)
def test_no_key_but_one_of_this_clouds_signs(key_id: str, secret: str, service: str) -> None:
    sent = signed_by(header(service, secret, key_id), "POST", "/", b"{}")
    with pytest.raises(NotSigned):
        verify(sent, KEYS.secret_of)


def test_a_presigned_url_lives_a_week_at_most_and_begins_with_its_time() -> None:
    with pytest.raises(NotSigned):
        verify(signed_by(presigned(expires=8 * 24 * 3600), "GET", "/bucket/key"), KEYS.secret_of)
    with pytest.raises(NotSigned):
        verify(signed_by(presigned(), "GET", "/bucket/key"), KEYS.secret_of, time.time() - 3600)


def test_a_body_may_go_unsigned_to_s3_alone() -> None:
    unsigned = {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    assert verify(signed_by(Unsigned(ROLE, "s3"), "PUT", "/b/k", b"body", **unsigned), KEYS.secret_of)
    with pytest.raises(NotSigned):
        verify(signed_by(Unsigned(ROLE, "dynamodb"), "PUT", "/b/k", b"body", **unsigned), KEYS.secret_of)


class Unsigned(SigV4Auth):
    """Signs all but the body."""

    def __init__(self, key: Any, service: str) -> None:
        super().__init__(Credentials(key.id, key.secret), service, "eu-west-1")

    def payload(self, request: Any) -> str:  # noqa: ARG002  (botocore's signature)
        """The word in the place of its hash."""
        return "UNSIGNED-PAYLOAD"

    def _normalize_url_path(self, path: str) -> str:
        return path


def test_keys_are_not_printed() -> None:
    assert ROLE.secret not in repr(ROLE)
