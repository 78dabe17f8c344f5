"""The web as agents see it: single answers of servers that a setting names."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import IO

from agents.errors import ProviderFailed

_SECONDS = 10
_LARGEST_BYTES = 1_000_000


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: secrets go to the server that the setting names and to no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """No further request."""
        del req, fp, code, msg, headers, newurl


class HttpsWeb:
    """Fetches over HTTPS, and in clear from this machine alone, where a laptop's test provider is."""

    def fetch(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body; with a form it is a POST. Raises ProviderFailed."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname == "127.0.0.1"):
            raise ProviderFailed(f"{url} is not asked: it is no address over HTTPS")
        body = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310 (checked above)
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=_SECONDS) as answer:
                return answer.status, _whole(url, answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, _whole(url, refused)
        except (OSError, http.client.HTTPException) as error:
            raise ProviderFailed(f"{url} cannot be reached: {error}") from error


def _whole(url: str, answer: IO[bytes]) -> bytes:
    read = answer.read(_LARGEST_BYTES + 1)
    if len(read) > _LARGEST_BYTES:
        raise ProviderFailed(f"{url} answered more than {_LARGEST_BYTES:,} bytes")
    return read
