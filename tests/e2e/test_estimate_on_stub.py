"""What `swarm estimate` says is likely is what a run on the stub is metered at, within a quarter."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench.estimate import at_length, compare
from bench.stub_model import Behaviour, StubModel
from tests.e2e.main_job import ROOT

# Half a minute to several each; `python -m bench backtest` compares the same on real projects.
pytestmark = [pytest.mark.local, pytest.mark.slow, pytest.mark.timeout(420)]


@pytest.mark.parametrize("package", ["agents/roles/intake", "releases", "cli"])
def test_the_likely_cost_is_within_a_quarter_of_the_metered(tmp_path: Path, package: str) -> None:
    repository = tmp_path / "repository"
    shutil.copytree(ROOT / package, repository / package, ignore=shutil.ignore_patterns("__pycache__"))
    with StubModel(Behaviour(rewrite=at_length)) as stub:
        compared = compare(stub, repository, tmp_path)
    assert 0.75 <= compared["likely_to_metered"]["usd"] <= 1.25, compared
