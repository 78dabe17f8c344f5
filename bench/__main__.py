"""`python -m bench [NAME …]`: run these benchmarks, or all of them; `--list` names them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bench import estimate, import_time, large_repository, model_latency, routing, secrets

BENCHES: Mapping[str, Callable[[], Iterator[dict[str, Any]]]] = {
    "estimate": estimate.figures,
    "large_repository": large_repository.figures,
    "model_latency": model_latency.figures,
    "import_time": import_time.figures,
    "routing": routing.figures,
    "secrets": secrets.figures,
}


def main() -> int:
    """Print each benchmark's figures, one JSON object a line; 1 when a figure is above its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; all without a name")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and end")
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names) - set(BENCHES))
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHES)}")
    if arguments.list:
        print("\n".join(BENCHES))
        return 0
    within = True
    for name in arguments.names or BENCHES:
        for figure in BENCHES[name]():
            print(json.dumps({"bench": name, **figure}), flush=True)
            within = within and figure.get("within", True)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
