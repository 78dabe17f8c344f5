"""`swarm run`: document PATH into OUT, through the real trigger, on the local cloud."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from rich.console import Console

from agents.contracts.session import SessionStatus
from agents.text.wording import counted
from cli.checkout import check_checkout
from cli.errors import BadInput, CommandError, ExitCode, printable
from cli.output import out_folder
from cli.output.progress import ProgressView, view_for
from cli.session.ending import prepared
from cli.session.execution_watch import EndedExecution, follow, wait_for_other_run
from cli.session.waiting_run import ApprovalPrompt, announce_estimate
from cli.stack.clients import Cloud, Stack, stack_of
from cli.stack.cloud_turn import Choice, check_state, turn
from cli.stack.keeper import LOG_NAME, KeeperStart, Process, end_unused, idle_seconds
from cli.stack.laptop_cloud import check_own_port, own_cloud, resident_entry, settings_of, trouble_of
from cli.stack.location import Location
from cli.stack.model_options import check_model, model_settings
from cli.stack.stack_settings import StackSettings, read_settings
from cli.upload.snapshot import WHOLE, RepositoryPart, Snapshot, check_path, snapshot_of
from cli.upload.submission import Submission, execution_of, submit
from local.private_files import make_private_file, make_private_folder
from local.resident import CloudKind, Holder, Resident, ResidentCloud, holder_in
from local.state.database import default_folder, state_option

# What a function imports is not needed before the upload: cli/session/ending.py imports it while the run waits.
if TYPE_CHECKING:
    from cli.session.run_outcome import RunOutcome

#: Ends the session that an upload has started.
_Leave: TypeAlias = Callable[[Stack, Submission], None]


@dataclass(frozen=True)
class RunRequest:
    """The arguments of `swarm run`."""

    path: Path
    out: Path
    state: Path | None = None
    stack: str = "local"
    settings: Mapping[str, str] = field(default_factory=dict)
    json: bool = False
    keep_logs: bool = False
    part: RepositoryPart = WHOLE
    #: A keeper's process that waits for its order.
    keeper: Process | None = None


@dataclass(frozen=True)
class _Job:
    """A snapshot to document, and the folder for its results; `started` is a time of time.monotonic().

    Where the run is not `interactive`, `approval_default` decides about a draft that waits for a person.
    """

    snapshot: Snapshot
    folder: Path
    where: Location
    view: ProgressView
    started: float
    interactive: bool
    approval_default: str


def settings_from(
    pairs: list[str], models: list[str], inference: str | None = None, cap_usd: float | None = None
) -> dict[str, str]:
    """The settings of `--setting key=value`, and of the options that set one.

    Raises:
        BadInput: a word has no key or no equals sign, or a model cannot be used.
    """
    settings: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            raise BadInput(f"--setting takes key=value, not {pair!r}")
        settings[key.strip()] = value.strip()
    if inference is not None:
        settings["inference"] = inference
    if cap_usd is not None:
        settings["capUsd"] = str(cap_usd)
    if settings.get("economyModel"):
        check_model(settings["economyModel"], settings.get("modelPrices", ""))
    return {**settings, **model_settings(models, settings.get("modelPrices", ""))}


def run(request: RunRequest, messages: Console, answers: Console) -> ExitCode:
    """Document PATH into OUT; progress goes to `messages`, the result to `answers`."""
    from cli.stack.site_key import with_laptops_key

    started = time.monotonic()
    request = replace(request, settings=with_laptops_key(request.settings, request.stack, _state_folder(request)))
    settings, overrides = _checked_settings(request)
    with (
        view_for(messages) as view,
        snapshot_of(request.path, _left_out(request), request.part) as snapshot,
        out_folder.out_folder(request.out, request.path) as folder,
    ):
        _announce(snapshot, view)
        interactive = messages.is_terminal and not request.json
        where, default = _where(request), settings.for_agents.approval_default
        job = _Job(snapshot, folder, where, view, started, interactive, default)
        outcome = _on_cloud(request, settings, overrides, job)
    _print_result(request, outcome, messages, answers, time.monotonic() - started)
    return ExitCode.DONE if outcome.record.status.published else ExitCode.SESSION_FAILED


def _checked_settings(request: RunRequest) -> tuple[StackSettings, Mapping[str, str]]:
    """The run's settings, and those that its cloud has of its own.

    Raises BadInput, before anything is packed or started, for what would stop the run later.
    """
    check_path(request.path)
    check_checkout()
    out_folder.check_out(request.out, request.path)
    settings = read_settings(request.stack, request.settings)
    folder = _state_folder(request)
    check_state(folder)
    overrides = settings_of(request.settings)
    holder = holder_in(folder)
    if holder is not None:
        _choice(request, settings, overrides)(holder)
    check_own_port(free=holder is None)
    return settings, overrides


def _left_out(request: RunRequest) -> Iterator[Path]:
    """Our own folders: if they are inside the repository, they are not part of its snapshot."""
    yield request.out
    yield _state_folder(request)


def _where(request: RunRequest) -> Location:
    return Location(None, state=request.state)


def _state_folder(request: RunRequest) -> Path:
    return (request.state or default_folder()).expanduser()


def _announce(snapshot: Snapshot, view: ProgressView) -> None:
    files = f"{counted(snapshot.files, 'file')}, " if snapshot.files else ""
    view.say(f"{snapshot.repository}: {files}{snapshot.bytes / 1e6:,.1f} MB packed")
    for path, detail in snapshot.unreadable[:5]:
        view.say(f"cannot be read, will be a gap: {printable(path)}: {detail}")
    if len(snapshot.unreadable) > 5:
        view.say(f"and {len(snapshot.unreadable) - 5} more that cannot be read")


def _on_cloud(request: RunRequest, settings: StackSettings, overrides: Mapping[str, str], job: _Job) -> RunOutcome:
    from cli.stack.resident_cloud import abandon  # imports the local cloud, which other commands do not need

    state, view = _state_folder(request), job.view

    def starting() -> None:
        view.say(f"{time.monotonic() - job.started:6.1f} s  starting the cloud on this machine")

    keeps = idle_seconds() is not None and not request.keep_logs
    start = KeeperStart(state, request.stack, request.settings, starting, request.keeper) if keeps else None
    with turn(state, CloudKind.RUN, _choice(request, settings, overrides), view.say, start=start) as place:
        if isinstance(place, Resident):
            with ResidentCloud(place) as resident:
                view.say(f"{time.monotonic() - job.started:6.1f} s  on the cloud at {resident.endpoint_url}")
                return _document_on(resident, job, partial(abandon, resident), state / LOG_NAME if keeps else None)
        starting()
        with own_cloud(settings, state, overrides) as cloud:
            place.publish(resident_entry(cloud, {}))
            try:
                return _document_on(cloud, job)
            finally:
                if request.keep_logs:
                    _keep_logs(cloud.workdir, job.folder.parent / "logs")


def _choice(request: RunRequest, settings: StackSettings, overrides: Mapping[str, str]) -> Choice:
    """What the run does about another process' cloud in its state folder."""
    from cli.stack.resident_cloud import choice_of_run

    folder = _state_folder(request)
    choose = choice_of_run(settings, overrides, folder)

    def with_logs(holder: Holder) -> Resident | None:
        if holder.kind is CloudKind.KEEPER:
            end_unused(folder, holder)
        if holder.kind is CloudKind.UP:
            raise BadInput(
                "--keep-logs needs a cloud that serves this run alone, and `swarm local up` (process"
                f" {holder.process}) holds {folder}, whose logs are those of all its runs. End that cloud with"
                f" `swarm local down{state_option(folder)}`, or name another folder with --state"
            )
        return None

    return with_logs if request.keep_logs else choose


def _document_on(cloud: Cloud, job: _Job, leave: _Leave | None = None, log: Path | None = None) -> RunOutcome:
    """Document the snapshot on this cloud. `leave` ends the session of an interrupted run on a cloud that stays.

    `log` is that of the process that has the cloud.
    """
    stack = stack_of(cloud)
    try:
        outcome = _document(stack, job, leave)
        out_folder.write(stack, outcome, job.folder, job.where.log_options)
    except (EndpointConnectionError, ConnectionClosedError) as gone:
        advice = "Finished work is stored: run again, and only the rest is paid for."
        reason = f" {log} may say why." if log is not None else ""
        raise CommandError(f"The local cloud ended during the run. {advice}{reason}") from gone
    except CommandError:
        raise
    except Exception as error:
        if trouble := trouble_of(cloud):
            raise BadInput(trouble) from error
        raise
    return outcome


def _keep_logs(workdir: Path, logs: Path) -> None:
    """Copy the log of each function and each task; the rest of the cloud's folder is code and scratch space."""
    for log in sorted(workdir.glob("*/logs/*.log")):
        target = logs / log.parent.parent.name / log.name
        for folder in (logs, target.parent):
            make_private_folder(folder, ("functions", "tasks"))
        make_private_file(target)
        shutil.copyfile(log, target)


def _document(stack: Stack, job: _Job, leave: _Leave | None) -> RunOutcome:
    """Upload the snapshot, follow its execution, load the outcome; once more if another run of it ended without one."""
    repository = job.snapshot.repository
    for attempts_left in (1, 0):
        submission = submit(stack, job.snapshot)
        with prepared():
            ended = _follow(stack, submission, job, leave)
        from cli.session import run_outcome_loader

        if not ended.state.duplicate:
            break
        status = wait_for_other_run(stack, ended.state.session_id, job.view)
        if status not in {SessionStatus.FAILED, SessionStatus.SUPERSEDED} or not attempts_left:
            return run_outcome_loader.earlier_outcome(stack, ended, status, repository)
    return run_outcome_loader.outcome_of(stack, ended, repository)


def _follow(stack: Stack, submission: Submission, job: _Job, leave: _Leave | None) -> EndedExecution:
    try:
        asking = ApprovalPrompt(stack, job.view, job.interactive, job.approval_default)
        planned = partial(announce_estimate, stack, view=job.view)
        execution = execution_of(stack, submission)
        return follow(stack, execution, job.view, job.started, on_plan=planned, on_wait=asking)
    except KeyboardInterrupt:
        if leave is not None:
            leave(stack, submission)
        raise


def _print_result(
    request: RunRequest, outcome: RunOutcome, messages: Console, answers: Console, seconds: float
) -> None:
    from cli.output.summary import failure_sentence, summary
    from cli.session import run_outcome

    if request.json:
        answers.file.write(json.dumps(json.loads(run_outcome.as_json(outcome.record))) + os.linesep)
        if outcome.record.error is not None:
            messages.print(failure_sentence(outcome.record), style="red", markup=False, highlight=False)
        return
    answers.print()
    answers.print(summary(outcome, request.out, seconds))
    answers.print(f"\nnext: {_next(request, outcome)}", markup=False, soft_wrap=True)


def _next(request: RunRequest, outcome: RunOutcome) -> str:
    session = outcome.record.session_id
    if not session:
        return f"swarm run {shlex.quote(str(request.path))} --keep-logs"
    return f"swarm show {session}{_where(request).options}"
