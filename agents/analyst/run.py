"""Analyses one batch, file by file. What is finished is stored every few files: an end in the middle loses little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple, overload

from agents import keys
from agents.analysis.around import neighbour_keys, summaries_of, summary_of
from agents.analysis.asked import ROLE, question_of, sources_of, structure_of
from agents.analysis.core import analysis, gap, struck
from agents.analysis.kept import keep
from agents.analysis.warming import warm
from agents.asking import answers
from agents.contracts.analysis import Analysis, AnalystReply
from agents.contracts.session import BatchOutcome, Pace, Usage
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.states import AnalyseBatchInput, AnalyseBatchOutput
from agents.contracts.structure import Structure
from agents.contracts.waves import WarmPromptCacheInput, WarmPromptCacheOutput
from agents.environment import AgentEnvironment
from agents.errors import GapError, ModelContextExceeded, StoreThrottled
from agents.library import load_analyses
from agents.ports import Answer, Ports, Question

#: Results are stored after this many files, or this many seconds, whichever comes first.
CHECKPOINT_FILES = 40
CHECKPOINT_SECONDS = 20.0
#: The same where an answer costs money: a container that is killed outright loses no more than this.
PAID_CHECKPOINT_SECONDS = 2.0


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
        self.of_job: set[str] = set()
        self.unstored: list[Analysis] = []
        self.gaps: list[Gap] = []
        self.usage = Usage()
        self.struck = 0
        self.paces: dict[str, Pace] = {}
        self.around = {key: path for path, key in neighbour_keys(sources).items()}
        self.summaries: dict[str, str] = {}
        self.started = self.stored_at = ports.clock.now()

    def finish(self, result: Analysis) -> None:
        """Keep a file's result; a second file of the same bytes needs none of its own."""
        self.finished.add(result.analysis_key)
        self.unstored.append(result)
        if result.analysis_key in self.around:
            self.summaries[self.around[result.analysis_key]] = summary_of(result)

    def measure(self, source: SourceFile, seconds: float) -> None:
        """Remember how long a file took: the router predicts the next batches by it."""
        took = Pace(files=1, bytes=len(source.text.encode("utf-8", "replace")), seconds=max(0.0, seconds))
        self.paces[source.language] = self.paces.get(source.language, Pace()) + took

    def store_when_due(self) -> None:
        """Checkpoint."""
        longest = CHECKPOINT_SECONDS if self.model == "extractive" else PAID_CHECKPOINT_SECONDS
        late = self.ports.clock.now() - self.stored_at >= longest
        if len(self.unstored) >= CHECKPOINT_FILES or late:
            self._store()

    def save(self) -> BatchOutcome:
        """Store the rest and write what became of the batch."""
        self._store()
        outcome = BatchOutcome(
            batch_id=self.request.batch_id,
            route=self.request.route,
            # A batch inference job counts its own.
            analysed=sum(source.analysis_key in self.finished - self.of_job for source in self.sources.files),
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
        if spent != Usage():
            role = f"{ROLE}-{self.request.batch_id}-{int(self.started)}"
            self.ports.store.save_usage(self.request.session_id, role, spent)
        self.save()

    def _store(self) -> None:
        if self.unstored:
            keep(self.unstored, self.ports)
            self.unstored.clear()
        self.stored_at = self.ports.clock.now()


@overload
def run(
    request: AnalyseBatchInput, ports: Ports, settings: AgentEnvironment, pause: Callable[[], None] = ...
) -> AnalyseBatchOutput: ...


@overload
def run(
    request: WarmPromptCacheInput, ports: Ports, settings: AgentEnvironment, pause: Callable[[], None] = ...
) -> WarmPromptCacheOutput: ...


def run(
    request: AnalyseBatchInput | WarmPromptCacheInput,
    ports: Ports,
    settings: AgentEnvironment,
    pause: Callable[[], None] = _carry_on,
) -> AnalyseBatchOutput | WarmPromptCacheOutput:
    """Analyse a batch, or fill the model's prompt cache before the first one."""
    if isinstance(request, WarmPromptCacheInput):
        return warm(request, ports)
    return _analyse(request, ports, settings, pause)


def _analyse(
    request: AnalyseBatchInput, ports: Ports, settings: AgentEnvironment, pause: Callable[[], None]
) -> AnalyseBatchOutput:
    """Analyse the batch's files that no earlier attempt has finished.

    `pause` is asked before each file and raises BatchTooLong or TaskInterrupted when there is no time for another one;
    what is finished is stored first, as before every error that ends the batch.
    """
    batch = _Batch(request, sources_of(request.session_id, request.batch_id, ports), ports, settings.model_of(ROLE))
    stored = ports.store.analyses(file.analysis_key for file in batch.sources.files)
    batch.finished.update(stored)
    if settings.inference == "batch":
        batch.of_job.update(key for key, at in stored.items() if at.blob_key.startswith(keys.JOB_ANALYSES))
    # What earlier waves and sessions wrote of the files around; what this batch writes is added as it goes.
    batch.summaries.update(summaries_of(batch.sources, load_analyses(ports, batch.around).values()))
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


class _Asked(NamedTuple):
    """A file that a model is asked about."""

    source: SourceFile
    structure: Structure


def _questions(batch: _Batch) -> Iterator[tuple[_Asked, Question[AnalystReply]]]:
    """A question for each file that has no analysis; a file that cannot be read becomes a gap."""
    asked: set[str] = set()
    for source in batch.sources.files:
        if source.analysis_key in batch.finished or source.analysis_key in asked:
            continue
        try:
            structure = structure_of(source, batch.ports)
        except GapError as error:
            batch.gaps.append(gap(source.path, error))
            continue
        asked.add(source.analysis_key)
        yield _Asked(source, structure), question_of(source, structure, batch.sources, batch.summaries)


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
        kept = analysis(at.source, at.structure, told.reply, settings.model_of(ROLE))
        batch.struck += struck(kept, told.reply)
        batch.finish(kept)
    except GapError as error:
        batch.gaps.append(gap(at.source.path, error))
