"""Where the project's files are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: The program's folder; local.settings and local.cloud have the same, and importing those takes a second.
ROOT: Final = Path(__file__).resolve().parent.parent
