"""Fuzzes what reads other people's bytes, for a fixed time: `make fuzz SECONDS=60`.

Coverage leads it where atheris is installed, Hypothesis otherwise. An input that makes a target raise, hang, or end its
process is saved in tests/hostile/crashes/TARGET/, and from then on tried by every test run.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import multiprocessing
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hostile.fuzz_targets import TARGETS

CRASHES = Path(__file__).with_name("crashes")
#: What a single input may take.
_SLOWEST_SECONDS = 10
#: How long a target's process may take to end, once its time is over.
_GRACE_SECONDS = 60
_LONGEST_BYTES = 10_000


class CurrentInput:
    """The input that a target is trying, in memory that outlives its process: a grammar in C can end it at once."""

    def __init__(self) -> None:
        self._length = multiprocessing.RawValue(ctypes.c_size_t, 0)
        self._bytes: Any = multiprocessing.RawArray(ctypes.c_char, _LONGEST_BYTES)

    def write(self, data: bytes) -> None:
        """Note an input, of which the first 10,000 bytes count, before it is tried."""
        self._length.value = min(len(data), _LONGEST_BYTES)
        self._bytes[: self._length.value] = data[:_LONGEST_BYTES]

    def read(self) -> bytes:
        """The input that was tried last."""
        content: bytes = self._bytes[: self._length.value]
        return content


#: Fuzzes the target of this name for so many seconds.
Engine = Callable[[str, int, CurrentInput], None]


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
    engine = _by_coverage if importlib.util.find_spec("atheris") else _by_hypothesis
    share = max(1, chosen.seconds // len(targets))
    well = True
    for name in targets:
        well &= ended_well(name, share, engine)
        print(f"{name}: {share} s, {engine.__name__.removeprefix('_by_')}", flush=True)
    return int(not well)


def ended_well(name: str, seconds: int, engine: Engine, grace_seconds: float = _GRACE_SECONDS) -> bool:
    """Fuzz a target in a process of its own; False when it raised, hung or ended the process. The input is saved."""
    current, before = CurrentInput(), crashes()
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    child = context.Process(target=_begin, args=(begun, engine, name, seconds, current))
    child.start()
    while child.is_alive() and not begun.wait(0.1):  # importing what is fuzzed takes seconds, on a busy machine many
        pass
    child.join(seconds + grace_seconds)
    why = f"its process ended with {child.exitcode}"
    if child.is_alive():
        child.kill()
        child.join()
        why = f"its process did not end within {grace_seconds:g} s after its time"
    if child.exitcode:
        _save(name, current.read(), why)
        return False
    return crashes() == before


def _begin(begun: Event, engine: Engine, name: str, seconds: int, current: CurrentInput) -> None:
    begun.set()
    engine(name, seconds, current)


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


def _by_hypothesis(name: str, seconds: int, current: CurrentInput) -> None:
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


def _by_coverage(name: str, seconds: int, current: CurrentInput) -> None:
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
