"""report.html: one self-contained page that tells a run in pictures and tables. Every text in it is escaped."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Template

from agents.contracts.session import SessionRecord
from agents.contracts.usage import Usage
from agents.pages.words import Words
from agents.roster import ROSTER
from cli.output.compiled_template import compiled_template
from cli.output.figures import Figures
from cli.output.progress import PHASES
from cli.output.report_data import FATES, columns, embedded, is_counted, script_words, with_texts_once
from cli.session import execution_history as history
from cli.session.execution_history import Span
from cli.session.run_outcome import RunOutcome
from cli.session.stored_session import NOT_ATTRIBUTED

_STYLE = Path(__file__).with_name("report.css")
_SCRIPT = Path(__file__).with_name("report.js")
_NOTEWORTHY = 0.02  # share of the wall time from which a state without an agent gets a bar
_MOST_GAPS = 200
_MOST_STEPS = 100
_MOST_AGAIN = 200
#: What the coverage bar calls each of FATES, and its colour.
_PARTS = (
    ("analysed", "good"),
    ("reused", "reused"),
    ("skipped on purpose", "plain"),
    ("gaps", "bad"),
    ("open", "open"),
)


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
    left: float
    percent: float


@cache
def template() -> Template:
    """The page's template, compiled."""
    return compiled_template(Path(__file__).with_name("report.html.j2"))


def render(outcome: RunOutcome, site: str = "site/index.html", options: str = "", deciding: str = "") -> str:
    """The page's HTML; `site` leads to the session's site.

    `options` lead `swarm logs` to where the session is, `deciding` those commands that decide about its draft.
    """
    record, words = outcome.record, Words(outcome.language)
    figures = Figures(words)
    axis = ticks(record.timings.wall_s, figures)
    css = _STYLE.read_text("utf-8") + "".join(
        f".tick{number} {{ left: {left}% }}\n" for number, (left, _) in enumerate(axis, start=1)
    )
    script = _SCRIPT.read_text("utf-8")
    drawn = columns(outcome)
    counted = is_counted(record)
    data = {
        "session": record.session_id,
        "options": options,
        "wall": record.timings.wall_s,
        "words": script_words(script, words),
        **with_texts_once(drawn),
    }
    return template().render(
        language=outcome.language,
        words=words,
        count=words.number,
        figures=figures,
        css=css,
        script=script,
        data=embedded(data),
        policy=_policy(css, script),
        site=site,
        deciding=deciding,
        published=record.status.published,
        record=record,
        unread=outcome.unread,
        roles=_roles(outcome),
        critiques=outcome.critiques,
        dropped_claims=[(role, count) for role, count in record.dropped_claims.items() if count],
        duplicate=outcome.duplicate,
        findings=outcome.findings,
        shortage=outcome.shortage,
        steps=outcome.steps[:_MOST_STEPS],
        more_steps=max(0, len(outcome.steps) - _MOST_STEPS),
        bars=timeline(history.spans(outcome.events)),
        ticks=axis,
        counted=counted,
        known_files=record.coverage.files_total or len(outcome.entries),
        shares=shares(record) if counted else shares_so_far([file[2] for file in drawn["files"]]),
        gaps=record.gaps[:_MOST_GAPS],
        more_gaps=max(0, len(record.gaps) - _MOST_GAPS),
        gap_reasons=_by_reason(record),
        languages=list(record.repository.languages.items()),
        again=outcome.reruns if outcome.reruns is not None and outcome.reruns.previous else None,
        most_again=_MOST_AGAIN,
    )


def _policy(css: str, script: str) -> str:
    """The page's content security policy: its own style and script by their hashes, and nothing else."""
    own = f"style-src {_hashed(css)}; script-src {_hashed(script)}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _roles(outcome: RunOutcome) -> dict[str, Usage]:
    """Usage by role, which sums to the ledger's: a line more where roles did not report everything."""
    reported = dict(outcome.usage_by_role)
    spent = Usage(
        **outcome.record.usage.model_dump(include={"requests", "input_tokens", "output_tokens", "cached_tokens", "usd"})
    )
    rest = spent.minus(sum(reported.values(), Usage()))
    return reported if rest == Usage() or not spent.requests else {**reported, NOT_ATTRIBUTED: rest}


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


def ticks(seconds: float, figures: Figures) -> list[tuple[float, str]]:
    """Positions in percent and labels of a time axis with three to eight round steps."""
    if seconds <= 0:
        return []
    step = next((s for s in (0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800) if seconds / s <= 8), 3600)
    return [(round(100 * i * step / seconds, 3), figures.seconds(i * step)) for i in range(int(seconds / step) + 1)]


def shares(record: SessionRecord) -> list[Share]:
    """The coverage bar's parts; together they are all files."""
    coverage = record.coverage
    return _shares((coverage.files_analysed, coverage.files_reused, coverage.files_skipped, len(record.gaps)))


def shares_so_far(fates: Sequence[int]) -> list[Share]:
    """The same of a session whose files nobody has counted yet: by the fate of each that is known, a place in FATES."""
    files = Counter(fates)
    return _shares([files[fate] for fate in range(len(FATES))]) if fates else []


def _shares(counts: Sequence[int]) -> list[Share]:
    """Parts of the bar, in the order of FATES."""
    total = sum(counts) or 1
    return [
        Share(name, kind, files, round(100 * sum(counts[:number]) / total, 3), round(100 * files / total, 3))
        for number, ((name, kind), files) in enumerate(zip(_PARTS, counts, strict=False))
    ]


def _by_reason(record: SessionRecord) -> list[tuple[str, int]]:
    counted: dict[str, int] = defaultdict(int)
    for gap in record.gaps:
        counted[gap.reason] += 1
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
