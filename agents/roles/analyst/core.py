"""Builds the question about one file, and verifies the answer against the file. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.statements import distinct_objections, material_of
from agents.codebase.claims.verified import Verified
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply, FileBrief, FileReply, SymbolNote
from agents.contracts.base import Statement
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import ModelReplyInvalid
from agents.roles.analyst.neighbours import around

#: A gap's detail is shown to people: a whole stack trace would hide the rest.
_DETAIL_LIMIT = 500


def brief(
    source: SourceFile, structure: Structure, sources: Sources | None = None, summaries: Mapping[str, str] | None = None
) -> AnalystBrief:
    """The brief of one file: a file that the model cannot handle costs one gap and no other file.

    `sources` has the files around it, `summaries` the sentences about those files so far, by path.
    """
    file = FileBrief(path=source.path, text=source.text, structure=structure)
    if sources is None:
        return AnalystBrief(files=(file,))
    near = around(source, sources, summaries or {})
    file = file.with_changes(around=near.around, left_out=near.left_out)
    return AnalystBrief(files=(file,), outline=sources.outline)


def evidence_of(source: SourceFile, structure: Structure, brief: AnalystBrief | None = None) -> SnapshotEvidence:
    """What the claims about a file are compared with: the file, and everything else in the question."""
    index = SnapshotIndex({source.path: structure.line_count}, {source.path: structure})
    return SnapshotEvidence(index, material_of(brief) if brief is not None else source.text)


def verify(
    source: SourceFile, structure: Structure, reply: AnalystReply, model: str, evidence: SnapshotEvidence | None = None
) -> Verified[Analysis | ModelReplyInvalid]:
    """The file's analysis of the claims that the file supports; an error when none of its sentences is supported.

    A claim is a sentence of the summary or the note about a symbol.
    """
    evidence = evidence or evidence_of(source, structure)
    claims = claim_count(reply)
    file = next((file for file in reply.files if file.path == source.path), None)
    if file is None:
        return Verified(ModelReplyInvalid("the reply says nothing about the file of the question"), claims)
    summary = tuple(statement for statement in file.summary if not _objection(source.path, statement, evidence))
    if not summary:
        error = ModelReplyInvalid(f"of {len(file.summary)} statements about the file, none is supported by it")
        return Verified(error, claims)
    analysis = Analysis(
        analysis_key=source.analysis_key,
        structure=structure,
        summary=summary,
        notes=_verified_notes(file, structure, evidence),
        model=model,
    )
    return Verified(analysis, claims - len(analysis.summary) - len(analysis.notes))


def objections(
    source: SourceFile, structure: Structure, reply: AnalystReply, evidence: SnapshotEvidence | None = None
) -> tuple[str, ...]:
    """The objections to a reply about one file: to its lines, symbols, names, files and markup."""
    evidence = evidence or evidence_of(source, structure)
    found = [f"there is no file {file.path} in the question" for file in reply.files if file.path != source.path]
    known = {symbol.name for symbol in structure.symbols}
    for file in reply.files:
        if file.path != source.path:
            continue
        found += [_objection(source.path, statement, evidence) for statement in file.summary]
        found += [f"the file has no symbol {note.symbol}" for note in file.notes if note.symbol not in known]
        found += [evidence.objection_to_text(note.text) for note in file.notes]
    return distinct_objections(found)


def claim_count(reply: AnalystReply) -> int:
    """The number of claims in a reply. A second note about a symbol is redundant, not wrong, and does not count."""
    return sum(len(file.summary) + len({note.symbol for note in file.notes}) for file in reply.files)


def gap(path: str, error: Exception) -> Gap:
    """The gap of a file without an analysis, with its reason."""
    message = str(error) or type(error).__name__
    return Gap(path=path, reason=type(error).__name__, detail=message[:_DETAIL_LIMIT])


def _objection(path: str, statement: Statement, evidence: SnapshotEvidence) -> str:
    return evidence.objection_to_place(path, statement.lines) or evidence.objection_to_text(statement.text)


def _verified_notes(file: FileReply, structure: Structure, evidence: SnapshotEvidence) -> tuple[SymbolNote, ...]:
    """The first note about each symbol, of those that the evidence supports."""
    known = {symbol.name for symbol in structure.symbols}
    supported = [note for note in file.notes if note.symbol in known and not evidence.objection_to_text(note.text)]
    first = {note.symbol: note for note in reversed(supported)}
    return tuple(reversed(first.values()))
