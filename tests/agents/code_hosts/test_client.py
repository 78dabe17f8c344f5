"""A commit's archive is fetched from the settings' host alone, within its limit, with the least token."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from agents.code_hosts.addresses import archive_url, commit_field, commit_url, may_follow
from agents.code_hosts.app_token import app_assertion
from agents.code_hosts.client import HttpCodeHosts
from agents.contracts.webhook import HostKind
from agents.errors import CodeHostRefused, CodeHostUnavailable, RepositoryTooLarge
from tests.events.code_host import CodeHost, archive_of

COMMIT = "c" * 40
ARCHIVE = archive_of({"a.py": "x = 1\n"})
NOW = 1_800_000_000.0


@pytest.fixture
def host() -> Iterator[CodeHost]:
    with CodeHost(archives={COMMIT: ARCHIVE}, refs={"v1": COMMIT, "feature/x": COMMIT}) as served:
        yield served


def _hosts(host: CodeHost, **own: dict[str, str]) -> HttpCodeHosts:
    return HttpCodeHosts({str(provider): host.url for provider in HostKind}, lambda: own, lambda: NOW)


@pytest.mark.parametrize(
    ("provider", "path"),
    [
        (HostKind.GITHUB, f"/repos/owner/name/tarball/{COMMIT}"),
        (HostKind.GITLAB, f"/api/v4/projects/owner%2Fname/repository/archive.tar.gz?sha={COMMIT}"),
        (HostKind.GITEA, f"/api/v1/repos/owner/name/archive/{COMMIT}.tar.gz"),
        (HostKind.BITBUCKET, f"/rest/api/latest/projects/owner/repos/name/archive?at={COMMIT}&format=tar.gz"),
        (HostKind.PLAIN, f"/owner/name/{COMMIT}.tar.gz"),
    ],
)
def test_the_archive_of_exactly_the_commit_is_fetched(
    host: CodeHost, provider: HostKind, path: str, tmp_path: Path
) -> None:
    _hosts(host).download(provider, "owner/name", COMMIT, tmp_path / "archive", len(ARCHIVE))

    assert (tmp_path / "archive").read_bytes() == ARCHIVE
    assert host.requests[0][1] == path
    assert "authorization" not in host.requests[0][2]


@pytest.mark.parametrize("provider", [HostKind.GITHUB, HostKind.GITLAB, HostKind.GITEA, HostKind.BITBUCKET])
def test_a_ref_is_resolved(host: CodeHost, provider: HostKind) -> None:
    assert _hosts(host).commit_of(provider, "owner/name", "feature/x") == COMMIT


def test_bitbucket_cloud_serves_archives_beside_its_api() -> None:
    base = "https://api.bitbucket.org"
    assert archive_url(HostKind.BITBUCKET, base, "a/b", COMMIT) == f"https://bitbucket.org/a/b/get/{COMMIT}.tar.gz"
    assert commit_url(HostKind.BITBUCKET, base, "a/b", "x/y") == f"{base}/2.0/repositories/a/b/commit/x%2Fy"
    assert commit_field(HostKind.BITBUCKET, base) == "hash"


def test_a_plain_host_resolves_no_ref(host: CodeHost) -> None:
    with pytest.raises(CodeHostRefused, match="no address"):
        _hosts(host).commit_of(HostKind.PLAIN, "owner/name", "v1")


def test_an_archive_beyond_the_limit_is_given_up(host: CodeHost, tmp_path: Path) -> None:
    with pytest.raises(RepositoryTooLarge, match="owner/name"):
        _hosts(host).download(HostKind.GITEA, "owner/name", COMMIT, tmp_path / "archive", len(ARCHIVE) - 1)


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, CodeHostRefused), (401, CodeHostRefused), (429, CodeHostUnavailable), (503, CodeHostUnavailable)],
)
def test_a_refusal_ends_the_fetch_and_a_fault_lets_it_come_again(
    host: CodeHost, status: int, error: type[Exception], tmp_path: Path
) -> None:
    host.answers[f"/owner/name/{COMMIT}.tar.gz"] = (status, {}, b"")
    with pytest.raises(error, match=f"answered {status}"):
        _hosts(host).download(HostKind.PLAIN, "owner/name", COMMIT, tmp_path / "archive", 10**6)


def test_a_host_that_is_down_may_be_asked_again(tmp_path: Path) -> None:
    with CodeHost() as gone:
        hosts = _hosts(gone)
    with pytest.raises(CodeHostUnavailable):
        hosts.download(HostKind.PLAIN, "owner/name", COMMIT, tmp_path / "archive", 10**6)


def test_a_kind_without_a_host_in_the_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CodeHostRefused, match="webhookHosts"):
        HttpCodeHosts({}, dict, lambda: NOW).download(HostKind.GITHUB, "a/b", COMMIT, tmp_path / "archive", 1)


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost.example:80/x",
        "https://codeload.127.0.0.1/x",
        "file:///etc/passwd",
        "//10.0.0.1/x",
        "http://user@127.0.0.1/x",
    ],
)
def test_a_redirect_to_another_host_is_not_followed(host: CodeHost, target: str, tmp_path: Path) -> None:
    host.answers[f"/owner/name/{COMMIT}.tar.gz"] = (302, {"Location": target}, b"")

    with pytest.raises(CodeHostRefused, match="redirects to"):
        _hosts(host).download(HostKind.PLAIN, "owner/name", COMMIT, tmp_path / "archive", 10**6)
    assert len(host.requests) == 1


def test_a_redirect_on_the_same_host_is_followed_a_few_times(host: CodeHost, tmp_path: Path) -> None:
    host.answers[f"/repos/owner/name/tarball/{COMMIT}"] = (302, {"Location": f"/else/{COMMIT}"}, b"")
    _hosts(host).download(HostKind.GITHUB, "owner/name", COMMIT, tmp_path / "archive", 10**6)
    assert (tmp_path / "archive").read_bytes() == ARCHIVE

    host.answers[f"/else/{COMMIT}"] = (302, {"Location": f"/else/{COMMIT}"}, b"")
    with pytest.raises(CodeHostRefused, match="more than"):
        _hosts(host).download(HostKind.GITHUB, "owner/name", COMMIT, tmp_path / "archive", 10**6)


@pytest.mark.parametrize(
    ("start", "target", "follows"),
    [
        ("https://api.github.com/x", "https://codeload.github.com/x", True),
        ("https://api.github.com/x", "http://codeload.github.com/x", False),
        ("https://api.github.com/x", "https://codeload.github.com:8443/x", False),
        ("https://api.github.com/x", "https://codeload.github.com.evil.example/x", False),
        ("https://code.example.com/api/v3/x", "https://codeload.code.example.com/x", True),
        ("https://code.example.com/api/v3/x", "https://code.example.com:444/x", False),
        ("https://code.example.com/api/v3/x", "https://codeload.github.com/x", False),
    ],
)
def test_only_a_hosts_own_archive_host_is_followed(start: str, target: str, follows: bool) -> None:
    assert may_follow(start, target) is follows


def test_an_apps_token_reads_the_one_repository(host: CodeHost, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    host.answers["/repos/owner/name/installation"] = (200, {}, b'{"id": 77}')
    host.answers["/app/installations/77/access_tokens"] = (201, {}, b'{"token": "short-lived"}')

    hosts = _hosts(host, github={"app": "1234", "key": pem})
    hosts.download(HostKind.GITHUB, "owner/name", COMMIT, tmp_path / "archive", 10**6)

    asked = host.requests[1]
    assert json.loads(asked[3]) == {"repositories": ["name"], "permissions": {"contents": "read"}}
    assert host.requests[2][2]["authorization"] == "Bearer short-lived"
    header, claims, signature = asked[2]["authorization"].removeprefix("Bearer ").split(".")
    key.public_key().verify(_bytes(signature), f"{header}.{claims}".encode(), PKCS1v15(), SHA256())
    read = json.loads(_bytes(claims))
    assert (read["iss"], read["exp"] - read["iat"] <= 600) == ("1234", True)


@pytest.mark.parametrize("key", ["no key", ""])
def test_a_key_that_is_none_is_refused_without_being_said(key: str) -> None:
    with pytest.raises(CodeHostRefused, match="no private key"):
        app_assertion("1", key, NOW)


def _bytes(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
