"""PowerShell: comment-based help, `.SYNOPSIS`, `.PARAMETER name` and their kind."""

from __future__ import annotations

import re
from textwrap import dedent

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
    keywords = list(_KEYWORD.finditer(text))
    draft.blocks += blocks(text[: keywords[0].start()] if keywords else text)
    for at, keyword in enumerate(keywords):
        end = keywords[at + 1].start() if at + 1 < len(keywords) else len(text)
        word, content = keyword.group(1).upper(), dedent(text[keyword.end() : end].strip("\n")).rstrip()
        if word in {"SYNOPSIS", "DESCRIPTION"}:
            draft.blocks += blocks(content)
        elif word == "PARAMETER":
            name, _, words = (
                content.strip().partition("\n") if not keyword.group(2) else (keyword.group(2), "", content)
            )
            draft.parameters.append(entry(name.strip(), "", blocks(dedent(words).strip("\n"))))
        elif word == "EXAMPLE":
            draft.examples += code_block(content.strip("\n"), "powershell")
        elif word == "OUTPUTS":
            draft.returns.append(entry("", "", blocks(content)))
        elif word == "NOTES":
            draft.admonition("note", blocks(content))
        elif word == "LINK":
            draft.see_also.append(entry(blocks=blocks(content)))
        else:
            draft.facts.append(entry(word.lower(), blocks=blocks(content)))
    return draft.finish()
