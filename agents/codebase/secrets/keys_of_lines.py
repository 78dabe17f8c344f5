"""Keys that take several lines: PEM, PGP, SSH2, PuTTY, and the same written into one line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_MARKER: Final = re.compile(
    rb"-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----"
    rb"|PuTTY-User-Key-File-\d: [\w-]{1,40}|-----BEGIN OpenVPN Static key V\d-----"
)
#: How the base64 of a private key begins: PKCS #8 and #1 of RSA, of elliptic curves and of Ed25519, OpenSSH's own form.
_BARE: Final = re.compile(
    rb"M(?<![A-Za-z0-9+/]M)(?:II[A-Za-z0-9+/]{5}ADANBgkqhkiG9w0BAQEFAAS|II[BCEJ][A-Za-z0-9+/]{2}[IQ]BAAK[BC]|I[A-Za-z0-9+/]{6,8}MBMGByqGSM49AgEG|[A-Za-z0-9+/]{5,6}EE[IM]"
    rb"|C4CAQAwBQYDK2VwBC)|b3BlbnNzaC1rZXktdjEA(?<![A-Za-z0-9+/]b3BlbnNzaC1rZXktdjEA)"
)
#: What may stand between the pieces of a key: line ends, also as escapes, quotes, signs of comments and of joining.
_BODY: Final = re.compile(
    rb"(?>(?:\\[nrt]|\\u000a|&#(?:10|13|xa|xA);|[ \t\r\n\"'`+,#*>|&;/\\.()\[\]%-])*+"
    rb"(?:(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|Subject|Encryption|Public-Lines|Private-Lines|Private-MAC|Private-Hash"
    rb"|Key-Derivation|Argon2-\w{1,20})\\?:[^\n\\]{0,200}|[A-Za-z0-9+/=]{12,}+))++"
)
_LAST: Final = re.compile(rb"[^<>{}]{0,80}?-----END |[^<>{}]{0,80}?---- END ")
_TAIL: Final = re.compile(rb"[ \t\r\n\"'+\\]{0,12}(?:\\n)?[A-Za-z0-9+/]{0,11}={1,2}")
_CHUNK: Final = re.compile(rb"[A-Za-z0-9+/]{20,}")


def find(source: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Start and end of each key's body, and of all that is cited for it: its first and its last line."""
    if b"MII" in source or b"MC4CAQ" in source or b"b3BlbnNz" in source:
        yield from _bare(source)
    if b"BEGIN" not in source and b"PuTTY" not in source:
        return
    for marker in _MARKER.finditer(source):
        body = _BODY.match(source, marker.end())
        if body is None or not _is_key(body[0]):
            continue
        end = body.end()
        closing = _LAST.match(source, end)
        tail = _TAIL.match(source, end)
        if closing is not None:
            end, last = source.index(b"END ", end), closing.end()
            end = source.rindex(b"-", marker.end(), end)
            while source[end - 1 : end] in b"- " and end > body.end():
                end -= 1
        else:
            end = last = tail.end() if tail is not None else end
        yield marker.end(), end, marker.start(), last


def _bare(source: bytes) -> Iterator[tuple[int, int, int, int]]:
    done = 0
    for begins in _BARE.finditer(source):
        body = _BODY.match(source, begins.start()) if begins.start() >= done else None
        if body is None:
            continue
        tail = _TAIL.match(source, body.end())
        done = tail.end() if tail is not None else body.end()
        if _is_key(body[0]):
            yield begins.start(), done, begins.start(), done


def _is_key(body: bytes) -> bool:
    """A marker alone, or one with a filler behind it, gives nothing away."""
    chunks = _CHUNK.findall(body[:2_000])
    return sum(map(len, chunks)) >= 32 and len(set(b"".join(chunks))) > 12
