"""The question about one file: the same in realtime and in a batch inference job."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from agents import keys
from agents.codebase.claims.verified import Verified
from agents.contracts.analysis import Analysis, AnalystBrief, AnalystReply
from agents.contracts.site_settings import Language
from agents.contracts.snapshot import Manifest, SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import AnalysisMissing, BlobMissing, FileUnparseable, FileUnreadable, GapError
from agents.ports import Answer, Ports
from agents.questions.instructions import PLAIN
from agents.questions.verification import CheckedQuestion
from agents.roles.analyst.core import EXTRACTIVE, brief, evidence_of, objections, verify
from agents.session.structures import NOTHING_STORED, StoredStructures

ROLE = "analyst"

_log = logging.getLogger("swarm")


def sources_of(session_id: str, batch_id: str, ports: Ports) -> Sources:
    """The files of a batch. Raises FileUnreadable."""
    try:
        return Sources.model_validate_json(ports.blobs.read(keys.sources(session_id, batch_id)))
    except BlobMissing as error:
        raise FileUnreadable(f"the sources of batch {batch_id} are no longer stored") from error


def planned_sources(session_id: str, ports: Ports) -> Iterator[Sources]:
    """Every batch of the plan in its order, one at a time: a session's sources are never in memory whole."""
    manifest = Manifest.model_validate_json(ports.blobs.read(keys.manifest(session_id)))
    for batch in manifest.batches:
        yield sources_of(session_id, batch.batch_id, ports)


def structure_of(source: SourceFile, ports: Ports, stored: StoredStructures = NOTHING_STORED) -> Structure:
    """The file's structure, stored or parsed. Raises FileUnparseable."""
    read = stored.of(source.path)
    if read is not None:
        return read
    try:
        return ports.structure.read(source.path, source.language, source.text)
    except GapError:
        raise
    except Exception as error:  # a parser may fail on any text, and one file must not end the batch
        _log.exception("the structure reader failed on %s", source.path)
        raise FileUnparseable(f"the reader failed: {type(error).__name__}: {error}") from error


class ParsedFile(NamedTuple):
    """A file of a question, and its structure."""

    source: SourceFile
    structure: Structure


class FileResult(NamedTuple):
    """A file of a question, and the analysis of it or the reason why there is none."""

    file: ParsedFile
    analysis: Analysis | GapError


AnalystQuestion: TypeAlias = CheckedQuestion[AnalystReply, tuple[FileResult, ...]]


def question_of(
    files: Sequence[ParsedFile],
    model: str,
    sources: Sources | None = None,
    summaries: Mapping[str, str] | None = None,
) -> AnalystQuestion:
    """The question about the files: mostly one file; several small ones share a question near the budget cap.

    `model` is the role's own, for files that name none. `sources` and `summaries` (by path) describe the files around.
    """
    style = sources.style if sources is not None else PLAIN
    briefs = [brief(file.source, file.structure, sources, summaries) for file in files]
    shared = AnalystBrief(files=tuple(file for each in briefs for file in each.files), outline=briefs[0].outline)

    def objections_to_reply(reply: AnalystReply) -> tuple[str, ...]:
        return _objections(files, shared, reply, style.language)

    def verify_answer(answer: Answer[AnalystReply]) -> Verified[tuple[FileResult, ...]]:
        results = [_verified(file, shared, answer, file.source.model or model, style.language) for file in files]
        claims = tuple(FileResult(file, result.claims) for file, result in zip(files, results, strict=True))
        return Verified(claims, sum(result.dropped for result in results))

    return CheckedQuestion(
        ROLE, shared, AnalystReply, objections_to_reply, verify_answer, model=files[0].source.model, style=style
    )


def _verified(
    file: ParsedFile, shared: AnalystBrief, answer: Answer[AnalystReply], model: str, language: Language
) -> Verified[Analysis | GapError]:
    source, structure = file
    # The only file of a reply may be another one: it counts as dropped claims of this file.
    reply = _only(answer.reply, source.path) if len(answer.reply.files) > 1 else answer.reply
    if not answer.unpaid:
        return verify(source, structure, reply, model, evidence_of(source, structure, shared, language))
    if source.extractive_key is None:
        return Verified(AnalysisMissing("the budget is used up, and an earlier release planned this file"))
    # The fallback's analysis has the extractive model's key: a later session with a larger budget asks the model.
    fallback = source.with_changes(analysis_key=source.extractive_key)
    return Verified(verify(fallback, structure, reply, EXTRACTIVE).claims)


def _only(reply: AnalystReply, path: str) -> AnalystReply:
    """The part of a reply that is about one file."""
    return AnalystReply(files=tuple(file for file in reply.files if file.path == path))


def _objections(
    files: Sequence[ParsedFile], shared: AnalystBrief, reply: AnalystReply, language: Language
) -> tuple[str, ...]:
    """The objections to a reply, and the files that it leaves out."""
    evidence = {file.source.path: evidence_of(*file, shared, language) for file in files}
    if len(files) == 1:
        return objections(*files[0], reply, evidence[files[0].source.path])
    paths = {file.source.path for file in files}
    answered = {file.path for file in reply.files}
    problems = [f"there is no file {path} in the question" for path in sorted(answered - paths)]
    problems += [f"the reply says nothing about the file {path}" for path in sorted(paths - answered)]
    for file in files:
        path = file.source.path
        problems += objections(*file, _only(reply, path), evidence[path])
    return tuple(problems)
