"""`python -m bench [NAME …]`: run these benchmarks, or all quick ones; `--list` names them."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench import (
    accessibility,
    backtest,
    budget,
    check,
    estimate,
    findings,
    import_time,
    large_repository,
    many_files,
    model_latency,
    one_change,
    oversized,
    references,
    report_page,
    routing,
    scan,
    search,
    second_runs,
    secrets,
    start,
    wide,
)

BENCHES: Mapping[str, Callable[..., Iterator[dict[str, Any]]]] = {
    "budget": budget.figures,
    "estimate": estimate.figures,
    "backtest": backtest.figures,
    "second_runs": second_runs.figures,
    "large_repository": large_repository.figures,
    "model_latency": model_latency.figures,
    "one_change": one_change.figures,
    "import_time": import_time.figures,
    "routing": routing.figures,
    "many_files": many_files.figures,
    "oversized": oversized.figures,
    "secrets": secrets.figures,
    "findings": findings.figures,
    "search": search.figures,
    "accessibility": accessibility.figures,
    "check": check.figures,
    "references": references.figures,
    "report_page": report_page.figures,
    "start": start.figures,
    "scan": scan.figures,
    "wide": wide.figures,
}
#: They run only when they are named: each takes minutes, or needs a browser.
_BY_NAME = frozenset(
    {
        "accessibility",
        "backtest",
        "budget",
        "check",
        "findings",
        "many_files",
        "one_change",
        "oversized",
        "references",
        "report_page",
        "scan",
        "search",
        "second_runs",
        "wide",
    }
)


def main() -> int:
    """Print each benchmark's figures, one JSON object a line; 1 when a figure is above its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; without a name the quick ones")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and end")
    parser.add_argument("--files", type=int, help="how many files, for benchmarks that write a repository")
    parser.add_argument("--show", type=int, help="how many differences of each kind `references` lists")
    parser.add_argument("--unseen", action="store_true", help="`references` on projects that were not looked at")
    parser.add_argument("--paced", action="store_true", help="`backtest` with a model as slow as the estimate assumes")
    parser.add_argument("--only", help="the one language of `references`, or the one release of `backtest`")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(BENCHES))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHES)}")
    if arguments.list:
        print("\n".join(BENCHES))
        return 0
    # A cloud that stays after a run is not among its processes; `start` measures it and switches it on.
    os.environ["SWARM_KEEPER"] = "off"
    within = True
    for name in arguments.names or [bench for bench in BENCHES if bench not in _BY_NAME]:
        taken = inspect.signature(BENCHES[name]).parameters
        chosen = {key: value for key, value in vars(arguments).items() if key in taken and value is not None}
        for figure in BENCHES[name](**chosen):
            print(json.dumps({"bench": name, **figure}), flush=True)
            within = within and figure.get("within", True)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
