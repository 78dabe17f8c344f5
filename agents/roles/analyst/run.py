"""Analyses one batch, file by file. What is finished is stored every few files: an end in the middle loses little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import NamedTuple, overload

from agents import keys
from agents.contracts.analysis import Analysis, AnalystReply
from agents.contracts.base import Contract
from agents.contracts.ladder import unpaid_step
from agents.contracts.session import BatchOutcome, Pace
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.states import AnalyseBatchInput, AnalyseBatchOutput
from agents.contracts.usage import Usage
from agents.contracts.waves import WarmPromptCacheInput, WarmPromptCacheOutput
from agents.errors import AnalysisMissing, GapError, ModelContextExceeded, StoreThrottled
from agents.ports import Answer, Ports, Question
from agents.questions.side_by_side import answers
from agents.roles.analyst.core import analysis, gap, proof, struck
from agents.roles.analyst.neighbours import neighbour_keys, summaries_of, summary_of
from agents.roles.analyst.question import ROLE, AskedFile, only, question_of, sources_of, structure_of
from agents.roles.analyst.storing import keep
from agents.roles.analyst.warming import warm
from agents.session.documents import load_analyses
from agents.settings import AgentSettings

#: Results are stored after this many files, or this many seconds, whichever comes first.
CHECKPOINT_FILES = 40
CHECKPOINT_SECONDS = 20.0
#: The same where an answer costs money: a container that is killed outright loses no more than this.
PAID_CHECKPOINT_SECONDS = 2.0


class _Asked(NamedTuple):
    """The files of one question, mostly one, and all that the model was shown of them."""

    files: tuple[AskedFile, ...]
    shown: Contract


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
        self.unpaid: set[str] = set()
        self.again: list[AskedFile] = []
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

    def finish_unpaid(self, asked_for: str, result: Analysis) -> None:
        """Keep what a file got for want of money: never under the key of the model that was not paid."""
        self.unpaid.add(asked_for)
        self.unstored.append(result)

    def measure(self, source: SourceFile, seconds: float) -> None:
        """Remember how long a file took: the router predicts the next batches by it."""
        if source.model not in {"", self.model} or source.analysis_key in self.unpaid:
            return
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
        # A batch inference job counts its own.
        told = (self.finished - self.of_job) | self.unpaid
        outcome = BatchOutcome(
            batch_id=self.request.batch_id,
            route=self.request.route,
            analysed=sum(source.analysis_key in told for source in self.sources.files),
            gaps=tuple(self.gaps),
            usage=self.usage,
            struck=self.struck,
            unpaid=tuple(source.path for source in self.sources.files if source.analysis_key in self.unpaid),
            seconds=max(0.0, round(self.ports.clock.now() - self.started, 3)),
        )
        self.ports.store.save_batch(self.request.session_id, outcome)
        if outcome.unpaid:
            step = unpaid_step(ROLE, outcome.unpaid, int(self.ports.clock.now()))
            self.ports.store.save_step(self.request.session_id, step, outcome.batch_id)
        # Hundreds of analysts write these few items at once: a figure that is lost costs less than a batch.
        with suppress(StoreThrottled):
            self.ports.store.add_paces(self.model, self.paces)
        self.paces = {}
        return outcome

    def save_interrupted(self) -> None:
        """The same at an early end. The next attempt replaces the outcome, so what was spent is written beside it."""
        spent, self.usage = self.usage, Usage()
        role = f"{ROLE}-{self.request.batch_id}-{self.started:.6f}"
        if spent != Usage():
            self.ports.store.save_usage(self.request.session_id, role, spent)
        if self.struck:
            self.ports.store.save_struck(self.request.session_id, role, self.struck)
            self.struck = 0
        self.save()

    def _store(self) -> None:
        if self.unstored:
            keep(self.unstored, self.ports)
            self.unstored.clear()
        self.stored_at = self.ports.clock.now()


@overload
def run(
    request: AnalyseBatchInput, ports: Ports, settings: AgentSettings, pause: Callable[[], None] = ...
) -> AnalyseBatchOutput: ...


@overload
def run(
    request: WarmPromptCacheInput, ports: Ports, settings: AgentSettings, pause: Callable[[], None] = ...
) -> WarmPromptCacheOutput: ...


def run(
    request: AnalyseBatchInput | WarmPromptCacheInput,
    ports: Ports,
    settings: AgentSettings,
    pause: Callable[[], None] = _carry_on,
) -> AnalyseBatchOutput | WarmPromptCacheOutput:
    """Analyse a batch, or fill the model's prompt cache before the first one."""
    if isinstance(request, WarmPromptCacheInput):
        return warm(request, ports)
    return _analyse(request, ports, settings, pause)


def _analyse(
    request: AnalyseBatchInput, ports: Ports, settings: AgentSettings, pause: Callable[[], None]
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
        for questions in (_questions(batch), _questions_again(batch)):
            for asked, told in answers(ports.model, questions, settings.calls_at_once(ROLE), pause):
                _keep(asked, told, batch)
                # Files are asked about side by side: a file's share is the time since the one before it.
                now = ports.clock.now()
                for file in asked.files:
                    batch.measure(file.source, (now - began) / len(asked.files))
                began = now
                batch.store_when_due()
    except BaseException:
        batch.save_interrupted()
        raise
    outcome = batch.save()
    return AnalyseBatchOutput(batch_id=request.batch_id, analysed=outcome.analysed, gaps=len(outcome.gaps))


def _questions(batch: _Batch) -> Iterator[tuple[_Asked, Question[AnalystReply]]]:
    """A question for each file that has no analysis; a file that cannot be read becomes a gap."""
    asked: set[str] = set()
    sharing: dict[str, list[AskedFile]] = {}
    for source in batch.sources.files:
        if source.analysis_key in batch.finished or source.analysis_key in asked:
            continue
        try:
            structure = structure_of(source, batch.ports)
        except GapError as error:
            batch.gaps.append(gap(source.path, error))
            continue
        asked.add(source.analysis_key)
        if source.together:
            sharing.setdefault(source.together, []).append(AskedFile(source, structure))
        else:
            yield _question((AskedFile(source, structure),), batch)
    yield from (_question(tuple(files), batch) for files in sharing.values())


def _questions_again(batch: _Batch) -> Iterator[tuple[_Asked, Question[AnalystReply]]]:
    """Files that got no answer in the question they shared, each alone."""
    yield from (_question((file,), batch) for file in batch.again)


def _question(files: tuple[AskedFile, ...], batch: _Batch) -> tuple[_Asked, Question[AnalystReply]]:
    question = question_of(files, batch.sources, batch.summaries)
    return _Asked(files, question.brief), question


def _keep(asked: _Asked, told: Answer[AnalystReply] | GapError | ModelContextExceeded, batch: _Batch) -> None:
    """Each file becomes an analysis, or a gap; one that shared its question without success is asked about alone."""
    if not isinstance(told, Exception):
        batch.usage += told.usage
    for file in asked.files:
        try:
            if isinstance(told, Exception):
                raise told
            _keep_file(file, asked.shown, told, batch)
        except (GapError, ModelContextExceeded) as error:
            if len(asked.files) > 1:
                batch.again.append(file)
            else:
                batch.gaps.append(gap(file.source.path, error))


def _keep_file(file: AskedFile, shown: Contract, told: Answer[AnalystReply], batch: _Batch) -> None:
    source, structure = file
    reply = only(told.reply, source.path) if len(told.reply.files) > 1 else told.reply
    if told.unpaid:
        if source.extractive_key is None:
            raise AnalysisMissing("the budget is used up, and an earlier release planned this file")
        stored_as = source.model_copy(update={"analysis_key": source.extractive_key})
        batch.finish_unpaid(source.analysis_key, analysis(stored_as, structure, reply, "extractive"))
        return
    try:
        kept = analysis(source, structure, reply, source.model or batch.model, proof(source, structure, shown))
    except GapError:
        batch.struck += struck(None, reply)
        raise
    batch.struck += struck(kept, reply)
    batch.finish(kept)
