"""`swarm release test --stack dev`: the golden repositories through a deployed stack, and a record of their figures."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cli.commands.smoke import settings_of_functions
from cli.doctor.limits import is_placeholder
from cli.errors import BadInput, ExitCode
from cli.gate.checks import GivenToChecks, checks_of
from cli.gate.golden import OVERSIZED, golden_repositories
from cli.gate.measuring import measured
from cli.output.progress import ProgressView, view_for
from cli.stack.clients import stack_of
from cli.stack.location import Location
from cli.stack.release_location import StackReleases, releases_of
from local.settings import ROOT
from local.temporary import temporary_folder
from releases.gate import tolerances
from releases.gate.record import GateRecord
from releases.release_bucket import ReleaseBucket, ReleaseRefused
from releases.trail import last_promoted, read_trail

_FIGURES = ("coverage", "citations_resolved", "invented_symbols", "recall", "score", "gaps", "seconds", "usd")


def test_release(
    where: Location, advisories: Path | None, as_json: bool, messages: Console, answers: Console
) -> ExitCode:
    """Test what the stack runs. DONE only if nothing forbids its promotion. Raises BadInput, TriggerSilent."""
    found = releases_of(where)
    try:
        with view_for(messages) as view:
            record = tested(found, GivenToChecks(advisories, ROOT), view)
        found.bucket.record(record.release, record.at * 1000, record.model_dump_json())
    except ReleaseRefused as error:
        raise BadInput(str(error)) from error
    if as_json:
        answers.file.write(record.model_dump_json(indent=2) + os.linesep)
    else:
        _show(record, answers)
    return ExitCode.DONE if record.passed else ExitCode.SESSION_FAILED


def tested(found: StackReleases, given: GivenToChecks, view: ProgressView) -> GateRecord:
    """Put the golden repositories through the stack and judge. Raises ReleaseRefused, BadInput, TriggerSilent."""
    name = found.named("")
    manifest = found.bucket.manifest(name)
    settings = settings_of_functions(found.cloud, found.outputs)
    image = not is_placeholder(found.outputs.container_image)
    with temporary_folder("swarm-golden-") as folder:
        repositories = list(golden_repositories(folder, uuid.uuid4().hex[:12], settings, image))
        figures = measured(stack_of(found.cloud), repositories, view)
    on_fargate = figures[OVERSIZED].fargate_files > 0 if OVERSIZED in figures else None
    before = baseline(found.bucket)
    record = GateRecord(
        release=name,
        stack=found.outputs.environment,
        at=int(time.time()),
        repositories=figures,
        checks=checks_of(found, manifest, on_fargate, given),
        compared_with=before.release if before else "",
    )
    return record.model_copy(update={"problems": tolerances.problems(record, before)})


def baseline(bucket: ReleaseBucket) -> GateRecord | None:
    """The record with which the last release was promoted from the stack of this bucket; None before the first."""
    promoted = last_promoted(read_trail(bucket.trail()))
    if promoted is None:
        return None
    records = [GateRecord.model_validate_json(text) for text in bucket.records(promoted)]
    return next((record for record in reversed(records) if record.passed), None)


def _show(record: GateRecord, answers: Console) -> None:
    table = Table(box=None)
    table.add_column("repository")
    for figure in _FIGURES:
        table.add_column(figure.replace("_", " "), justify="right")
    for name, figures in sorted(record.repositories.items()):
        table.add_row(name, *(f"{getattr(figures, figure):g}" for figure in _FIGURES))
    answers.print(table)
    for name, outcome in sorted(record.checks.items()):
        answers.print(f"{name}: {outcome}", markup=False, soft_wrap=True)
    for problem in record.problems:
        answers.print(f"refused: {problem}", markup=False, soft_wrap=True)
    verdict = "may be promoted" if record.passed else "may not be promoted"
    answers.print(f"release {record.release[:12]} {verdict}; the record is stored beside it", markup=False)
