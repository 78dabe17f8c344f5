"""A one-file change asks a model about that file, its direct dependants and the pages that cite them, and says why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from bench.stub_model import StubModel
from tests.e2e.main_job import Finished, adds_up, swarm_run, write_repository

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

#: A chain of imports from one folder into another, and a folder that knows nothing of it.
REPOSITORY = {
    "README.md": "# Apiary\n\nKeeps bees, for people who like honey.\n",
    "hive/queen.py": "from hive.worker import work\n\n\ndef lay() -> int:\n    return work()\n",
    "hive/worker.py": "def work() -> int:\n    return 1\n",
    "yard/keeper.py": "from hive.queen import lay\n\n\ndef keep() -> int:\n    return lay()\n",
    "meadow/__init__.py": '"""Where flowers are."""\n',
    "meadow/flower.py": "def bloom() -> str:\n    return 'yellow'\n",
    "logo.png": "\x00\x01",
}
MODULES = ("apiary", "hive", "meadow", "yard")


@dataclass(frozen=True)
class Session:
    """A run, and the subjects of the questions that it asked, by the reply they wanted."""

    run: Finished
    asked: dict[str, list[str]]

    @property
    def report(self) -> str:
        page = (self.run.out / "report.html").read_text("utf-8")
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@dataclass(frozen=True)
class Sessions:
    """The first run, one after a file was changed, one after nothing was that anybody documents."""

    first: Session
    changed: Session
    unchanged: Session


def subject(kind: str, material: str) -> str:
    """What a question is about."""
    if kind == "AnalystReply":
        return str(re.findall(r"^File: (.+)$", material, re.MULTILINE)[0])
    brief: dict[str, Any] = json.loads(material)
    if kind == "SynthesizerReply":
        return str(brief["modules"][0]["module"]["name"] if brief["part"] == "module" else brief["part"])
    return str(brief.get("page", ""))


def asked_of(stub: StubModel) -> dict[str, list[str]]:
    """Subjects by reply type; what was asked is forgotten."""
    found: dict[str, list[str]] = {}
    for question in stub.questions:
        kind = question["response_format"]["json_schema"]["name"]
        message = str(question["messages"][-1]["content"])
        material = message.split(" ===\n", 1)[1].rsplit("\n=== material", 1)[0]
        found.setdefault(kind, []).append(subject(kind, material))
    stub.questions.clear()
    return {kind: sorted(subjects) for kind, subjects in found.items()}


@pytest.fixture(scope="module")
def sessions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    folder = tmp_path_factory.mktemp("reruns")
    repository = write_repository(folder / "apiary", REPOSITORY)
    with StubModel() as stub:

        def documented(name: str) -> Session:
            # One at a time: what a question says of earlier files must not depend on the speed of this computer.
            options = ("--model", stub.model, "--setting", "modelCallsAtOnce=1")
            run = swarm_run(repository, folder / name, folder / "state", *options)
            assert run.code == 0, run.stderr
            return Session(run, asked_of(stub))

        first = documented("first")
        (repository / "hive/worker.py").write_text("def work() -> int:\n    return 2\n")
        changed = documented("changed")
        (repository / "logo.png").write_text("\x00\x02")
        yield Sessions(first, changed, documented("unchanged"))


def test_the_first_session_asks_about_everything_once(sessions: Sessions) -> None:
    asked = sessions.first.asked
    assert asked["AnalystReply"] == sorted(path for path in REPOSITORY if path != "logo.png")
    assert asked["SynthesizerReply"] == sorted([*MODULES, "overview"])
    assert asked["EditorReply"] == sorted(["index.md", "architecture.md", *(f"modules/{name}.md" for name in MODULES)])
    assert "done again" not in sessions.first.report


def test_a_changed_file_asks_about_itself_its_direct_dependants_and_the_pages_that_cite_them(
    sessions: Sessions,
) -> None:
    asked = sessions.changed.asked
    assert asked.pop("AnalystReply") == ["hive/queen.py", "hive/worker.py"]
    assert asked.pop("SynthesizerReply") == ["hive", "overview"]
    assert asked.pop("EditorReply") == ["index.md", "modules/hive.md"]
    assert asked.pop("CriticReply") == [""]
    assert asked == {}
    coverage = sessions.changed.run.session["coverage"]
    assert (coverage["files_analysed"], coverage["files_reused"], coverage["files_skipped"]) == (2, 4, 1)
    assert adds_up(sessions.changed.run.session)


def test_each_of_them_says_why(sessions: Sessions) -> None:
    report = sessions.changed.report
    assert "2 files analysed, 4 reused · 2 of 6 pages written again" in report
    assert "hive/worker.py its bytes changed" in report
    assert "hive/queen.py imports hive/worker.py, which changed" in report
    assert "modules/hive.md cites hive/worker.py, which changed" in report
    assert "index.md cites hive/queen.py, analysed again: imports hive/worker.py, which changed" in report
    assert "yard/keeper.py" not in report.partition("done again")[2].partition("Gaps")[0]
    coverage = (sessions.changed.run.out / "site-src" / "docs" / "coverage.md").read_text("utf-8")
    assert "imports hive/worker.py, which changed" in coverage


def test_a_session_without_any_change_asks_nothing_and_costs_nothing(sessions: Sessions) -> None:
    session = sessions.unchanged.run.session
    assert sessions.unchanged.asked == {}
    assert session["session_id"] != sessions.changed.run.session["session_id"]
    assert session["status"] == "PUBLISHED"
    assert (session["coverage"]["files_analysed"], session["coverage"]["files_reused"]) == (0, 6)
    assert (session["usage"]["requests"], session["usage"]["input_tokens"]) == (0, 0)
