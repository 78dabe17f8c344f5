"""The main job: one command documents a repository on this machine, through the real program."""

from __future__ import annotations

import html
import json
import re
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.roster import FUNCTIONS, ROSTER
from local.lambda_.libraries import OF_EVERY_SESSION
from tests.e2e.main_job import (
    SMALL_REPOSITORY,
    Finished,
    add_oddities,
    adds_up,
    count_files,
    swarm_run,
    write_repository,
)

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]


@dataclass(frozen=True)
class Documented:
    """A repository that was documented once, and the state that its run has left."""

    repository: Path
    state: Path
    run: Finished


@pytest.fixture(scope="module")
def documented(tmp_path_factory: pytest.TempPathFactory) -> Documented:
    folder = tmp_path_factory.mktemp("main-job")
    repository = add_oddities(write_repository(folder / "hive"))
    run = swarm_run(repository, folder / "out", folder / "state")
    assert run.code == 0, run.stderr
    return Documented(repository, folder / "state", run)


def test_a_small_repository_is_published_and_adds_up(documented: Documented) -> None:
    session = documented.run.session
    assert session["status"] in {"PUBLISHED", "PUBLISHED_WITH_FINDINGS"}
    assert adds_up(session)
    assert session["coverage"]["files_total"] == count_files(documented.repository) > len(SMALL_REPOSITORY)
    assert session["gaps"] == []
    assert session["repository"]["name"] == "hive"
    assert session["model"] == "extractive"
    assert session["usage"]["usd"] == 0
    assert session["error"] is None


def test_the_functions_that_are_started_ahead_are_those_that_a_session_calls(documented: Documented) -> None:
    passed = set(documented.run.session["timings"]["states"])

    # The map's inner state is in its children's histories.
    assert set(OF_EVERY_SESSION) - {"AnalyseBatch"} == passed & set(FUNCTIONS)
    assert "AnalyseFiles" in passed


def test_machines_get_one_json_object_and_nothing_else(documented: Documented) -> None:
    assert json.loads(documented.run.stdout) == documented.run.session


def test_every_file_of_the_design_is_there(documented: Documented) -> None:
    out = documented.run.out
    assert sorted(path.name for path in out.iterdir()) == [
        "history.json",
        "report.html",
        "session.json",
        "site",
        "site-src",
    ]
    assert (out / "site" / "index.html").is_file()
    assert (out / "site" / "llms.txt").is_file()
    assert list((out / "site-src").rglob("*.md"))


def test_the_site_tells_of_the_repositorys_code_and_never_claims_to_be_ai(documented: Documented) -> None:
    pages = "\n".join(path.read_text("utf-8") for path in (documented.run.out / "site").rglob("*.html"))
    assert "Queen" in pages
    assert "Lays eggs" in pages
    assert "extracted, not AI-written" in pages


def test_no_text_of_the_repository_becomes_markup(documented: Documented) -> None:
    pages = "\n".join(path.read_text("utf-8") for path in (documented.run.out / "site").rglob("*.html"))
    assert "alert(1)" in pages
    assert not re.search(r"<script>alert|<img src=x|href=.?javascript:", pages)


def test_every_internal_link_of_the_site_resolves(documented: Documented) -> None:
    site = documented.run.out / "site"
    anchors: dict[Path, set[str]] = {}
    broken = []
    for page in site.rglob("*.html"):
        for target in re.findall(r'<[a-z]+ [^<>]*?(?:href|src)="([^"]+)"', page.read_text("utf-8")):
            if re.match(r"[a-z]+:|//", target):
                continue
            path, _, line = html.unescape(target).partition("#")
            to = page.parent / urllib.parse.unquote(path.partition("?")[0]) if path else page
            if not to.exists():
                broken.append(f"{page.relative_to(site)} -> {target}")
            elif re.fullmatch(r"L[0-9]+", line) and line not in anchors.setdefault(to, _anchors(to)):
                broken.append(f"{page.relative_to(site)} -> {target}: no such line")
    assert broken == []
    assert len(anchors) > 40


def _anchors(page: Path) -> set[str]:
    return set(re.findall(r'id="?([^"\s>]+)', page.read_text("utf-8")))


def test_payload_and_history_stay_small(documented: Documented) -> None:
    session = documented.run.session
    assert 0 < session["payload"]["max_bytes"] < 16 * 1024
    assert 0 < session["events"] < 500
    assert session["events"] == len(json.loads((documented.run.out / "history.json").read_text())["events"])
    assert {"OpenSession", "Scan", "AnalyseFiles", "Publish"} <= set(session["timings"]["states"])


def test_the_same_snapshot_again_is_the_same_session_and_no_work(documented: Documented, tmp_path: Path) -> None:
    again = swarm_run(documented.repository, tmp_path / "out", documented.state)
    assert again.code == 0, again.stderr
    assert again.session == documented.run.session
    assert "mapping the repository" not in again.stderr
    assert (tmp_path / "out" / "site" / "index.html").is_file()


def test_after_one_file_changed_all_others_are_reused(documented: Documented, tmp_path: Path) -> None:
    changed = add_oddities(write_repository(tmp_path / "hive"))
    (changed / "hive" / "worker.py").write_text('"""Workers, rewritten."""\n\nSTRIPES = 3\n')
    run = swarm_run(changed, tmp_path / "out", documented.state)
    assert run.code == 0, run.stderr
    coverage, before = run.session["coverage"], documented.run.session["coverage"]
    assert run.session["session_id"] != documented.run.session["session_id"]
    assert adds_up(run.session)
    assert coverage["files_analysed"] == 1
    assert coverage["files_reused"] == before["files_analysed"] - 1


def test_above_the_thresholds_everything_but_opening_and_closing_is_a_fargate_task_and_the_site_the_same(
    documented: Documented, tmp_path: Path
) -> None:
    thresholds = ("scanLambdaMegabytes=0", "batchLambdaKilobytes=0", "repositoryLambdaMegabytes=0")
    options = [word for threshold in thresholds for word in ("--setting", threshold)]
    run = swarm_run(documented.repository, tmp_path / "out", tmp_path / "state", *options)
    assert run.code == 0, run.stderr
    session = run.session
    assert adds_up(session)
    assert session["gaps"] == []
    assert session["routes"]["lambda"] == 0
    assert session["routes"]["fargate"] == session["coverage"]["files_analysed"] > 0
    passed = set(session["timings"]["states"])
    on_fargate = {row.state: row.fargate_state for row in ROSTER.values() if row.fargate_state}
    # The map's inner states are in its children's histories.
    assert set(on_fargate.values()) - passed == {"AnalyseOversizedBatch"}
    assert passed & set(on_fargate) == set()
    assert contents(run.out / "site") == contents(documented.run.out / "site")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_only_binaries_is_a_failed_session_with_a_sentence(tmp_path: Path) -> None:
    repository = tmp_path / "pictures"
    repository.mkdir()
    (repository / "bee.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    run = swarm_run(repository, tmp_path / "out", tmp_path / "state")
    assert run.code == 1
    assert run.session["status"] == "FAILED"
    assert run.session["error"]["name"] == "RepositoryEmpty"
    assert "RepositoryEmpty" in run.stderr
    assert "Traceback" not in run.stderr
    assert (tmp_path / "out" / "report.html").is_file()
