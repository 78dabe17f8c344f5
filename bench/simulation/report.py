"""Predictions as tables and plots, for docs/scale.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from bench.simulation.figures import Figures
from bench.simulation.session import Outcome

#: Bars by place, readable on white and on black.
_COLOURS = ("#2f7ed8", "#d9822b")
_WIDTH, _ROW, _LEFT, _TOP = 720, 44, 110, 44
_UNITS = {"seconds": "minutes", "dollars": "US dollars"}


@dataclass(frozen=True)
class Predicted:
    """One size in one place; `platform_usd` is all but the model."""

    size: str
    place: str
    outcome: Outcome
    platform_usd: float

    @property
    def usd(self) -> float:
        """Model and platform."""
        return sum(self.outcome.usd_by_role.values()) + self.platform_usd


def plot(name: str, predicted: Sequence[Predicted], value: Callable[[Predicted], float]) -> str:
    """Bars on a logarithmic axis; text takes the page's colour, in light and in dark."""
    sizes = list(dict.fromkeys(at.size for at in predicted))
    places = list(dict.fromkeys(at.place for at in predicted))
    low, high = 0.1, max(value(at) for at in predicted)
    height = _TOP + _ROW * len(sizes) + 8
    title = f"Predicted {_UNITS[name]} of a session, logarithmic"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{title}">',
        "<style>text{font:13px sans-serif;fill:#222}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
        f'<text x="0" y="14">{title}</text>',
    ]
    for line, place in enumerate(places):
        left = _LEFT + 170 * line
        parts.append(f'<rect x="{left}" y="24" width="12" height="12" fill="{_COLOURS[line]}"/>')
        parts.append(f'<text x="{left + 18}" y="35">{escape(place)}</text>')
    for row, size in enumerate(sizes):
        top = _TOP + _ROW * row
        parts.append(f'<text x="0" y="{top + 24}">{escape(size)}</text>')
        for at in predicted:
            if at.size == size:
                line = places.index(at.place)
                width = (_WIDTH - _LEFT - 90) * math.log(max(value(at), low) / low) / math.log(high / low)
                y = top + 4 + 18 * line
                parts.append(f'<rect x="{_LEFT}" y="{y}" width="{width:.0f}" height="15" fill="{_COLOURS[line]}"/>')
                parts.append(f'<text x="{_LEFT + width + 6:.0f}" y="{y + 12}">{value(at):,.1f}</text>')
    return "\n".join([*parts, "</svg>", ""])


def write_page(page: Path, predicted: Sequence[Predicted], table: Figures) -> None:
    """Put the generated tables between their marks."""
    text = page.read_text(encoding="utf-8")
    for name, lines in (("predictions", predictions(predicted)), ("figures", sources(table))):
        block = "\n".join([f"<!-- {name} -->", "", *lines, "", "<!-- end -->"])
        before, _, rest = text.partition(f"<!-- {name} -->")
        text = before + block + rest.partition("<!-- end -->")[2]
    page.write_text(text, encoding="utf-8")


def predictions(predicted: Iterable[Predicted]) -> list[str]:
    """A row a size and place."""
    rows = [
        "| place | size | time | reading | reviews | publish | model, USD | rest, USD | batches | at once | waits for |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|---|---|---|")
    for at in predicted:
        outcome, states = at.outcome, at.outcome.states
        waits = max(outcome.waited, key=lambda name: outcome.waited[name])
        many = f"{outcome.most_at_once['functions']:g} functions, {outcome.most_at_once['tasks']:g} tasks"
        cells = [at.place, at.size, *(_minutes(s) for s in (outcome.seconds, states["AnalyseFiles"]))]
        cells += [_minutes(states["ReviewRepository"]), _minutes(states["Publish"])]
        cells += [f"{at.usd - at.platform_usd:,.2f}", f"{at.platform_usd:,.2f}"]
        cells += [", ".join(f"{count} {route}" for route, count in outcome.routes.items()), many]
        cells += [waits if outcome.waited[waits] >= 1 else "nothing"]
        rows.append(f"| {' | '.join(cells)} |")
    beyond = sorted({f"{at.size}: {state}" for at in predicted for state in at.outcome.beyond_lambda})
    return [*rows, "", f"Longer than a Lambda function's time: {'; '.join(beyond) or 'nothing'}."]


def sources(table: Figures) -> list[str]:
    """Every figure with where it comes from."""
    rows = ["| figure | value | unit | source |", "|---|---|---|---|"]
    for name, at in table.rows():
        source = f"<{at.source}>" if at.source.startswith("https:") else at.source
        value = f"{at.value:,g}" if math.isfinite(at.value) else "no limit"
        rows.append(f"| {name.replace('_', ' ')} | {value} | {at.unit} | {source or f'assumption: {at.why}'} |")
    return rows


def _minutes(seconds: float) -> str:
    return (
        f"{seconds:,.0f} s"
        if seconds < 120
        else f"{seconds / 60:,.0f} min"
        if seconds < 7_200
        else f"{seconds / 3_600:,.1f} h"
    )
