"""Asks a model about one file and keeps of its answer only what the file proves."""

from __future__ import annotations

from collections.abc import Mapping

from agents.analysis.around import around
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply, FileBrief, FileReply, SymbolNote
from agents.contracts.base import Statement
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import ModelReplyInvalid

#: A gap's detail is for people: a stack trace's worth of text would drown the rest.
_DETAIL_LIMIT = 500
#: Objections that go back to a model; more of the same would teach it nothing.
_OBJECTIONS_LIMIT = 20


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


def analysis(source: SourceFile, structure: Structure, reply: AnalystReply, model: str) -> Analysis:
    """The file's result. Statements about lines it does not have are struck, and notes about symbols it does not have.

    Raises:
        ModelReplyInvalid: the reply is not about this file, or nothing of it is left.
    """
    told = _about(source.path, reply)
    summary = tuple(statement for statement in told.summary if _proven(statement, structure.line_count))
    if not summary:
        raise ModelReplyInvalid(f"of {len(told.summary)} statements about the file, none cites lines that it has")
    return Analysis(
        analysis_key=source.analysis_key,
        structure=structure,
        summary=summary,
        notes=_notes(told, structure),
        model=model,
    )


def objections(source: SourceFile, structure: Structure, reply: AnalystReply) -> tuple[str, ...]:
    """What of a reply the file disproves, as sentences for the model: lines, symbols and files that do not exist."""
    wrong = [f"there is no file {file.path} in the question" for file in reply.files if file.path != source.path]
    known = {symbol.name for symbol in structure.symbols}
    for file in (one for one in reply.files if one.path == source.path):
        wrong += [
            f"the file has {structure.line_count} lines, none of them {said.lines.start} to {said.lines.end}"
            for said in file.summary
            if said.lines is not None and not _proven(said, structure.line_count)
        ]
        wrong += [f"the file has no symbol {note.symbol}" for note in file.notes if note.symbol not in known]
    return tuple(wrong[:_OBJECTIONS_LIMIT])


def only(reply: AnalystReply, path: str) -> AnalystReply:
    """What a reply says of one file."""
    return AnalystReply(files=tuple(file for file in reply.files if file.path == path))


def struck(kept: Analysis, reply: AnalystReply) -> int:
    """How many statements and notes of a reply are not in the analysis that was made of it."""
    said = sum(len(file.summary) + len(file.notes) for file in reply.files)
    return said - len(kept.summary) - len(kept.notes)


def gap(path: str, error: Exception) -> Gap:
    """Why a file has no analysis."""
    message = str(error) or type(error).__name__
    return Gap(path=path, reason=type(error).__name__, detail=message[:_DETAIL_LIMIT])


def _about(path: str, reply: AnalystReply) -> FileReply:
    told = next((file for file in reply.files if file.path == path), None)
    if told is None:
        raise ModelReplyInvalid("the reply says nothing about the file it was asked about")
    return told


def _proven(statement: Statement, line_count: int) -> bool:
    lines = statement.lines
    return bool(statement.text.strip()) and (lines is None or lines.start <= lines.end <= line_count)


def _notes(told: FileReply, structure: Structure) -> tuple[SymbolNote, ...]:
    known = {symbol.name for symbol in structure.symbols}
    first = {note.symbol: note for note in reversed(told.notes) if note.symbol in known and note.text.strip()}
    return tuple(reversed(first.values()))
