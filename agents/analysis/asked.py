"""The question about one file, and what it is made of: the same whether it is asked now or in a job."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agents import keys
from agents.analysis.core import brief, objections, only
from agents.contracts.analysis import AnalystBrief, AnalystReply
from agents.contracts.base import Contract
from agents.contracts.snapshot import SourceFile, Sources
from agents.contracts.structure import Structure
from agents.errors import BlobMissing, FileUnparseable, FileUnreadable, GapError
from agents.instructions import instructions_of
from agents.ports import Ports, Question

ROLE = "analyst"

_log = logging.getLogger(__name__)


def sources_of(session_id: str, batch_id: str, ports: Ports) -> Sources:
    """The files of a batch. Raises FileUnreadable."""
    try:
        return Sources.model_validate_json(ports.blobs.read(keys.sources(session_id, batch_id)))
    except BlobMissing as error:
        raise FileUnreadable(f"the sources of batch {batch_id} are no longer stored") from error


def structure_of(source: SourceFile, ports: Ports) -> Structure:
    """The file's structure, read anew. Raises FileUnparseable."""
    try:
        return ports.structure.read(source.path, source.language, source.text)
    except GapError:
        raise
    except Exception as error:  # a parser meets text that nobody has tried before, and one file must not end the batch
        _log.exception("the structure reader failed on %s", source.path)
        raise FileUnparseable(f"the reader failed: {type(error).__name__}: {error}") from error


def question_of(
    source: SourceFile, structure: Structure, sources: Sources | None = None, summaries: Mapping[str, str] | None = None
) -> Question[AnalystReply]:
    """What a model is asked about the file; `sources` and `summaries` (by path) tell what lies around it."""
    return question_about((AskedFile(source, structure),), sources, summaries)


class AskedFile(NamedTuple):
    """A file that a model is asked about."""

    source: SourceFile
    structure: Structure


def question_about(
    files: Sequence[AskedFile], sources: Sources | None = None, summaries: Mapping[str, str] | None = None
) -> Question[AnalystReply]:
    """What a model is asked about one file, or near the cap about several small ones: all of one model."""
    briefs = [brief(file.source, file.structure, sources, summaries) for file in files]
    told = AnalystBrief(files=tuple(one for part in briefs for one in part.files), outline=briefs[0].outline)

    def objected(reply: Contract) -> tuple[str, ...]:
        return _disproved(files, reply) if isinstance(reply, AnalystReply) else ()

    model = files[0].source.model
    return Question(ROLE, instructions_of(ROLE), told, AnalystReply, model=model, objections=objected)


def _disproved(files: Sequence[AskedFile], reply: AnalystReply) -> tuple[str, ...]:
    """What of a reply the files disprove, and which of several files it leaves out."""
    if len(files) == 1:
        return objections(*files[0], reply)
    asked = {file.source.path for file in files}
    told = {file.path for file in reply.files}
    wrong = [f"there is no file {path} in the question" for path in sorted(told - asked)]
    wrong += [f"the reply says nothing about the file {path}" for path in sorted(asked - told)]
    return (*wrong, *(one for file in files for one in objections(*file, only(reply, file.source.path))))
