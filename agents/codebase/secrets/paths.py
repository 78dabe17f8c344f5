"""Takes secrets out of the names of files and folders. Pure."""

from __future__ import annotations

from agents.codebase.secrets.search import STARS, without_secrets

#: Stars would be a pattern to a shell, and no name on Windows.
HIDDEN_NAME = "hidden-secret"


def without_secret_names(path: str) -> str:
    """The path with a word in each secret's place; a part keeps its suffix."""
    return "/".join(_part(part) for part in path.split("/"))


def _part(part: str) -> str:
    # A suffix is apart: with it a token would look like a module's name.
    stem, dot, suffix = part.rpartition(".")
    if dot and stem and suffix.isalnum() and len(suffix) <= 5:
        masked = without_secrets(stem)
        if masked != stem:
            return f"{masked.replace(STARS, HIDDEN_NAME)}.{suffix}"
    return without_secrets(part).replace(STARS, HIDDEN_NAME)
