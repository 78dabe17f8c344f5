"""A hosted site is never half of one version and half of another, and every version that can be read is listed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agents import keys
from agents.contracts.session import SessionStatus
from agents.contracts.site import SiteVersion
from agents.roles.publisher.hosting import content_type, host, version_of
from agents.roles.publisher.versions_page import versions_page
from tests.agents.fakes import MemorySites, MemoryStore, running_session

NOW = 1_800_000_000.0
INDEX, LATEST = "sites/demo/index.html", "sites/demo/latest/index.html"


def _site(folder: Path, text: str) -> Path:
    path = folder / "site.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("index.html", "assets/swarm.css", "api/a.py.html"):
            archive.writestr(name, text)
    return path


def _version(site: Path, session: str = "a", **changes: str) -> SiteVersion:
    opened = running_session("s" + session * 20, **changes)
    return version_of(opened, SessionStatus.PUBLISHED, site, NOW, retention_days=30)


def _shown(sites: MemorySites, key: str) -> str:
    return sites.pages[key].body.decode()


def test_every_page_is_there_before_anything_leads_to_it(tmp_path: Path) -> None:
    sites, site = MemorySites(), _site(tmp_path, "one")
    version = _version(site)

    host(sites, MemoryStore(), version, site)

    folder = keys.site_version("demo", version.name)
    assert sites.order == [f"{folder}{name}" for name in ("index.html", "assets/swarm.css", "api/a.py.html")] + [
        INDEX,
        LATEST,
    ]
    assert f"url=../{version.name}/" in _shown(sites, LATEST)


def test_a_versions_pages_and_what_leads_to_it_are_cached_differently(tmp_path: Path) -> None:
    sites, site = MemorySites(), _site(tmp_path, "one")
    version = _version(site)

    host(sites, MemoryStore(), version, site)

    css = sites.pages[f"{keys.site_version('demo', version.name)}assets/swarm.css"]
    assert (css.content_type, css.cache_control) == ("text/css; charset=utf-8", "max-age=3600")
    assert sites.pages[LATEST].cache_control == sites.pages[INDEX].cache_control == "no-cache"


def test_another_content_of_the_same_snapshot_is_another_folder(tmp_path: Path) -> None:
    first = _version(_site(tmp_path, "one"))
    again = _version(_site(tmp_path, "one"))
    other = _version(_site(tmp_path, "two"))

    assert first.name == again.name
    assert first.name != other.name
    assert first.snapshot == other.snapshot == "archive"


def test_a_retry_lists_its_version_once(tmp_path: Path) -> None:
    sites, store, site = MemorySites(), MemoryStore(), _site(tmp_path, "one")
    version = _version(site)

    host(sites, store, version, site)
    host(sites, store, version.with_changes(published_at=int(NOW) + 60), site)

    assert _shown(sites, INDEX).count(f'href="{version.name}/"') == 1


def test_the_list_has_every_version_with_its_date_snapshot_and_outcome_newest_first(tmp_path: Path) -> None:
    sites, store = MemorySites(), MemoryStore()
    old = _version(_site(tmp_path, "one"))
    host(sites, store, old, tmp_path / "site.zip")
    newer = _version(_site(tmp_path, "two"), "b", archive_key="uploads/demo/" + "c0ffee" * 7 + ".zip").with_changes(
        published_at=int(NOW) + 86_400, status=SessionStatus.PUBLISHED_WITH_FINDINGS
    )

    host(sites, store, newer, tmp_path / "site.zip")

    page = _shown(sites, INDEX)
    assert re.findall(r'href="([^"]+)/">\d', page) == [newer.name, old.name]
    assert "2027-01-15" in page
    assert "published with open findings" in page
    assert ">c0ffeec0ffee<" in page
    assert f"url=../{newer.name}/" in _shown(sites, LATEST)


@dataclass
class _AnotherEnds(MemoryStore):
    """A store in which another session's version appears right after the list was read for the first time."""

    other: list[SiteVersion] = field(default_factory=list)

    def site_versions(self, repository: str) -> list[SiteVersion]:
        found = list(super().site_versions(repository))
        for one in self.other:
            self.save_site_version(one)
        self.other = []
        return found


def test_sessions_that_end_at_once_lose_no_version(tmp_path: Path) -> None:
    site = _site(tmp_path, "one")
    mine, other = _version(site), _version(site, "b").with_changes(name="other", published_at=int(NOW) + 1)
    sites, store = MemorySites(), _AnotherEnds(other=[other])

    host(sites, store, mine, site)

    assert f'href="{mine.name}/"' in _shown(sites, INDEX)
    assert 'href="other/"' in _shown(sites, INDEX)


def test_a_repositorys_name_is_shown_as_text_and_addressed_safely() -> None:
    name = '"><script>alert(1)</script>/../x'
    version = SiteVersion(
        session_id="s" + "a" * 20,
        repository=name,
        name="v1",
        snapshot="<b>",
        status=SessionStatus.PUBLISHED,
        model="<i>",
        published_at=0,
        readable_until=1,
    )
    page = versions_page(name, [version])
    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert re.fullmatch(r"sites/[A-Za-z0-9][A-Za-z0-9_.-]*/", keys.site_folder(name))


@pytest.mark.parametrize("name", ["..", ".", "latest/../x", "", "ü", "a b", "-", "x" * 300])
def test_no_name_leaves_its_folder(name: str) -> None:
    part = keys.site_name(name)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", part)
    assert ".." not in part


def test_names_that_are_cleaned_alike_stay_apart() -> None:
    assert keys.site_name("a b") != keys.site_name("a/b")
    taken = keys.site_name("github.com/a/x")
    assert len({taken, keys.site_name(taken), keys.site_name("github.com/b/x"), keys.site_name("x")}) == 4
    assert keys.site_name("a-b") == "a-b"


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("a/b.html", "text/html; charset=utf-8"),
        ("x.js", "text/javascript; charset=utf-8"),
        ("x.sh", "application/octet-stream"),
    ],
)
def test_a_files_content_type_follows_from_its_suffix(name: str, type_: str) -> None:
    assert content_type(name) == type_
