"""Says on a page whose words it holds, wherever that is not what the whole site says. Pure."""

from __future__ import annotations

from agents.contracts.draft import Page, PageKind
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.page_prose import EXTRACTED

_EXTRACTED = "the sentences of this page are the authors' own, or say what was counted in the code."
_TOLD = (
    "the paragraphs of this page are the authors' own sentences, or say what was counted in the code; what a table "
    "says of a file comes from its analysis."
)
_MERGED = (
    "what the language model made of the whole repository could not be used: this page is written from what was said "
    "of single files, and from what was counted in the code."
)
_FROM_SYNTHESIS = {PageKind.OVERVIEW, PageKind.ARCHITECTURE, PageKind.MODULE}
_FELL_BACK = " What the language model wrote of it could not be used."


def labelled(page: Page, writer: str, material: Material) -> Page:
    """The page with its writer's name, and a label where the site's own label would be wrong about it."""
    named = page.with_changes(model=writer)
    if material.extracted or not writer:
        return named
    if writer == EXTRACTED and material.model != EXTRACTED:
        whole = page.kind in {PageKind.API, PageKind.SECURITY, PageKind.PERFORMANCE}
        fell_back = _FELL_BACK if not whole and "editor" in material.asked_roles else ""
        return _with_label(named, "Extracted, not AI-written", (_EXTRACTED if whole else _TOLD) + fell_back)
    if writer != EXTRACTED and material.model == EXTRACTED:
        return _with_label(named, "AI-written", f"a language model, {markdown.escape(writer)}, wrote its sentences.")
    merged = "synthesizer" in material.asked_roles and material.synthesis.model == EXTRACTED
    return _with_label(named, "Partly extracted", _MERGED) if merged and page.kind in _FROM_SYNTHESIS else named


def _with_label(page: Page, title: str, text: str) -> Page:
    # API pages are thousands, and a paragraph is what their fast converter knows.
    label = f"{title}: {text}" if page.kind is PageKind.API else markdown.admonition("note", title, _sentence(text))
    heading, _, rest = page.markdown.partition("\n\n")
    return page.with_changes(markdown=f"{heading}\n\n{label}\n\n{rest}")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
