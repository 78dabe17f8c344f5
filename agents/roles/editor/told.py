"""What is kept of a model's telling of one page, and what is told in its place when nothing is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents.codebase.claims import mermaid
from agents.codebase.claims.index import Proof
from agents.codebase.claims.statements import material_of, objections, problems, standing
from agents.codebase.paths import speaks_for_folder
from agents.contracts.draft import EditorBrief, EditorReply
from agents.contracts.synthesis import CitedStatement
from agents.roles.editor.glossary import GLOSSARY, term_of
from agents.roles.editor.material import Material
from agents.roles.editor.sheet import Telling, first_sentence
from agents.text.cleaning import spoken_text, unmarked

#: Whose words a page holds that no model told.
EXTRACTED = "extractive"
#: Statements of a page that is told without a model, and of one paragraph.
_STATEMENTS, _PARAGRAPH = 6, 3
#: Words of a title: a sentence has more.
_TITLE = 3
_FENCE = re.compile(r"^\s*```(?:mermaid)?\s*\n|\n?```\s*$")


class Told(NamedTuple):
    """One page's prose: cited paragraphs, perhaps a flowchart, whose it is, and how much of the reply was struck."""

    paragraphs: Telling
    model: str = ""
    diagram: str = ""
    struck: int = 0


Tellings = Mapping[str, Told]


def disproved(brief: EditorBrief, reply: EditorReply, material: Material) -> tuple[str, ...]:
    """What of a reply cannot stand, as sentences for the model."""
    proof = Proof(material.index, material_of(brief))
    said = [statement for paragraph in reply.paragraphs for statement in paragraph]
    return objections([*problems(said, proof), *_terms_missing(brief, said), _broken(reply.diagram, proof)])


def told(brief: EditorBrief, reply: EditorReply, material: Material, model: str = "") -> Told:
    """A model's telling, struck of what the snapshot disproves; the extractive page when nothing is left."""
    proof = Proof(material.index, material_of(brief))
    terms = _terms(brief)
    paragraphs: list[tuple[CitedStatement, ...]] = []
    struck = 0
    for paragraph in reply.paragraphs:
        kept, lost = standing(paragraph, proof)
        about = tuple(one for one in kept if terms is None or term_of(one) in terms)
        struck += lost + len(kept) - len(about)
        if about:
            paragraphs.append(about)
    broken = bool(_broken(reply.diagram, proof))
    if not paragraphs:
        return extracted(brief, material)._replace(struck=struck + broken)
    diagram = "" if broken else _plain(reply.diagram)
    return Told(paragraphs, model or material.model, diagram, struck + broken)


def extracted(brief: EditorBrief, material: Material) -> Told:
    """The page without a model: the authors' own sentences, or what was counted."""
    if brief.module is None and brief.page != "index.md":
        return Told([(one,) for one in brief.statements], EXTRACTED)
    files = brief.module.files if brief.module else tuple(material.analyses)
    own = list(_own_words(files, material))[:_STATEMENTS]
    return Told([own[start : start + _PARAGRAPH] for start in range(0, len(own), _PARAGRAPH)], EXTRACTED)


def _own_words(files: Sequence[str], material: Material) -> Iterator[CitedStatement]:
    def weight(path: str) -> tuple[bool, int, str]:
        return not speaks_for_folder(path), path.count("/"), path

    for path in sorted(files, key=weight):
        analysis = material.analyses.get(path)
        if analysis is None or not analysis.structure.doc or analysis.structure.doc_lines is None:
            continue
        text = _first_telling(analysis.structure.doc)
        if text:
            yield CitedStatement(text=text, path=path, lines=analysis.structure.doc_lines)


def _first_telling(doc: str) -> str:
    """The first sentence that is more than a title; empty if none is."""
    blocks = re.split(r"\n[ \t]*\n", doc)
    told = [unmarked(spoken_text(first_sentence(block.strip(" #=*-\n"), 400))) for block in blocks[:4]]
    longer = (text for text in told if len(text.split()) > _TITLE)
    return next(longer, next((text for text in told if len(text.split()) > 1), ""))


def _terms(brief: EditorBrief) -> set[str] | None:
    return {term_of(one) for one in brief.statements} if brief.page == GLOSSARY else None


def _terms_missing(brief: EditorBrief, said: Sequence[CitedStatement]) -> Iterator[str]:
    terms = _terms(brief)
    if terms is not None and any(term_of(one) not in terms for one in said):
        yield "each sentence of the glossary begins with one of the given terms in backticks and a colon"


def _broken(diagram: str, proof: Proof) -> str:
    """Why a model's flowchart is not drawn; empty when it is, or when there is none."""
    if not diagram.strip():
        return ""
    plain = _plain(diagram)
    if wrong := mermaid.problem(plain):
        return f"the diagram cannot be drawn: {wrong}"
    for label in mermaid.labels(plain):
        if wrong := proof.text(spoken_text(label)) or proof.text(f"`{label}`"):
            return f"in the diagram, {wrong}"
    return ""


def _plain(diagram: str) -> str:
    return _FENCE.sub("", diagram.replace("\r\n", "\n")).strip("\n")
