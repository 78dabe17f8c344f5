"""Asks a model about one file and keeps of its answer only what the file proves. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agents.codebase.claims.index import Proof, SnapshotIndex
from agents.codebase.claims.statements import material_of
from agents.codebase.claims.statements import objections as objections_of
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply, FileBrief, FileReply, SymbolNote
from agents.contracts.base import Contract, Statement
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import ModelReplyInvalid
from agents.roles.analyst.neighbours import around

#: A gap's detail is for people: a stack trace's worth of text would drown the rest.
_DETAIL_LIMIT = 500


def brief(
    source: SourceFile, structure: Structure, sources: Sources | None = None, summaries: Mapping[str, str] | None = None
) -> AnalystBrief:
    """The question about one file: a file that a model chokes on costs one gap and no other file.

    `sources` tell what lies around it, `summaries` what is written of those files so far, by path.
    """
    told = FileBrief(path=source.path, text=source.text, structure=structure)
    if sources is None:
        return AnalystBrief(files=(told,))
    near = around(source, sources, summaries or {})
    told = told.model_copy(update={"around": near.around, "left_out": near.left_out})
    return AnalystBrief(files=(told,), outline=sources.outline)


def proof(source: SourceFile, structure: Structure, asked: Contract | None = None) -> Proof:
    """What a reply is held against: the file itself, and whatever else the model was shown."""
    index = SnapshotIndex({source.path: structure.line_count}, {source.path: structure})
    return Proof(index, material_of(asked) if asked is not None else source.text)


def analysis(
    source: SourceFile, structure: Structure, reply: AnalystReply, model: str, held: Proof | None = None
) -> Analysis:
    """The file's result. Statements about lines it does not have are struck, and what names symbols it does not have.

    Raises:
        ModelReplyInvalid: the reply is not about this file, or nothing of it is left.
    """
    held = held or proof(source, structure)
    told = _about(source.path, reply)
    summary = tuple(statement for statement in told.summary if not _wrong(source.path, statement, held))
    if not summary:
        raise ModelReplyInvalid(f"of {len(told.summary)} statements about the file, none is proven by it")
    return Analysis(
        analysis_key=source.analysis_key,
        structure=structure,
        summary=summary,
        notes=_notes(told, structure, held),
        model=model,
    )


def objections(
    source: SourceFile, structure: Structure, reply: AnalystReply, held: Proof | None = None
) -> tuple[str, ...]:
    """What of a reply the file disproves, as sentences for the model: lines, symbols, names, files, markup."""
    held = held or proof(source, structure)
    wrong = [f"there is no file {file.path} in the question" for file in reply.files if file.path != source.path]
    known = {symbol.name for symbol in structure.symbols}
    for file in (one for one in reply.files if one.path == source.path):
        wrong += [_wrong(source.path, said, held) for said in file.summary]
        wrong += [f"the file has no symbol {note.symbol}" for note in file.notes if note.symbol not in known]
        wrong += [held.text(note.text) for note in file.notes]
    return objections_of(wrong)


def struck(kept: Analysis | None, reply: AnalystReply) -> int:
    """How many statements and notes of a reply are not in the analysis that was made of it, if one was."""
    # A second note about a symbol is one too many, and no lie.
    said = sum(len(file.summary) + len({note.symbol for note in file.notes}) for file in reply.files)
    return said - (len(kept.summary) + len(kept.notes) if kept is not None else 0)


def gap(path: str, error: Exception) -> Gap:
    """Why a file has no analysis."""
    message = str(error) or type(error).__name__
    return Gap(path=path, reason=type(error).__name__, detail=message[:_DETAIL_LIMIT])


def _about(path: str, reply: AnalystReply) -> FileReply:
    told = next((file for file in reply.files if file.path == path), None)
    if told is None:
        raise ModelReplyInvalid("the reply says nothing about the file it was asked about")
    return told


def _wrong(path: str, statement: Statement, held: Proof) -> str:
    return held.place(path, statement.lines) or held.text(statement.text)


def _notes(told: FileReply, structure: Structure, held: Proof) -> tuple[SymbolNote, ...]:
    known = {symbol.name for symbol in structure.symbols}
    first = {note.symbol: note for note in reversed(told.notes) if note.symbol in known and not held.text(note.text)}
    return tuple(reversed(first.values()))
