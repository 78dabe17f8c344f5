"""What every test may rely on: no cloud settings of the person who runs it, and nothing but loopback."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def no_cloud_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for AWS must bring its own settings; the machine's would hide a missing one."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "SWARM_", "PULUMI_")):
            monkeypatch.delenv(name)
