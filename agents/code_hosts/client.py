"""Asks a code host for commits and archives, with the least token that opens them."""

from __future__ import annotations

import ipaddress
import json
import socket
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

from agents.code_hosts.addresses import archive_url, commit_field, commit_url, headers_of, may_follow
from agents.code_hosts.app_token import app_assertion
from agents.contracts.webhook import HostKind
from agents.errors import CodeHostRefused, CodeHostUnavailable, RepositoryTooLarge

#: Where each host's credentials are: `token`, or `app` and `key` of a GitHub App; read anew for every fetch.
Credentials = Mapping[str, Mapping[str, str]]
_TIMEOUT_SECONDS = 60
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 3
_CHUNK = 256 * 1024
_LARGEST_JSON = 4 * 1024 * 1024
_AGENT = "serverless-swarm"


class HttpCodeHosts:
    """A CodeHosts over HTTPS; plain HTTP only where the settings name an address of this machine."""

    def __init__(
        self, hosts: Mapping[str, str], credentials: Callable[[], Credentials], now: Callable[[], float]
    ) -> None:
        self._hosts = hosts
        self._credentials = credentials
        self._now = now

    def commit_of(self, provider: HostKind, repository: str, ref: str) -> str:
        """The commit that a branch or tag points to. Raises CodeHostRefused, CodeHostUnavailable."""
        base = self._base(provider)
        url = commit_url(provider, base, repository, ref)
        if not url:
            raise CodeHostRefused(f"{provider} has no address that says what {ref} of {repository} points to")
        answer = _json(url, self._headers(provider, base, repository))
        return str(answer.get(commit_field(provider, base), ""))

    def download(self, provider: HostKind, repository: str, commit: str, path: Path, limit_bytes: int) -> None:
        """Stream the archive of a commit into a file.

        Raises CodeHostRefused, CodeHostUnavailable, or RepositoryTooLarge for more than `limit_bytes`.
        """
        base = self._base(provider)
        url = archive_url(provider, base, repository, commit)
        connection, response = _get(url, self._headers(provider, base, repository))
        size = 0
        try:
            with path.open("wb") as file:
                while chunk := response.read(_CHUNK):
                    size += len(chunk)
                    if size > limit_bytes:
                        raise RepositoryTooLarge(f"the archive of {repository} has more than {limit_bytes:,} bytes")
                    file.write(chunk)
        except (OSError, HTTPException) as error:
            raise CodeHostUnavailable(f"{urlsplit(url).hostname}: {error!r}") from error
        finally:
            connection.close()

    def _base(self, provider: HostKind) -> str:
        base = self._hosts.get(provider)
        if not base:
            raise CodeHostRefused(f"webhookHosts names no host of {provider}")
        return base

    def _headers(self, provider: HostKind, base: str, repository: str) -> dict[str, str]:
        own = self._credentials().get(provider, {})
        if "app" in own:
            return headers_of(provider, _installation_token(base, repository, own, self._now()))
        return headers_of(provider, own.get("token", ""))


def _installation_token(base: str, repository: str, app: Mapping[str, str], now: float) -> str:
    """A token of an hour that reads this one repository. GitHub, "Generating an installation access token"."""
    headers = headers_of(HostKind.GITHUB, app_assertion(app["app"], app["key"], now))
    installation = _json(f"{base}/repos/{repository}/installation", headers)["id"]
    wanted = {"repositories": [repository.rpartition("/")[2]], "permissions": {"contents": "read"}}
    address = f"{base}/app/installations/{int(installation)}/access_tokens"
    return str(_json(address, headers, json.dumps(wanted).encode())["token"])


def _json(url: str, headers: Mapping[str, str], body: bytes | None = None) -> dict[str, Any]:
    connection, response = _get(url, {**headers, "Accept": "application/json"}, body)
    try:
        return cast("dict[str, Any]", json.loads(response.read(_LARGEST_JSON)))
    except (ValueError, OSError, HTTPException) as error:
        raise CodeHostUnavailable(f"{urlsplit(url).hostname}: {error!r}") from error
    finally:
        connection.close()


def _get(url: str, headers: Mapping[str, str], body: bytes | None = None) -> tuple[HTTPConnection, HTTPResponse]:
    """The answer 200 or 201, after redirects that may be followed; the token stays with the first host."""
    here, sent = url, dict(headers)
    for _ in range(_MOST_REDIRECTS + 1):
        connection, response = _ask(here, sent, body)
        if response.status not in _REDIRECTS:
            break
        connection.close()
        target = urljoin(here, response.headers.get("Location", ""))
        if body is not None or not may_follow(url, target):
            raise CodeHostRefused(f"{urlsplit(url).hostname} redirects to {urlsplit(target).hostname}, not followed")
        if urlsplit(target).netloc.lower() != urlsplit(url).netloc.lower():
            _check_public(target)
            sent = {}
        here = target
    else:
        raise CodeHostRefused(f"{urlsplit(url).hostname} redirects more than {_MOST_REDIRECTS} times")
    if response.status in {200, 201}:
        return connection, response
    connection.close()
    where = f"{urlsplit(url).hostname} answered {response.status} for {urlsplit(url).path}"
    if response.status == 429 or response.status >= 500:
        raise CodeHostUnavailable(where)
    raise CodeHostRefused(where)


def _ask(url: str, headers: Mapping[str, str], body: bytes | None) -> tuple[HTTPConnection, HTTPResponse]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.netloc, timeout=_TIMEOUT_SECONDS)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    try:
        connection.request("GET" if body is None else "POST", target, body, {"User-Agent": _AGENT, **headers})
        return connection, connection.getresponse()
    except (OSError, HTTPException) as error:
        connection.close()
        raise CodeHostUnavailable(f"{parts.hostname}: {error!r}") from error


def _check_public(url: str) -> None:
    """Another host than the settings' own must have a public address."""
    host = urlsplit(url).hostname or ""
    try:
        addresses = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
    except OSError as error:
        raise CodeHostUnavailable(f"{host}: {error!r}") from error
    if not all(ipaddress.ip_address(address.partition("%")[0]).is_global for address in addresses):
        raise CodeHostRefused(f"{host} has a private address, and is not a host of the settings")
