"""Values that a header, an address or a command gives away, without a name before them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from agents.codebase.secrets import values

ASSIGNMENT: Final = "secret-assignment"
CONNECTION: Final = "secret-connection-string"

CUT: Final = re.compile(rb"[;&](?=[A-Za-z][\w -]{1,30}=)|\\[nrt](?=[^A-Za-z0-9]|[A-Z#/]|$)|&quot;|&(?:lt|gt|#\d+);")
_TRAIL: Final = b".,;:)]}|*\\"

_HEADER: Final = re.compile(
    rb"(?i)(?:\b(?:bearer|basic|token|apikey|api-key|digest|negotiate|splunk|genie-?key|aws4-hmac-sha256)(?:[ \t+]|%20){1,4}"
    rb"|authorization\\?[\"']?\s{0,3}[:=,]\s{0,3}\\?[\"'`]?(?:(?:bearer|basic|token)\s{1,3})?)(?P<value>[A-Za-z0-9._~+/=:!@#$%^&*-]{8,})"
)
_URL: Final = re.compile(
    rb"://(?:[^\s:/@'\"<>\[\]`]{0,100}:(?P<value>(?!\d{1,5}(?:[/?#]|$))[^\s@'\"<>`]{1,300}(?:@[^\s/@'\"<>`]{1,300}(?=@))?)|(?P<alone>[^\s:/@'\"<>\[\]`]{16,300}))"
    rb"@(?P<host>[\w.\[$%{-]{1,100})"
)
_LOCAL: Final = re.compile(
    rb"(?:localhost|127\.0\.0\.1|\[::1|0\.0\.0\.0|host|hostname|server|[\w.-]{0,60}\bexample\b)(?![\w-])"
)
_COMMANDS: Final = (
    (b"curl", re.compile(rb"\bcurl\b[^\n]{0,300}?\s(?:-u|--user|-U|--proxy-user)[= ]{0,2}\\?[\"']?[^\s:\"']{1,100}:(?P<value>[^\s\"'\\]{3,})")),
    (b"wget", re.compile(rb"\bwget\b[^\n]{0,300}?\s--(?:http-|ftp-|proxy-)?password[= ]\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"mysql", re.compile(rb"\b(?:mysql\w{0,10}|mariadb[\w-]{0,10})\b[^\n]{0,300}?\s-p\\?[\"']?(?P<value>[^\s\"'\\]{4,})")),
    (b"sshpass", re.compile(rb"\bsshpass\s{1,3}-p\s{0,3}\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"login", re.compile(rb"\blogin\b[^\n]{0,300}?\s-p[= ]\s{0,3}\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"redis-cli", re.compile(rb"\bredis-cli\b[^\n]{0,300}?\s-a\s{1,3}\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"mongo", re.compile(rb"\bmongo\w{0,8}\b[^\n]{0,300}?\s-p\s{0,3}\\?[\"']?(?P<value>[^\s\"'\\]{4,})")),
    (b"ldap", re.compile(rb"\bldap\w{3,10}\b[^\n]{0,300}?\s-w\s{1,3}\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"htpasswd", re.compile(rb"\bhtpasswd\s{1,3}-\w{0,8}b\w{0,8}\s{1,3}[^\n]{0,200}?\s\S{1,60}\s\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"pass:", re.compile(rb"(?:-pass(?:in|out)?|-password|-k)\s{1,3}pass:(?P<value>[^\s\"'\\]{3,})")),
    (b"keytool", re.compile(rb"\bkeytool\b[^\n]{0,300}?\s-(?:store|key)pass\s{1,3}\\?[\"']?(?P<value>[^\s\"'\\]{3,})")),
    (b"smb", re.compile(rb"\bsmb\w{0,10}\b[^\n]{0,200}?\s-U\s{0,3}[^\s%]{1,60}%(?P<value>[^\s\"'\\]{3,})")),
    (b"auth", re.compile(rb"\bauth\s{0,2}[=:]\s{0,2}[(\[]\s{0,2}[\"'][^\"'\n]{1,100}[\"']\s{0,2},\s{0,2}[\"'](?P<value>[^\"'\n]{4,})")),
    (b"oracle:thin:", re.compile(rb"oracle:(?:thin|oci):[\w.]{1,60}/(?P<value>[^\s@\"'/]{3,100})@")),
    (b"sqlplus", re.compile(rb"\bsqlplus\b[^\n]{0,60}?\s[\w.]{1,60}/(?P<value>[^\s@\"'/]{3,100})@")),
    (b")/", re.compile(rb"(?<![\w.-])[\w.-]{1,60}:(?P<value>[^\s@\"'`/]{3,100})@(?:tcp|unix)\(")),
    (b"identified", re.compile(rb"(?i)\bidentified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?[\"'](?P<value>[^\"'\n]{4,200})[\"']")),
    (b":", re.compile(rb"(?m)^[\w.*-]{1,100}:(?:\d{2,5}|\*):[\w*-]{1,60}:[\w*-]{1,60}:(?P<value>[^\s:]{4,})$")),
)  # fmt: skip


def find(source: bytes, lowered: bytes) -> Iterator[tuple[str, int, int]]:
    """Rule, start and end of each value; some may overlap. `lowered` is the text in lower case."""
    yield from _headers(source, lowered)
    yield from _addresses(source)
    for mark, pattern in _COMMANDS:
        if mark in lowered:
            for match in pattern.finditer(source):
                value = _trimmed(source, *match.span("value"))
                value_text = text_of(source, *value)
                if (
                    not values.is_placeholder(value_text)
                    and len(value_text) > 3
                    and re.search(r"[\dA-Z!@#%^*]", value_text)
                ):
                    yield ASSIGNMENT, *value


def _headers(source: bytes, lowered: bytes) -> Iterator[tuple[str, int, int]]:
    if not any(
        word in lowered
        for word in (b"bearer", b"basic", b"token", b"api", b"authorization", b"digest", b"genie", b"splunk")
    ):
        return
    for match in _HEADER.finditer(source):
        start, end = _trimmed(source, *match.span("value"))
        value_text = text_of(source, start, end)
        if (
            values.is_random(value_text)
            and not re.match(r"[\w.]+[(\[]|(?:[A-Za-z_]+\.)+[A-Za-z_]+$", value_text)
            and not value_text.startswith(("--", "="))
        ):
            yield ASSIGNMENT, start, end


def _addresses(source: bytes) -> Iterator[tuple[str, int, int]]:
    if b"://" not in source or b"@" not in source:
        return
    for match in _URL.finditer(source):
        group = "value" if match["value"] else "alone"
        start, end = match.span(group)
        value_text = text_of(source, start, end)
        if group == "alone":
            if values.is_random(value_text, 16):
                yield CONNECTION, start, end
        elif (
            not values.is_placeholder(unquote(value_text))
            and len(set(value_text)) > 2
            and not re.search(r"[{}$]\{|^[$*{%(]+\w*|\}$", value_text)
        ):
            if _LOCAL.match(match["host"]) and not (len(value_text) >= 8 and values.is_random(value_text)):
                continue
            yield CONNECTION, start, end


def _trimmed(source: bytes, start: int, end: int) -> tuple[int, int]:
    """The value without the next setting behind it and without a sentence's or a call's last signs."""
    cut = CUT.search(source, start, min(end, start + 4_000))
    if cut is not None:
        end = cut.start()
    return without_trail(source, start, end)


def without_trail(source: bytes, start: int, end: int) -> tuple[int, int]:
    while end > start and source[end - 1] in _TRAIL:
        end -= 1
    return start, end


def text_of(source: bytes, start: int, end: int) -> str:
    return source[start : min(end, start + 400)].decode("utf-8", "replace")
