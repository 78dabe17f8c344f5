"""The prose of one page: a model's verified paragraphs, or the authors' own sentences in their place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents.codebase.claims import mermaid
from agents.codebase.claims.index import SnapshotEvidence
from agents.codebase.claims.statements import distinct_objections, material_of, objections_to, verified_statements
from agents.codebase.claims.verified import Verified
from agents.codebase.paths import speaks_for_folder
from agents.contracts.draft import EditorBrief, EditorReply
from agents.contracts.synthesis import CitedStatement
from agents.roles.editor.glossary import GLOSSARY, term_of
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import Paragraphs
from agents.text.cleaning import spoken_text, unmarked
from agents.text.sentences import first_sentence

#: The writer of a page that no language model wrote.
EXTRACTED = "extractive"
#: Statements on a page that no model wrote, and in one paragraph of it.
_STATEMENTS, _PARAGRAPH = 6, 3
#: Words of a title: a sentence has more.
_TITLE = 3
_FENCE = re.compile(r"^\s*```(?:mermaid)?\s*\n|\n?```\s*$")


class PageProse(NamedTuple):
    """The prose of one page: cited paragraphs, perhaps a flowchart, and the model that wrote them."""

    paragraphs: Paragraphs
    model: str = ""
    diagram: str = ""


#: The prose of each page, by the page's path.
ProseByPage = Mapping[str, PageProse]


def objections(brief: EditorBrief, reply: EditorReply, material: Material) -> tuple[str, ...]:
    """The objections to a reply: its statements, its glossary terms, its diagram."""
    evidence = SnapshotEvidence(material.index, material_of(brief))
    statements = [statement for paragraph in reply.paragraphs for statement in paragraph]
    return distinct_objections(
        [
            *objections_to(statements, evidence),
            *_objections_to_terms(brief, statements),
            _objection_to_diagram(reply.diagram, evidence),
        ]
    )


def verify(brief: EditorBrief, reply: EditorReply, material: Material, model: str = "") -> Verified[PageProse]:
    """The prose of a reply that the snapshot supports; the extractive prose when none of it is supported.

    A claim is a sentence or the diagram.
    """
    evidence = SnapshotEvidence(material.index, material_of(brief))
    terms = _terms(brief)
    paragraphs: list[tuple[CitedStatement, ...]] = []
    dropped = 0
    for paragraph in reply.paragraphs:
        supported = verified_statements(paragraph, evidence).claims
        statements = tuple(statement for statement in supported if terms is None or term_of(statement) in terms)
        dropped += len(paragraph) - len(statements)
        if statements:
            paragraphs.append(statements)
    broken = bool(_objection_to_diagram(reply.diagram, evidence))
    dropped += broken
    if not paragraphs:
        return Verified(extracted(brief, material), dropped)
    diagram = "" if broken else _unfenced(reply.diagram)
    return Verified(PageProse(paragraphs, model or material.model, diagram), dropped)


def extracted(brief: EditorBrief, material: Material) -> PageProse:
    """The prose without a model: the authors' own sentences, or figures counted in the code."""
    if brief.module is None and brief.page != "index.md":
        return PageProse([(statement,) for statement in brief.statements], EXTRACTED)
    files = brief.module.files if brief.module else tuple(material.analyses)
    own = list(_own_words(files, material))[:_STATEMENTS]
    return PageProse([own[start : start + _PARAGRAPH] for start in range(0, len(own), _PARAGRAPH)], EXTRACTED)


def _own_words(files: Sequence[str], material: Material) -> Iterator[CitedStatement]:
    def weight(path: str) -> tuple[bool, int, str]:
        return not speaks_for_folder(path), path.count("/"), path

    for path in sorted(files, key=weight):
        analysis = material.analyses.get(path)
        if analysis is None or not analysis.structure.doc or analysis.structure.doc_lines is None:
            continue
        text = _first_sentence_of(analysis.structure.doc)
        if text:
            yield CitedStatement(text=text, path=path, lines=analysis.structure.doc_lines)


def _first_sentence_of(doc: str) -> str:
    """The first sentence that is more than a title; empty if none is."""
    blocks = re.split(r"\n[ \t]*\n", doc)
    sentences = [unmarked(spoken_text(first_sentence(block.strip(" #=*-\n"), 400))) for block in blocks[:4]]
    longer = (text for text in sentences if len(text.split()) > _TITLE)
    return next(longer, next((text for text in sentences if len(text.split()) > 1), ""))


def _terms(brief: EditorBrief) -> set[str] | None:
    return {term_of(statement) for statement in brief.statements} if brief.page == GLOSSARY else None


def _objections_to_terms(brief: EditorBrief, statements: Sequence[CitedStatement]) -> Iterator[str]:
    terms = _terms(brief)
    if terms is not None and any(term_of(statement) not in terms for statement in statements):
        yield "each sentence of the glossary begins with one of the given terms in backticks and a colon"


def _objection_to_diagram(diagram: str, evidence: SnapshotEvidence) -> str:
    """The objection to a model's flowchart; empty when it can be drawn, or when there is none."""
    if not diagram.strip():
        return ""
    plain = _unfenced(diagram)
    if problem := mermaid.problem(plain):
        return f"the diagram cannot be drawn: {problem}"
    for label in mermaid.labels(plain):
        if objection := evidence.objection_to_text(spoken_text(label)) or evidence.objection_to_text(f"`{label}`"):
            return f"in the diagram, {objection}"
    return ""


def _unfenced(diagram: str) -> str:
    return _FENCE.sub("", diagram.replace("\r\n", "\n")).strip("\n")
