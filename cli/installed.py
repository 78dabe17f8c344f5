"""`swarm` as `pip install` puts it on PATH: the wheel is one folder, in which everything lies as in a checkout."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """Run the command."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    import cli.__main__  # noqa: F401  which is the command
