"""The simplest reading of a text: paragraphs, and code where it is fenced or indented. Linear. Pure."""

from __future__ import annotations

import re

from agents.contracts.documentation import Block, Code, Paragraph
from agents.text import marked

_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})\s*([\w+#.-]*)")


def blocks(text: str) -> list[Block]:  # noqa: C901 (one branch for each kind)
    """Text as paragraphs and code."""
    result: list[Block] = []
    words: list[str] = []
    inside: list[str] = []
    fence, language = "", ""

    def end_paragraph() -> None:
        if flat := " ".join(" ".join(words).split()):
            result.append(Paragraph(text=marked.escaped(flat)))
        words.clear()

    def end_code() -> None:
        if any(line.strip() for line in inside):
            result.append(Code(text="\n".join(inside).strip("\n").rstrip(), language=language))
        inside.clear()

    for line in text.split("\n"):
        match = _FENCE.match(line)
        if fence:
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                end_code()
                fence = language = ""
            else:
                inside.append(line)
        elif match:
            end_paragraph()
            end_code()
            fence, language = match.group(1), match.group(2).lower()
        elif line.startswith(("    ", "\t")) and not words:
            inside.append(line[4:] if line.startswith("    ") else line[1:])
        elif not line.strip():
            end_paragraph()
            if inside:
                inside.append("")
        else:
            end_code()
            words.append(line)
    end_paragraph()
    end_code()
    return result
