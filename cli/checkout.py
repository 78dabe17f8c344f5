"""What the installed command cannot do: a cloud on this machine and a release are built from a checkout."""

from __future__ import annotations

from cli.errors import BadInput
from local.settings import ROOT

_CLOUD = (
    "The cloud on this machine needs a checkout of the project: clone it, and run `make run REPO=path` there;"
    " `swarm submit` with --stack documents on a deployed stack without one"
)
RELEASE = "A release is built from a checkout of the project: clone it, and run `swarm release build` there"


def check_checkout(message: str = _CLOUD) -> None:
    """Raises BadInput with the message where the project's own sources and its virtual environment are not."""
    if not (ROOT / "Makefile").is_file():
        raise BadInput(message)
