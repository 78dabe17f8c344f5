"""report.html: one self-contained page that tells a run in pictures and tables. Every text in it is escaped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agents.contracts.session import BatchOutcome, SessionRecord
from agents.contracts.snapshot import ManifestEntry, Route
from agents.roster import ROSTER
from cli.output.progress import PHASES
from cli.session import execution_history as history
from cli.session.execution_history import Span
from cli.session.run_outcome import RunOutcome

_NOTEWORTHY = 0.02  # share of the wall time from which a state without an agent gets a bar
_SLOWEST = 10
_MOST_GAPS = 200
_MOST_STEPS = 100
_MOST_BARS = 400
_MOST_AGAIN = 200
_FEWEST_BARS = 24  # a few batches are drawn as narrow as many
_LARGEST_FILES = 3


@dataclass(frozen=True)
class Bar:
    """One bar of the timeline, in percent of its width; `seconds` is its label."""

    state: str
    left: float
    width: float
    seconds: float
    finished: bool
    inner: bool


@dataclass(frozen=True)
class Share:
    """One part of the coverage bar."""

    name: str
    kind: str
    files: int
    percent: float


@dataclass(frozen=True)
class SlowBatch:
    """A slow batch, with the files that are the likely cause."""

    batch_id: str
    route: str
    seconds: float
    analysed: int
    bytes: int
    reason: str
    largest: tuple[tuple[str, int], ...]
    others: int


@dataclass(frozen=True)
class Column:
    """One batch in the chart of seconds by batch, in percent of the chart."""

    batch_id: str
    route: str
    seconds: float
    left: float
    width: float
    height: float


def render(outcome: RunOutcome) -> str:
    """The page's HTML."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"size": readable_size, "seconds": readable_seconds}
    record = outcome.record
    return environment.get_template("report.html.j2").render(
        record=record,
        dropped_claims=[(role, count) for role, count in record.dropped_claims.items() if count],
        duplicate=outcome.duplicate,
        findings=outcome.findings,
        shortage=outcome.shortage,
        steps=outcome.steps[:_MOST_STEPS],
        more_steps=max(0, len(outcome.steps) - _MOST_STEPS),
        bars=timeline(history.spans(outcome.events)),
        ticks=ticks(record.timings.wall_s),
        shares=shares(record),
        gaps=record.gaps[:_MOST_GAPS],
        more_gaps=max(0, len(record.gaps) - _MOST_GAPS),
        gap_reasons=_by_reason(record),
        columns=columns(outcome.batches),
        slowest=slowest(outcome),
        languages=list(record.repository.languages.items()),
        again=outcome.reruns if outcome.reruns is not None and outcome.reruns.previous else None,
        most_again=_MOST_AGAIN,
    )


def timeline(spans: Sequence[Span]) -> list[Bar]:
    """A bar for every stay of an agent, and for other states that took a notable time."""
    whole = max((span.end for span in spans), default=0.0) or 1.0
    notable = [s for s in spans if (s.state in PHASES and s.state != "Failed") or s.seconds / whole >= _NOTEWORTHY]
    return [
        Bar(
            state=span.state,
            left=round(100 * span.start / whole, 3),
            width=round(max(100 * span.seconds / whole, 0.15), 3),
            seconds=span.seconds,
            finished=span.finished,
            inner=span.state in ROSTER and ROSTER[span.state].role == "reviewer",
        )
        for span in notable
    ]


def ticks(seconds: float) -> list[tuple[float, str]]:
    """Positions in percent and labels of a time axis with three to eight round steps."""
    if seconds <= 0:
        return []
    step = next((s for s in (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800) if seconds / s <= 8), 3600)
    return [(round(100 * i * step / seconds, 3), readable_seconds(i * step)) for i in range(int(seconds / step) + 1)]


def shares(record: SessionRecord) -> list[Share]:
    """The coverage bar's parts; together they are all files."""
    coverage = record.coverage
    parts = [
        ("analysed", "good", coverage.files_analysed),
        ("reused", "reused", coverage.files_reused),
        ("skipped on purpose", "plain", coverage.files_skipped),
        ("gaps", "bad", len(record.gaps)),
    ]
    total = coverage.files_total or 1
    return [Share(name, kind, files, round(100 * files / total, 3)) for name, kind, files in parts]


def columns(batches: Sequence[BatchOutcome]) -> list[Column]:
    """Seconds by batch, slowest first; only the slowest when there are very many."""
    ordered = sorted(batches, key=lambda batch: (-batch.seconds, batch.batch_id))[:_MOST_BARS]
    tallest = max((batch.seconds for batch in ordered), default=0.0)
    if tallest <= 0:
        return []
    width = 100 / max(len(ordered), _FEWEST_BARS)
    return [
        Column(
            batch_id=batch.batch_id,
            route=batch.route.value,
            seconds=batch.seconds,
            left=round(number * width, 4),
            width=round(width * 0.82, 4),
            height=round(max(100 * batch.seconds / tallest, 1), 3),
        )
        for number, batch in enumerate(ordered)
    ]


def slowest(outcome: RunOutcome) -> list[SlowBatch]:
    """The slowest batches, each with its largest files."""
    files: dict[str, list[ManifestEntry]] = defaultdict(list)
    for entry in outcome.entries:
        if entry.batch_id is not None:
            files[entry.batch_id].append(entry)
    planned = {batch.batch_id: batch for batch in outcome.planned}
    batches = []
    for batch in sorted(outcome.batches, key=lambda batch: (-batch.seconds, batch.batch_id))[:_SLOWEST]:
        entries = sorted(files[batch.batch_id], key=lambda entry: (-entry.bytes, entry.path))
        plan = planned.get(batch.batch_id)
        batches.append(
            SlowBatch(
                batch_id=batch.batch_id,
                route="Fargate" if batch.route is Route.FARGATE else "Lambda",
                seconds=batch.seconds,
                analysed=batch.analysed,
                bytes=sum(entry.bytes for entry in entries),
                reason=plan.reason if plan is not None else "",
                largest=tuple((entry.path, entry.bytes) for entry in entries[:_LARGEST_FILES]),
                others=max(0, len(entries) - _LARGEST_FILES),
            )
        )
    return batches


def _by_reason(record: SessionRecord) -> list[tuple[str, int]]:
    counted: dict[str, int] = defaultdict(int)
    for gap in record.gaps:
        counted[gap.reason] += 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))


def readable_size(count: float) -> str:
    """Bytes for people."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:,.0f} {unit}" if unit == "bytes" else f"{count:,.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"


def readable_seconds(seconds: float) -> str:
    """Seconds for people."""
    if seconds < 10:
        return f"{seconds:.2f}".rstrip("0").rstrip(".") + " s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"
