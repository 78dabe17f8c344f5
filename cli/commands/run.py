"""`swarm run`: from PATH to OUT through the real trigger, on a cloud of one's own."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from botocore.exceptions import ConnectionClosedError, EndpointConnectionError
from rich.console import Console

from agents.contracts.session import SessionStatus
from cli.errors import BadInput, CommandError, ExitCode, printable
from cli.output import out_folder
from cli.output.progress import ProgressView, view_for
from cli.output.summary import failure_sentence, summary
from cli.session import run_outcome, run_outcome_loader
from cli.session.execution_watch import EndedExecution, follow, wait_for_other_run
from cli.session.run_outcome import RunOutcome
from cli.stack.clients import Cloud, Stack, stack_of
from cli.stack.cloud_turn import Choice, check_state, turn
from cli.stack.laptop_cloud import check_own_port, check_settings, own_cloud, resident_entry, settings_of, trouble_of
from cli.stack.model_options import check_model, check_prices, model_settings
from cli.upload.snapshot import Snapshot, check_path, snapshot_of
from cli.upload.submission import Submission, execution_of, submit
from local.private_files import make_private_file, make_private_folder
from local.resident import Holder, Kind, Resident, ResidentCloud, holder_in
from local.state.file import default_folder


@dataclass(frozen=True)
class RunRequest:
    """What `swarm run` was asked."""

    path: Path
    out: Path
    state: Path | None = None
    stack: str = "local"
    settings: Mapping[str, str] = field(default_factory=dict)
    json: bool = False
    keep_logs: bool = False


@dataclass(frozen=True)
class _Work:
    """A snapshot to document on a stack; `leave` ends what would go on without us."""

    stack: Stack
    snapshot: Snapshot
    view: ProgressView
    started: float
    leave: Callable[[Stack, Submission], None] | None = None


def settings_from(
    pairs: list[str], models: list[str], inference: str | None = None, cap_usd: float | None = None
) -> dict[str, str]:
    """`key=value` words as a mapping, and what has an option of its own.

    Raises:
        BadInput: a word has no key or no equals sign, or a model cannot be used.
    """
    settings: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            raise BadInput(f"--setting wants key=value, not {pair!r}")
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
    started = time.monotonic()
    _check(request)
    check_prices(request.stack, request.settings)
    with (
        view_for(messages) as view,
        snapshot_of(request.path, _left_out(request)) as snapshot,
        out_folder.out_folder(request.out, request.path) as folder,
    ):
        _announce(snapshot, view)
        _announce_estimate(request, snapshot, view)
        outcome = _on_cloud(request, snapshot, folder, view, started)
    _print_result(request, outcome, messages, answers, time.monotonic() - started)
    return ExitCode.SESSION_FAILED if outcome.record.status is SessionStatus.FAILED else ExitCode.DONE


def _check(request: RunRequest) -> None:
    """Raises BadInput for what would stop the run later: nothing is packed or started for it."""
    check_path(request.path)
    out_folder.check_out(request.out, request.path)
    check_settings(request.stack, request.settings)
    folder = _state_folder(request)
    check_state(folder)
    holder = holder_in(folder)
    if holder is not None:
        _choice(request, settings_of(request.settings))(holder)
    check_own_port(free=holder is None)


def _left_out(request: RunRequest) -> Iterator[Path]:
    """Folders of ours that are no part of a repository which they lie in."""
    yield request.out
    yield _state_folder(request)


def _state_folder(request: RunRequest) -> Path:
    return (request.state or default_folder()).expanduser()


def _announce(snapshot: Snapshot, view: ProgressView) -> None:
    counted = f"{snapshot.files:,} files, " if snapshot.files else ""
    view.say(f"{snapshot.repository}: {counted}{snapshot.bytes / 1e6:,.1f} MB packed")
    for path, detail in snapshot.unreadable[:5]:
        view.say(f"cannot be read, will be a gap: {printable(path)}: {detail}")
    if len(snapshot.unreadable) > 5:
        view.say(f"and {len(snapshot.unreadable) - 5} more that cannot be read")


def _announce_estimate(request: RunRequest, snapshot: Snapshot, view: ProgressView) -> None:
    """What the run will cost, before anything is asked; nothing where nothing is asked, and never a reason to stop."""
    from cli.commands import estimate
    from local.configuration import ProgramFailed
    from local.settings import models_named

    try:
        if not models_named(request.stack, request.settings):
            return
        settings = estimate.settings_of(request.stack, request.settings)
        estimated = estimate.estimate_of(snapshot, settings, _state_folder(request))
    except (ProgramFailed, BadInput):  # the run itself says what is wrong, with its own advice
        return
    view.say(estimate.sentence(estimated.estimate))
    for step in estimated.descent.steps:
        view.say(f"under this cap: {step.detail}")


def _on_cloud(request: RunRequest, snapshot: Snapshot, folder: Path, view: ProgressView, started: float) -> RunOutcome:
    from cli.stack.resident_cloud import (
        abandon,  # with it what reads a stack's settings, which other commands need not import
    )

    settings, state = settings_of(request.settings), _state_folder(request)
    with turn(state, Kind.RUN, _choice(request, settings), view.say) as place:
        if isinstance(place, Resident):
            with ResidentCloud(place) as found:
                view.say(f"{time.monotonic() - started:6.1f} s  on the cloud at {found.endpoint_url}")
                work = _Work(stack_of(found), snapshot, view, started, partial(abandon, found))
                return _document_on(found, work, folder)
        view.say(f"{time.monotonic() - started:6.1f} s  starting the cloud on this machine")
        with own_cloud(request.stack, state, settings) as cloud:
            place.tell(resident_entry(cloud, {}))
            try:
                return _document_on(cloud, _Work(stack_of(cloud), snapshot, view, started), folder)
            finally:
                if request.keep_logs:
                    _keep_logs(cloud.workdir, folder.parent / "logs")


def _choice(request: RunRequest, settings: Mapping[str, str]) -> Choice:
    """What the run does about another process' cloud in its state folder."""
    from cli.stack.resident_cloud import choice_of_run

    folder = _state_folder(request)
    choose = choice_of_run(request.stack, settings, folder)

    def with_logs(holder: Holder) -> Resident | None:
        if holder.kind is Kind.UP:  # its logs are of every run's
            raise BadInput(
                f"--keep-logs wants a cloud of the run's own, and one is up in {folder} (process {holder.process}): end"
                " it with Ctrl-C where `swarm local up` runs, or name another folder with --state"
            )
        return None

    return with_logs if request.keep_logs else choose


def _document_on(cloud: Cloud, work: _Work, folder: Path) -> RunOutcome:
    try:
        outcome = _document(work)
        out_folder.write(work.stack, outcome, folder)
    except (EndpointConnectionError, ConnectionClosedError) as gone:
        raise CommandError("The cloud is gone. What is finished is kept: a run again pays only for the rest.") from gone
    except CommandError:
        raise
    except Exception as error:
        if trouble := trouble_of(cloud):
            raise BadInput(trouble) from error
        raise
    return outcome


def _keep_logs(workdir: Path, logs: Path) -> None:
    """A log for each function and each task; the rest of the cloud's folder is code and scratch space."""
    for log in sorted(workdir.glob("*/logs/*.log")):
        target = logs / log.parent.parent.name / log.name
        for folder in (logs, target.parent):
            make_private_folder(folder, ("functions", "tasks"))
        make_private_file(target)
        shutil.copyfile(log, target)


def _document(work: _Work) -> RunOutcome:
    """Upload, follow, gather. A snapshot that another run has just failed on is tried once more."""
    stack, repository = work.stack, work.snapshot.repository
    for attempts_left in (1, 0):
        ended = _follow(work, submit(stack, work.snapshot))
        if not ended.state.duplicate:
            break
        status = wait_for_other_run(stack, ended.state.session_id, work.view)
        if status is not SessionStatus.FAILED or not attempts_left:
            return run_outcome_loader.earlier_outcome(stack, ended, status, repository)
    return run_outcome_loader.outcome_of(stack, ended, repository)


def _follow(work: _Work, submission: Submission) -> EndedExecution:
    try:
        return follow(work.stack, execution_of(work.stack, submission), work.view, work.started)
    except KeyboardInterrupt:
        if work.leave is not None:
            work.leave(work.stack, submission)
        raise


def _print_result(
    request: RunRequest, outcome: RunOutcome, messages: Console, answers: Console, seconds: float
) -> None:
    if request.json:
        answers.file.write(json.dumps(json.loads(run_outcome.as_json(outcome.record))) + os.linesep)
        if outcome.record.error is not None:
            messages.print(failure_sentence(outcome.record), style="red", markup=False, highlight=False)
        return
    answers.print()
    answers.print(summary(outcome, request.out, seconds))
