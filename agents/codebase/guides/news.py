"""News of a version in a guide, as directives of Sphinx and MyST say them. Pure."""

from __future__ import annotations

#: What the directives say before their version.
VERSIONS = {"versionadded": "New in version", "versionchanged": "Changed in version",
            "deprecated": "Deprecated since version", "versionremoved": "Removed in version"}  # fmt: skip


def titled(beginning: str, argument: str) -> tuple[str, str]:
    """A title with the word that a directive's argument begins with, its version; the rest of the argument."""
    version, _, more = argument.partition(" ")
    return f"{beginning} {version}".strip(), more
