"""Which languages are programs: a reader asks for those first. Pure."""

from __future__ import annotations

from collections.abc import Iterable

#: What is written for people, and what programs and tools are given to read.
_DOCUMENTS = frozenset(
    {"text", "markdown", "restructuredtext", "asciidoc", "html", "xml", "css", "scss", "less", "json", "yaml", "toml",
     "ini", "csv", "properties", "github-actions", "gitlab-ci", "compose", "dockerfile", "makefile", "openapi",
     "cloudformation", "kubernetes", "troff", "man"}
)  # fmt: skip


def is_code(language: str) -> bool:
    """Whether files of a language are programs, rather than documents or data."""
    return language not in _DOCUMENTS


def code_first(languages: Iterable[str]) -> list[str]:
    """The languages in their order, those of programs before the others."""
    return sorted(languages, key=lambda language: not is_code(language))
