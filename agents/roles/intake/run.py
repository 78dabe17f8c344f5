"""Opens a session: only one execution documents a snapshot, and of a branch only the newest commit is documented."""

from __future__ import annotations

from agents import keys
from agents.contracts.batch_inference import Inference
from agents.contracts.pushed import PushedCommit
from agents.contracts.session import Session, SessionStatus
from agents.contracts.snapshot import Route
from agents.contracts.states import Capacity, Opening, OpenSessionInput, OpenSessionOutput, RevisionPolicy
from agents.errors import ArchiveCorrupt, BlobMissing
from agents.ports import Ports
from agents.questions.instructions import fingerprint_of_all
from agents.roles.intake.core import origin, repository_name, scan_route
from agents.roles.intake.opening import open_session
from agents.session.events import announce, started
from agents.settings import AgentSettings

#: A state waits so much longer than its function may run, so that Lambda's own error name arrives first.
STATE_MARGIN_SECONDS = 10


def run(request: OpenSessionInput, ports: Ports, settings: AgentSettings) -> OpenSessionOutput:
    """Claim the session, or find that another execution has it, or that its branch has a newer commit.

    Raises ArchiveUnsupported, ArchiveCorrupt, StoreThrottled.
    """
    upload = request.detail.object
    repository = repository_name(upload.key)
    try:
        checksum, about = ports.uploads.identity(upload.key, upload.version_id)
    except BlobMissing as error:
        raise ArchiveCorrupt(f"{upload.key} is no longer in the upload bucket") from error
    session = Session(
        session_id=keys.session_id(checksum, settings.all_models, fingerprint_of_all(), settings.release),
        status=SessionStatus.RUNNING,
        repository=repository,
        archive_key=upload.key,
        archive_version=upload.version_id,
        archive_bytes=upload.size,
        execution=request.execution,
        model=settings.model,
        release=settings.release,
        version=ports.executions.version(request.execution),
        opened_at=int(ports.clock.now()),
        origin=origin(about),
    )
    opening = open_session(session, PushedCommit.in_metadata(about), ports, settings.cap_usd)
    if opening is not Opening.DUPLICATE:  # a session that came too late was claimed, too, and ends as SUPERSEDED
        announce(started(session, session.opened_at, settings), ports)
    route = scan_route(upload.size, settings.scan_lambda_megabytes * 1_000_000)
    return OpenSessionOutput(
        session_id=session.session_id,
        opening=opening,
        scan_route=Route.FARGATE if route is Route.FARGATE else Route.LAMBDA,
        analyst_concurrency=settings.analyst_concurrency,
        heartbeat_seconds=settings.heartbeat_seconds,
        state_seconds=settings.lambda_seconds + STATE_MARGIN_SECONDS,
        capacity=Capacity.SPOT if settings.fargate_spot else Capacity.ON_DEMAND,
        inference=Inference(settings.inference),
        on_revision_limit=RevisionPolicy(settings.on_revision_limit),
        approve_before_publish=settings.approve_before_publish,
        approval_seconds=max(1, round(settings.approval_hours * 3600)),
    )
