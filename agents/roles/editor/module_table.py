"""Modules as a table of a page. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from agents.codebase.paths import speaks_for_folder
from agents.contracts.synthesis import CitedStatement, Module
from agents.roles.editor import markdown
from agents.roles.editor.page_builder import PageBuilder
from agents.text.sentences import first_sentence


def module_table(builder: PageBuilder, modules: Sequence[Module]) -> None:
    """Append the modules as a table: their size, who uses them and what they hold."""
    material = builder.material
    rows = []
    for module in modules:
        line = material.module_line(module)
        rows.append(
            (
                builder.module(module.name),
                builder.words.number(len(module.files)),
                builder.words.number(len(material.used_by.get(module.name, ()))),
                _line(builder, line) if line else markdown.escape(", ".join(module.languages)),
            )
        )
    builder.table(("Module", "Files", "Used by", "What it holds"), rows, numbers=(1, 2))


def _line(builder: PageBuilder, line: CitedStatement) -> str:
    """What stands for a module in the list; a file that does not speak for its folder is named."""
    whose = "" if speaks_for_folder(line.path) else f"{markdown.code(posixpath.basename(line.path))}: "
    named = whose if builder.material.extracted else ""
    text = first_sentence(builder.localised(line.text, line.path))
    return f"{named}{markdown.prose(text)} {builder.cite(line.path, line.lines)}"
