"""What every test may rely on: no cloud settings of the person who runs it, and nothing but loopback."""

from __future__ import annotations

import gc
import logging
import os
import signal
from functools import cache

import pydantic_ai.models
import pytest
import typer.testing
from hypothesis import HealthCheck, settings

# A test that reaches a model on the network must say so: tests/agents/models/over_http does, for its stubs on loopback.
pydantic_ai.models.ALLOW_MODEL_REQUESTS = False
# Pulumi, moto and the tests are a million objects that stay: with 50,000 a tenth of the time would be spent on them.
gc.set_threshold(1_000_000, 10, 100)
# Typer makes the whole command line anew for each call of a test: 32 ms, of which there are a thousand.
typer.testing._get_command = cache(typer.main.get_command)  # type: ignore[attr-defined]  # no setting for it
# Started in the background by a shell without job control, Ctrl-C would be ignored, and by every process of the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)
# No run of a test leaves a process behind; tests of the keeper switch it on, and end it.
os.environ["SWARM_KEEPER"] = "off"
# No test's outcome depends on how fast this machine is just now; fixtures that examples share are meant to be shared.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("house")


def _is_of_a_test(record: logging.LogRecord) -> bool:
    """All but what Pulumi leaves of a refused program: a collection of garbage logs it, in the middle of anything.

    Its traceback is shown with `ast.parse`; inside another one, Python 3.11 fails (https://github.com/python/cpython/issues/106905).
    """
    return "exception was never retrieved" not in record.msg


logging.getLogger("asyncio").addFilter(_is_of_a_test)


@pytest.fixture(autouse=True)
def no_cloud_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for AWS must bring its own settings; the machine's would hide a missing one."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "SWARM_", "PULUMI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("SWARM_KEEPER", "off")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start real processes go first: begun last, one of them would leave the other core idle."""
    slow_files = {item.path for item in items if item.get_closest_marker("local")}
    items.sort(key=lambda item: item.path not in slow_files)
