"""PowerShell: comment-based help, `.SYNOPSIS`, `.PARAMETER name` and their kind."""

from __future__ import annotations

import re

from agents.codebase.structure.documentation.draft import DocumentationDraft, code_block, entry
from agents.codebase.structure.documentation.plain import blocks
from agents.contracts.documentation import Documentation

_KEYWORD = re.compile(
    r"^[ \t]*\.(SYNOPSIS|DESCRIPTION|PARAMETER|EXAMPLE|INPUTS|OUTPUTS|NOTES|LINK|COMPONENT|ROLE|FUNCTIONALITY)\b"
    r"[ \t]*(?:(?<=PARAMETER )(\w*))?",
    re.MULTILINE | re.IGNORECASE,
)


def read(text: str) -> Documentation | None:
    """A help comment as a document."""
    draft = DocumentationDraft()
    found = list(_KEYWORD.finditer(text))
    draft.blocks += blocks(text[: found[0].start()] if found else text)
    for at, one in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        word, said = one.group(1).upper(), text[one.end() : end].strip("\n").rstrip()
        if word in {"SYNOPSIS", "DESCRIPTION"}:
            draft.blocks += blocks(said)
        elif word == "PARAMETER":
            name, _, words = said.strip().partition("\n") if not one.group(2) else (one.group(2), "", said)
            draft.parameters.append(entry(name.strip(), "", blocks(words)))
        elif word == "EXAMPLE":
            draft.examples += code_block(said.strip("\n"), "powershell")
        elif word == "OUTPUTS":
            draft.returns.append(entry("", "", blocks(said)))
        elif word == "NOTES":
            draft.admonition("note", blocks(said))
    return draft.finish()
