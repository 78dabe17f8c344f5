"""Directives: their options, and names of those whose content is no text, or news of a version. Pure."""

from __future__ import annotations

import re

#: Code of a documentation test, whose argument names a group.
GROUPED = frozenset({"testsetup", "testcode", "testoutput", "testcleanup"})
#: Those whose content stands as it is.
LITERAL = GROUPED | {
    "code-block",
    "code",
    "sourcecode",
    "literalinclude",
    "parsed-literal",
    "highlight",
    "math",
    "graphviz",
    "plot",
    "doctest",
    "mermaid",
    "ipython",
    "jupyter-execute",
}
VERSIONS = frozenset({"versionadded", "versionchanged", "deprecated", "deprecated-removed", "versionremoved"})
_OPTION = re.compile(r"\s+:[\w-]+:(?=\s|$)")


def taken_options(body: list[str]) -> list[str]:
    """Takes the options from the beginning of a directive's lines."""
    options: list[str] = []
    while body and _OPTION.match(body[0]):
        options.append(body.pop(0).strip())
    return options
