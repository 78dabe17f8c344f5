"""Whether a canary begins, goes on, goes back or is rolled out, by the figures of both versions. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from agents.contracts.trail import DecideCanaryOutput, Routing, SessionFigures, VersionFigures


@dataclass(frozen=True)
class WorseFigure:
    """How much worse the new version's figure may be: by `share` of the former's, and by `margin` at least."""

    figure: Callable[[VersionFigures], float | None]
    words: str
    margin: float
    share: float = 0
    higher_is_better: bool = False


#: One failed session may be the repository's fault.
FAILED_AT_LEAST = 2
FAILED_POINTS = 0.2
TOLERANCES = (
    WorseFigure(lambda version: version.gap_share, "share of gaps", margin=0.05),
    WorseFigure(lambda version: version.usd_per_file, "dollars per file", margin=0.001, share=0.5),
    WorseFigure(lambda version: version.dropped_claims_per_file, "dropped claims per file", margin=0.2, share=0.5),
    WorseFigure(lambda version: version.score, "critic's score", margin=5, higher_is_better=True),
    WorseFigure(lambda version: version.seconds_per_file, "analysts' seconds per file", margin=1, share=1),
)


@dataclass(frozen=True)
class Rules:
    """The stack's settings: how long a canary lasts at least, and the sessions that each version must have had."""

    minutes: int
    sessions: int


def before_figures(routing: Routing) -> DecideCanaryOutput | None:
    """The decision that needs no figures; None where there is a canary to judge."""
    if routing.newest > max(routing.new or routing.former, routing.judged):
        return DecideCanaryOutput(action="begin", reasons=(f"version {routing.newest} is new",))
    if routing.new is None:
        return DecideCanaryOutput(action="nothing")
    if routing.new <= routing.judged:
        return DecideCanaryOutput(action="go back", reasons=(f"version {routing.new} was decided against",))
    return None


def judge(
    routing: Routing, former: VersionFigures, new: VersionFigures, rules: Rules, now: float
) -> DecideCanaryOutput:
    """The decision about a canary. An alarm ends it at once; without enough sessions it goes on, however long."""
    missing = tuple(
        f"version {each.version} has had {each.sessions} of {rules.sessions} sessions"
        for each in (former, new)
        if each.sessions < rules.sessions
    )
    if missing:
        return DecideCanaryOutput(action="wait", reasons=missing)
    if alarms := tuple(_alarms(former, new)):
        return DecideCanaryOutput(action="go back", reasons=alarms)
    left = rules.minutes - (now - routing.since) / 60
    if left > 0:
        return DecideCanaryOutput(action="wait", reasons=(f"{left:.0f} minutes are left",))
    return DecideCanaryOutput(action="roll out", reasons=("no figure is worse than is tolerated",))


def _alarms(former: VersionFigures, new: VersionFigures) -> Iterator[str]:
    shares = [each.failed / each.sessions for each in (former, new)]
    if new.failed >= FAILED_AT_LEAST and shares[1] > shares[0] + FAILED_POINTS:
        former_share = f"of the former version {former.failed} of {former.sessions}"
        yield f"{new.failed} of {new.sessions} sessions failed, {former_share}"
    for tolerance in TOLERANCES:
        before, after = tolerance.figure(former), tolerance.figure(new)
        if before is None or after is None:
            continue
        worse = before - after if tolerance.higher_is_better else after - before
        if worse > max(tolerance.margin, tolerance.share * before):
            yield f"{tolerance.words}: {after:.3g}, of the former version {before:.3g}"


def in_figures(version: int, release: str, sessions: Sequence[SessionFigures], failed: int) -> VersionFigures:
    """A version's sessions summed: `sessions` are those that closed, `failed` the executions that did not succeed.

    Analysts' work counts by the files that they read, all other work by the files that were documented: a session
    that reuses analyses has few of the first. Without files that were read there is nothing to compare per file.
    """
    ended = [each for each in sessions if not each.failed]
    analysed = sum(each.files_analysed for each in ended)
    documented = analysed + sum(each.files_reused for each in ended)
    gaps = sum(each.gaps for each in ended)
    scores = [each.score for each in ended if each.score is not None]

    def per_file(analysts: float, others: float = 0) -> float | None:
        return analysts / analysed + others / documented if analysed else None

    return VersionFigures(
        version=version,
        release=release,
        sessions=len(ended) + failed,
        failed=failed,
        gap_share=gaps / (documented + gaps) if documented + gaps else None,
        usd_per_file=per_file(sum(e.analysts_usd for e in ended), sum(e.others_usd for e in ended)),
        dropped_claims_per_file=per_file(
            sum(e.analysts_dropped_claims for e in ended), sum(e.others_dropped_claims for e in ended)
        ),
        seconds_per_file=per_file(sum(e.analysts_seconds for e in ended)),
        score=sum(scores) / len(scores) if scores else None,
    )
