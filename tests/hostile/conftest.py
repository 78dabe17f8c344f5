"""Counts the hostile inputs by kind: how many were tried, how many did what they were made for."""

from __future__ import annotations

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line a kind, from the properties that the tests record."""
    tried: Counter[str] = Counter()
    escaped: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            for name, count in getattr(report, "user_properties", ()):
                if name.startswith("hostile "):
                    tried[name.removeprefix("hostile ")] += int(str(count))
                    escaped[name.removeprefix("hostile ")] += outcome == "failed"
    for kind in sorted(tried):
        terminalreporter.write_line(f"hostile {kind}: {tried[kind]} tried, {escaped[kind]} escaped")
