"""A stack on the local cloud, used as a deployed one: over HTTP, with credentials, found by its parameter."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.cloud import ROOT, LocalCloud

pytestmark = pytest.mark.local


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with LocalCloud("local", warm=True) as cloud:
        yield {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), **cloud.variables()}


def swarm(variables: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cli", *words, "--stack", "local"]
    return subprocess.run(command, capture_output=True, text=True, env=variables, check=False, timeout=120)


def test_submit_watch_fetch_and_logs_lead_from_a_folder_to_its_site(variables: dict[str, str], tmp_path: Path) -> None:
    repository, out = tmp_path / "shop", tmp_path / "out"
    repository.mkdir()
    (repository / "shop.py").write_text('"""Sells things."""\n\n\ndef sell() -> int:\n    """One."""\n    return 1\n')

    submitted = swarm(variables, "submit", str(repository), "--json")
    assert submitted.returncode == 0, submitted.stderr
    session = json.loads(submitted.stdout)["session_id"]

    command = [sys.executable, "-m", "cli", "watch", session, "--stack", "local"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=variables) as watching:
        assert watching.stderr is not None
        watching.stderr.readline()  # the first phase
        watching.send_signal(signal.SIGINT)
        assert "goes on" in watching.stderr.read()
    assert watching.returncode == 130

    watched = swarm(variables, "watch", session)
    assert watched.returncode == 0, watched.stderr
    assert "PUBLISHED" in watched.stdout
    assert watched.stdout.count("next:") == 1

    fetched = swarm(variables, "fetch", session, "--out", str(out), "--json")
    assert fetched.returncode == 0, fetched.stderr
    assert json.loads((out / "session.json").read_text()) == json.loads(fetched.stdout)
    assert (out / "site" / "index.html").is_file()

    lines = [json.loads(line) for line in swarm(variables, "logs", session, "--json").stdout.splitlines()]
    assert {"OpenSession", "Scan", "AnalyseBatch", "Publish", "CloseSession"} <= {line["state"] for line in lines}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)

    assert "has not failed" in swarm(variables, "redrive", session).stderr


def test_what_is_not_there_is_named_in_one_sentence(variables: dict[str, str], tmp_path: Path) -> None:
    unknown = "s" + "0" * 20
    (tmp_path / "mine.txt").write_text("mine")
    for words in (("watch", unknown), ("fetch", unknown, "--out", str(tmp_path)), ("logs", unknown)):
        refused = swarm(variables, *words)
        assert refused.returncode == 2
        assert refused.stderr.count("\n") == 1
        assert unknown in refused.stderr
    nobody = {name: value for name, value in variables.items() if not name.startswith("AWS_SE")}
    assert swarm({**nobody, "AWS_ACCESS_KEY_ID": ""}, "sessions").returncode == 3
