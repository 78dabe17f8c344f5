"""Fakes of every port: the world in memory, and time that a test owns."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from agents.contracts.analysis import AnalysisPointer
from agents.contracts.approval import Approval, DraftDecision, Notice
from agents.contracts.base import Contract, Lines
from agents.contracts.batch_inference import BatchJob, JobProgress, JobStatus
from agents.contracts.events import ReleaseEvent, SessionEvent
from agents.contracts.ladder import LadderStep
from agents.contracts.pushed import PushedCommit
from agents.contracts.reaping import Ending, RunningTask, StoppedTask
from agents.contracts.session import BatchOutcome, LostBatch, Pace, Session, SessionStatus
from agents.contracts.site import SiteVersion
from agents.contracts.snapshot import RepositoryRoute
from agents.contracts.structure import Structure, Symbol, SymbolKind
from agents.contracts.trail import JUDGED, Routing, SessionFigures, TrailEntry
from agents.contracts.usage import Spending, Usage
from agents.contracts.webhook import FetchSnapshotInput, HostKind, Push
from agents.errors import (
    BlobMissing,
    BudgetExhausted,
    ProviderFailed,
    SecretUnreadable,
    SessionTaken,
    SessionUnknown,
    TaskTokenRejected,
)
from agents.models.extractive.model import ExtractiveModel
from agents.ports import (
    UPLOAD,
    Answer,
    BlobIdentity,
    DisplacedHead,
    HostedPage,
    JobRecord,
    JobReply,
    Ports,
    Question,
    ReplyT,
    Reservation,
    UnsentEvent,
)
from agents.settings import AgentSettings

EXECUTION = "arn:aws:states:eu-central-1:000000000000:execution:documentation:first"
SESSION_ID = "s" + "0" * 20


@dataclass
class MemoryBlobs:
    """A BlobStore in a dictionary."""

    blobs: dict[str, bytes] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    described: dict[str, dict[str, str]] = field(default_factory=dict)

    def read(self, key: str) -> bytes:
        if key not in self.blobs:
            raise BlobMissing(key)
        return self.blobs[key]

    # A fake has the port's signature.
    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:  # noqa: ARG002
        self.blobs[key] = body
        self.writes.append(key)

    def upload(
        self, key: str, path: Path, content_type: str, sha256: str = "", about: Mapping[str, str] | None = None
    ) -> None:
        body = path.read_bytes()
        assert sha256 in {"", hashlib.sha256(body).hexdigest()}
        self.write(key, body, content_type)
        self.described[key] = dict(about or {})

    # A fake has the port's signature.
    def download(self, key: str, path: Path, version: str = "") -> None:  # noqa: ARG002
        path.write_bytes(self.read(key))

    # A fake has the port's signature.
    def identity(self, key: str, version: str = "") -> BlobIdentity:  # noqa: ARG002
        return BlobIdentity(hashlib.sha256(self.read(key)).hexdigest(), self.described.get(key, {}))

    def exists(self, key: str) -> bool:
        return key in self.blobs


@dataclass
class MemorySites:
    """A SiteStore in a dictionary; `order` has the keys as they were written."""

    pages: dict[str, HostedPage] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def write_pages(self, pages: Iterable[HostedPage]) -> None:
        for page in pages:
            self.pages[page.key] = page
            self.order.append(page.key)


@dataclass
class MemoryStore:
    """A SessionItems in dictionaries, with the promises of the real one."""

    sessions: dict[str, Session] = field(default_factory=dict)
    plans: dict[str, tuple[list[str], int, bool]] = field(default_factory=dict)
    repository_routes: dict[str, RepositoryRoute] = field(default_factory=dict)
    last_scans: dict[str, str] = field(default_factory=dict)
    pointers: dict[str, AnalysisPointer] = field(default_factory=dict)
    outcomes: dict[tuple[str, str], BatchOutcome] = field(default_factory=dict)
    lost: dict[tuple[str, str], LostBatch] = field(default_factory=dict)
    spent: dict[tuple[str, str], Usage] = field(default_factory=dict)
    lies: dict[tuple[str, str], int] = field(default_factory=dict)
    failures: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    known_paces: dict[tuple[str, str], Pace] = field(default_factory=dict)
    taken: dict[tuple[str, str], LadderStep] = field(default_factory=dict)
    spendings: dict[str, Spending] = field(default_factory=dict)
    short_of: dict[str, float] = field(default_factory=dict)
    gaps_of: dict[str, tuple[str, str]] = field(default_factory=dict)
    hosted: dict[tuple[str, str], SiteVersion] = field(default_factory=dict)
    wants: dict[str, set[str]] = field(default_factory=dict)

    def claim(self, session: Session, cap_usd: float = 0, wanted_by: str = UPLOAD) -> Session | None:
        held = self.sessions.get(session.session_id)
        free = {SessionStatus.FAILED, SessionStatus.SUPERSEDED}
        retry = held is not None and held.status == SessionStatus.RUNNING and held.execution == session.execution
        if held is None or held.status in free or retry or self._has_more(session, cap_usd):
            self.short_of.pop(session.session_id, None)
            self.gaps_of.pop(session.session_id, None)
            self.sessions[session.session_id] = session
            self.wants.setdefault(session.session_id, set()).add(wanted_by)
            return None
        return held

    def _has_more(self, session: Session, cap_usd: float) -> bool:
        sent = (session.archive_key, session.archive_version)
        left_gaps = self.gaps_of.get(session.session_id, sent) != sent
        return left_gaps or self.short_of.get(session.session_id, cap_usd) < cap_usd

    def take_over(self, session: Session, dead_execution: str, wanted_by: str = UPLOAD) -> bool:
        held = self.sessions.get(session.session_id)
        if held is None or not held.status.open or held.execution != dead_execution:
            return False
        self.sessions[session.session_id] = session
        self.wants.setdefault(session.session_id, set()).add(wanted_by)
        return True

    def want(self, session_id: str, wanted_by: str) -> bool:
        held = self.sessions[session_id]
        if not held.status.open or held.superseded:
            return False
        self.wants[session_id].add(wanted_by)
        return True

    def withdraw(self, session_id: str, branch: str, until: str) -> Session | None:
        wants = self.wants.setdefault(session_id, set())
        wants -= {name for name in wants if name.startswith(f"{branch}@") and name <= f"{branch}@{until}"}
        held = self.sessions.get(session_id)
        if held is None or wants or not held.status.open:
            return None
        self.sessions[session_id] = held.with_changes(superseded=True)
        return self.sessions[session_id]

    def session(self, session_id: str) -> Session:
        if session_id not in self.sessions:
            raise SessionUnknown(session_id)
        return self.sessions[session_id]

    def close(
        self, session: Session, status: SessionStatus, short_of_usd: float | None = None, left_gaps: bool = False
    ) -> None:
        session_id = session.session_id
        if self.session(session_id).execution != session.execution:
            raise SessionTaken(session_id)
        if short_of_usd is not None:
            self.short_of[session_id] = short_of_usd
        if left_gaps:
            self.gaps_of[session_id] = (session.archive_key, session.archive_version)
        changes = {"status": status, "superseded": False}
        self.sessions[session_id] = self.session(session_id).model_copy(update=changes)
        self.wants.setdefault(session_id, set()).discard(UPLOAD)

    def save_plan(
        self, session_id: str, waves: Sequence[str], batches: int, repository: RepositoryRoute, warm_up: bool = False
    ) -> None:
        self.plans[session_id] = (list(waves), batches, warm_up)
        self.repository_routes[session_id] = repository

    def save_last_scan(self, repository: str, session_id: str) -> None:
        self.last_scans[repository] = session_id

    def last_scan(self, repository: str) -> str:
        return self.last_scans.get(repository, "")

    def analyses(self, keys: Iterable[str]) -> Mapping[str, AnalysisPointer]:
        return {key: self.pointers[key] for key in keys if key in self.pointers}

    def save_analyses(self, pointers: Sequence[AnalysisPointer]) -> None:
        self.pointers.update({pointer.analysis_key: pointer for pointer in pointers})

    def clear_batches(self, session_id: str) -> None:
        self.outcomes = {key: value for key, value in self.outcomes.items() if key[0] != session_id}
        self.lost = {key: value for key, value in self.lost.items() if key[0] != session_id}
        self.taken = {key: value for key, value in self.taken.items() if key[0] != session_id}

    def save_batch(self, session_id: str, outcome: BatchOutcome) -> None:
        self.outcomes[session_id, outcome.batch_id] = outcome

    def batches(self, session_id: str) -> tuple[Sequence[BatchOutcome], Sequence[LostBatch]]:
        return (
            [value for key, value in self.outcomes.items() if key[0] == session_id],
            [value for key, value in self.lost.items() if key[0] == session_id],
        )

    def save_usage(self, session_id: str, role: str, usage: Usage) -> None:
        self.spent[session_id, role] = usage

    def usages(self, session_id: str) -> Mapping[str, Usage]:
        return {role: usage for (session, role), usage in self.spent.items() if session == session_id}

    def save_step(self, session_id: str, step: LadderStep, batch_id: str = "") -> None:
        self.taken[session_id, f"{step.name}#{batch_id}"] = step

    def steps(self, session_id: str) -> Sequence[LadderStep]:
        return [step for (session, _), step in self.taken.items() if session == session_id]

    def spending(self, session_id: str) -> Spending:
        return self.spendings.get(session_id, Spending())

    def save_dropped_claims(self, session_id: str, role: str, count: int) -> None:
        self.lies[session_id, role] = count

    def dropped_claims(self, session_id: str) -> Mapping[str, int]:
        return {role: count for (session, role), count in self.lies.items() if session == session_id}

    def save_site_version(self, version: SiteVersion) -> None:
        self.hosted[version.repository, version.name] = version

    def site_versions(self, repository: str) -> Sequence[SiteVersion]:
        found = (version for (of, _), version in self.hosted.items() if of == repository)
        return sorted(found, key=lambda one: -one.published_at)

    def save_failure(self, session_id: str, execution: str, error: str, cause: str) -> None:
        self.failures[session_id, execution] = (error, cause)

    def add_paces(self, model: str, paces: Mapping[str, Pace]) -> None:
        for language, pace in paces.items():
            self.known_paces[model, language] = self.known_paces.get((model, language), Pace()) + pace

    def paces(self, model: str) -> Mapping[str, Pace]:
        return {language: pace for (of, language), pace in self.known_paces.items() if of == model}

    def running_sessions(self) -> Sequence[Session]:
        return [session for session in self.sessions.values() if session.status.open]


@dataclass
class MemoryBranches:
    """A Branches in dictionaries."""

    heads: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    displaced: dict[tuple[str, str], set[DisplacedHead]] = field(default_factory=dict)

    def is_older(self, pushed: PushedCommit, session_id: str) -> bool:
        head, order = self.heads.get((pushed.repository, pushed.ref), ("", ""))
        return bool(head) and head != session_id and order > pushed.order

    def advance(self, pushed: PushedCommit, session_id: str) -> Collection[DisplacedHead] | None:
        if self.is_older(pushed, session_id):
            return None
        branch = pushed.repository, pushed.ref
        head, order = self.heads.get(branch, ("", ""))
        displaced = self.displaced.setdefault(branch, set())
        if head not in {"", session_id}:
            displaced.add(DisplacedHead(head, order))
        self.heads[branch] = session_id, max(order, pushed.order)
        return sorted(displaced)

    def settle(self, pushed: PushedCommit, displaced: Collection[DisplacedHead]) -> None:
        self.displaced[pushed.repository, pushed.ref] -= set(displaced)


@dataclass
class MemoryApprovals:
    """An Approvals in dictionaries; `answered` has the decisions that went to the state machine, in their order."""

    store: MemoryStore
    requests: dict[tuple[str, int], Approval] = field(default_factory=dict)
    links: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    tokens: dict[tuple[str, int], str] = field(default_factory=dict)
    answered: list[tuple[str, DraftDecision]] = field(default_factory=list)

    def ask(self, approval: Approval, task_token: str, link_hash: str) -> None:
        key = approval.session_id, approval.revision
        self.requests[key], self.links[key], self.tokens[key] = approval, {link_hash}, task_token
        session = self.store.session(approval.session_id)
        if session.status is SessionStatus.RUNNING and session.execution == approval.execution:
            self.store.close(session, SessionStatus.AWAITING_APPROVAL)

    def add_link(self, approval: Approval, link_hash: str) -> None:
        self.links[approval.session_id, approval.revision].add(link_hash)

    def linked(self, session_id: str, revision: int, link_hash: str) -> Approval | None:
        key = session_id, revision
        return self.requests[key] if link_hash in self.links.get(key, ()) else None

    def of(self, session: Session) -> Sequence[Approval]:
        own = [approval for (name, _), approval in self.requests.items() if name == session.session_id]
        return sorted((a for a in own if a.execution == session.execution), key=lambda a: a.revision)

    def decide(self, approval: Approval, decision: DraftDecision) -> DraftDecision:
        key = approval.session_id, approval.revision
        counts = self.requests[key].decision or decision
        self.requests[key] = self.requests[key].with_changes(decision=counts)
        self.answered.append((self.tokens[key], counts))
        return counts


@dataclass
class SentNotices:
    """A Notices that remembers."""

    sent: list[Notice] = field(default_factory=list)

    def send(self, notice: Notice) -> None:
        self.sent.append(notice)


@dataclass
class MemoryEvents:
    """An Events that remembers what was sent; a bus that is `down` takes nothing."""

    sent: list[SessionEvent] = field(default_factory=list)
    releases: list[ReleaseEvent] = field(default_factory=list)
    written: dict[str, UnsentEvent] = field(default_factory=dict)
    down: bool = False

    def prepare(self, event: SessionEvent) -> None:
        self.written[event.event_id] = UnsentEvent(event, certain=False)

    def send(self, *events: SessionEvent) -> None:
        for event in events:
            if self.down:
                self.written[event.event_id] = UnsentEvent(event, certain=True)
            else:
                self.sent.append(event)
                self.written.pop(event.event_id, None)

    def send_release(self, event: ReleaseEvent) -> None:
        if not self.down:
            self.releases.append(event)

    def unsent(self) -> Sequence[UnsentEvent]:
        return list(self.written.values())

    def forget(self, event: SessionEvent) -> None:
        self.written.pop(event.event_id, None)


@dataclass
class KnownExecutions:
    """Executions: those in `running` run, every other is over."""

    running: set[str] = field(default_factory=set)
    versions: dict[str, int] = field(default_factory=dict)
    endings: dict[str, Ending] = field(default_factory=dict)
    answered: dict[str, tuple[str, str]] = field(default_factory=dict)

    def is_running(self, execution: str) -> bool:
        return execution in self.running

    def version(self, execution: str) -> int:
        return self.versions.get(execution, 0)

    def ending(self, execution: str) -> Ending:
        return self.endings.get(execution, Ending())

    def stop(self, execution: str, error: str, cause: str) -> None:
        if execution in self.running:
            self.running.remove(execution)
            self.endings[execution] = Ending(error=error, cause=cause)

    def fail_task(self, task_token: str, error: str, cause: str) -> None:
        if task_token in self.answered:
            raise TaskTokenRejected(task_token)
        self.answered[task_token] = (error, cause)


@dataclass
class KnownReapRequests:
    """ReapRequests that remembers whom it was asked to end."""

    requested: list[str] = field(default_factory=list)

    def request(self, session_id: str) -> None:
        self.requested.append(session_id)


@dataclass
class MemoryFigures:
    """A FigureItems in a list."""

    saved: list[SessionFigures] = field(default_factory=list)

    def save(self, figures: SessionFigures) -> None:
        self.saved.append(figures)

    def of_version(self, version: int) -> Sequence[SessionFigures]:
        return [figures for figures in self.saved if figures.version == version]


@dataclass
class MemoryRollout:
    """A Rollout whose weights are a dictionary; `moved` has the releases to which functions were moved."""

    weights: dict[int, int] = field(default_factory=lambda: {1: 100})
    newest: int = 1
    since: float = 0
    failed: dict[int, int] = field(default_factory=dict)
    trail: list[TrailEntry] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)

    def routing(self) -> Routing:
        former, new = min(self.weights), max(self.weights)
        judged = max((entry.version for entry in self.trail if entry.event in JUDGED), default=0)
        split = new if new != former else None
        share = self.weights[new] if split else 0
        return Routing(former=former, new=split, percent=share, since=self.since, newest=self.newest, judged=judged)

    def release_of(self, version: int) -> str:
        return f"release-{version}"

    def failed_executions(self, version: int, since: float) -> int:  # noqa: ARG002 (a fake has the port's signature)
        return self.failed.get(version, 0)

    def split(self, former: int, new: int, percent: int) -> None:
        self.weights = {former: 100 - percent, new: percent}

    def give_all(self, version: int) -> None:
        self.weights = {version: 100}

    def move_functions(self, release: str) -> None:
        self.moved.append(release)

    def append(self, entry: TrailEntry) -> None:
        self.trail.append(entry)


@dataclass
class KnownTasks:
    """Tasks that run until they are stopped, with the reason."""

    tasks: list[RunningTask] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    ends: dict[str, StoppedTask] = field(default_factory=dict)

    def ended(self, arn: str) -> StoppedTask | None:
        return self.ends.get(arn)

    def running(self) -> Sequence[RunningTask]:
        return [task for task in self.tasks if task.arn not in self.stopped]

    def stop(self, arn: str, reason: str) -> None:
        self.stopped[arn] = reason


@dataclass
class MemoryLedger:
    """A BudgetLedger with one cap that remembers what is held, and for how long."""

    cap: float = 1_000.0
    held: dict[str, Reservation] = field(default_factory=dict)
    seconds: list[int] = field(default_factory=list)
    spent: float = 0.0
    spendings: dict[str, Spending] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: dict[str, str] = field(default_factory=dict)
    looked_after: list[str] = field(default_factory=list)

    def reserve(self, session_id: str, usd: float, seconds: int = 900) -> Reservation:
        if self.spent + sum(one.usd for one in self.held.values()) + usd > self.cap:
            raise BudgetExhausted(f"{usd} does not fit {self.cap}")
        self.seconds.append(seconds)
        held = Reservation(f"lease-{len(self.seconds)}", session_id, usd, 0)
        self.held[held.lease] = held
        return held

    def settle(self, reservation: Reservation, usd: float, usage: Usage | None = None) -> None:
        counted = (usage or Usage()).model_copy(update={"usd": usd})
        with self._lock:
            if self.held.pop(reservation.lease, None) is None:
                return
            self.spent += usd
            before = self.spendings.get(reservation.session_id, Spending())
            self.spendings[reservation.session_id] = before.model_copy(update={"settled": before.settled + counted})

    def stop(self, session_id: str, reason: str) -> None:
        self.stopped[session_id] = reason

    def reopen(self, session_id: str) -> None:
        self.stopped.pop(session_id, None)

    def give_back(self, session_id: str) -> float:
        mine = [lease for lease, held in self.held.items() if held.session_id == session_id]
        return sum(self.held.pop(lease).usd for lease in mine)

    def give_back_expired(self, session_id: str) -> float:
        self.looked_after.append(session_id)
        return 0.0


@dataclass
class ReplayingModel:
    """A LanguageModel that gives back prepared replies, in order, or what `respond` makes of the question.

    A prepared exception is raised. Questions are kept for the test to read. As in a session, a question that names the
    extractive model goes to that one.
    """

    replies: list[Contract | Exception] = field(default_factory=list)
    respond: Callable[[Contract], Contract] | None = None
    usage: Usage = field(default_factory=Usage)
    name: str = "replayed"
    questions: list[Question[Contract]] = field(default_factory=list)

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        if question.model == "extractive":
            return ExtractiveModel().answer(question)
        self.questions.append(question)
        reply = self.respond(question.brief) if self.respond else self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        assert isinstance(reply, question.reply_type)
        return Answer(reply, self.usage)


@dataclass
class LineReader:
    """A StructureReader that sees one function named after the file; `broken` paths raise the given error."""

    broken: dict[str, Exception] = field(default_factory=dict)

    def read(self, path: str, language: str, text: str) -> Structure:
        if path in self.broken:
            raise self.broken[path]
        lines = max(1, text.count("\n") + (not text.endswith("\n")))
        name = path.rsplit("/", 1)[-1].split(".")[0] or "file"
        function = Symbol(
            name=name, kind=SymbolKind.FUNCTION, signature=f"def {name}()", lines=Lines(start=1, end=lines)
        )
        return Structure(language=language, line_count=lines, symbols=(function,))


@dataclass
class FakeClock:
    """A Clock that stands still until a test moves it."""

    seconds: float = 1_800_000_000.0

    def now(self) -> float:
        return self.seconds


@dataclass
class FakeCallback:
    """A TaskCallback that remembers how it was answered; `rejected` raises that error instead."""

    outputs: list[Contract] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    beats: int = 0
    rejected: Exception | None = None

    def _refuse(self) -> None:
        if self.rejected is not None:
            raise self.rejected

    def succeed(self, output: Contract) -> None:
        self._refuse()
        self.outputs.append(output)

    def fail(self, error: str, cause: str) -> None:
        self._refuse()
        self.failures.append((error, cause))

    def beat(self) -> None:
        self._refuse()
        self.beats += 1


@dataclass
class KnownJobs:
    """A BatchJobs whose jobs stand where a test puts them; a record's line is its name, and so is a reply's."""

    arn: str = "arn:aws:bedrock:eu-west-1:000000000000:model-invocation-job/abc123def456"
    most_usd: float = 1.0
    progress: JobProgress = field(default_factory=lambda: JobProgress(status=JobStatus.COMPLETED))
    errors: list[Exception] = field(default_factory=list)
    asked: dict[str, Question[Contract]] = field(default_factory=dict)
    replies: dict[str, JobReply] = field(default_factory=dict)
    submitted: list[BatchJob] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def record(self, record_id: str, question: Question[Contract]) -> JobRecord:
        self.asked[record_id] = question
        return JobRecord(record_id.encode(), self.most_usd)

    def submit(self, job: BatchJob) -> str:
        self._fail()
        self.submitted.append(job)
        return self.arn

    def check(self, arn: str) -> JobProgress:
        assert arn == self.arn
        self._fail()
        return self.progress

    def stop(self, arn: str) -> None:
        self.stopped.append(arn)

    # A fake has the port's signature.
    def reply(self, line: bytes, reply_type: type[Contract]) -> JobReply | None:  # noqa: ARG002
        return self.replies.get(line.decode())

    def _fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


@dataclass
class MemoryWebhooks:
    """A Webhooks that remembers every request; `secrets` are live."""

    secrets: list[str] = field(default_factory=lambda: ["first secret"])
    deliveries: list[str] = field(default_factory=list)
    requests: list[FetchSnapshotInput] = field(default_factory=list)
    commits: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def live_secrets(self) -> Sequence[str]:
        return self.secrets

    def once(self, delivery: str, act: Callable[[], None]) -> Literal["done", "already", "under way"]:
        if delivery in self.deliveries:
            return "already"
        act()
        self.deliveries.append(delivery)
        return "done"

    def request_fetch(self, request: FetchSnapshotInput) -> None:
        self.requests.append(request)

    def fetched(self, push: Push) -> str:
        return self.commits.get((push.provider, push.repository, f"{push.kind}/{push.ref}"), "")

    def save_fetched(self, push: Push) -> None:
        self.commits[push.provider, push.repository, f"{push.kind}/{push.ref}"] = push.commit or ""


@dataclass
class KnownHosts:
    """A CodeHosts with the archives of a test, by commit, and what refs point to."""

    archives: dict[str, bytes] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)

    # A fake has the port's signature.
    def commit_of(self, provider: HostKind, repository: str, ref: str) -> str:  # noqa: ARG002
        return self.refs[ref]

    # A fake has the port's signature.
    def download(
        self,
        provider: HostKind,  # noqa: ARG002  (the port's signature)
        repository: str,  # noqa: ARG002  (the port's signature)
        commit: str,
        path: Path,
        limit_bytes: int,  # noqa: ARG002  (the port's signature)
    ) -> None:
        path.write_bytes(self.archives[commit])


@dataclass
class MemorySecrets:
    """Secrets in a dictionary."""

    secrets: dict[str, str] = field(default_factory=dict)

    def read(self, name: str) -> str:
        if name not in self.secrets:
            raise SecretUnreadable(name)
        return self.secrets[name]


class NoWeb:
    """No server answers."""

    def fetch(
        self,
        url: str,
        form: Mapping[str, str] | None = None,  # noqa: ARG002 (a fake has the port's signature)
        headers: Mapping[str, str] | None = None,  # noqa: ARG002 (likewise)
    ) -> tuple[int, bytes]:
        raise ProviderFailed(url)


@dataclass(frozen=True)
class FakePorts(Ports):
    """Ports whose fakes keep their own types, so that a test can look inside."""

    blobs: MemoryBlobs
    uploads: MemoryBlobs
    store: MemoryStore
    executions: KnownExecutions
    reaper: KnownReapRequests
    figures: MemoryFigures
    rollout: MemoryRollout
    model: ReplayingModel
    structure: LineReader
    clock: FakeClock
    tasks: KnownTasks
    ledger: MemoryLedger
    jobs: KnownJobs
    branches: MemoryBranches
    webhooks: MemoryWebhooks
    hosts: KnownHosts
    approvals: MemoryApprovals
    notices: SentNotices
    events: MemoryEvents
    secrets: MemorySecrets


def fake_ports(model: ReplayingModel | None = None, structure: LineReader | None = None) -> FakePorts:
    """A world of its own for one test. Put a real model or reader in with `dataclasses.replace` on Ports."""
    ledger = MemoryLedger()
    store = MemoryStore(spendings=ledger.spendings)
    return FakePorts(
        blobs=MemoryBlobs(),
        uploads=MemoryBlobs(),
        sites=None,
        store=store,
        executions=KnownExecutions(),
        reaper=KnownReapRequests(),
        figures=MemoryFigures(),
        rollout=MemoryRollout(),
        model=model or ReplayingModel(),
        structure=structure or LineReader(),
        clock=FakeClock(),
        tasks=KnownTasks(),
        ledger=ledger,
        jobs=KnownJobs(),
        branches=MemoryBranches(),
        webhooks=MemoryWebhooks(),
        hosts=KnownHosts(),
        approvals=MemoryApprovals(store),
        notices=SentNotices(),
        events=MemoryEvents(),
        secrets=MemorySecrets(),
        web=NoWeb(),
    )


def settings(state: str = "Scan", /, **changes: object) -> AgentSettings:
    """The settings of a function of this state; `changes` replace single settings."""
    plain = {
        "environment": "test",
        "state": state,
        "context_table": "context",
        "context_bucket": "context-bucket",
        "site_bucket": "",
        "site_retention_days": 365,
        "upload_bucket": "upload-bucket",
        "site_key_id": "",
        "site_sign_in_issuer": "",
        "site_sign_in_client_id": "",
        "site_sign_in_domains": "",
        "cluster_arn": "",
        "batch_inference_role": "",
        "model": "extractive",
        "economy_model": "",
        "role_models": "",
        "service_tiers": "",
        "model_prices": "",
        "model_key_secret": "",
        "model_timeout_seconds": 120,
        "model_calls_at_once": 12,
        "inference": "realtime",
        "batch_inference_minimum_records": 100,
        "batch_inference_poll_seconds": 60,
        "batch_inference_seconds": 86_400,
        "release": "r0",
        "canary_percent": 0,
        "canary_minutes": 60,
        "canary_minimum_sessions": 3,
        "state_machine_alias": "",
        "release_bucket": "",
        "function_names": "",
        "cap_usd": 10.0,
        "day_cap_usd": 100.0,
        "analyst_concurrency": 40,
        "heartbeat_seconds": 30,
        "lambda_seconds": 900,
        "fargate_spot": False,
        "gap_tolerance_percent": 20,
        "approval_score": 80,
        "on_revision_limit": "publish",
        "approve_before_publish": False,
        "approval_hours": 72,
        "approval_default": "reject",
        "approval_webhook_secret": "",
        "approval_url": "",
        "approval_topic": "",
        "scan_lambda_megabytes": 50,
        "batch_lambda_kilobytes": 2_000,
        "repository_lambda_megabytes": 200,
        "batch_target_kilobytes": 250,
        "batch_target_files": 40,
        "file_limit_kilobytes": 5_000,
        "repository_limit_files": 100_000,
        "repository_limit_megabytes": 2_000,
        "analyst_memory_megabytes": 2_048,
        "repository_memory_megabytes": 3_008,
        "task_cpu_units": 2_048,
        "task_memory_megabytes": 8_192,
        "task_disk_gigabytes": 21,
        "webhook_repositories": "",
        "webhook_branches": "",
        "webhook_hosts": "github=https://api.github.com",
        "trace_endpoint": "",
        "retention_days": 90,
    }
    return AgentSettings.model_validate({**plain, **changes})


def running_session(session_id: str = SESSION_ID, **changes: object) -> Session:
    """A session that its first execution holds."""
    plain = {
        "session_id": session_id,
        "status": SessionStatus.RUNNING,
        "repository": "demo",
        "archive_key": "uploads/demo/archive.tar.gz",
        "archive_bytes": 10,
        "execution": EXECUTION,
        "model": "extractive",
        "release": "r0",
        "opened_at": 1_800_000_000,
    }
    return Session.model_validate({**plain, **changes})


def with_model(ports: Ports, model: object) -> Ports:
    """The same world with another model, such as the extractive one."""
    # A part that this test does not read.
    return replace(Ports(**{name: getattr(ports, name) for name in Ports.__dataclass_fields__}), model=model)  # type: ignore[arg-type]
