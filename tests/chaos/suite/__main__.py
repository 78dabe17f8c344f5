"""`python -m tests.chaos.suite --seeds 20`: every kind of fault with every seed, a line of JSON each.

Exit code 1 when a run ends otherwise than it may, when the fault of a kind came in none of its runs, and when a
process outlives the cloud.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from tests.chaos.suite.ends import problems
from tests.chaos.suite.kinds import BY_NAME, KINDS, Kind
from tests.chaos.suite.world import World


@dataclass(frozen=True)
class Played:
    """One run: how often the fault was injected, the session's status, and what was wrong with its end."""

    kind: str
    seed: int
    fired: int
    status: str
    seconds: float
    problems: list[str]


def play(world: World, kind: Kind, seed: int) -> Played:
    """One run with one fault: what it came to."""
    began = time.monotonic()
    chance = random.Random(f"{kind.name} {seed}")  # noqa: S311  it protects nothing
    try:
        run, fired = kind.stage(world, chance)
        wrong = problems(world, run, kind)
        status = str(run.records[-1].status) if run.records else "none"
    except Exception:  # noqa: BLE001  the next run may still be played
        fired, status, wrong = 0, "none", [traceback.format_exc()]
    finally:
        world.tap.armed = world.model.armed = None
    seconds = round(time.monotonic() - began, 1)
    return Played(kind.name, seed, fired, status, seconds, wrong)


def main() -> int:
    """Play the runs that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="runs of each kind")
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help="names, separated by commas; all of them by default")
    options = parser.parse_args()
    chosen = [BY_NAME[name] for name in options.kinds.split(",")] if options.kinds else list(KINDS)
    began, runs, wrong, missed = time.monotonic(), 0, 0, Counter[str]()
    with World() as world:
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            for kind in chosen:
                result = play(world, kind, seed)
                print(json.dumps(asdict(result)), flush=True)
                runs += 1
                wrong += bool(result.problems)
                missed[kind.name] += not result.fired
    never = always_missed(missed, options.seeds)
    minutes = round((time.monotonic() - began) / 60, 1)
    counts = {"kinds": len(chosen), "runs": runs, "wrong": wrong, "missed": dict(+missed), "always_missed": never}
    print(json.dumps({**counts, "outlived": len(world.outlived), "minutes": minutes}))
    return 1 if wrong or never or world.outlived else 0


def always_missed(missed: Mapping[str, int], seeds: int) -> list[str]:
    """The kinds whose fault was missed with every seed."""
    return sorted(kind for kind, times in missed.items() if times == seeds)


if __name__ == "__main__":
    sys.exit(main())
