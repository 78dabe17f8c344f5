"""What the installed command cannot do: the cloud on this machine is built from a checkout."""

from __future__ import annotations

from cli.errors import BadInput
from local.settings import ROOT


def check_checkout() -> None:
    """Raises BadInput where the project's own sources and its virtual environment are not."""
    if not (ROOT / "Makefile").is_file():
        raise BadInput(
            "The cloud on this machine needs a checkout of the project: clone it, and run `make run REPO=path` there;"
            " `swarm submit` with --stack documents on a deployed stack without one"
        )
