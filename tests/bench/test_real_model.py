"""The benchmark with a real model starts its server among files that are named as modules of the standard library."""

from __future__ import annotations

import subprocess
import sys

from bench.real_model import server_command


def test_the_models_server_imports_the_standard_library_and_not_our_benchmarks() -> None:
    done = subprocess.run([*server_command(sys.executable), "--help"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
