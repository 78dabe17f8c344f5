"""What one kind of secrets looks like that begins with a prefix. Pure."""

from __future__ import annotations

import re
from typing import Final

TOKEN: Final = "secret-token"  # noqa: S105 (a rule's name)
WORD: Final = r"[A-Za-z0-9_-]"
#: What ends with a letter or a digit and yet is no part of the word behind it, such as \\n and %3D.
_ESCAPES: Final = (rb"\\[nrtbfv]", rb"%[0-9A-Fa-f]{2}", rb"\\x[0-9A-Fa-f]{2}", rb"\\u[0-9A-Fa-f]{4}")
#: The place where a word begins: no letter before it, unless that letter ends an escape.
BEGINS_WORD: Final = b"(?:(?<![A-Za-z0-9])%s)" % b"".join(b"|(?<=%s)" % escape for escape in _ESCAPES)


class SecretKind:
    """One kind: `prefixes` in the letters that count, `tail` a class of characters, `least` how many follow at least.

    With `most` the token has no more than that, and nothing of its class behind it.
    """

    def __init__(
        self, name: str, prefixes: str, tail: str = WORD, least: int = 20, most: int = 0, rule: str = TOKEN
    ) -> None:
        self.name = name
        self.rule = rule
        self.prefixes = tuple(prefix.encode() for prefix in prefixes.split())
        self.tail = tail
        self.least = least
        self._shape = f"{tail}{{{least},{most}}}(?!{tail})" if most else f"{tail}{{{least},}}"
        self._compiled: dict[bytes, re.Pattern[bytes]] = {}

    def pattern(self, prefix: bytes) -> re.Pattern[bytes]:
        """The pattern of one prefix. It begins with the prefix itself, for which `re` searches fast."""
        compiled = self._compiled.get(prefix)
        if compiled is None:
            compiled = self._compiled[prefix] = re.compile(
                b"(?P<value>%s%s%s)" % (re.escape(prefix), _begins(re.escape(prefix)), self._shape.encode())
            )
        return compiled


def _begins(prefix: bytes) -> bytes:
    """That the prefix before this place begins a word."""
    return b"(?:(?<![A-Za-z0-9]%s)%s)" % (prefix, b"".join(b"|(?<=%s%s)" % (escape, prefix) for escape in _ESCAPES))
