"""The roster: one row for each state that runs our code. What a state is stands here and nowhere else.

A new agent is two contracts, a role package with core, run and instructions, a row here and a state in
workflow/documentation.asl.json. CONTRIBUTING.md shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from agents import role_code
from agents.contracts import approval, batch_inference, http, reaping, states, trail, waves, webhook
from agents.roster_row import LayerName, Permissions, StateRow

_JOB_RECORD = "sessions/*/batch-inference/job.json"
_READ_ITEMS = ("GetItem", "BatchGetItem", "Query")
_WRITE_ITEMS = ("PutItem", "UpdateItem")
#: Of a state that asks a model: leases are deleted, answers that come at the same time are stored together.
_ASKING_ITEMS = (*_READ_ITEMS, *_WRITE_ITEMS, "BatchWriteItem", "DeleteItem")
_SESSION = ("sessions/*",)
_DOCUMENTS = ("sessions/*", "analyses/*")

_ROWS = (
    StateRow(
        "OpenSession",
        "intake",
        role_code.intake,
        states.OpenSessionInput,
        states.OpenSessionOutput,
        phase="opening the session",
        permissions=Permissions(
            uploads=True,
            executions=True,
            stops=True,
            ends=True,
            events=True,
            table=("GetItem", *_WRITE_ITEMS, "DeleteItem"),
        ),
        timeout_seconds=110,
    ),
    StateRow(
        "Scan",
        "scanner",
        role_code.scanner,
        states.ScanInput,
        states.ScanOutput,
        phase="mapping the repository",
        permissions=Permissions(
            uploads=True, reads=_DOCUMENTS, writes=_SESSION, table=(*_READ_ITEMS, "PutItem", "BatchWriteItem")
        ),
        disk_megabytes=4096,  # it unpacks the archive there
        fargate_state="ScanOversized",
    ),
    StateRow(
        "SubmitBatchInference",
        "analyst",
        role_code.batch_submission,
        batch_inference.SubmitBatchInferenceInput,
        batch_inference.SubmitBatchInferenceOutput,
        phase="submitting a batch inference job",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("sessions/*/batch-inference/input/*", _JOB_RECORD),
            table=(*_READ_ITEMS, "UpdateItem", "DeleteItem"),
            jobs=("CreateModelInvocationJob",),
        ),
        layers=("structure",),
        memory="analyst",  # it holds a whole job
        when="batch inference",
    ),
    StateRow(
        "CheckBatchInference",
        "analyst",
        role_code.batch_check,
        batch_inference.CheckBatchInferenceInput,
        batch_inference.CheckBatchInferenceOutput,
        phase="looking at the batch inference job",
        permissions=Permissions(reads=(_JOB_RECORD,), jobs=("GetModelInvocationJob",)),
        timeout_seconds=110,
        when="batch inference",
    ),
    StateRow(
        "CollectBatchInference",
        "analyst",
        role_code.batch_collection,
        batch_inference.CollectBatchInferenceInput,
        batch_inference.CollectBatchInferenceOutput,
        phase="collecting the answers of the batch inference job",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("analyses/batch-inference/*", _JOB_RECORD),
            table=_ASKING_ITEMS,
            jobs=("GetModelInvocationJob", "StopModelInvocationJob"),
        ),
        layers=("structure",),
        memory="analyst",  # it holds a whole job
        when="batch inference",
    ),
    StateRow(
        "AnalyseBatch",
        "analyst",
        role_code.analyst,
        states.AnalyseBatchInput,
        states.AnalyseBatchOutput,
        phase="reading the files",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("analyses/*", "sessions/*/turns/analyst/*"),
            table=_ASKING_ITEMS,
            callback=True,
        ),
        model_role="analyst",
        layers=("structure",),
        memory="analyst",
        fargate_state="AnalyseOversizedBatch",
    ),
    StateRow(
        "WarmPromptCache",
        "analyst",
        role_code.analyst,
        waves.WarmPromptCacheInput,
        waves.WarmPromptCacheOutput,
        phase="warming the model's prompt cache",
        model_role="analyst",
        shares="AnalyseBatch",
        when="at need",
    ),
    StateRow(
        "SecurityAgent",
        "reviewer",
        role_code.security_reviewer,
        states.SecurityAgentInput,
        states.SecurityAgentOutput,
        phase="reviewing security",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("sessions/*/reviews/security.json", "sessions/*/turns/security/*"),
            table=_ASKING_ITEMS,
            callback=True,
        ),
        model_role="security",
        memory="repository",
        fargate_state="SecurityAgentOversized",
    ),
    StateRow(
        "PerformanceAgent",
        "reviewer",
        role_code.performance_reviewer,
        states.PerformanceAgentInput,
        states.PerformanceAgentOutput,
        phase="reviewing performance",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("sessions/*/reviews/performance.json", "sessions/*/turns/performance/*"),
            table=_ASKING_ITEMS,
            callback=True,
        ),
        model_role="performance",
        memory="repository",
        fargate_state="PerformanceAgentOversized",
    ),
    StateRow(
        "Synthesize",
        "synthesizer",
        role_code.synthesizer,
        states.SynthesizeInput,
        states.SynthesizeOutput,
        phase="merging what was read",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("sessions/*/synthesis.json", "sessions/*/asked/synthesizer.json", "sessions/*/turns/synthesizer/*"),
            table=_ASKING_ITEMS,
            callback=True,
        ),
        model_role="synthesizer",
        memory="repository",
        fargate_state="SynthesizeOversized",
    ),
    StateRow(
        "Edit",
        "editor",
        role_code.editor,
        states.EditInput,
        states.EditOutput,
        phase="writing the pages",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=(
                "sessions/*/drafts/*",
                "sessions/*/reruns.json",
                "sessions/*/asked/editor.json",
                "sessions/*/turns/editor/*",
            ),
            table=_ASKING_ITEMS,
            callback=True,
        ),
        model_role="editor",
        memory="repository",
        fargate_state="EditOversized",
        disk_megabytes=2048,  # it reads the snapshot from there
    ),
    StateRow(
        "Critique",
        "critic",
        role_code.critic,
        states.CritiqueInput,
        states.CritiqueOutput,
        phase="judging the pages",
        permissions=Permissions(
            reads=_SESSION,
            writes=("sessions/*/critiques/*", "sessions/*/turns/critic/*"),
            table=_ASKING_ITEMS,
            callback=True,
        ),
        model_role="critic",
        memory="repository",
        fargate_state="CritiqueOversized",
        disk_megabytes=2048,  # it reads the snapshot from there
    ),
    StateRow(
        "AwaitApproval",
        "approval",
        role_code.approval_request,
        approval.AwaitApprovalInput,
        approval.ApprovalAsked,
        phase="waiting for a person's decision",
        permissions=Permissions(
            reads=_SESSION,
            writes=("sessions/*/approvals/*",),
            table=(*_READ_ITEMS, *_WRITE_ITEMS, "DeleteItem"),
            events=True,
            notices=True,
            deciding=True,
        ),
        timeout_seconds=290,
        disk_megabytes=2048,  # it compares two drafts there
        when="approval",
    ),
    StateRow(
        "ExpireApproval",
        "approval",
        role_code.approval_expiry,
        approval.ExpireApprovalInput,
        approval.ExpireApprovalOutput,
        phase="deciding by default",
        shares="AwaitApproval",
        when="approval",
    ),
    StateRow(
        "DecideApproval",
        "approval",
        role_code.approval_page,
        http.HttpRequest,
        http.HttpResponse,
        phase="taking a person's decision",
        permissions=Permissions(
            reads=("sessions/*/approvals/*", "sessions/*/drafts/*"),
            table=("GetItem", "UpdateItem"),
            deciding=True,
        ),
        timeout_seconds=60,
        disk_megabytes=2048,  # it reads the draft from there
        when="approval",
        conducted=False,
        http=True,
    ),
    StateRow(
        "Publish",
        "publisher",
        role_code.publisher,
        states.PublishInput,
        states.PublishOutput,
        phase="building the site",
        permissions=Permissions(
            reads=_DOCUMENTS,
            writes=("sessions/*/site.zip", "sessions/*/site-src.zip"),
            table=("GetItem", "BatchGetItem", "Query"),
            callback=True,
        ),
        layers=("site",),
        disk_megabytes=10_240,  # it builds the site there: 40,000 files of ten lines make two zips of 350 MB
        memory="repository",
        fargate_state="PublishOversized",
    ),
    StateRow(
        "CloseSession",
        "closer",
        role_code.closer,
        states.CloseSessionInput,
        states.CloseSessionOutput,
        phase="closing the session",
        permissions=Permissions(
            reads=_SESSION,
            writes=("sessions/*/session.json",),
            table=(*_READ_ITEMS, *_WRITE_ITEMS, "DeleteItem"),
            events=True,
        ),
        timeout_seconds=290,
    ),
    StateRow(
        "FailSession",
        "closer",
        role_code.closer,
        states.FailSessionInput,
        states.CloseSessionOutput,
        phase="recording the failure",
        shares="CloseSession",
        when="at need",
    ),
    StateRow(
        "Reap",
        "closer",
        role_code.reaper,
        reaping.ReapInput,
        reaping.ReapOutput,
        phase="ending orphaned sessions and tasks",
        permissions=Permissions(
            reads=_SESSION,
            writes=("sessions/*/session.json",),
            table=(*_READ_ITEMS, *_WRITE_ITEMS, "DeleteItem", "BatchWriteItem"),
            events=True,
            executions=True,
            stops=True,
            reaping=True,
        ),
        when="at need",
        conducted=False,
        sees_cluster=True,
    ),
    StateRow(
        "ReportTaskEnd",
        "task_end",
        role_code.task_end,
        reaping.ReportTaskEndInput,
        reaping.ReportTaskEndOutput,
        phase="answering for a task that has ended",
        permissions=Permissions(reporting=True),
        timeout_seconds=60,
        when="at need",
        conducted=False,
        sees_cluster=True,
    ),
    StateRow(
        "DecideCanary",
        "canary",
        role_code.canary,
        trail.DecideCanaryInput,
        trail.DecideCanaryOutput,
        phase="deciding about a canary",
        permissions=Permissions(table=("Query",), rolling_out=True, events=True),
        timeout_seconds=110,
        when="at need",
        conducted=False,
    ),
    StateRow(
        "ReceiveWebhook",
        "webhook",
        role_code.webhook,
        http.HttpRequest,
        http.HttpResponse,
        phase="receiving a webhook",
        permissions=Permissions(receiving=True, table=("GetItem", "PutItem", "UpdateItem", "DeleteItem")),
        timeout_seconds=30,
        when="at need",
        conducted=False,
        http=True,
    ),
    StateRow(
        "FetchSnapshot",
        "fetcher",
        role_code.fetcher,
        webhook.FetchSnapshotInput,
        webhook.FetchSnapshotOutput,
        phase="fetching a commit from its code host",
        permissions=Permissions(fetching=True, table=("GetItem", "PutItem")),
        layers=("signing",),
        disk_megabytes=4096,  # the archive lies there
        when="at need",
        conducted=False,
        asynchronous_retries=2,
    ),
    StateRow(
        "SignIn",
        "sign_in",
        role_code.sign_in,
        http.HttpRequest,
        http.HttpResponse,
        phase="signing a reader in",
        permissions=Permissions(signing_in=True),
        layers=("signing",),
        timeout_seconds=30,  # as long as CloudFront waits for an origin
        when="at need",
        conducted=False,
        http=True,
    ),
)

ROSTER: Mapping[str, StateRow] = {row.state: row for row in _ROWS}
#: The states that have a Lambda function of their own.
FUNCTIONS: tuple[str, ...] = tuple(row.state for row in _ROWS if not row.shares)
#: Functions of a stack whose readers sign in, and of no other.
_SIGNING_IN = frozenset({"SignIn"})
#: Functions of a stack whose drafts people approve, and of no other.
_DECIDING = frozenset({"DecideApproval"})
#: Functions of a stack in which a new version first gets a share of the sessions, and of no other.
_ROLLING_OUT = frozenset({"DecideCanary"})
#: The function of a stack that takes webhooks, and of no other.
_RECEIVING = frozenset({"ReceiveWebhook"})
#: The function of a stack that fetches commits, for webhooks or by schedules.
_FETCHING = frozenset({"FetchSnapshot"})
#: The roles that ask a language model, in the order of their work; `--model ROLE=MODEL` names them so.
MODEL_ROLES: tuple[str, ...] = tuple(dict.fromkeys(row.model_role for row in _ROWS if row.model_role))


def functions_of(
    signs_in: bool = False,
    approvals: bool = False,
    webhooks: bool = False,
    schedules: bool = False,
    canaries: bool = False,
) -> tuple[str, ...]:
    """The states that have a function in a stack: whether readers sign in, people approve, what it fetches, and
    whether releases are rolled out by a canary.
    """
    absent: set[str] = set()
    for wanted, functions in (
        (signs_in, _SIGNING_IN),
        (approvals, _DECIDING),
        (webhooks, _RECEIVING),
        (webhooks or schedules, _FETCHING),
        (canaries, _ROLLING_OUT),
    ):
        absent |= set() if wanted else functions
    return tuple(state for state in FUNCTIONS if state not in absent)


def layers_of(state: str, model: str) -> tuple[LayerName, ...]:
    """The dependency layers that the state's function carries; `extractive` is no model on the network."""
    row, networked = ROSTER[state], model != "extractive"
    # A question to a model says what a file's imports define, so the scanner reads them.
    scanned: tuple[LayerName, ...] = ("structure",) if state == "Scan" and networked else ()
    asks: tuple[LayerName, ...] = ("models",) if row.model_role and networked else ()
    return ("base", *row.layers, *scanned, *asks)


def permissions_of(state: str, batch_inference: bool, hosted: bool, approvals: bool = False) -> Permissions:
    """What the state's code may do: nothing where it never runs; jobs and hosted sites only where there are any."""
    row = ROSTER[state]
    if state == "Publish" and hosted:
        publisher = row.permissions
        return replace(publisher, table=(*publisher.table, "PutItem"), hosting=True)
    if row.when == "batch inference":
        return row.permissions if batch_inference else Permissions()
    if row.when == "approval":
        return row.permissions if approvals else Permissions()
    if state == "Reap" and batch_inference:
        reaper = row.permissions
        stops = ("GetModelInvocationJob", "StopModelInvocationJob")
        return replace(reaper, writes=(*reaper.writes, _JOB_RECORD), jobs=stops)
    return row.permissions
