"""The finder that leaves moto's lists of machine types out is no trouble to other threads that import."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from unittest import mock

from local.moto.economy import machine_types


def test_a_thread_that_goes_through_the_finders_meets_each_of_them() -> None:
    """One that left in between would make it pass the next over, and a module would not be found: an error 500."""
    finder, following, met = machine_types._BeforeTheReader(), mock.Mock(), []
    files = SimpleNamespace(load_resource=lambda name: f"read {name}")
    with (
        mock.patch("importlib.import_module", return_value=files),
        mock.patch.object(sys, "meta_path", [finder, following]),
    ):
        for each in sys.meta_path:
            met.append(each)
            each.find_spec(machine_types._READER, None)

    assert met == [finder, following]
    assert files.load_resource(machine_types._TYPES) == {}
    assert files.load_resource("other") == "read other"
