"""A repository of 300 MB goes to Fargate end to end: its scan, and every batch."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.main_job import adds_up, swarm_run

pytestmark = [pytest.mark.local, pytest.mark.slow, pytest.mark.timeout(1500)]
FILES = 700
#: Data in 450 KB pieces, as large repositories mostly are; each has a line of its own, so that no two are the same.
ROW = '{"name": "a measurement", "unit": "metre", "value": 17, "remark": "as it was read from the instrument"},\n'


def test_300_megabytes_are_scanned_and_analysed_on_fargate(tmp_path: Path) -> None:
    repository = tmp_path / "large"
    for number in range(FILES):
        folder = repository / f"data{number % 20}"
        folder.mkdir(parents=True, exist_ok=True)
        text = f'[{{"number": {number}}},\n' + ROW * 4_200 + '{"last": true}]\n'
        (folder / f"set{number}.json").write_text(text, encoding="utf-8")
    assert sum(path.stat().st_size for path in repository.rglob("*.json")) > 300_000_000
    # What repeats itself packs well: the archive is far smaller than those that are scanned on Fargate by default.
    options = ("--setting", "scanLambdaMegabytes=0")
    done = swarm_run(repository, tmp_path / "out", tmp_path / "state", *options, seconds=1_200)
    assert done.code == 0, done.stderr
    session = done.session
    assert session["status"] in {"PUBLISHED", "PUBLISHED_WITH_FINDINGS"}
    assert adds_up(session)
    assert "ScanOversized" in session["timings"]["states"]
    assert session["routes"]["lambda"] == 0
    assert session["routes"]["fargate"] == session["coverage"]["files_analysed"] == FILES
    assert json.loads((done.out / "session.json").read_text("utf-8"))["gaps"] == []
