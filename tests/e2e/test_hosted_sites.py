"""A private site of a stack on this machine: read by the link that `swarm open` prints, and by nothing else."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from tests.e2e.main_job import swarm_run, write_repository
from tests.e2e.test_resident import bring_up

pytestmark = [pytest.mark.local, pytest.mark.timeout(420)]

PRIVATE = ("--setting", "siteAccess=private")


@dataclass(frozen=True)
class Hosted:
    """A state folder whose cloud hosts two versions of `hive`, and the ids of their sessions."""

    state: Path
    old: str
    new: str


def _swarm(*words: str) -> Result:
    """A command in this process: there are a dozen, and each would take a second to start."""
    return CliRunner().invoke(app, words)


def _link(state: Path, *words: str) -> str:
    done = _swarm("open", *words, "--print", "--state", str(state))
    assert done.exit_code == 0, done.stderr
    assert "for whoever has it, until" in done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    folder = tmp_path_factory.mktemp("hosted")
    state, sessions = folder / "state", []
    with bring_up(state, *PRIVATE):
        for text in ("Keeps bees.", "Keeps wasps."):
            files = {"hive/bee.py": 'def buzz():\n    """Buzz."""\n    return 1\n', "README.md": f"# Hive\n\n{text}\n"}
            done = swarm_run(write_repository(folder / "hive", files), folder / "out", state, *PRIVATE)
            assert done.code == 0, done.stderr
            sessions += re.findall(r"\bs[0-9a-f]{20}\b", done.stdout)[:1]
        yield Hosted(state, *sessions)


class _Browser:
    """A browser's cookies and redirects, those of a page's own among them."""

    def __init__(self) -> None:
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def get(self, address: str) -> str:
        """The page; an HTTP error is raised."""
        with self._opener.open(address, timeout=30) as answer:
            page = str(answer.read().decode())
        found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page)
        return self.get(urllib.parse.urljoin(answer.url, found[1])) if found else page

    def cookies(self) -> dict[str, str]:
        """Name and value."""
        return {cookie.name: str(cookie.value) for cookie in self._jar}


def _status(address: str, cookies: dict[str, str]) -> int:
    asked = urllib.request.Request(address, headers={"Cookie": "; ".join(map("=".join, cookies.items()))})  # noqa: S310 (of this machine)
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 (likewise)
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def _list_of(link: str) -> str:
    return f"{link.partition('/open?')[0]}/sites/hive/"


def test_the_link_shows_the_newest_version(hosted: Hosted) -> None:
    page = _Browser().get(_link(hosted.state, "hive"))
    assert "<title>hive</title>" in page
    assert "Extracted, not AI-written" in page


def test_without_the_cookies_and_with_changed_ones_nothing_is_shown(hosted: Hosted) -> None:
    browser, link = _Browser(), _link(hosted.state)
    browser.get(link)
    sound = browser.cookies()
    signature = sound["CloudFront-Signature"]
    changed = {**sound, "CloudFront-Signature": ("B" if signature[0] == "A" else "A") + signature[1:]}

    assert _status(_list_of(link), sound) == 200
    assert [_status(_list_of(link), cookies) for cookies in ({}, changed)] == [403, 403]


def test_both_versions_are_listed_and_can_be_read(hosted: Hosted) -> None:
    browser, link = _Browser(), _link(hosted.state, "hive")
    browser.get(link)

    listed = browser.get(_list_of(link))
    versions = re.findall(r'<a href="([0-9a-f]{16}-[0-9a-f]{12})/">', listed)

    assert len(versions) == 2
    said = [browser.get(f"{_list_of(link)}{version}/source/README.md.html") for version in versions]
    assert ["wasps" in page for page in said] == [True, False]
    assert "bees" in said[1]


def test_a_session_and_a_version_name_the_page_that_the_link_shows(hosted: Hosted) -> None:
    by_session = re.search(r"to=(/sites/hive/[^&]+)", _link(hosted.state, hosted.old))
    assert by_session
    folder = by_session[1].split("/")[3]
    by_version = _link(hosted.state, "hive", "--version", folder[:8])
    assert f"to={by_session[1]}&" in by_version
    assert folder not in _link(hosted.state, hosted.new)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "No site of nothing is hosted"),
        (["hive", "--version", "zzz"], "No hosted version is zzz; there are"),
        (["s" + "0" * 20], "There is no session"),
        (["hive", "--hours", "0"], "--hours"),
    ],
)
def test_what_cannot_be_opened_is_one_sentence(hosted: Hosted, words: list[str], said: str) -> None:
    done = _swarm("open", *words, "--state", str(hosted.state))
    assert done.exit_code == 2
    assert said in done.stderr
    assert isinstance(done.exception, SystemExit)


def test_an_erased_version_is_gone_and_the_others_stay(hosted: Hosted, tmp_path: Path) -> None:
    files = {"hive/bee.py": "X = 1\n", "README.md": "# Hive\n\nKeeps hornets.\n"}
    done = swarm_run(write_repository(tmp_path / "hive", files), tmp_path / "out", hosted.state, *PRIVATE)
    assert done.code == 0, done.stderr
    (session,) = re.findall(r"\bs[0-9a-f]{20}\b", done.stdout)[:1]
    link = _link(hosted.state, session)
    browser = _Browser()
    browser.get(link)
    assert _swarm("erase", session, "--yes", "--state", str(hosted.state)).exit_code == 0

    listed = browser.get(_list_of(link))
    assert len(re.findall(r'<a href="[0-9a-f]{16}-', listed)) == 2
    page = re.search(r"to=([^&]+)", link)
    assert page
    assert _status(link.partition("/open?")[0] + page[1], browser.cookies()) == 403
    assert "<title>hive</title>" in _Browser().get(_link(hosted.state))
