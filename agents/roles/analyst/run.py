"""Analyses one batch, file by file, and stores the analyses every few files: an interrupted batch loses little."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeAlias, overload

from agents import keys
from agents.contracts.analysis import Analysis
from agents.contracts.ladder import unpaid_step
from agents.contracts.session import BatchOutcome, Pace
from agents.contracts.snapshot import Gap, SourceFile, Sources
from agents.contracts.states import AnalyseBatchInput, AnalyseBatchOutput
from agents.contracts.usage import Usage
from agents.contracts.waves import WarmPromptCacheInput, WarmPromptCacheOutput
from agents.errors import GapError, ModelContextExceeded, StoreThrottled
from agents.ports import Ports
from agents.questions.side_by_side import never_interrupts
from agents.questions.verification import Totals, VerifiedAnswer, ask_and_verify, ask_and_verify_all
from agents.roles.analyst.core import EXTRACTIVE, gap
from agents.roles.analyst.neighbours import neighbour_keys, summaries_of, summary_of
from agents.roles.analyst.question import (
    ROLE,
    AnalystQuestion,
    FileResult,
    ParsedFile,
    question_of,
    sources_of,
    structure_of,
)
from agents.roles.analyst.storing import store_analyses
from agents.roles.analyst.warming import warm
from agents.session.documents import load_analyses
from agents.session.structures import stored_structures
from agents.settings import AgentSettings

_log = logging.getLogger("swarm")

#: Results are stored after this many files, or this many seconds, whichever comes first.
CHECKPOINT_FILES = 40
CHECKPOINT_SECONDS = 20.0
#: The same where an answer costs money: a container that is killed outright loses no more than this.
PAID_CHECKPOINT_SECONDS = 2.0

#: The files of one question: mostly one.
_Files: TypeAlias = tuple[ParsedFile, ...]


class _Attempt:
    """The progress of one attempt at a batch: results, those not stored yet, gaps, cost."""

    def __init__(self, request: AnalyseBatchInput, sources: Sources, ports: Ports, model: str) -> None:
        self.model = model
        self.request = request
        self.sources = sources
        self.ports = ports
        self.finished: set[str] = set()
        self.of_job: set[str] = set()
        self.unstored: list[Analysis] = []
        self.gaps: list[Gap] = []
        self.totals = Totals()
        self.unpaid: set[str] = set()
        self.again: list[ParsedFile] = []
        self.paces: dict[str, Pace] = {}
        self.paths_around = {key: path for path, key in neighbour_keys(sources).items()}
        self.summaries: dict[str, str] = {}
        self.started = self.stored_at = ports.clock.now()

    def add(self, result: Analysis) -> None:
        """Add a file's analysis; a second file of the same bytes shares it."""
        self.finished.add(result.analysis_key)
        self.unstored.append(result)
        if result.analysis_key in self.paths_around:
            self.summaries[self.paths_around[result.analysis_key]] = summary_of(result)

    def leave_out(self, path: str, error: Exception) -> None:
        """Add a file's gap. The state goes on, so the batch's log lines have to say it."""
        missing = gap(path, error)
        self.gaps.append(missing)
        _log.warning("%s stays without documentation: %s", path, missing.detail, extra={"error": missing.reason})

    def refuse(self, file: ParsedFile, error: GapError | ModelContextExceeded) -> None:
        """Add the gap of a file about which the model's replies were refused; its author's documentation stays."""
        path = file.source.path
        result = self._extracted(file)
        if result is None:
            self.leave_out(path, error)
            return
        missing = gap(path, error, extracted=True)
        self.gaps.append(missing)
        self.unstored.append(result)
        message = "%s has its author's documentation alone, as the model gave no usable reply: %s"
        _log.warning(message, path, missing.detail, extra={"error": missing.reason})

    def _extracted(self, file: ParsedFile) -> Analysis | None:
        """The extractive analysis, under its own key: a later session asks the model again."""
        key = file.source.extractive_key
        if key is None:  # planned by an earlier release
            return None
        source = file.source.with_changes(analysis_key=key, model=EXTRACTIVE)
        question = question_of((ParsedFile(source, file.structure),), self.model, self.sources, self.summaries)
        try:
            ((_, result),) = ask_and_verify(self.ports.model, question).claims
        except (GapError, ModelContextExceeded):
            return None
        return result if isinstance(result, Analysis) else None

    def add_unpaid(self, asked_for: str, result: Analysis) -> None:
        """Add the extractive fallback of a file that the budget did not cover; `asked_for` is the file's key."""
        self.unpaid.add(asked_for)
        self.unstored.append(result)

    def measure(self, source: SourceFile, seconds: float) -> None:
        """Record how long a file took: the router predicts the next batches from it."""
        if source.model not in {"", self.model} or source.analysis_key in self.unpaid:
            return
        pace = Pace(files=1, bytes=len(source.text.encode("utf-8", "replace")), seconds=max(0.0, seconds))
        self.paces[source.language] = self.paces.get(source.language, Pace()) + pace

    def store_when_due(self) -> None:
        """Store the unstored analyses after CHECKPOINT_FILES of them, or after the longest time."""
        longest = CHECKPOINT_SECONDS if self.model == "extractive" else PAID_CHECKPOINT_SECONDS
        late = self.ports.clock.now() - self.stored_at >= longest
        if len(self.unstored) >= CHECKPOINT_FILES or late:
            self._store()

    def save(self) -> BatchOutcome:
        """Store the rest and write the outcome of the batch."""
        self._store()
        # The batch inference job's own outcome counts the files that it analysed.
        analysed = (self.finished - self.of_job) | self.unpaid
        outcome = BatchOutcome(
            batch_id=self.request.batch_id,
            route=self.request.route,
            analysed=sum(source.analysis_key in analysed for source in self.sources.files),
            gaps=tuple(self.gaps),
            usage=self.totals.usage,
            dropped_claims=self.totals.dropped_claims,
            unpaid=tuple(source.path for source in self.sources.files if source.analysis_key in self.unpaid),
            began_at=round(self.started, 3),
            seconds=max(0.0, round(self.ports.clock.now() - self.started, 3)),
        )
        self.ports.store.save_batch(self.request.session_id, outcome)
        if outcome.unpaid:
            step = unpaid_step(ROLE, outcome.unpaid, int(self.ports.clock.now()))
            self.ports.store.save_step(self.request.session_id, step, outcome.batch_id)
        # Hundreds of analysts write these few items at once: a lost figure costs less than a failed batch.
        with suppress(StoreThrottled):
            self.ports.store.add_paces(self.model, self.paces)
        self.paces = {}
        return outcome

    def save_interrupted(self) -> None:
        """Save at an early end. Cost and dropped claims are written apart: the next attempt replaces the outcome."""
        totals, self.totals = self.totals, Totals()
        role = f"{ROLE}-{self.request.batch_id}-{self.started:.6f}"
        if totals.usage != Usage():
            self.ports.store.save_usage(self.request.session_id, role, totals.usage)
        if totals.dropped_claims:
            self.ports.store.save_dropped_claims(self.request.session_id, role, totals.dropped_claims)
        self.save()

    def _store(self) -> None:
        if self.unstored:
            store_analyses(self.unstored, self.ports)
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
    pause: Callable[[], None] = never_interrupts,
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
    what is finished is stored first, as before every error that ends the attempt.
    """
    attempt = _Attempt(request, sources_of(request.session_id, request.batch_id, ports), ports, settings.model_of(ROLE))
    stored = ports.store.analyses(file.analysis_key for file in attempt.sources.files)
    attempt.finished.update(stored)
    if settings.inference == "batch":
        attempt.of_job.update(key for key, at in stored.items() if at.blob_key.startswith(keys.JOB_ANALYSES))
    # Summaries that earlier waves and sessions wrote of the files around; those of this batch are added as it goes.
    attempt.summaries.update(summaries_of(attempt.sources, load_analyses(ports, attempt.paths_around).values()))
    try:
        previous = ports.clock.now()
        for questions in (_questions(attempt), _questions_again(attempt)):
            answers = ask_and_verify_all(ports.model, questions, settings.questions_at_once(ROLE), pause)
            for files, answer in answers:
                _add(files, answer, attempt)
                # Files are asked about side by side: a file's share is the time since the previous answer.
                now = ports.clock.now()
                for file in files:
                    attempt.measure(file.source, (now - previous) / len(files))
                previous = now
                attempt.store_when_due()
    except BaseException:
        attempt.save_interrupted()
        raise
    outcome = attempt.save()
    return AnalyseBatchOutput(batch_id=request.batch_id, analysed=outcome.analysed, gaps=len(outcome.gaps))


def _questions(attempt: _Attempt) -> Iterator[tuple[_Files, AnalystQuestion]]:
    """A question for each file that has no analysis; a file that cannot be read becomes a gap."""
    stored = stored_structures(attempt.request.session_id, attempt.request.batch_id, attempt.ports.blobs)
    seen: set[str] = set()
    sharing: dict[str, list[ParsedFile]] = {}
    for source in attempt.sources.files:
        if source.analysis_key in attempt.finished or source.analysis_key in seen:
            continue
        try:
            structure = structure_of(source, attempt.ports, stored)
        except GapError as error:
            attempt.leave_out(source.path, error)
            continue
        seen.add(source.analysis_key)
        if source.together:
            sharing.setdefault(source.together, []).append(ParsedFile(source, structure))
        else:
            yield _question((ParsedFile(source, structure),), attempt)
    yield from (_question(tuple(files), attempt) for files in sharing.values())


def _questions_again(attempt: _Attempt) -> Iterator[tuple[_Files, AnalystQuestion]]:
    """Files that got no answer in the question they shared, each alone."""
    yield from (_question((file,), attempt) for file in attempt.again)


def _question(files: _Files, attempt: _Attempt) -> tuple[_Files, AnalystQuestion]:
    return files, question_of(files, attempt.model, attempt.sources, attempt.summaries)


def _add(
    files: _Files,
    answer: VerifiedAnswer[tuple[FileResult, ...]] | GapError | ModelContextExceeded,
    attempt: _Attempt,
) -> None:
    """Add each file's analysis or gap; a file that shared a question without success is asked about alone."""
    results: Iterable[tuple[ParsedFile, Analysis | GapError | ModelContextExceeded]]
    if isinstance(answer, Exception):
        results = [(file, answer) for file in files]
    else:
        results = answer.claims
        attempt.totals.add(answer)
    for file, result in results:
        if isinstance(result, Analysis):
            if isinstance(answer, VerifiedAnswer) and answer.unpaid:
                attempt.add_unpaid(file.source.analysis_key, result)
            else:
                attempt.add(result)
        elif len(files) > 1:
            attempt.again.append(file)
        else:
            attempt.refuse(file, result)
