"""`swarm estimate` back-tested on ten real releases of five registries: what it says, beside what a run's stub counted.

Five releases were looked at while the estimator was mended (`seen`), five were not (`unseen`). With `--paced` the stub
answers as slowly as the estimate assumes: the seconds then compare how the work is laid out, not how fast a model is.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agents.costs.estimate import answer_seconds
from agents.questions.instructions import FILES, instructions_of
from bench.estimate import MEASURED, at_length, estimate_and_run
from bench.projects import fetched, unpacked
from bench.stub_http import Json
from bench.stub_model import Behaviour, StubModel

#: By set: registry, name, version.
RELEASES: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "seen": (
        ("pypi", "httpx", "0.28.1"),
        ("npm", "commander", "12.1.0"),
        ("go", "github.com/spf13/cobra", "1.8.1"),
        ("crates", "semver", "1.0.23"),
        ("maven", "commons-cli:commons-cli", "1.9.0"),
    ),
    "unseen": (
        ("pypi", "flask", "3.1.3"),
        ("npm", "pino", "9.3.2"),
        ("go", "github.com/go-chi/chi/v5", "5.1.0"),
        ("crates", "anyhow", "1.0.86"),
        ("maven", "org.apache.commons:commons-csv", "1.11.0"),
    ),
}
#: The total of tokens, and the share of figures that lie between the low and the high one.
TOKENS_LIMIT, BAND_LIMIT = 0.10, 0.95


@dataclass
class CountingStub(StubModel):
    """Counts each role's requests and tokens; where it is `paced`, it answers when the estimate's model would."""

    paced: bool = False
    by_role: dict[str, dict[str, float]] = field(
        default_factory=lambda: defaultdict(lambda: dict.fromkeys(MEASURED, 0))
    )

    def respond(self, request: Json) -> tuple[int, Json]:
        """As the stub does."""
        status, body = super().respond(request)
        usage = body.get("usage")
        if usage:
            tokens_in, tokens_out = usage["prompt_tokens"], usage["completion_tokens"]
            with self._lock:
                counted = self.by_role[role_of(self.read(request).system)]
                counted["requests"] += 1
                counted["input_tokens"] += tokens_in
                counted["output_tokens"] += tokens_out
                counted["usd"] += (tokens_in * 1 + tokens_out * 5) / 1e6  # PRICE of bench/estimate.py
            time.sleep(answer_seconds(tokens_in, tokens_out) if self.paced else 0)
        return status, body


def role_of(system: str) -> str:
    """The role whose instructions a request begins with. Raises ValueError for a request of nobody's."""
    for role in FILES:
        if instructions_of(role).strip()[:120] in system:
            return role
    raise ValueError(f"no role asks so: {system[:120]!r}")


def figures(only: str | None = None, *, paced: bool = False) -> Iterator[dict[str, Any]]:
    """A line a release, and one for each set; `only` names a release."""
    for name, releases in RELEASES.items():
        lines = []
        for registry, release, version in releases:
            if only not in {None, release}:
                continue
            archive = fetched(registry, release, version)
            if archive is None:
                yield {"set": name, "release": release, "skipped": f"the client of {registry} is not on this machine"}
                continue
            print(f"backtest: {release} {version}", file=sys.stderr)
            lines.append(measure(archive, paced=paced))
            yield {"set": name, "release": f"{release} {version}", **lines[-1]}
        if lines:
            yield {"set": name, **summary(lines)}


def measure(archive: Path, *, paced: bool = False) -> dict[str, Any]:
    """One estimate and one run."""
    behaviour = Behaviour(rewrite=at_length)
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name, CountingStub(behaviour, paced=paced) as stub:
        folder = Path(name)
        repository = unpacked(archive, folder / "release")
        estimated, session = estimate_and_run(stub, repository, folder)
        metered = {role: dict(counted) for role, counted in stub.by_role.items()}
        return {
            "status": session["status"],
            "load": round(os.getloadavg()[0], 1),
            "files": estimated["files"],
            "bytes": estimated["bytes"],
            **compare(estimated, metered),
            "execution_s": session["timings"]["wall_s"],
            "estimated_s": estimated["seconds"],
            "states": session["timings"]["states"],
        }


def compare(estimated: Json, metered: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """By role and in total: likely, metered; and the figures outside their band."""
    roles = {}
    outside, figures_count = [], 0
    for role, expected in estimated["roles"].items():
        counted = metered.get(role, dict.fromkeys(MEASURED, 0))
        roles[role] = {name: [expected[name]["likely"], round(counted[name], 6)] for name in MEASURED}
        for name in MEASURED:
            figures_count += 1
            # A rounded figure holds what rounds to it.
            digits = 6 if name == "usd" else 0
            if not expected[name]["low"] <= round(counted[name], digits) <= expected[name]["high"]:
                outside.append(f"{role} {name}: {counted[name]:g} not in {expected[name]}")
    total = {name: [sum(role[name][side] for role in roles.values()) for side in (0, 1)] for name in MEASURED}
    return {"total": total, "roles": roles, "band_figures": figures_count, "outside": outside}


def summary(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Likely to metered of a set's releases together, by figure and role, and the share inside the band."""
    tokens = [sum(line["total"][name][side] for line in lines for name in MEASURED[1:3]) for side in (0, 1)]
    ratio = {name: _ratio([line["total"][name] for line in lines]) for name in MEASURED}
    roles = {role: {name: _ratio([line["roles"][role][name] for line in lines]) for name in MEASURED} for role in FILES}
    inside = 1 - sum(len(line["outside"]) for line in lines) / sum(line["band_figures"] for line in lines)
    tokens_ratio = _ratio([tokens])
    failed = sum(line.get("status") == "FAILED" for line in lines)
    return {
        "releases": len(lines),
        "failed": failed,
        "likely_to_metered": ratio | {"tokens": tokens_ratio},
        "by_role": roles,
        "band": round(inside, 4),
        "within": not failed
        and inside >= BAND_LIMIT
        and tokens_ratio is not None
        and abs(tokens_ratio - 1) <= TOKENS_LIMIT,
    }


def _ratio(pairs: Sequence[Sequence[float]]) -> float | None:
    likely, metered = (sum(pair[side] for pair in pairs) for side in (0, 1))
    return round(likely / metered, 3) if metered else None
