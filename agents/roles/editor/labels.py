"""Says on a page whose words it holds, wherever that is not what the whole site says. Pure."""

from __future__ import annotations

from agents.contracts.draft import Page, PageKind
from agents.contracts.snapshot import Gap
from agents.pages.words import Words
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.page_prose import EXTRACTED

_FROM_SYNTHESIS = {PageKind.OVERVIEW, PageKind.ARCHITECTURE, PageKind.MODULE}
#: Pages without a paragraph of the editor's model: all their sentences are of one writer.
_WHOLE = {PageKind.API, PageKind.SECURITY, PageKind.PERFORMANCE}
_TOO_LONG = "ModelContextExceeded"


def labelled(page: Page, writer: str, material: Material) -> Page:
    """The page with its writer's name, and a label where the site's own label would be wrong about it."""
    named = page.with_changes(model=writer)
    if material.extracted or not writer:
        return named
    words = Words(material.manifest.site.language)
    refused = material.refused.get(page.subject) if page.kind is PageKind.API else None
    if refused is not None:
        return _with_label(named, words("Extracted, not AI-written"), _refused(refused, words))
    if writer == EXTRACTED and material.model != EXTRACTED:
        text = _extracted(words, whole=page.kind in _WHOLE, has_editor="editor" in material.asked_roles)
        return _with_label(named, words("Extracted, not AI-written"), text)
    if writer != EXTRACTED and material.model == EXTRACTED:
        model = markdown.escape(writer)
        return _with_label(
            named, words("AI-written"), words("A language model, {model}, wrote its sentences.", model=model)
        )
    if "synthesizer" in material.asked_roles and material.synthesis.model == EXTRACTED and page.kind in _FROM_SYNTHESIS:
        text = words(
            "What the language model made of the whole repository could not be used: this page is written from what "
            "was said of single files, and from what was counted in the code."
        )
        return _with_label(named, words("Partly extracted"), text)
    return named


def _refused(gap: Gap, words: Words) -> str:
    """Why the page of a file has no sentence of the model that was asked about it."""
    why = (
        words("The file is longer than the language model takes.")
        if gap.reason == _TOO_LONG
        else words(
            "The language model's reply about this file was refused, also after it was asked again: it did not keep to "
            "the file, or to the form of a reply."
        )
    )
    stays = words("This page has its author's documentation, and what was counted in the code.")
    detail = " ".join(gap.detail.split())
    return f"{why} {stays} {words('The reason')}: {markdown.escape(detail)}" if detail else f"{why} {stays}"


def _extracted(words: Words, *, whole: bool, has_editor: bool) -> str:
    if whole:
        return words("The sentences of this page are the authors' own, or say what was counted in the code.")
    text = words(
        "The paragraphs of this page are the authors' own sentences, or say what was counted in the code; what a table "
        "says of a file comes from its analysis."
    )
    return f"{text} {words('What the language model wrote of it could not be used.')}" if has_editor else text


def _with_label(page: Page, title: str, text: str) -> Page:
    # API pages are thousands, and a paragraph is what their fast converter knows.
    label = f"{title}: {text}" if page.kind is PageKind.API else markdown.admonition("note", title, text)
    heading, _, rest = page.markdown.partition("\n\n")
    return page.with_changes(markdown=f"{heading}\n\n{label}\n\n{rest}")
