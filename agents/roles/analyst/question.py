"""The question about one file, and what it is made of: the same whether it is asked now or in a job."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from agents import keys
from agents.contracts.analysis import AnalystBrief, AnalystReply
from agents.contracts.base import Contract
from agents.contracts.snapshot import Manifest, SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import BlobMissing, FileUnparseable, FileUnreadable, GapError
from agents.ports import Ports, Question
from agents.questions.instructions import instructions_of
from agents.roles.analyst.core import brief, objections, proof

ROLE = "analyst"

_log = logging.getLogger(__name__)


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


def structure_of(source: SourceFile, ports: Ports) -> Structure:
    """The file's structure, read anew. Raises FileUnparseable."""
    try:
        return ports.structure.read(source.path, source.language, source.text)
    except GapError:
        raise
    except Exception as error:  # a parser meets text that nobody has tried before, and one file must not end the batch
        _log.exception("the structure reader failed on %s", source.path)
        raise FileUnparseable(f"the reader failed: {type(error).__name__}: {error}") from error


class AskedFile(NamedTuple):
    """A file that a model is asked about."""

    source: SourceFile
    structure: Structure


def question_of(
    files: Sequence[AskedFile], sources: Sources | None = None, summaries: Mapping[str, str] | None = None
) -> Question[AnalystReply]:
    """What a model is asked about the files, mostly one; several small ones share a question near the cap.

    `sources` and `summaries` (by path) tell what lies around them.
    """
    briefs = [brief(file.source, file.structure, sources, summaries) for file in files]
    told = AnalystBrief(files=tuple(one for each in briefs for one in each.files), outline=briefs[0].outline)

    def objected(reply: Contract) -> tuple[str, ...]:
        return _disproved(files, told, reply) if isinstance(reply, AnalystReply) else ()

    model = files[0].source.model
    return Question(ROLE, instructions_of(ROLE), told, AnalystReply, model=model, objections=objected)


def only(reply: AnalystReply, path: str) -> AnalystReply:
    """What a reply says of one file."""
    return AnalystReply(files=tuple(file for file in reply.files if file.path == path))


def _disproved(files: Sequence[AskedFile], shown: AnalystBrief, reply: AnalystReply) -> tuple[str, ...]:
    """What of a reply the files disprove, and which of several files it leaves out."""
    held = {file.source.path: proof(*file, shown) for file in files}
    if len(files) == 1:
        return objections(*files[0], reply, held[files[0].source.path])
    asked = {file.source.path for file in files}
    told = {file.path for file in reply.files}
    wrong = [f"there is no file {path} in the question" for path in sorted(told - asked)]
    wrong += [f"the reply says nothing about the file {path}" for path in sorted(asked - told)]
    for file in files:
        path = file.source.path
        wrong += objections(*file, only(reply, path), held[path])
    return tuple(wrong)
