"""Fuzzes what reads other people's bytes, for a fixed time: `make fuzz SECONDS=60`.

Coverage leads it where atheris is installed, Hypothesis otherwise. What makes a target raise is saved in
tests/hostile/crashes/TARGET/, and from then on tried by every test run.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import multiprocessing
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz_targets import TARGETS

CRASHES = Path(__file__).with_name("crashes")
#: What a single input may take.
_SLOWEST_SECONDS = 10


def crashes() -> list[tuple[str, Path]]:
    """Every saved input, with its target."""
    return [(path.parent.name, path) for path in sorted(CRASHES.glob("*/*"))]


def main() -> int:
    """Fuzz each target for its share of the time; the exit code is 1 when anything raised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("--target", choices=TARGETS, help="this target alone")
    chosen = parser.parse_args()
    targets = {chosen.target: TARGETS[chosen.target]} if chosen.target else TARGETS
    engine = _by_coverage if importlib.util.find_spec("atheris") else _by_hypothesis
    share = max(1, chosen.seconds // len(targets))
    before = len(crashes())
    for name in targets:
        child = multiprocessing.get_context("spawn").Process(target=engine, args=(name, share))
        child.start()
        child.join(share + 60)
        if child.is_alive():
            child.kill()
            print(f"{name}: did not end", file=sys.stderr)
        print(f"{name}: {share} s, {engine.__name__.removeprefix('_by_')}", flush=True)
    return int(len(crashes()) > before)


def _tried(name: str, data: bytes) -> None:
    """Try an input; what makes the target raise, or takes too long, is saved."""
    started = time.process_time()
    try:
        TARGETS[name](data)
    except Exception:  # noqa: BLE001 (whatever it is, the input is what is looked for)
        _save(name, data, traceback.format_exc())
    if time.process_time() - started > _SLOWEST_SECONDS:
        _save(name, data, "too slow")


def _save(name: str, data: bytes, why: str) -> None:
    folder = CRASHES / name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / hashlib.sha256(data).hexdigest()[:16]
    path.write_bytes(data)
    print(f"{name}: {path}\n{why}", file=sys.stderr, flush=True)


def _by_hypothesis(name: str, seconds: int) -> None:
    end = time.monotonic() + seconds

    @settings(
        max_examples=200, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(
        data=st.one_of(
            st.binary(max_size=2_000), st.text(max_size=1_000).map(lambda text: text.encode("utf-8", "replace"))
        )
    )
    def batch(data: bytes) -> None:
        if time.monotonic() < end:
            _tried(name, data)

    while time.monotonic() < end:
        batch()


def _by_coverage(name: str, seconds: int) -> None:
    import atheris

    watched: Callable[[bytes], None] = atheris.instrument_func(lambda data: _tried(name, data))
    instrumented: Mapping[str, object] = {
        module: found for module, found in sys.modules.items() if module.startswith("agents.codebase") and found
    }
    for module in instrumented.values():
        for attribute, value in vars(module).copy().items():
            if (
                callable(value)
                and getattr(value, "__module__", "") == getattr(module, "__name__", None)
                and hasattr(value, "__code__")
            ):
                setattr(module, attribute, atheris.instrument_func(value))
    atheris.Setup(["fuzz", f"-max_total_time={seconds}", "-max_len=3000", "-verbosity=0", "-timeout=30"], watched)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
