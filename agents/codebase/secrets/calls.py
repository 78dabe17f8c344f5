"""Credentials and keys that a program hands to a call in quotes, without a name of their own. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from agents.codebase.secrets import values
from agents.codebase.secrets.unnamed import text_of
from agents.codebase.secrets.vocabulary import vocabulary

_Names: TypeAlias = tuple[tuple[bytes, re.Pattern[bytes]], ...]


def _mark(name: bytes) -> bytes:
    """The letters that a pattern begins with."""
    letters = re.match(rb"[a-z_]+(?![?])", name)
    return letters[0] if letters is not None else name


def _called(*names: bytes) -> _Names:
    """Calls by these names. Each begins with letters that `re` finds at the speed of a search."""
    return tuple((_mark(name), re.compile(name + rb"\s?\(")) for name in names)


#: Calls that take a user and a password.
_CREDENTIALS: Final = _called(
    rb"auth\w{0,20}", rb"login\w{0,12}", rb"credentials?\w{0,6}", rb"connect(?:ion)?", rb"connect_db", rb"passwordtoken", rb"pdo",
    rb"mysqli(?:_connect)?", rb"basic", rb"withuser", rb"ldap_bind", rb"simple_bind\w{0,4}", rb"plainauth", rb"create_?(?:super)?_?user", rb"set_password",
    rb"username_pw_set", rb"twilio", rb"wifi\.begin", rb"set_cookie", rb"staticcredentials\w{0,10}", rb"networkcredential", rb"real_connect",
    rb"clientsecretcredential", rb"getconnection",
)  # fmt: skip
#: Calls that take the key of a cipher, of a signature or of a cookie.
_KEYS: Final = _called(
    rb"jwt\.(?:sign|encode|decode|verify)(?:async)?", rb"hmac\w{0,12}(?:\.new)?", rb"fernet", rb"aes\.(?:new|encrypt|decrypt)", rb"secretkeyspec",
    rb"cookieparser", rb"signwith", rb"signingkey", rb"securitykey", rb"openssl_(?:en|de)crypt", rb"timedserializer", rb"itsdangerous\.\w{1,40}",
    rb"cookiestore", rb"cipher(?:iv)?", rb"scrypt(?:sync)?", rb"pbkdf2\w{0,12}", rb"verifyjwt", rb"signature\.sign",
    rb"from_?(?:private_?)?key", rb"privatekeytoaccount", rb"wallet", rb"sensitive", rb"hexdigest", rb"pgp_sym_\w{2,20}", rb"aes_(?:en|de)crypt",
    rb"encryptbypassphrase", rb"hashsync", rb"hashpw", rb"generate_password_hash", rb"keystore\.load", rb"sendline", rb"totp", rb"hotp",
)  # fmt: skip
#: Calls that code `user:password`.
_PAIRS: Final = tuple(
    (
        _mark(name),
        re.compile(name + rb"\s?\([^\"'\n()]{0,40}[\"'](?P<user>[\w.@+-]{1,80}):(?P<value>[^\"'\s]{6,200})[\"']"),
    )
    for name in (
        rb"btoa",
        rb"encode\w{0,10}",
        rb"base64string",
        rb"basicauth",
        rb"b64\w{0,10}",
        rb"getbytes",
        rb"buffer\.from",
    )
)
_ARGUMENT: Final = re.compile(
    rb"\s{0,40}+(?:(?P<keyword>[\w.]{1,40}+\s{0,3}+[=:](?!=)\s{0,3}+)?(?:Some\()?[bBrRuUfF@]{0,2}(?P<quote>[\"'])(?P<value>[^\"'\n\\]{0,300}+)(?P=quote)"
    rb"|[^\"'(),;{}\n]{1,80}+(?:\(\))?+)(?:\.\w{1,30}\(\))?\s{0,40}+(?P<end>[,)])"
)
_QUOTED: Final = re.compile(rb"(?P<quote>[\"'])(?P<value>[^\"'\s\\]{10,200})(?P=quote)")
_BRACKETS: Final = re.compile(rb"[()]")
_LONGEST_CALL: Final = 200


def find(source: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each value; some may overlap. `lowered` is the source in small letters."""
    called = vocabulary(lowered).called
    for call in _calls(_CREDENTIALS, called, lowered):
        yield from _credentials(source, call.end())
    for call in _calls(_KEYS, called, lowered):
        for key in _QUOTED.finditer(source, call.end(), _end_of_call(source, call.end())):
            if _is_key(text_of(source, *key.span("value"))):
                yield key.span("value")
    for call in _calls(_PAIRS, called, lowered):
        if _is_password(text_of(source, *call.span("value"))):
            yield call.span("value")


def _calls(names: _Names, called: bytes, lowered: bytes) -> Iterator[re.Match[bytes]]:
    for mark, pattern in names:
        if mark in called:
            yield from pattern.finditer(lowered)


def _credentials(source: bytes, at: int) -> Iterator[tuple[int, int]]:
    for number in range(8):
        argument = _ARGUMENT.match(source, at)
        if argument is None:
            return
        if (
            number
            and argument["value"]
            and not argument["keyword"]
            and _is_key(text_of(source, *argument.span("value")))
        ):
            yield argument.span("value")
        if argument["end"] == b")":
            return
        at = argument.end()


def _end_of_call(source: bytes, at: int) -> int:
    depth = 1
    for bracket in _BRACKETS.finditer(source, at, at + _LONGEST_CALL):
        depth += 1 if bracket[0] == b"(" else -1
        if not depth:
            return bracket.start()
    return min(len(source), at + _LONGEST_CALL)


def _is_password(text: str) -> bool:
    """An argument has no name that says secret: only what mixes three kinds of characters is taken for one."""
    kinds = sum(re.search(kind, text) is not None for kind in ("[a-z]", "[A-Z]", "[!@#$^&*+=~?]"))
    mixed = kinds > 1 and re.search(r"\d", text)
    return bool(mixed) and values.is_random(text) and not re.search(r"[\s(){}<>]|%[sd]|[\w-]\.[a-z]{2,}", text)


def _is_key(text: str) -> bool:
    is_coded = re.fullmatch(r"(?:0x)?[0-9a-fA-F]{32,}|(?=\D*\d)[A-Z2-7]{16,64}", text) is not None
    return (is_coded and len(set(text)) > 6) or _is_password(text)
