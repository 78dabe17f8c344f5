"""`swarm submit PATH|URL`: upload a repository to a stack, and name the session that documents it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from agents.text.wording import counted
from cli.commands.watch import watch
from cli.errors import BadInput, ExitCode
from cli.output.progress import ProgressView, view_for
from cli.session.opening import OpenedSession, opened_session
from cli.stack.clients import Cloud, Stack, stack_of
from cli.stack.location import Location
from cli.upload.clone import check_url, cloned, is_url, without_credentials
from cli.upload.snapshot import WHOLE, RepositoryPart, Snapshot, check_path, snapshot_of
from cli.upload.submission import execution_of, submit

#: S3 takes no larger object in one request, which the checksum of the whole archive needs.
_LARGEST_BYTES = 5 * 1024**3


@dataclass(frozen=True)
class SubmitRequest:
    """The arguments of `swarm submit`."""

    source: str
    watch: bool = False
    as_json: bool = False
    part: RepositoryPart = WHOLE


def check_source(source: str) -> None:
    """Raises BadInput for what is neither a path that exists nor a URL that git may be given."""
    if is_url(source) or source.startswith("-"):
        check_url(source)
    else:
        check_path(Path(source))


def submit_repository(
    cloud: Cloud, request: SubmitRequest, where: Location, messages: Console, answers: Console
) -> ExitCode:
    """Pack, upload and wait until the session exists. Raises BadInput, TriggerSilent, SessionNotOpened."""
    stack = stack_of(cloud)
    with view_for(messages) as view:
        opened = submitted(stack, request.source, view, request.part)
    if request.watch:
        messages.print(f"session {opened.session_id}", markup=False)
        return watch(cloud, opened.session_id, where, request.as_json, messages, answers)
    following = f"swarm watch {opened.session_id}{where.options}"
    if request.as_json:
        fields = {"session_id": opened.session_id, "execution": opened.execution, "duplicate": opened.duplicate}
        answers.file.write(json.dumps({**fields, "next": following}) + os.linesep)
        return ExitCode.DONE
    if opened.duplicate:
        messages.print("This snapshot has a session already; nothing is documented twice.")
    answers.print(f"session {opened.session_id}", markup=False)
    answers.print(f"next: {following}", markup=False, soft_wrap=True)
    return ExitCode.DONE


def submitted(stack: Stack, source: str, view: ProgressView, part: RepositoryPart = WHOLE) -> OpenedSession:
    """Upload the repository at `source`, a path or a URL, and wait for its session; progress goes to `view`."""
    with _snapshot(source, view, part) as snapshot:
        if snapshot.bytes > _LARGEST_BYTES:
            raise BadInput(f"The archive has {snapshot.bytes:,} bytes; S3 takes 5 GiB in one request: submit a part")
        files = f"{counted(snapshot.files, 'file')}, " if snapshot.files else ""
        view.say(f"uploading {snapshot.repository}: {files}{snapshot.bytes:,} bytes")
        uploaded = submit(stack, snapshot)
    view.say("waiting for the session")
    return opened_session(stack, execution_of(stack, uploaded))


@contextmanager
def _snapshot(source: str, view: ProgressView, part: RepositoryPart) -> Iterator[Snapshot]:
    if not is_url(source):
        with snapshot_of(Path(source), part=part) as snapshot:
            yield snapshot
        return
    view.say(f"cloning {without_credentials(source)}")
    with cloned(source) as folder, snapshot_of(folder, part=part) as snapshot:
        yield snapshot
