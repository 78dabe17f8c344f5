"""Names of directives whose content reStructuredText does not read as text, or reads as news of a version. Pure."""

from __future__ import annotations

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
