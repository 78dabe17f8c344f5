"""Reads which packages or namespaces a file declares its code part of: imports are spelled after them. Pure."""

from __future__ import annotations

import re
from typing import Final

_JVM: Final = re.compile(r"^[ \t]*package[ \t]+([\w.`]+)[ \t]*(?:[;{:]|(?://.*)?$)", re.MULTILINE)
_CSHARP: Final = re.compile(r"^[ \t]*namespace[ \t]+([\w.]+)[ \t]*(?:[;{]|(?://.*)?$)", re.MULTILINE)
_PHP: Final = re.compile(
    r"^[ \t]*(?:<\?php[ \t]+)?(?:declare\([^)\n]*\);[ \t]*)?namespace[ \t]+([\w\\]+)[ \t]*[;{]?", re.MULTILINE
)
_DECLARED: Final = {**dict.fromkeys(("java", "kotlin", "scala"), _JVM), "csharp": _CSHARP, "php": _PHP}
_MOST: Final = 20


def namespaces_of(language: str, text: str) -> tuple[str, ...]:
    """What the file declares; nothing for a language whose imports name files."""
    pattern = _DECLARED.get(language)
    if pattern is None:
        return ()
    names = [name.replace("\\", ".").replace("`", "") for name in pattern.findall(text)]
    # Scala chains its clauses: `package acme` and then `package util` is acme.util.
    return (".".join(names),) if language == "scala" and names else tuple(dict.fromkeys(names))[:_MOST]
