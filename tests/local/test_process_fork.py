"""Promises of forked modules: they begin with the keeper's libraries, and with nothing else of it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.processes.child_processes import Processes, ProcessNotStarted

pytestmark = [
    pytest.mark.local,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere modules are executed, as test_processes.py shows"),
]
REPORT = """
import json, os, signal, sys
found = [int(name) for name in os.listdir("/proc/self/fd")]
report = dict(
    pid=os.getpid(), group=os.getpgid(0), session=os.getsid(0), folder=os.getcwd(), variables=dict(os.environ),
    arguments=sys.argv, path=sys.path[:2], main=__name__,
    imported="boto3" in sys.modules, agents="agents" in sys.modules,
    descriptors=[number for number in found if number > 2 and os.path.exists(f"/proc/self/fd/{number}")],
    handler=str(signal.getsignal(signal.SIGCHLD)), region=None,
)
if report["imported"]:
    import boto3
    client = boto3.client("dynamodb", aws_access_key_id="a", aws_secret_access_key="b")
    report["region"] = client.meta.region_name
print(json.dumps(report))
"""


@pytest.fixture
def processes() -> Iterator[Processes]:
    with Processes(forks=True) as made:
        yield made


def run(processes: Processes, folder: Path, source: str, *arguments: str, **environment: str) -> tuple[int | None, str]:
    code = folder / "code"
    code.mkdir(exist_ok=True)
    (code / "asked.py").write_text(source)
    output = folder / "output"
    process = processes.start_module("asked", arguments, {"PYTHONPATH": str(code), **environment}, folder, output)
    return process.wait(60), output.read_text()


def report_of(processes: Processes, folder: Path, *arguments: str, **environment: str) -> dict[str, Any]:
    status, output = run(processes, folder, REPORT, *arguments, **environment)
    assert status == 0, output
    answer: dict[str, Any] = json.loads(output)
    return answer


def test_a_forked_module_is_as_if_executed(
    processes: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_PARENT", "1")
    answer = report_of(processes, tmp_path, "one", "two", COLOUR="blue")
    assert answer["main"] == "__main__"
    assert answer["arguments"][1:] == ["one", "two"]
    assert answer["folder"] == str(tmp_path)
    assert answer["path"] == [str(tmp_path), str(tmp_path / "code")]
    assert answer["variables"] == {"PYTHONPATH": str(tmp_path / "code"), "COLOUR": "blue"}
    assert answer["pid"] == answer["group"] == answer["session"] != os.getpid()
    assert not answer["imported"]


def test_nothing_the_keeper_holds_open_stays_open(processes: Processes, tmp_path: Path) -> None:
    answer = report_of(processes, tmp_path)
    assert answer["descriptors"] == []
    assert answer["handler"] == "0"


def test_what_was_imported_ahead_is_there_and_takes_its_settings_from_the_childs_own_variables(
    processes: Processes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configuration = tmp_path / "config"
    configuration.write_text("[default]\nregion = us-west-2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(configuration))
    processes.import_ahead(["boto3", "no_such_library_at_all"])
    assert report_of(processes, tmp_path, AWS_DEFAULT_REGION="eu-west-3")["region"] == "eu-west-3"
    (tmp_path / "output").unlink()
    answer = report_of(processes, tmp_path, AWS_DEFAULT_REGION="eu-north-1")
    assert answer["region"] == "eu-north-1"
    assert not answer["agents"], "our own code comes from the function's zip alone"


def test_code_that_was_imported_ahead_is_there_with_what_it_built_for_who_runs_that_code(
    processes: Processes, tmp_path: Path
) -> None:
    source = "import sys\nbefore = 'counted' in sys.modules\nimport counted\nprint(before, counted.NAME)"
    own, other = tmp_path / "own", tmp_path / "other"
    for folder in (own, other):
        (folder / "code").mkdir(parents=True)
        (folder / "code" / "counted.py").write_text(f"NAME = {folder.name!r}")
    (own / "code" / "counted.py").write_text("NAME = 'own'\n\ndef build():\n    global NAME\n    NAME = 'built'\n")
    processes.import_ahead(["counted", "not_there"], own / "code", ["counted:build", "counted:gone", "not_there:x"])

    assert run(processes, own, source) == (0, "True built\n")
    assert run(processes, other, source) == (0, "False other\n")


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        ("raise SystemExit(7)", 7, ""),
        ("raise SystemExit('no')", 1, "no\n"),
        ("raise SystemExit", 0, ""),
        ("raise KeyError('x')", 1, "KeyError: 'x'\n"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -9, ""),
    ],
)
def test_the_end_is_reported_as_the_interpreter_reports_it(
    processes: Processes, tmp_path: Path, source: str, status: int, says: str
) -> None:
    ended, output = run(processes, tmp_path, source)
    assert ended == status
    assert output.endswith(says)


def test_a_folder_that_is_not_there_is_a_start_that_failed(processes: Processes, tmp_path: Path) -> None:
    with pytest.raises(ProcessNotStarted, match="nowhere"):
        processes.start_module("json", [], {}, tmp_path / "nowhere", tmp_path / "output")
