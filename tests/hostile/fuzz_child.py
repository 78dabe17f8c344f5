"""Fuzzes a target in a process of its own: `python -m tests.hostile.fuzz_child MODULE:FUNCTION TARGET SECONDS FILE`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from tests.hostile.current_input import CurrentInput


def main(engine: str, target: str, seconds: str, file: str) -> None:
    """Call the engine, whose inputs are noted in the file."""
    module, _, function = engine.partition(":")
    called = getattr(importlib.import_module(module), function)
    current = CurrentInput(Path(file))
    current.begin()
    called(target, int(seconds), current)


if __name__ == "__main__":
    main(*sys.argv[1:])
