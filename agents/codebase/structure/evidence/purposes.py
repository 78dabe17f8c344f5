"""Conditions about what a site is for: a secret, a request's value, something that a broken hash cannot protect."""

from __future__ import annotations

import re

from agents.codebase.structure.evidence.shapes import is_literal
from agents.codebase.structure.evidence.sites import Site

_REQUEST = re.compile(
    r"\brequest\.(?:args|form|values|GET|POST|json|params|query|body|files|cookies|headers|data|query_params|getParameter)\b"
    r"|\breq\.(?:query|params|body|cookies|headers)\b|\$_(?:GET|POST|REQUEST|COOKIE)\b|\bparams\[:"
    r"|\bctx\.(?:query|params|request\.body)\b|\br\.(?:URL\.Query\(\)|FormValue\()|\bRequest\.(?:Query|Form)\b"
)
_SECRET_NAME = re.compile(
    r"passw(?:or)?d|secret|token|nonce|salt|\botp\b|csrf|session_?(?:id|key)|api_?key|captcha|verification_code",
    re.IGNORECASE,
)
#: What a broken hash cannot protect; a checksum, a cache's key, an ETag or a nonce needs no such protection.
_PROTECTED = re.compile(
    r"passw(?:or)?d|passphrase|secret|token(?!i[sz])|signature|(?:^|[\W_])sign(?:ed|ing)?(?=[\W_A-Z]|$)|credential|csrf"
    r"|(?:^|[\W_])pin(?=[\W_]|$)|api_?key|private_?key|certificate",
    re.IGNORECASE,
)
#: A hash of random bytes only makes a name of them.
_CHANCE = re.compile(r"urandom|uuid|random", re.IGNORECASE)
_FED = re.compile(r"(?i)(?:update|digest|final|write|computehash|hexdigest|sum)\s{0,5}\(([^;\n]{0,120})")


def from_request(site: Site) -> bool:
    """An argument is taken straight from a request."""
    holder = site.arguments or ([site.value] if site.value is not None else [])
    return any(_REQUEST.search(site.facts.text(node)) for node in holder if not is_literal(node, site.facts))


def for_a_secret(site: Site) -> bool:
    """The line, or the function around it, is named after a secret."""
    source = site.facts.source
    start = max(source.rfind(b"\n", 0, site.node.start_byte) + 1, site.node.start_byte - 200)
    line = source[start : site.node.end_byte].decode("utf-8", "replace")
    function = site.function
    name = function.node.child_by_field_name("name") if function else None
    return bool(_SECRET_NAME.search(line) or (name and _SECRET_NAME.search(site.facts.text(name))))


def on_a_secret(site: Site) -> bool:
    """What is hashed protects something: the line, the function's name, or what its hash is fed, says so."""
    source, function = site.facts.source, site.function
    start = max(source.rfind(b"\n", 0, site.node.start_byte) + 1, site.node.start_byte - 200)
    end = source.find(b"\n", site.node.end_byte)
    line = source[start : min(end if end >= 0 else len(source), site.node.end_byte + 200)].decode("utf-8", "replace")
    if _PROTECTED.search(line):
        return _CHANCE.search(line) is None
    if function is None:
        return False
    name = function.node.child_by_field_name("name") or function.node.child_by_field_name("declarator")
    fed = _FED.findall(site.facts.text(function.node))
    named = site.facts.text(name).partition("(")[0] if name else ""
    return _PROTECTED.search(named) is not None or any(_PROTECTED.search(text) for text in fed)
