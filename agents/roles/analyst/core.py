"""Builds the question about one file, and verifies the answer against the file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.statements import distinct_objections, material_of
from agents.codebase.claims.subject import Subject, same_words
from agents.codebase.claims.verified import Verified
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply, FileBrief, FileReply, SymbolNote
from agents.contracts.base import Statement
from agents.contracts.site_settings import Language
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import ModelReplyInvalid
from agents.roles.analyst.neighbours import around
from agents.text.sentences import first_sentence

#: The model of an analysis that no language model wrote.
EXTRACTIVE = "extractive"
_OWN_WORDS_LIMIT = 600
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


def evidence_of(
    source: SourceFile, structure: Structure, brief: AnalystBrief | None = None, language: Language = "en"
) -> SnapshotEvidence:
    """What the claims about a file are compared with: the file, and everything else in the question."""
    index = SnapshotIndex({source.path: structure.line_count}, {source.path: structure})
    return SnapshotEvidence(index, material_of(brief) if brief is not None else source.text, language)


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
    summary = _verified_summary(source, structure, file, model, evidence)
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
    subject = Subject(source.path, structure, evidence.material, evidence.language)
    problems = [f"there is no file {file.path} in the question" for file in reply.files if file.path != source.path]
    names = {symbol.name for symbol in structure.symbols}
    for file in reply.files:
        if file.path != source.path:
            continue
        problems += [_objection(source.path, statement, evidence) for statement in file.summary]
        problems += _objections_to_subject(file.summary, subject)
        problems += [f"the file has no symbol {note.symbol}" for note in file.notes if note.symbol not in names]
        problems += [evidence.objection_to_text(note.text) for note in file.notes]
    return distinct_objections(problems)


def claim_count(reply: AnalystReply) -> int:
    """The number of claims in a reply. A second note about a symbol is redundant, not wrong, and does not count."""
    return sum(len(file.summary) + len({note.symbol for note in file.notes}) for file in reply.files)


def gap(path: str, error: Exception, *, extracted: bool = False) -> Gap:
    """The gap of a file without a model's analysis, with its reason."""
    message = str(error) or type(error).__name__
    return Gap(path=path, reason=type(error).__name__, detail=message[:_DETAIL_LIMIT], extracted=extracted)


def _objection(path: str, statement: Statement, evidence: SnapshotEvidence) -> str:
    return evidence.objection_to_place(path, statement.lines) or evidence.objection_to_text(statement.text)


def _verified_summary(
    source: SourceFile, structure: Structure, file: FileReply, model: str, evidence: SnapshotEvidence
) -> tuple[Statement, ...]:
    """The sentences that the file supports; where a model's reply is about something else, its author's own words.

    Of the sentences without lines one stays: what is about a whole file can be said once. The extractive model's
    sentences are templates over the file itself.
    """
    supported = [statement for statement in file.summary if not _objection(source.path, statement, evidence)]
    if model == EXTRACTIVE:
        return tuple(supported)
    subject = Subject(source.path, structure, evidence.material, evidence.language)
    about = [statement for statement in supported if statement.lines is not None or subject.is_named_in(statement.text)]
    distinct = {same_words(statement.text): statement for statement in reversed(about)}
    about = [statement for statement in about if distinct.get(same_words(statement.text)) is statement]
    whole = next((statement for statement in about if statement.lines is None), None)
    about = [statement for statement in about if statement.lines is not None or statement is whole]
    if about and subject.is_spoken_of_in(statement.text for statement in about):
        return tuple(about)
    words = first_sentence(structure.doc, _OWN_WORDS_LIMIT) if structure.doc else ""
    return (Statement(text=words, lines=structure.doc_lines),) if words else ()


def _objections_to_subject(summary: Sequence[Statement], subject: Subject) -> Iterator[str]:
    """What is wrong with sentences that could be about any file."""
    seen: set[str] = set()
    for statement in summary:
        if statement.lines is None and not subject.is_named_in(statement.text):
            yield "a sentence without lines names nothing of the file: name a symbol or a term of it, or cite lines"
        if (words := same_words(statement.text)) in seen:
            yield "a sentence is repeated"
        seen.add(words)
    if sum(statement.lines is None for statement in summary) > 1:
        yield "more than one sentence has no lines: cite the lines that prove each of the others"
    if not subject.is_spoken_of_in(statement.text for statement in summary):
        yield "the summary is not about this file: it names no symbol of it, and its words are not in the question"


def _verified_notes(file: FileReply, structure: Structure, evidence: SnapshotEvidence) -> tuple[SymbolNote, ...]:
    """The first note about each symbol, of those that the evidence supports."""
    names = {symbol.name for symbol in structure.symbols}
    supported = [note for note in file.notes if note.symbol in names and not evidence.objection_to_text(note.text)]
    first = {note.symbol: note for note in reversed(supported)}
    return tuple(reversed(first.values()))
