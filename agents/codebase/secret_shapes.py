"""Secrets in any text: shapes of known keys, and values that look random under names that say secret. Pure.

Beside the layers, because readers hide what they quote and models what they send: neither must import the other.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

STARS = "********"

#: How much of a line is read around a keyword: 100,000-character lines must stay cheap.
BEFORE, AFTER = 120, 400
#: Keywords of one kind that are looked at in one file.
HITS_LIMIT = 2000

_NAMES = r"passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|credential"

#: Tokens that only say where a listing goes on, or make a request repeatable.
_NOT = (
    r"(?![\w.-]{0,40}(?:next|change|page|pagination|continuation|output|input|update|request|idempotency|sync|marker"
    r"|cancellation|lock|cursor|public[_-]?key|cancel|parse|lexer)[_-]?token)"
)
_KEYWORDS = (
    *(b"passw", b"passphrase", b"secret", b"token", b"credential"),
    *(
        word + separator + b"key"
        for word in (b"api", b"access", b"auth", b"private")
        for separator in (b"", b"_", b"-")
    ),
)


@dataclass(frozen=True)
class SecretRule:
    """A secret's shape. `keywords` are looked for first, in lower case; group `value` is what is hidden."""

    name: str
    keywords: tuple[bytes, ...]
    pattern: re.Pattern[str]
    generic: bool = False


RULES = (
    SecretRule(
        "secret-private-key",
        (b"private key",),
        re.compile(r"(?P<value>-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|PGP|ENCRYPTED) )?PRIVATE KEY(?: BLOCK)?-----)"),
    ),
    SecretRule(
        "secret-cloud-key",
        (b"akia", b"asia"),
        re.compile(r"(?<![A-Za-z0-9+/])(?P<value>(?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9+/=])"),
    ),
    SecretRule("secret-cloud-key", (b"aiza",), re.compile(r"(?<![\w-])(?P<value>AIza[\w-]{35})(?![\w-])")),
    SecretRule(
        "secret-cloud-key",
        (b"accountkey=",),
        re.compile(r"AccountKey=(?P<value>[A-Za-z0-9+/]{60,100}={0,2})"),
    ),
    SecretRule(
        "secret-token",
        (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
        re.compile(r"(?<!\w)(?P<value>gh[pousr]_[A-Za-z0-9]{36,80}|github_pat_[A-Za-z0-9_]{40,100})(?!\w)"),
    ),
    SecretRule("secret-token", (b"glpat-",), re.compile(r"(?<![\w-])(?P<value>glpat-[\w-]{20,40})(?![\w-])")),
    SecretRule("secret-token", (b"xox",), re.compile(r"(?<!\w)(?P<value>xox[abeprs]-[A-Za-z0-9-]{16,120})(?!\w)")),
    SecretRule(
        "secret-token",
        (b"hooks.slack.com",),
        re.compile(r"hooks\.slack\.com/services/(?P<value>T[A-Z0-9]{6,14}/B[A-Z0-9]{6,14}/[A-Za-z0-9]{20,32})"),
    ),
    SecretRule(
        "secret-token",
        (b"sk_live_", b"rk_live_"),
        re.compile(r"(?<!\w)(?P<value>[sr]k_live_[A-Za-z0-9]{16,120})(?!\w)"),
    ),
    SecretRule(
        "secret-token",
        (b"sk-",),
        re.compile(
            r"(?<![\w-])(?P<value>sk-(?:ant-|proj-|svcacct-)?(?=[\w-]{0,60}\d)(?=[\w-]{0,60}[A-Z])[\w-]{32,200})(?![\w-])"
        ),
    ),
    SecretRule("secret-token", (b"npm_",), re.compile(r"(?<!\w)(?P<value>npm_[A-Za-z0-9]{36})(?!\w)")),
    SecretRule("secret-token", (b"pypi-",), re.compile(r"(?<!\w)(?P<value>pypi-AgE[\w-]{50,300})")),
    SecretRule("secret-token", (b"sg.",), re.compile(r"(?<!\w)(?P<value>SG\.[\w-]{22}\.[\w-]{43})(?![\w-])")),
    SecretRule(
        "secret-token",
        (b"eyj",),
        re.compile(r"(?<![\w-])(?P<value>eyJ[\w-]{15,200}\.eyJ[\w-]{15,400}\.[\w-]{20,400})"),
    ),
    SecretRule(
        "secret-connection-string",
        (b"://",),
        re.compile(
            r"""\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@'"<>{}$]{0,60}:(?P<value>[^\s:/@'"<>{}$*%]{3,100})@"""
            r"""(?!(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|host|hostname|server|[\w.-]{0,60}\bexample\b)(?![\w-]))[\w.\[-]"""
        ),
        generic=True,
    ),
    SecretRule(
        "secret-assignment",
        _KEYWORDS,
        re.compile(
            rf"""(?i)(?<![\w.:/-]){_NOT}[\w.-]{{0,40}}(?:{_NAMES})(?:[_-]?(?:id|value|key|base64))?["']?\]?\s{{0,5}}"""
            r"""(?::\s{0,5}(?:str|string|String)\s{0,5})?(?::=|=>|=|:)\s{0,5}[bru]?["'](?P<value>[^"'\s]{8,200})["']"""
        ),
        generic=True,
    ),
    SecretRule(
        "secret-assignment",
        _KEYWORDS,
        re.compile(
            rf"(?im)^\s{{0,20}}(?:export\s|env\s|-\s|set\s)?\s{{0,5}}{_NOT}[\w.-]{{0,40}}(?:{_NAMES})(?:[_-]?(?:id|key))?\s{{0,3}}[=:]"
            r"\s{0,3}(?P<value>[A-Za-z0-9+/_-]{16,200}={0,2})\s{0,20}$"
        ),
        generic=True,
    ),
)

_PLACEHOLDER = re.compile(
    r"(?i)example|sample|placeholder|change|replace|dummy|fake|mock|test|your|insert|todo|xxx|\*\*\*|\.\.\.|redacted|"
    r"foobar|default|undefined|localhost|1234567|abcdef|deadbeef|secret|passw|token|^none$|^null$|^[<{(\[$%]|"
    r"[>})\]]$|\$\{|\{\{|%\(|\$\(|[<>]|process\.env|os\.environ|getenv|^user$|^pass$|^pwd$|^root$|^admin$|^guest$|key$"
)
_PATHLIKE = re.compile(
    r"(?:[\w-]{0,40}[/.:]){2,}|https?:|^[./~]|^arn:|^[a-z]{1,20}(?:[-_.][a-z]{1,20}){1,8}$|^[A-Z]{1,20}(?:_[A-Z]{1,20}){1,8}$"
)


_KEY_BODY = re.compile(rb"[A-Za-z0-9+/]{40}")
#: Under the name of a token a UUID makes a request repeatable far more often than it opens anything.
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Secret(NamedTuple):
    """A secret in bytes from `start` to `end`; `block_end` is where a key of several lines is over."""

    rule: str
    start: int
    end: int
    block_end: int


def find(source: bytes) -> Iterator[Secret]:
    """Every secret of the file, once each, most telling rule first."""
    lowered = source.lower()
    taken: set[int] = set()
    for rule in RULES:
        for start, end in _windows(rule, lowered):
            window = source[start:end].decode("latin-1")
            for match in rule.pattern.finditer(window):
                value = match["value"]
                begin = start + match.start("value")
                if begin in taken or (rule.generic and not _convincing(rule.name, value)) or _is_sample(rule, value):
                    continue
                if rule.name == "secret-private-key" and not _has_body(source, begin + len(value)):
                    continue
                if _UUID.fullmatch(value) and "token" in match[0].lower():
                    continue
                taken.add(begin)
                yield Secret(rule.name, begin, begin + len(value), _block_end(rule, source, begin + len(value)))


def without_secrets(text: str) -> str:
    """The text with stars in each secret's place; its lines keep their numbers."""
    data = text.encode("utf-8", "surrogatepass")
    parts: list[bytes] = []
    at = 0
    for start, end in sorted(_hidden(data)):
        parts += [data[at : max(start, at)], _starred(data[max(start, at) : max(end, at)])]
        at = max(end, at)
    if not parts:
        return text
    return b"".join([*parts, data[at:]]).decode("utf-8", "surrogatepass")


def _hidden(data: bytes) -> Iterator[tuple[int, int]]:
    for secret in find(data):
        if secret.rule == "secret-private-key":
            yield secret.end, secret.block_end
        else:
            yield secret.start, secret.end


def _starred(value: bytes) -> bytes:
    return b"\n".join(STARS.encode() if line.strip() else line for line in value.split(b"\n"))


def _windows(rule: SecretRule, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Pieces of single lines around the rule's keywords, each stretch of the file once."""
    for keyword in rule.keywords:
        at, done = lowered.find(keyword), 0
        for _ in range(HITS_LIMIT):
            if at < 0:
                break
            start = max(lowered.rfind(b"\n", max(0, at - BEFORE), at) + 1, at - BEFORE, 0)
            newline = lowered.find(b"\n", at, at + AFTER)
            end = newline if newline >= 0 else min(at + AFTER, len(lowered))
            if end > done:
                yield start, end
                done = end
            at = lowered.find(keyword, at + len(keyword))


def _is_sample(rule: SecretRule, value: str) -> bool:
    """Keys that documentation prints, and keys of one repeated character."""
    return not rule.generic and ("EXAMPLE" in value.upper() or (len(set(value[8:])) < 5 and "BEGIN" not in value))


def _convincing(rule: str, value: str) -> bool:
    """Whether a value under a telling name looks like a secret rather than a word, a name or a placeholder."""
    if _PLACEHOLDER.search(value):
        return False
    if rule == "secret-connection-string":
        return len(set(value)) > 2
    if _PATHLIKE.search(value) or len(set(value)) < 6:
        return False
    classes = sum(bool(re.search(shape, value)) for shape in ("[a-z]", "[A-Z]", r"\d", r"[^A-Za-z0-9]"))
    marked = any(c.isdigit() for c in value) or (classes >= 3 and re.search(r"[^\w.:/-]", value) is not None)
    return marked and classes >= 2 and _entropy(value) >= 3.0


def _entropy(value: str) -> float:
    """Shannon's entropy in bits per character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())


def _has_body(source: bytes, end: int) -> bool:
    """Whether a key follows its first line: a marker alone, or one with a filler behind it, gives nothing away."""
    body = _KEY_BODY.search(source, end, end + 400)
    return body is not None and len(set(body[0])) > 12


def _block_end(rule: SecretRule, source: bytes, end: int) -> int:
    if rule.name != "secret-private-key":
        return end
    closing = source.find(b"-----END ", end, end + 20_000)
    return closing if closing >= 0 else end
