"""Dart's documentation: Markdown without the directives of its tools, whose words stay."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation import sections
from agents.contracts.documentation import Documentation, Entry

#: `{@template name}`, `{@macro name}`, `{@end-tool}`.
_DIRECTIVE = re.compile(r"^[ \t]*\{@(?!nodoc\b)[\w-]{1,40}(?:[ \t][^{}\n]{0,400})?\}[ \t]*\n?", re.MULTILINE)
_LEFT_OUT = re.compile(r"^[ \t]*(?:@nodoc\b|\{@nodoc\})[^\n]*\n?", re.MULTILINE)


def read(text: str) -> Documentation | None:
    """A comment as a document."""
    words = _LEFT_OUT.sub("", text)
    documentation = sections.read(_DIRECTIVE.sub("", words))
    if words == text:
        return documentation
    return (documentation or Documentation()).model_copy(update={"facts": (Entry(name="nodoc"),)})
