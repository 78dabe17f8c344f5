"""Where the project's files are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: The program's folder. A module of its own: importing local.settings or local.cloud for it takes a second.
ROOT: Final = Path(__file__).resolve().parent.parent
