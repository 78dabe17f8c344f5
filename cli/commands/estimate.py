"""`swarm estimate PATH`: what a run would cost and take, before a single call to a model."""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from agents.aws.wiring import GrammarReader
from agents.contracts.analysis import FileBrief
from agents.contracts.base import Contract
from agents.contracts.snapshot import RepositoryRoute, Route
from agents.costs.aws_use import PlannedWork
from agents.costs.counted import NOTHING_COUNTED, CountedTokens
from agents.costs.degradation import Descent
from agents.costs.estimate import estimate
from agents.costs.facts import Estimate, FileCosts, Range, RoleEstimate
from agents.costs.questions import ExpectedQuestions
from agents.costs.samples import Sample, counted_tokens, sampled
from agents.costs.session import descend, models_of, speed_of
from agents.errors import GapError, SwarmError
from agents.models.names import parse_name
from agents.ports import Question
from agents.roles.scanner.archive import Limits, open_archive
from agents.roles.scanner.asked_again import asked_again_since
from agents.roles.scanner.examination import examine_all
from agents.roles.scanner.exclusion import with_settings
from agents.roles.scanner.fresh import facts_of, wanted_keys
from agents.roles.scanner.repository_route import RepositorySize, route_of
from agents.roles.scanner.run import surroundings_of
from agents.roles.scanner.surroundings import read_by_one
from agents.settings import AgentSettings
from agents.text.wording import amount
from cli.errors import BadInput, ExitCode
from cli.output.estimated import count_text, rounded, time_text
from cli.stack.aws_estimate import AwsEstimate, aws_as_json, aws_estimate, aws_lines, deployed_sizes, planned_work
from cli.stack.earlier_runs import EarlierRuns
from cli.stack.stack_settings import read_settings
from cli.stack.token_counts import token_count
from cli.upload.snapshot import WHOLE, RepositoryPart, Snapshot, snapshot_of
from local.temporary import temporary_folder


@dataclass(frozen=True)
class EstimateRequest:
    """The arguments of `swarm estimate`."""

    path: Path
    state: Path | None = None
    stack: str = "local"
    settings: Mapping[str, str] = field(default_factory=dict)
    json: bool = False
    part: RepositoryPart = WHOLE
    #: The account's quota of a model on Bedrock.
    tokens_per_minute: float = math.inf


@dataclass(frozen=True)
class EstimatedRun:
    """An estimate, and the steps of the ladder that the session would take to stay under its cap."""

    estimate: Estimate
    descent: Descent
    repository: RepositoryRoute
    planned: PlannedWork
    counted: CountedTokens = NOTHING_COUNTED


#: Counts the input tokens of a question to a model.
Count = Callable[[str, Question[Contract]], int]


def run_estimate(request: EstimateRequest, answers: Console) -> ExitCode:
    """Estimate and print. Raises BadInput."""
    stack = read_settings(request.stack, request.settings)
    settings = stack.for_agents
    from local.state.database import default_folder

    folder = (request.state or default_folder()).expanduser()
    with snapshot_of(request.path, [folder], request.part) as snapshot:
        estimated = estimate_of(snapshot, settings, folder, token_count(stack), request.tokens_per_minute)
    aws = aws_estimate(estimated.estimate, estimated.planned, deployed_sizes(stack))
    if request.json:
        answers.file.write(json.dumps(as_json(estimated, aws, settings)) + os.linesep)
    else:
        answers.print(_table(estimated, aws, settings))
    return ExitCode.DONE


def estimate_of(
    snapshot: Snapshot,
    settings: AgentSettings,
    state: Path,
    count: Count | None = None,
    tokens_per_minute: float = math.inf,
) -> EstimatedRun:
    """What documenting this snapshot would cost; analyses in the state folder cost nothing. Raises BadInput.

    With `count`, the input tokens of Bedrock's models are those of a sample of the questions.
    """
    try:
        models, speed = models_of(settings), replace(speed_of(settings), tokens_a_minute=tokens_per_minute)
        read = _read(snapshot, settings, state, samples=count is not None)
    except (ValueError, SwarmError) as error:
        raise BadInput(str(error)) from error
    counted = NOTHING_COUNTED
    if count is not None:
        on_bedrock = {role: model.name for role, model in models.items() if model.name.startswith("bedrock:")}
        counted = counted_tokens(on_bedrock, read.samples, count)
    files = read.files
    estimated = estimate(files, models, settings.cap_usd, speed, counted, read.again)
    size = RepositorySize(len(files), sum(file.lines for file in files), sum(file.bytes for file in files))
    route = route_of(size, settings)
    planned = planned_work(files, read.imports, settings, route)
    return EstimatedRun(estimated, descend(files, settings, 0.0, read.again), route, planned, counted)


@dataclass(frozen=True)
class _Read:
    """The files, questions about some of them, the paths that each one imports, and what is asked again."""

    files: list[FileCosts]
    samples: list[Sample]
    imports: Mapping[str, Collection[str]]
    again: Mapping[str, ExpectedQuestions]


def _read(snapshot: Snapshot, settings: AgentSettings, state: Path, *, samples: bool) -> _Read:
    """The scan's own reading of the archive."""
    limits = Limits(files=settings.repository_limit_files, bytes=settings.repository_limit_megabytes * 1_000_000)
    with temporary_folder("swarm-estimate-") as folder:
        archive = open_archive(snapshot.archive, snapshot.repository, limits)
        texts = folder / "texts.zip"
        entries, site = with_settings(examine_all(archive, texts, settings), texts)
        # No second process: a command may have threads of its own, such as those of a local cloud.
        read_each = partial(read_by_one, GrammarReader().read)
        around = surroundings_of(snapshot.repository, entries, texts, read_each, settings)
        model = settings.model_of("analyst")
        wanted = wanted_keys(entries, around, model, site.style)
        with _earlier_runs(state) as runs:
            stored = runs.stored_among(wanted.values()) if runs else ()
            files = facts_of(entries, around, wanted, stored, settings)
            again: Mapping[str, ExpectedQuestions] = {}
            if runs is not None:
                last = runs.last_scan(snapshot.repository)
                again = asked_again_since(last, files, site.style, settings, runs.blob)
        imports = {file.path: around.imported_by(file.path) for file in files}
        return _Read(files, list(_samples(files, texts)) if samples else [], imports, again)


def _samples(files: Collection[FileCosts], texts: Path) -> Iterator[Sample]:
    """Files of every size as a question shows them; one that cannot be parsed is none."""
    with zipfile.ZipFile(texts) as read:
        for file in sampled(files):
            text = read.read(file.path).decode()
            try:
                structure = GrammarReader().read(file.path, file.language, text)
            except GapError:
                continue
            yield Sample(file, FileBrief(path=file.path, text=text, structure=structure))


@contextmanager
def _earlier_runs(state: Path) -> Iterator[EarlierRuns | None]:
    """What runs on this machine have stored; None if no run stored any. Raises BadInput."""
    from local.state.stored import StateUnusable, stored_state_in

    try:
        with stored_state_in(state) as stored:
            yield EarlierRuns(stored) if stored is not None else None
    except StateUnusable as error:
        raise BadInput(str(error)) from error


def as_json(estimated: EstimatedRun, aws: AwsEstimate, settings: AgentSettings) -> dict[str, object]:
    """The whole estimate, for machines."""
    figures = estimated.estimate
    return {
        "files": figures.files,
        "bytes": figures.bytes,
        "files_to_read": figures.fresh_files,
        "inference": settings.inference,
        "roles": {
            role.role: {
                "model": role.model,
                "tier": settings.tier_of(role.role),
                "requests": rounded(role.requests),
                "input_tokens": rounded(role.input_tokens),
                "output_tokens": rounded(role.output_tokens),
                "usd": rounded(role.usd, 6),
            }
            for role in figures.roles
        },
        "requests": rounded(figures.requests),
        "input_tokens": rounded(figures.input_tokens),
        "output_tokens": rounded(figures.output_tokens),
        "usd": rounded(figures.usd, 6),
        "seconds": rounded(figures.seconds, 1),
        "aws": aws_as_json(aws),
        "repository_states": {"route": estimated.repository.route.value, "reason": estimated.repository.reason},
        "cap_usd": figures.cap_usd,
        "share_of_cap": round(figures.share_of_cap, 4) if math.isfinite(figures.share_of_cap) else None,
        "token_counts": {"calls": estimated.counted.calls, "problems": dict(estimated.counted.problems)},
        "ladder": [
            {"step": step.rung.value, "files": step.files, "detail": step.detail} for step in estimated.descent.steps
        ],
    }


def _table(estimated: EstimatedRun, aws: AwsEstimate, settings: AgentSettings) -> RenderableType:
    figures = estimated.estimate
    models = {role.role: _model(role, settings) for role in figures.roles}
    several = len(set(models.values())) > 1
    table = Table.grid(padding=(0, 2))
    headings = ("role", *(["model"] if several else []), "requests", "tokens in", "out", "USD low", "likely", "high")
    for heading in headings:
        table.add_column(
            justify="left" if heading in {"role", "model"} else "right", no_wrap=heading != "model", overflow="fold"
        )
    table.add_row(*(Text(heading, style="dim") for heading in headings))
    for role in figures.roles:
        row = _figures(role.requests, role.input_tokens, role.output_tokens, role.usd)
        table.add_row(role.role, *([Text(models[role.role])] if several else []), *row)
    row = _figures(figures.requests, figures.input_tokens, figures.output_tokens, figures.usd)
    table.add_row(Text("all", style="bold"), *([""] if several else []), *row)
    every = "" if several else f"model: {models[figures.roles[0].role]}\n"
    return Group(
        Text(f"{_counted(figures)}{every}"),
        table,
        *(Text(line) for line in (*_below(estimated, aws), *_notes(estimated.counted, settings))),
    )


def _model(role: RoleEstimate, settings: AgentSettings) -> str:
    """Who answers a role, and how where that is not the usual way."""
    in_job = settings.inference == "batch" and role.role == "analyst" and role.usd.likely
    how = "batch" if in_job else settings.tier_of(role.role)
    return f"{parse_name(role.model).plain}{f' ({how})' if how else ''}"


def _counted(figures: Estimate) -> str:
    stored = figures.files - figures.fresh_files
    earlier = f"; {stored:,} of them are stored by earlier runs and cost nothing" if stored else ""
    return f"{figures.files:,} files, {figures.bytes / 1e6:,.2f} MB{earlier}\n"


def _below(estimated: EstimatedRun, aws: AwsEstimate) -> Iterator[str]:
    figures = estimated.estimate
    seconds = figures.seconds
    yield f"\ntime         {time_text(seconds.low)} to {time_text(seconds.high)}, likely {time_text(seconds.likely)}"
    if estimated.repository.route is Route.FARGATE:
        yield "tasks        reviews, synthesis, editing, judging and publishing start a Fargate task each:"
        yield f"             {estimated.repository.reason}. A start takes about a minute, which the time leaves out"
    yield from aws_lines(aws)
    if figures.usd.high == 0:
        yield "cost         nothing: no model is called"
        return
    share = f"{figures.share_of_cap:.0%}" if math.isfinite(figures.share_of_cap) else "more than all"
    yield f"cap          ${amount(figures.cap_usd)}, of which this is likely {share}; nothing exceeds it"
    if figures.usd.likely <= figures.cap_usd < figures.usd.high:
        yield "             the high end does not fit: near the cap, cheaper answers replace some of them"
    for step in estimated.descent.steps:
        yield f"step down    {step.detail}"


def _notes(counted: CountedTokens, settings: AgentSettings) -> Iterator[str]:
    """Where figures come from that are not the usual ones, and which are missing."""
    if counted.frames:
        yield f"tokens in    as Bedrock's CountTokens counts them: {counted.calls} calls, which are free"
    for model, problem in counted.problems.items():
        plain = parse_name(model).plain
        reason = problem.removeprefix(f"{plain}: ")
        yield f"tokens in    estimated by length: {plain} cannot be asked for counts ({reason})"
    if "reserved" in settings.service_tiers:
        yield "reserved     counted at the default tier's price: AWS bills the reservation by the month, by contract"


def _figures(requests: Range, tokens_in: Range, tokens_out: Range, usd: Range) -> tuple[str, ...]:
    counts = tuple(count_text(count.likely) for count in (requests, tokens_in, tokens_out))
    return (*counts, *(f"{amount:.4f}" for amount in (usd.low, usd.likely, usd.high)))
