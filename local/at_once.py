"""How many agents work at once on this machine."""

from __future__ import annotations

import os


def agents_at_once() -> int:
    """One a processor, and two at least: the reviewers work side by side."""
    return max(2, os.cpu_count() or 2)
