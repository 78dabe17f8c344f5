"""llms.txt: the site's table of contents for language models, as llmstxt.org describes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from agents.contracts.draft import FACT_PAGES, PageKind
from agents.pages.words import Words
from agents.roles.publisher.gated import TableOfContentsEntry
from agents.text.wording import one_line

_SECTIONS: Sequence[tuple[str, tuple[PageKind, ...]]] = (
    ("Overview", (PageKind.OVERVIEW, PageKind.ARCHITECTURE, PageKind.GLOSSARY, PageKind.COVERAGE)),
    ("Reference", FACT_PAGES),
    ("Guides", (PageKind.GUIDE,)),
    ("Packages", (PageKind.PACKAGE,)),
    ("Modules", (PageKind.MODULE,)),
    ("Reviews", (PageKind.SECURITY, PageKind.PERFORMANCE)),
    ("Optional", (PageKind.API,)),
)
#: A label, its text, a heading, a table, code.
_NOT_PROSE = ("!!!", "    ", "#", "|", "```")
_LINK = re.compile(r"\[(?:[^\[\]\\\n]|\\.)*\]\([^()\s]*\)")


def llms_txt(repository: str, pages: Iterable[TableOfContentsEntry], model: str, language: str = "en") -> str:
    """The file's text: a heading, a summary, and links to the Markdown pages by section."""
    everything, words = list(pages), Words(language)
    overview = next((page for page in everything if page.kind is PageKind.OVERVIEW), None)
    blocks = overview.markdown.split("\n\n")[1:4] if overview else []
    first = next((block for block in blocks if not block.startswith(_NOT_PROSE)), "")
    opening = " ".join(_LINK.sub("", first).split())
    summary = opening or words("Documentation of {repository}.", repository=_flat(repository))
    if model == "extractive":
        origin = words("extracted from the code, not AI-written")
    else:
        origin = words("written by {model}", model=_flat(model))
    lines = [f"# {_flat(repository)}", "", f"> {summary}", ""]
    cited = "Every statement on these pages cites its source as path#Lx-Ly. The documentation is {origin}."
    lines.append(words(cited, origin=origin))
    lines.append(words("The text of all pages in one file:") + " [llms-full.txt](llms-full.txt)")
    for title, kinds in _SECTIONS:
        listed = [page for page in everything if page.kind in kinds]
        if listed:
            lines += ["", f"## {words(title)}", ""]
            lines += [f"- [{_label(page.title)}]({quote(page.path)})" for page in listed]
    return "\n".join(lines) + "\n"


def _label(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", _flat(text))


def _flat(text: str) -> str:
    return one_line(text).replace("<", "&lt;")
