"""Several small files in one question: the ladder's second step. A question about one file is the shortest of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from agents.analyst.core import brief, objections
from agents.contracts.analysis import AnalystBrief, AnalystReply
from agents.contracts.snapshot import SourceFile
from agents.contracts.structure import Structure


class AskedFile(NamedTuple):
    """A file that a model is asked about."""

    source: SourceFile
    structure: Structure


def brief_of(files: Sequence[AskedFile]) -> AnalystBrief:
    """The question about all of them."""
    return AnalystBrief(files=tuple(one for file in files for one in brief(*file).files))


def only(reply: AnalystReply, path: str) -> AnalystReply:
    """What a reply says of one file."""
    return AnalystReply(files=tuple(file for file in reply.files if file.path == path))


def disproved(files: Sequence[AskedFile], reply: AnalystReply) -> tuple[str, ...]:
    """What of a reply the files disprove, and which of several files it leaves out."""
    if len(files) == 1:
        return objections(*files[0], reply)
    asked = {file.source.path for file in files}
    told = {file.path for file in reply.files}
    wrong = [f"there is no file {path} in the question" for path in sorted(told - asked)]
    wrong += [f"the reply says nothing about the file {path}" for path in sorted(asked - told)]
    return (*wrong, *(one for file in files for one in objections(*file, only(reply, file.source.path))))
