"""Analyses one batch, file by file. What is finished is stored every few files: an end in the middle loses little."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple

from agents import keys
from agents.analyst.core import analysis, brief, gap, objections, proof, struck
from agents.asking import answers
from agents.contracts.analysis import Analysis, AnalysisPointer, AnalystBrief, AnalystReply
from agents.contracts.base import Contract
from agents.contracts.session import BatchOutcome, Pace, Usage
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.states import AnalyseBatchInput, AnalyseBatchOutput
from agents.contracts.structure import Structure
from agents.environment import AgentEnvironment
from agents.errors import (
    BlobMissing,
    FileUnparseable,
    FileUnreadable,
    GapError,
    ModelContextExceeded,
    StoreThrottled,
)
from agents.instructions import instructions_of
from agents.ports import Answer, Ports, Question
from agents.proof.index import Proof

ROLE = "analyst"
#: Results are stored after this many files, or this many seconds, whichever comes first.
CHECKPOINT_FILES = 40
CHECKPOINT_SECONDS = 20.0

_log = logging.getLogger(__name__)


def _carry_on() -> None:
    """The question between two files when nobody hurries."""


class _Batch:
    """What one attempt at a batch has done, and what of it is not stored yet."""

    def __init__(self, request: AnalyseBatchInput, sources: Sources, ports: Ports, model: str) -> None:
        self.model = model
        self.request = request
        self.sources = sources
        self.ports = ports
        self.finished: set[str] = set()
        self.unstored: list[Analysis] = []
        self.gaps: list[Gap] = []
        self.usage = Usage()
        self.struck = 0
        self.paces: dict[str, Pace] = {}
        self.started = self.stored_at = ports.clock.now()

    def finish(self, result: Analysis) -> None:
        """Keep a file's result; a second file of the same bytes needs none of its own."""
        self.finished.add(result.analysis_key)
        self.unstored.append(result)

    def measure(self, source: SourceFile, seconds: float) -> None:
        """Remember how long a file took: the router predicts the next batches by it."""
        took = Pace(files=1, bytes=len(source.text.encode("utf-8", "replace")), seconds=max(0.0, seconds))
        self.paces[source.language] = self.paces.get(source.language, Pace()) + took

    def store_when_due(self) -> None:
        """Checkpoint."""
        late = self.ports.clock.now() - self.stored_at >= CHECKPOINT_SECONDS
        if len(self.unstored) >= CHECKPOINT_FILES or late:
            self._store()

    def save(self) -> BatchOutcome:
        """Store the rest and write what became of the batch."""
        self._store()
        outcome = BatchOutcome(
            batch_id=self.request.batch_id,
            route=self.request.route,
            analysed=sum(source.analysis_key in self.finished for source in self.sources.files),
            gaps=tuple(self.gaps),
            usage=self.usage,
            struck=self.struck,
            seconds=max(0.0, round(self.ports.clock.now() - self.started, 3)),
        )
        self.ports.store.save_batch(self.request.session_id, outcome)
        # Hundreds of analysts write these few items at once: a figure that is lost costs less than a batch.
        with suppress(StoreThrottled):
            self.ports.store.add_paces(self.model, self.paces)
        self.paces = {}
        return outcome

    def save_interrupted(self) -> None:
        """The same at an early end. The next attempt replaces the outcome, so what was spent is written beside it."""
        spent, self.usage = self.usage, Usage()
        role = f"{ROLE}-{self.request.batch_id}-{int(self.started)}"
        if spent != Usage():
            self.ports.store.save_usage(self.request.session_id, role, spent)
        if self.struck:
            self.ports.store.save_struck(self.request.session_id, role, self.struck)
            self.struck = 0
        self.save()

    def _store(self) -> None:
        """Write what is not stored yet: the blob first, so that no pointer points nowhere."""
        if self.unstored:
            blob_key = keys.batch_analyses([one.analysis_key for one in self.unstored])
            lines = "".join(f"{one.model_dump_json()}\n" for one in self.unstored)
            self.ports.blobs.write(blob_key, lines.encode(), "application/jsonl")
            self.ports.store.save_analyses([_pointer(one, blob_key, at) for at, one in enumerate(self.unstored)])
            self.unstored.clear()
        self.stored_at = self.ports.clock.now()


def run(
    request: AnalyseBatchInput, ports: Ports, settings: AgentEnvironment, pause: Callable[[], None] = _carry_on
) -> AnalyseBatchOutput:
    """Analyse the batch's files that no earlier attempt has finished.

    `pause` is asked before each file and raises BatchTooLong or TaskInterrupted when there is no time for another one;
    what is finished is stored first, as before every error that ends the batch.
    """
    batch = _Batch(request, _sources(request, ports), ports, settings.model_of(ROLE))
    batch.finished.update(ports.store.analyses(file.analysis_key for file in batch.sources.files))
    try:
        began = ports.clock.now()
        for at, told in answers(ports.model, _questions(batch), settings.calls_at_once(ROLE), pause):
            _keep(at, told, batch, settings)
            # Files are asked about side by side: a file's share is the time since the one before it.
            now = ports.clock.now()
            batch.measure(at.source, now - began)
            began = now
            batch.store_when_due()
    except BaseException:
        batch.save_interrupted()
        raise
    outcome = batch.save()
    return AnalyseBatchOutput(batch_id=request.batch_id, analysed=outcome.analysed, gaps=len(outcome.gaps))


def _sources(request: AnalyseBatchInput, ports: Ports) -> Sources:
    try:
        return Sources.model_validate_json(ports.blobs.read(keys.sources(request.session_id, request.batch_id)))
    except BlobMissing as error:
        raise FileUnreadable(f"the sources of batch {request.batch_id} are no longer stored") from error


class _Asked(NamedTuple):
    """A file that a model is asked about."""

    source: SourceFile
    structure: Structure
    proof: Proof


def _questions(batch: _Batch) -> Iterator[tuple[_Asked, Question[AnalystReply]]]:
    """A question for each file that has no analysis; a file that cannot be read becomes a gap."""
    asked: set[str] = set()
    for source in batch.sources.files:
        if source.analysis_key in batch.finished or source.analysis_key in asked:
            continue
        try:
            structure = _structure(source, batch.ports)
        except GapError as error:
            batch.gaps.append(gap(source.path, error))
            continue
        asked.add(source.analysis_key)
        about = brief(source, structure)
        at = _Asked(source, structure, proof(source, structure, about))
        yield at, _question(at, about)


def _question(at: _Asked, about: AnalystBrief) -> Question[AnalystReply]:
    def disproved(reply: Contract) -> tuple[str, ...]:
        return objections(at.source, at.structure, reply, at.proof) if isinstance(reply, AnalystReply) else ()

    return Question(ROLE, instructions_of(ROLE), about, AnalystReply, objections=disproved)


def _keep(
    at: _Asked,
    told: Answer[AnalystReply] | GapError | ModelContextExceeded,
    batch: _Batch,
    settings: AgentEnvironment,
) -> None:
    """One file becomes an analysis or a gap."""
    if isinstance(told, Exception):
        batch.gaps.append(gap(at.source.path, told))
        return
    batch.usage += told.usage
    try:
        kept = analysis(at.source, at.structure, told.reply, settings.model_of(ROLE), at.proof)
        batch.struck += struck(kept, told.reply)
        batch.finish(kept)
    except GapError as error:
        batch.struck += struck(None, told.reply)
        batch.gaps.append(gap(at.source.path, error))


def _structure(source: SourceFile, ports: Ports) -> Structure:
    try:
        return ports.structure.read(source.path, source.language, source.text)
    except GapError:
        raise
    except Exception as error:  # a parser meets text that nobody has tried before, and one file must not end the batch
        _log.exception("the structure reader failed on %s", source.path)
        raise FileUnparseable(f"the reader failed: {type(error).__name__}: {error}") from error


def _pointer(result: Analysis, blob_key: str, index: int) -> AnalysisPointer:
    return AnalysisPointer(
        analysis_key=result.analysis_key,
        blob_key=blob_key,
        index=index,
        symbols_total=len(result.structure.symbols),
        symbols_documented=result.symbols_documented,
    )
