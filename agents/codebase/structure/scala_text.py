"""What Scala's grammar stumbles over in code of Scala 2, changed before it reads again; offsets stay. Pure."""

from __future__ import annotations

import re
from typing import Final

#: Words of Scala 3 that are names in Scala 2: `def write(enum: E) = enum.values`, `x.then(y)`, `val given = 1`. A word
#: that another follows is Scala 3's own, but where it is named or selected.
_NAMES: Final = re.compile(
    rb"(?<![\w$`])(?:(?:(?<=\.)|(?<=\bval )|(?<=\bvar )|(?<=\bdef ))(enum|given|then|export)"
    rb"|(enum|given|export)(?![ \t]{1,40}[\w`\[(@]|[\[(]))(?![\w$])"
)


def tidied(data: bytes) -> bytes:
    """The text with other words in the place of names that a later Scala keeps for itself."""
    return _NAMES.sub(lambda match: match.group()[:-1] + b"0", data)
