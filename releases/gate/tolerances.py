"""What a release must reach, and how much worse than the last promoted one it may be: the one table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from releases.gate.record import NOT_RUN, GateRecord, RepositoryFigures

#: Repositories of the golden set whose gaps are on purpose.
GAPS_EXPECTED = frozenset({"hostile"})


@dataclass(frozen=True)
class Tolerance:
    """`bound` holds whatever came before; `worse` is how far the figure may be from the last promoted release's.

    For a figure where more is better both are lower bounds, else upper. `worse` is in the figure's unit, or, with
    `relative`, a share of the last figure. None is no bound.
    """

    more_is_better: bool
    bound: float | None
    worse: float | None
    relative: bool = False
    least: float = 0.0


#: `least` is noise: a relative comparison allows at least so much.
TOLERANCES: Mapping[str, Tolerance] = {
    "coverage": Tolerance(True, 90, 1),
    "citations_resolved": Tolerance(True, 100, 0),
    "invented_symbols": Tolerance(False, 0, 0),
    "recall": Tolerance(True, 90, 2),
    "score": Tolerance(True, 60, 5),
    "gaps": Tolerance(False, 0, 0),
    "dropped_claims": Tolerance(False, None, 0.5, relative=True, least=3),
    "seconds": Tolerance(False, 1_800, 0.5, relative=True, least=60),
    "usd": Tolerance(False, 5, 0.2, relative=True, least=0.01),
    "payload_bytes": Tolerance(False, 16_384, 0.2, relative=True, least=1_024),
}
#: A record older than so many hours is not proof of what the stack does now.
FRESH_HOURS = 24


def problems(record: GateRecord, last: GateRecord | None) -> tuple[str, ...]:
    """What forbids the promotion, a sentence each; none when the release may go."""
    return (*_of_figures(record, last), *_of_checks(record))


def _of_figures(record: GateRecord, last: GateRecord | None) -> Iterator[str]:
    if not record.repositories:
        yield "no golden repository was documented"
    for name, figures in sorted(record.repositories.items()):
        if not figures.status.startswith("PUBLISHED"):
            yield f"{name}: the session ended {figures.status}"
            continue
        before = last.repositories.get(name) if last else None
        yield from _of_repository(name, figures, before)


def _of_repository(name: str, figures: RepositoryFigures, before: RepositoryFigures | None) -> Iterator[str]:
    for figure, tolerance in TOLERANCES.items():
        if figure == "gaps" and name in GAPS_EXPECTED:
            continue
        value = float(getattr(figures, figure))
        sign = 1 if tolerance.more_is_better else -1
        if tolerance.bound is not None and sign * value < sign * tolerance.bound:
            yield f"{name}: {figure} is {value:g}, and must be {_limit(tolerance)} {tolerance.bound:g}"
        elif before is not None and tolerance.worse is not None:
            earlier = float(getattr(before, figure))
            slack = max(tolerance.worse * earlier, tolerance.least) if tolerance.relative else tolerance.worse
            allowed = earlier - sign * slack
            if sign * value < sign * allowed:
                yield (
                    f"{name}: {figure} is {value:g}, was {earlier:g} in the last promoted release, and must be"
                    f" {_limit(tolerance)} {allowed:g}"
                )


def _limit(tolerance: Tolerance) -> str:
    return "at least" if tolerance.more_is_better else "at most"


def _of_checks(record: GateRecord) -> Iterator[str]:
    for name, outcome in sorted(record.checks.items()):
        if outcome != "passed" and not outcome.startswith(NOT_RUN):
            yield f"{name}: {outcome}"
