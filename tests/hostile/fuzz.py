"""Fuzzes what reads other people's bytes, for a fixed time: `make fuzz SECONDS=60`.

Coverage leads it where atheris is installed, Hypothesis otherwise. An input that makes a target raise, hang, or end its
process is saved in tests/hostile/crashes/TARGET/, and from then on tried by every test run.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from local.root import ROOT
from tests.hostile.current_input import CurrentInput
from tests.hostile.fuzz_targets import TARGETS

CRASHES = Path(__file__).with_name("crashes")
#: What a single input may take.
_SLOWEST_SECONDS = 10
#: How long a target's process may take to end, once its time is over.
_GRACE_SECONDS = 60


def crashes() -> list[tuple[str, Path]]:
    """Every saved input, with its target."""
    return [(path.parent.name, path) for path in sorted(CRASHES.glob("*/*"))]


def main() -> int:
    """Fuzz each target for its share of the time; the exit code is 1 when an input was saved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together")
    parser.add_argument("--target", choices=TARGETS, help="this target alone")
    chosen = parser.parse_args()
    targets = {chosen.target: TARGETS[chosen.target]} if chosen.target else TARGETS
    engine = "by_coverage" if importlib.util.find_spec("atheris") else "by_hypothesis"
    share = max(1, chosen.seconds // len(targets))
    well = True
    for name in targets:
        well &= ended_well(name, share, f"tests.hostile.fuzz:{engine}")
        print(f"{name}: {share} s, {engine.removeprefix('by_')}", flush=True)
    return int(not well)


def ended_well(name: str, seconds: int, engine: str, grace_seconds: float = _GRACE_SECONDS) -> bool:
    """Fuzz a target in a process of its own; False when it raised, hung or ended the process. The input is saved.

    The engine is a function that takes the target's name, the seconds and the current input: `module:function`.
    """
    before = crashes()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "current")
        current = CurrentInput(file)
        command = [sys.executable, "-m", "tests.hostile.fuzz_child", engine, name, str(seconds), str(file)]
        with subprocess.Popen(command, cwd=ROOT) as child:
            while child.poll() is None and not current.begun:  # what is fuzzed takes seconds to import
                time.sleep(0.05)
            try:
                why = f"its process ended with {child.wait(seconds + grace_seconds)}"
            except subprocess.TimeoutExpired:
                child.kill()
                why = f"its process did not end within {grace_seconds:g} s after its time"
        if child.wait():
            _save(name, current.read(), why)
            return False
    return crashes() == before


def _tried(name: str, data: bytes, current: CurrentInput) -> None:
    """Try an input; what makes the target raise, or takes too long, is saved."""
    current.write(data)
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


def by_hypothesis(name: str, seconds: int, current: CurrentInput) -> None:
    """Try inputs that Hypothesis makes up."""
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
            _tried(name, data, current)

    while time.monotonic() < end:
        batch()


def by_coverage(name: str, seconds: int, current: CurrentInput) -> None:
    """Try inputs that reach new lines of code."""
    import atheris

    watched: Callable[[bytes], None] = atheris.instrument_func(lambda data: _tried(name, data, current))
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
    # The input is saved by the process that waits for this one: libFuzzer's own copies would lie where it was started.
    with tempfile.TemporaryDirectory() as aside:
        limits = (f"-max_total_time={seconds}", "-max_len=3000", "-verbosity=0", "-timeout=30")
        atheris.Setup(["fuzz", *limits, f"-artifact_prefix={aside}/"], watched)
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
