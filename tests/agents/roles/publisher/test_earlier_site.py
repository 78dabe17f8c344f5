"""A page that is as it was is taken from the site before, and the site is the same as if it were built anew."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Template
from mkdocs.structure.pages import Page as BuiltPage

from agents import keys
from agents.contracts.draft import Draft, Page, PageKind, Verdict
from agents.contracts.snapshot import Manifest
from agents.contracts.states import PublishInput
from agents.roles.publisher import config, earlier_site, one_by_one
from agents.roles.publisher import site as building
from agents.roles.publisher.run import run
from tests.agents.fakes import SESSION_ID, FakePorts, settings
from tests.agents.roles.publisher.test_site import Files, world

EARLIER = "the-session-before"
FILES: Files = {
    **{f"pack/m{number}.py": ("python", f"Module {number} of many.", "") for number in range(5)},
    **{f"pack/deep/m{number}.py": ("python", f"Deep module {number}.", "") for number in range(3)},
    "app.go": ("go", "Package app & its <friends>.", ""),
}
CHANGED: Files = {**FILES, "pack/m2.py": ("python", "Says something else.", "")}


@pytest.fixture()
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The API pages that are rendered, as they are."""
    paths: list[str] = []
    original = vars(one_by_one)["_populate_page"]

    def populating(page: BuiltPage, *others: object) -> None:
        paths.append(page.file.src_uri)
        original(page, *others)

    monkeypatch.setattr(one_by_one, "_populate_page", populating)
    return paths


@pytest.fixture()
def templated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the pages for which the theme's template is rendered, as it is."""
    titles: list[str] = []
    original = Template.render

    def counting(template: Template, *others: Any, **named: Any) -> str:
        if template.name == "main.html":
            titles.append(str(others[0]["page"].title))
        return original(template, *others, **named)

    monkeypatch.setattr(Template, "render", counting)
    return titles


GUIDE = """# A guide

Terms are not plain, so Python-Markdown converts them.

!!! note "Heed & <this>"

    A box with `code` and [a link](../api/pack/m1.py.md#s.greet).

## A part

| a | b |
|---|---|
| 1 | 2 |

1. one
2. two
"""


def site(files: Files, before: bytes | None = None, guide: str = GUIDE) -> bytes:
    """The site of these files' session, with a guide; `before` is that of the session before."""
    ports = world(files)
    draft = Draft.model_validate_json(ports.blobs.blobs[keys.draft(SESSION_ID, 1)])
    page = Page(path="guides/a.md", kind=PageKind.GUIDE, title="A guide", subject="docs/a.md", markdown=guide)
    ports.blobs.blobs[keys.draft(SESSION_ID, 1)] = (
        draft.with_changes(pages=(*draft.pages, page)).model_dump_json().encode()
    )
    if before is not None:
        follow(ports, before)
    run(PublishInput(session_id=SESSION_ID, revision=1, verdict=Verdict.APPROVED), ports, settings("Publish"))
    return ports.blobs.blobs[keys.site(SESSION_ID)]


def follow(ports: FakePorts, before: bytes) -> None:
    manifest = Manifest.model_validate_json(ports.blobs.blobs[keys.manifest(SESSION_ID)])
    later = manifest.with_changes(previous=EARLIER)
    ports.blobs.blobs[keys.manifest(SESSION_ID)] = later.model_dump_json().encode()
    ports.blobs.blobs[keys.site(EARLIER)] = before


def rewritten(archive: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The zip with each entry changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def unpacked(archive: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return [(name, file.read(name)) for name in file.namelist()]


def test_what_did_not_change_is_not_rendered_and_the_site_is_the_same(rendered: list[str]) -> None:
    before, anew = site(FILES), site(CHANGED)
    rendered.clear()

    again = site(CHANGED, before)

    assert again == anew
    # The changed page, and the first of each depth, which shows the frame.
    assert "api/pack/m2.py.md" in rendered
    assert len(rendered) <= 4
    assert set(rendered) < {f"api/{path}.md" for path in FILES}


def test_pages_that_are_as_they_were_are_rendered_by_no_template(templated: list[str]) -> None:
    before = site(FILES)
    assert {"A guide", "pack", "Coverage and gaps"} <= set(templated)
    templated.clear()

    assert site(FILES, before) == before
    assert templated == []


def test_a_changed_guide_is_rendered_alone(templated: list[str]) -> None:
    before, changed = site(FILES), GUIDE.replace("two", "three")
    anew = site(FILES, guide=changed)
    templated.clear()

    assert site(FILES, before, guide=changed) == anew
    assert templated == ["A guide"]


def test_where_an_index_may_lack_entries_every_page_is_rendered(
    templated: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site(FILES)
    templated.clear()
    read = earlier_site.EarlierSite.text

    def text(self: earlier_site.EarlierSite, place: str) -> str | None:
        whole = read(self, place)
        if place != "assets/search-index.js" or whole is None:
            return whole
        begin, _, rest = whole.partition('"entries":[')
        return begin + '"entries":[' + '[0,"","Name","page","Text"],' * 100_000 + rest

    monkeypatch.setattr(earlier_site.EarlierSite, "text", text)

    assert site(FILES, before) == before
    assert "A guide" in templated


def test_two_processes_take_pages_from_the_earlier_site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(one_by_one, "FEWEST_PAGES", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    before, anew = site(FILES), site(CHANGED)
    populate = vars(one_by_one)["_populate_page"]

    def noting(page: BuiltPage, *others: object) -> None:
        with (tmp_path / "rendered").open("a") as file:
            file.write(f"{page.file.src_uri}\n")
        populate(page, *others)

    monkeypatch.setattr(one_by_one, "_populate_page", noting)

    assert site(CHANGED, before) == anew
    # In each process the first page of each of three depths, and in one of them the changed page.
    assert len((tmp_path / "rendered").read_text().split()) <= 7 < len(FILES)


def test_after_a_change_of_the_navigation_every_page_is_rendered(rendered: list[str]) -> None:
    before = site(FILES)
    more = {**FILES, "another/module.py": ("python", "A module of its own.", "")}
    anew = site(more)
    rendered.clear()

    assert site(more, before) == anew
    assert len(rendered) == len(more)


def test_a_site_that_was_built_with_another_hook_or_library_gives_no_page(
    rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site(FILES)
    monkeypatch.setattr(config, "_SETTINGS", config._SETTINGS.replace("toc_depth: 3", "toc_depth: 2"))
    anew = site(FILES)
    rendered.clear()

    assert site(FILES, before) == anew
    assert len(rendered) == len(FILES)


def test_a_site_that_another_releases_code_built_gives_no_page(
    rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site(FILES)
    rendered.clear()
    monkeypatch.setattr(building, "_own_code", lambda: b"the next release's")

    site(FILES, before)
    assert len(rendered) == len(FILES)


def test_a_page_of_the_earlier_site_that_stands_in_another_frame_is_rendered(rendered: list[str]) -> None:
    before = site(FILES)

    def other_frame(name: str, body: bytes) -> bytes:
        return body.replace(b"</article>", b"</article><p>Old.</p>") if name == "api/pack/m3.py.html" else body

    rendered.clear()

    assert unpacked(site(FILES, rewritten(before, other_frame))) == unpacked(before)
    assert "api/pack/m3.py.md" in rendered


@pytest.mark.parametrize("damaged", [b"", b"no zip", "half"])
def test_a_damaged_earlier_site_costs_nothing_but_time(damaged: bytes | str, rendered: list[str]) -> None:
    before = site(FILES)
    rendered.clear()

    assert site(FILES, before[: len(before) // 2] if isinstance(damaged, str) else damaged) == before
    assert len(rendered) == len(FILES)


def test_a_page_that_cannot_be_unpacked_is_rendered(rendered: list[str]) -> None:
    before = site(FILES)
    with zipfile.ZipFile(io.BytesIO(before)) as archive:
        entry = archive.getinfo("api/pack/m3.py.html")
    at = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    broken = before[:at] + bytes(255 - byte for byte in before[at : at + 8]) + before[at + 8 :]
    rendered.clear()

    assert site(FILES, broken) == before
    assert "api/pack/m3.py.md" in rendered


def test_without_a_site_of_the_session_before_every_page_is_rendered(rendered: list[str]) -> None:
    ports = world(FILES)
    follow(ports, b"")
    del ports.blobs.blobs[keys.site(EARLIER)]

    run(PublishInput(session_id=SESSION_ID, revision=1, verdict=Verdict.APPROVED), ports, settings("Publish"))

    assert len(rendered) == len(FILES)
