"""The ports of the roles: small protocols, implemented in agents/aws, agents/models and agents/codebase."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable

from agents.contracts.analysis import AnalysisPointer
from agents.contracts.approval import Approval, DraftDecision, Notice
from agents.contracts.base import Contract
from agents.contracts.batch_inference import BatchJob, JobProgress
from agents.contracts.conversation import Turn
from agents.contracts.events import ReleaseEvent, SessionEvent
from agents.contracts.ladder import LadderStep
from agents.contracts.pushed import PushedCommit
from agents.contracts.reaping import Ending, RunningTask, StoppedTask
from agents.contracts.session import BatchOutcome, LostBatch, Pace, Session, SessionStatus
from agents.contracts.site import SiteVersion
from agents.contracts.snapshot import RepositoryRoute
from agents.contracts.structure import Structure
from agents.contracts.trail import Routing, SessionFigures, TrailEntry
from agents.contracts.usage import MAX_OUTPUT_TOKENS, Spending, Usage
from agents.contracts.webhook import FetchSnapshotInput, HostKind, Push

#: Who wants a session that was uploaded by hand: no branch, and no newer commit can withdraw it.
UPLOAD = "upload"
ReplyT = TypeVar("ReplyT", bound=Contract)
ReplyT_co = TypeVar("ReplyT_co", bound=Contract, covariant=True)


@dataclass(frozen=True)
class HostedPage:
    """A file of a hosted site, with its headers."""

    key: str
    body: bytes
    content_type: str
    cache_control: str


class SiteStore(Protocol):
    """The files of hosted sites."""

    def write_pages(self, pages: Iterable[HostedPage]) -> None:
        """Write every page, several at once and in no order; returns when all are written."""


class BlobIdentity(NamedTuple):
    """A blob's SHA-256 checksum where S3 keeps one, else its ETag; and its metadata."""

    checksum: str
    about: Mapping[str, str]


class BlobStore(Protocol):
    """Bytes under keys, in one bucket."""

    def read(self, key: str) -> bytes:
        """The blob's bytes. Raises BlobMissing."""

    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:
        """Write the blob whole; the last writer wins."""

    def upload(
        self, key: str, path: Path, content_type: str, sha256: str = "", about: Mapping[str, str] | None = None
    ) -> None:
        """Stream a file into the blob, in hexadecimal its checksum, and `about` it in ASCII; the last writer wins."""

    def download(self, key: str, path: Path, version: str = "") -> None:
        """Stream the blob into a file. Raises BlobMissing."""

    def identity(self, key: str, version: str = "") -> BlobIdentity:
        """What names the blob's content, and what its writer says about it. Raises BlobMissing."""

    def exists(self, key: str) -> bool:
        """Whether there is such a blob."""


class DisplacedHead(NamedTuple):
    """A session that was the head of its branch, and the order of its push."""

    session_id: str
    order: str


class SessionItems(Protocol):
    """What sessions remember, in DynamoDB."""

    def claim(self, session: Session, cap_usd: float = 0, wanted_by: str = UPLOAD) -> Session | None:
        """Claim the session in one conditional write, or return the one that holds it.

        A session is free when it is new, when it FAILED or was SUPERSEDED, when it is RUNNING under this same
        execution (a retry), when it was published with gaps and its bytes were uploaded again, or when its budget ran
        out and it now has a larger cap, or another day began. `wanted_by` is added to those who want it: UPLOAD, or
        the push of a commit.
        """

    def take_over(self, session: Session, dead_execution: str, wanted_by: str = UPLOAD) -> bool:
        """Claim an open session whose execution is over; False when another execution claimed it first."""

    def want(self, session_id: str, wanted_by: str) -> bool:
        """Add to those who want an open session; False when it is closed or superseded."""

    def withdraw(self, session_id: str, branch: str, until: str) -> Session | None:
        """Remove a branch's pushes up to an order from those who want the session.

        When nobody wants it any more and it is open, it becomes superseded, and is returned: its execution may be
        stopped, because whoever wants it from now on takes it over. A second call does the same.
        """

    def session(self, session_id: str) -> Session:
        """The session's item. Raises SessionUnknown."""

    def close(
        self, session: Session, status: SessionStatus, short_of_usd: float | None = None, left_gaps: bool = False
    ) -> None:
        """Write the session's end; `short_of_usd` is the cap that was too low for it.

        Raises SessionTaken when another execution than this session's has claimed it since, or SessionUnknown.
        """

    def save_plan(
        self, session_id: str, waves: Sequence[str], batches: int, repository: RepositoryRoute, warm_up: bool = False
    ) -> None:
        """Write the item that LoadPlan reads: the keys of each wave's batches, where the states after them run, and
        whether to warm the cache first.
        """

    def save_last_scan(self, repository: str, session_id: str) -> None:
        """Write which session scanned a repository of this name last."""

    def last_scan(self, repository: str) -> str:
        """The session that scanned a repository of this name last; empty if none did."""

    def analyses(self, keys: Iterable[str]) -> Mapping[str, AnalysisPointer]:
        """Those of the analyses that are stored, by key."""

    def save_analyses(self, pointers: Sequence[AnalysisPointer]) -> None:
        """Write where analyses are; the last writer wins."""

    def clear_batches(self, session_id: str) -> None:
        """Delete the outcomes of batches and the steps of the ladder: a new scan plans new ones under the same ids."""

    def save_batch(self, session_id: str, outcome: BatchOutcome) -> None:
        """Write the outcome of a batch; a later attempt replaces an earlier one."""

    def batches(self, session_id: str) -> tuple[Sequence[BatchOutcome], Sequence[LostBatch]]:
        """The outcomes of every batch so far, and the batches that were lost."""

    def save_usage(self, session_id: str, role: str, usage: Usage) -> None:
        """Write what a role other than the analyst spent; a retry replaces it. Revisions use `editor-2` and so on."""

    def usages(self, session_id: str) -> Mapping[str, Usage]:
        """What each of those roles spent; an analyst's usage is in its batches."""

    def save_step(self, session_id: str, step: LadderStep, batch_id: str = "") -> None:
        """Write a step of the ladder; a retry replaces it."""

    def steps(self, session_id: str) -> Sequence[LadderStep]:
        """Every step of the ladder that the session took, in their order."""

    def spending(self, session_id: str) -> Spending:
        """What the session's ledger says."""

    def save_dropped_claims(self, session_id: str, role: str, count: int) -> None:
        """Write how many claims of a role's model were dropped; a retry replaces it. Roles are as in save_usage."""

    def dropped_claims(self, session_id: str) -> Mapping[str, int]:
        """The number of dropped claims by role; an analyst's is in its batches."""

    def save_failure(self, session_id: str, execution: str, error: str, cause: str) -> None:
        """Write why a task that has no token to answer failed."""

    def add_paces(self, model: str, paces: Mapping[str, Pace]) -> None:
        """Add to what is known of each language's pace, atomically."""

    def paces(self, model: str) -> Mapping[str, Pace]:
        """What is known of each language's pace with this model."""

    def save_site_version(self, version: SiteVersion) -> None:
        """Write a version of a repository's hosted site; a retry replaces it."""

    def site_versions(self, repository: str) -> Sequence[SiteVersion]:
        """The versions of a repository's hosted site that can be read, newest first."""

    def running_sessions(self) -> Sequence[Session]:
        """The sessions that are RUNNING or AWAITING_APPROVAL, whether or not their execution still is."""


class Branches(Protocol):
    """Which session documents the newest commit of each branch."""

    def is_older(self, pushed: PushedCommit, session_id: str) -> bool:
        """Whether a newer push of the branch has another session."""

    def advance(self, pushed: PushedCommit, session_id: str) -> Collection[DisplacedHead] | None:
        """Make the session the branch's head, and return those that it displaced; None when a newer push is the head.

        Who was displaced is remembered until `settle`, so that a retry returns them again.
        """

    def settle(self, pushed: PushedCommit, displaced: Collection[DisplacedHead]) -> None:
        """Forget sessions that were displaced: they are withdrawn."""


class Webhooks(Protocol):
    """What webhooks of code hosts need.

    EventBridge's own webhook sources could replace ReceiveWebhook: a rule on their bus would call a function that makes
    Pushes of the payloads by roles/webhook/payloads.py and calls `request_fetch`. Signatures and deliveries would be
    AWS's to check (`live_secrets`, `once`); the allow-lists, FetchSnapshot and all behind it stay as they are.
    """

    def live_secrets(self) -> Sequence[str]:
        """The secrets that sign webhooks: two during a rotation, none before there is one."""

    def once(self, delivery: str, act: Callable[[], None]) -> Literal["done", "already", "under way"]:
        """Act unless a delivery of this name was answered in the last days. When `act` raises, it may come again."""

    def request_fetch(self, request: FetchSnapshotInput) -> None:
        """Have a snapshot fetched; returns before it is."""

    def fetched(self, push: Push) -> str:
        """The commit of this branch or tag that was fetched last; empty if none was. Raises StoreThrottled."""

    def save_fetched(self, push: Push) -> None:
        """Write that the push's commit was fetched, or is still the newest. Raises StoreThrottled."""


class CodeHosts(Protocol):
    """The code hosts that the stack's settings name."""

    def commit_of(self, provider: HostKind, repository: str, ref: str) -> str:
        """The commit that a branch or tag points to. Raises CodeHostRefused, CodeHostUnavailable."""

    def download(self, provider: HostKind, repository: str, commit: str, path: Path, limit_bytes: int) -> None:
        """Stream the archive of a commit into a file.

        Raises CodeHostRefused, CodeHostUnavailable, or RepositoryTooLarge for more than `limit_bytes`.
        """


class Executions(Protocol):
    """What is known of the state machine's executions."""

    def is_running(self, execution: str) -> bool:
        """False when the execution is over, or AWS does not know it (any more)."""

    def ending(self, execution: str) -> Ending:
        """How an execution that is over ended; empty when AWS does not know it (any more)."""

    def version(self, execution: str) -> int:
        """The version of the state machine that the execution runs; 0 when AWS names none, or knows it no more."""

    def stop(self, execution: str, error: str, cause: str) -> None:
        """Stop the execution; one that is over, or that AWS does not know, stays as it is."""

    def fail_task(self, task_token: str, error: str, cause: str) -> None:
        """Report failure to a task's token. Raises TaskTokenRejected when it was answered, or its execution is over."""


class ReapRequests(Protocol):
    """Reap, called by others than its schedule."""

    def request(self, session_id: str) -> None:
        """Have a session ended whose execution was stopped, without waiting for it. Raises StoreThrottled."""


class FigureItems(Protocol):
    """What closed sessions say about the versions of the state machine."""

    def save(self, figures: SessionFigures) -> None:
        """Write what a closed session says about its version; a retry replaces it."""

    def of_version(self, version: int) -> Sequence[SessionFigures]:
        """The newest closed sessions of a version, NEWEST_SESSIONS at most."""


class Rollout(Protocol):
    """The versions of the state machine, which of them its alias leads to, and the trail of what was decided."""

    def routing(self) -> Routing:
        """Where the alias leads now."""

    def release_of(self, version: int) -> str:
        """The release whose functions a version calls; empty where it names no version of them."""

    def failed_executions(self, version: int, since: float) -> int:
        """The newest thousand executions of a version that failed or timed out, of those begun since then."""

    def split(self, former: int, new: int, percent: int) -> None:
        """Give new sessions of this share to the new version, all others to the former."""

    def give_all(self, version: int) -> None:
        """Give all new sessions to one version."""

    def move_functions(self, release: str) -> None:
        """Lead the alias of each function to its newest version of the release; without one it stays."""

    def append(self, entry: TrailEntry) -> None:
        """Add to the trail."""


class Tasks(Protocol):
    """The tasks of one ECS cluster."""

    def running(self) -> Sequence[RunningTask]:
        """Our tasks that run or are about to, whoever started them."""

    def stop(self, arn: str, reason: str) -> None:
        """Ask a task to stop; one that has ended stays as it is."""

    def ended(self, arn: str) -> StoppedTask | None:
        """How a task of ours ended; None when it has not, is not ours, or ECS does not know it (any more)."""


@dataclass(frozen=True, eq=False)  # compared by identity: what was made of one is kept as long as it lives
class Question(Generic[ReplyT_co]):
    """What an agent asks a model: instructions, the facts as a typed brief, and the reply it must parse into.

    `model`, when named, is asked in place of the role's own. `objections` returns what is wrong with a
    reply: the model gets it once, and answers once more. `before_request` is called when everything is ready and
    before anything is paid; what it raises is the question's error.
    """

    role: str
    instructions: str
    brief: Contract
    reply_type: type[ReplyT_co]
    max_output_tokens: int = MAX_OUTPUT_TOKENS
    model: str = ""
    objections: Callable[[Contract], Sequence[str]] | None = None
    before_request: Callable[[], None] | None = None


@dataclass(frozen=True)
class Answer(Generic[ReplyT_co]):
    """A model's parsed reply and its cost. `model` names the writer; a model without a fallback leaves it empty.

    `unpaid`: the extractive model answered, as the budget did not cover the question.
    """

    reply: ReplyT_co
    usage: Usage
    model: str = ""
    unpaid: bool = False


@dataclass(frozen=True)
class Reservation:
    """US dollars reserved for one request to a model; the reservation expires at `expires_at`."""

    lease: str
    session_id: str
    usd: float
    expires_at: int


class BudgetLedger(Protocol):
    """The budget of a session and of a day: reserved before a request, settled after it."""

    def reserve(self, session_id: str, usd: float, seconds: int = ...) -> Reservation:
        """Reserve the most that a request can cost, for `seconds` (by default the longest call).

        Raises BudgetExhausted when it does not fit under a cap.
        """

    def settle(self, reservation: Reservation, usd: float, usage: Usage = ...) -> None:
        """Write the real cost and release the rest; a second call changes nothing.

        `usage` has the requests and tokens; its own dollars do not count.
        """

    def stop(self, session_id: str, reason: str) -> None:
        """Allow no further reservation of the session, which raises CallOverspent with this reason from now on."""

    def reopen(self, session_id: str) -> None:
        """Allow reservations again: the execution that was stopped is over."""

    def give_back(self, session_id: str) -> float:
        """Release the reservations of a session that is over; the US dollars. A later settlement still counts."""

    def give_back_expired(self, session_id: str) -> float:
        """Release those that have expired, whose workers died; the US dollars."""


@dataclass(frozen=True)
class JobRecord:
    """One line of a job's input, and the US dollars that it can cost at most."""

    line: bytes
    most_usd: float


@dataclass(frozen=True)
class JobReply:
    """One line of a job's output: no reply where the model failed or cannot be read; `usage` is paid in any case."""

    record_id: str
    reply: Contract | None
    usage: Usage
    problem: str = ""


class BatchJobs(Protocol):
    """Batch inference jobs for the analyst's model: many questions at once, answered within hours at half the price."""

    def record(self, record_id: str, question: Question[Contract]) -> JobRecord:
        """The question as a line of the job's input."""

    def submit(self, job: BatchJob) -> str:
        """Ask for the job whose input is stored under its name; its ARN, the same one however often it is asked.

        Raises ModelThrottled, ModelUnavailable, or BatchInferenceRefused.
        """

    def check(self, arn: str) -> JobProgress:
        """Where the job stands. Raises ModelThrottled, ModelUnavailable, or BatchInferenceRefused."""

    def stop(self, arn: str) -> None:
        """Ask AWS to stop the job; one that is over stays as it is. Raises as check."""

    def reply(self, line: bytes, reply_type: type[Contract]) -> JobReply | None:
        """A line of the job's output; None if it is not even that."""


class Conversation(Protocol):
    """A session's turns."""

    def recall(self, role: str, question: str) -> tuple[Turn, str] | None:
        """The turn that answered this question, and its reply as JSON; None if there is none."""

    def keep(self, turn: Turn, messages: Sequence[str], reply: str) -> None:
        """Store a turn: its messages, and its reply as JSON."""

    def share(self, question: str, reply: str) -> None:
        """Let every later session have the reply to exactly this question."""

    def recall_shared(self, question: str) -> str | None:
        """The reply that an earlier session has shared, as JSON; None if there is none."""


class Approvals(Protocol):
    """Drafts that wait for a person. A task token goes in and never comes out."""

    def ask(self, approval: Approval, task_token: str, link_hash: str) -> None:
        """Write the request in place of an earlier one for this draft; the session is AWAITING_APPROVAL."""

    def add_link(self, approval: Approval, link_hash: str) -> None:
        """Let another link lead to the request; the earlier ones stay."""

    def linked(self, session_id: str, revision: int, link_hash: str) -> Approval | None:
        """The request that a link leads to; None when no such link was made."""

    def of(self, session: Session) -> Sequence[Approval]:
        """The requests of the session's execution, by revision."""

    def decide(self, approval: Approval, decision: DraftDecision) -> DraftDecision:
        """Write the decision if there is none so far, then answer the task token; the decision that counts."""


class Notices(Protocol):
    """Messages to people."""

    def send(self, notice: Notice) -> None:
        """By e-mail and to the chat rooms of the settings; who cannot be reached is logged."""


@dataclass(frozen=True)
class UnsentEvent:
    """An event that is written down. Not `certain`: its writer ended before it could say that it came true."""

    event: SessionEvent
    certain: bool


class Events(Protocol):
    """What other programs hear. A session's event is written down before it is sent, so that none is lost."""

    def prepare(self, event: SessionEvent) -> None:
        """Write the event down: if this process ends before it is sent, Reap finds it. Raises StoreThrottled."""

    def send(self, *events: SessionEvent) -> None:
        """Put events that came true on the bus. Raises nothing: what the bus does not take stays written down."""

    def send_release(self, event: ReleaseEvent) -> None:
        """Put an event about a release on the bus. Raises nothing: what the bus does not take is in the trail alone."""

    def unsent(self) -> Sequence[UnsentEvent]:
        """The events that are written down. Raises StoreThrottled."""

    def forget(self, event: SessionEvent) -> None:
        """Delete an event that never came true. Raises StoreThrottled."""


class LanguageModel(Protocol):
    """A model behind one name such as `extractive` or `bedrock:…`."""

    @property
    def name(self) -> str:
        """The model's name, part of every analysis key."""

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """Answer with a reply of the asked type.

        Raises ModelThrottled, ModelUnavailable, ModelContextExceeded, ModelAccessDenied or ModelReplyInvalid.
        """


@runtime_checkable
class WarmsCache(Protocol):
    """A LanguageModel whose service caches the beginning of a prompt when its end is marked."""

    def warm(self, question: Question[Contract]) -> Usage:
        """Ask for one token, so that questions which begin like this one are read from the cache; what it cost."""


class StructureReader(Protocol):
    """Reads a file's structure without a model."""

    def read(self, path: str, language: str, text: str) -> Structure:
        """Symbols, imports and evidence of one file. Raises FileUnparseable."""


class TaskCallback(Protocol):
    """Answers a task token."""

    def succeed(self, output: Contract) -> None:
        """SendTaskSuccess. Raises TaskTokenRejected."""

    def fail(self, error: str, cause: str) -> None:
        """SendTaskFailure, `error` and `cause` cut to what the API takes. Raises TaskTokenRejected."""

    def beat(self) -> None:
        """SendTaskHeartbeat. Raises TaskTokenRejected."""


class Clock(Protocol):
    """Time, so that tests own it."""

    def now(self) -> float:
        """Seconds since 1970."""


class Secrets(Protocol):
    """Secrets Manager."""

    def read(self, name: str) -> str:
        """The secret's text. Raises SecretUnreadable."""


class Web(Protocol):
    """Servers outside AWS that a setting names."""

    def fetch(
        self, url: str, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes]:
        """Status and body of one answer, no redirect followed; with a form it is a POST. Raises ProviderFailed."""


@dataclass(frozen=True)
class Ports:
    """Everything an agent's run may use, wired once per process by agents.aws.wiring."""

    blobs: BlobStore
    uploads: BlobStore
    sites: SiteStore | None
    store: SessionItems
    executions: Executions
    reaper: ReapRequests
    figures: FigureItems
    rollout: Rollout
    model: LanguageModel
    structure: StructureReader
    clock: Clock
    tasks: Tasks
    ledger: BudgetLedger
    jobs: BatchJobs
    branches: Branches
    webhooks: Webhooks
    hosts: CodeHosts
    approvals: Approvals
    notices: Notices
    events: Events
    secrets: Secrets
    web: Web
