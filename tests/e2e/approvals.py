"""A draft that waits for a person on the local cloud, and one request to the function that decides."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from agents.contracts.session import SessionRecord
from agents.roles.approval.run import new_link
from cli.session import run_outcome_loader
from cli.session.approving import waiting
from cli.session.execution_history import state_of
from cli.session.execution_watch import EndedExecution, events_of
from cli.stack.clients import stack_of
from cli.upload.snapshot import snapshot_of
from cli.upload.submission import execution_of, submit
from local.cloud import LocalCloud
from releases.build import build
from tests.chaos.cloud import eventually

FORM = "application/x-www-form-urlencoded"
#: Seconds between two looks at a session, each of which asks the cloud several things.
_EVERY = 0.1


@dataclass(frozen=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    text: str


def ask(link: str, method: str = "GET", body: str = "", kind: str = FORM) -> Answer:
    """One request to the function."""
    parts = urlsplit(link)
    connection = HTTPConnection(parts.netloc, timeout=60)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request(method, target, body.encode() or None, {"Content-Type": kind} if body else {})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)


def form(decision: str, name: str = "Ada", comment: str = "") -> str:
    return urlencode({"name": name, "comment": comment, "decision": decision})


@dataclass
class Waiting:
    """A session whose draft waits."""

    cloud: LocalCloud
    execution: str
    session_id: str
    link: str

    def next_link(self, revision: int, seconds: float = 120) -> str:
        """A link to another draft of the session, once that waits."""
        stack = stack_of(self.cloud)

        def asked() -> str | None:
            approval = waiting(stack, self.session_id)
            if approval is None or approval.revision != revision:
                return None
            link = new_link(approval)
            stack.approvals.add_link(approval, link.hash)
            return stack.approval_url + link.path

        return eventually(asked, seconds, _EVERY)

    def record(self) -> SessionRecord:
        """The session's record, once its execution is over."""
        stack = stack_of(self.cloud)

        def over() -> str | None:
            status = stack.states.describe_execution(executionArn=self.execution)["status"]
            return None if status == "RUNNING" else status

        status = eventually(over, 300, _EVERY)
        events = events_of(stack, self.execution)
        return run_outcome_loader.outcome_of(stack, EndedExecution(status, events, state_of(events)), "repo").record


def submitted(cloud: LocalCloud, repository: Path) -> tuple[str, str]:
    """The execution and the session of an upload."""
    stack = stack_of(cloud)
    with snapshot_of(repository) as snapshot:
        execution = execution_of(stack, submit(stack, snapshot))
    return execution, eventually(lambda: state_of(events_of(stack, execution)).session_id or None, 120, _EVERY)


def cloud_with(state: Path, **settings: str) -> LocalCloud:
    return LocalCloud(
        "local",
        state=state,
        settings={"release": build().release, "approveBeforePublish": "true", **settings},
        workers=12,
    )
