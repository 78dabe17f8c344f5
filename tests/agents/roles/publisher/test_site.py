"""The site is built without a network, asks for none, and every link in it resolves."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.draft import Draft, Verdict
from agents.contracts.session import SessionStatus
from agents.contracts.states import PublishInput
from agents.roles.publisher import one_by_one
from agents.roles.publisher.archive import site_archive
from agents.roles.publisher.built_links import LinkCheck, broken_links
from agents.roles.publisher.config import mkdocs_yml
from agents.roles.publisher.run import run
from tests.agents.fakes import SESSION_ID, FakePorts, MemorySites, fake_ports, running_session, settings
from tests.agents.roles.editor.samples import FILES, analyses, digest, manifest, material, text_of
from tests.agents.roles.editor.test_pages import ODD, draft

Files = dict[str, tuple[str, str, str]]


def world(files: Files) -> FakePorts:
    """A session that is ready to be published."""
    ports = fake_ports()
    ports.model.name = "extractive"
    ports.store.claim(running_session())
    known = material(files)
    snapshot = io.BytesIO()
    with zipfile.ZipFile(snapshot, "w") as archive:
        for path in files:
            archive.writestr(path, text_of(path))
    rows = "\n".join(analysis.model_dump_json() for analysis in analyses(files).values())
    ports.blobs.blobs = {
        keys.manifest(SESSION_ID): manifest(files).model_dump_json().encode(),
        keys.draft(SESSION_ID, 1): draft(known).model_dump_json().encode(),
        keys.snapshot_text(SESSION_ID): snapshot.getvalue(),
        "rows": rows.encode(),
    }
    ports.store.pointers = {
        digest(path): AnalysisPointer(
            analysis_key=digest(path), blob_key="rows", index=n, symbols_total=1, symbols_documented=1
        )
        for n, path in enumerate(files)
    }  # fmt: skip
    return ports


def published(files: Files, folder: Path, verdict: Verdict = Verdict.APPROVED) -> tuple[SessionStatus, Path, FakePorts]:
    ports = world(files)
    out = run(PublishInput(session_id=SESSION_ID, revision=1, verdict=verdict), ports, settings("Publish"))
    zipfile.ZipFile(io.BytesIO(ports.blobs.blobs[keys.site(SESSION_ID)])).extractall(folder)
    return out.status, folder, ports


def test_where_sites_are_hosted_every_file_of_the_zip_is_a_page_that_a_browser_shows() -> None:
    ports, sites = world(dict(FILES)), MemorySites()
    ports.store.claim(running_session())

    run(
        PublishInput(session_id=SESSION_ID, revision=1, verdict=Verdict.APPROVED),
        replace(ports, sites=sites),
        settings("Publish", site_bucket="sites"),
    )

    (version,) = ports.store.site_versions("demo")
    folder = keys.site_version("demo", version.name)
    with zipfile.ZipFile(io.BytesIO(ports.blobs.blobs[keys.site(SESSION_ID)])) as archive:
        assert {name.removeprefix(folder) for name in sites.pages if name.startswith(folder)} == set(archive.namelist())
    unknown = {key for key, page in sites.pages.items() if page.content_type == "application/octet-stream"}
    assert unknown == set()
    assert version.status is SessionStatus.PUBLISHED


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(dict(FILES), tmp_path_factory.mktemp("site"))[1]


def test_the_site_holds_every_kind_of_page(site: Path) -> None:
    pages = ["index", "architecture", "security", "performance", "coverage", "modules/demo", "api/demo/greet.py"]
    files = [*(f"{page}.html" for page in pages), "llms.txt", "source/demo/greet.py.html", "assets/search-index.js"]
    assert [name for name in files if not (site / name).is_file()] == []


def test_the_site_holds_nothing_that_only_a_server_or_a_debugger_reads(site: Path) -> None:
    names = {path.name for path in site.rglob("*")}
    assert not names & {"404.html", "sitemap.xml", "sitemap.xml.gz"}
    assert not [path for path in site.rglob("*") if {"lunr", "workers"} & set(path.parts)]
    assert not any(name.endswith(".map") for name in names)


def test_a_zip_is_packed_at_the_fast_level(tmp_path: Path) -> None:
    text = "".join(f"{number:x} bees\n" for number in range(5_000)).encode()
    packer = zlib.compressobj(level=1, wbits=-15)

    with site_archive(tmp_path / "site.zip") as packed:
        packed.add("page.html", text)
    with zipfile.ZipFile(tmp_path / "site.zip") as archive:
        assert archive.infolist()[0].compress_size == len(packer.compress(text) + packer.flush())


def test_no_page_loads_anything_from_the_network(site: Path) -> None:
    for page in site.rglob("*.html"):
        loaded = re.findall(r'<(?:script|link|img|iframe)\b[^>]*?(?:src|href)="([^"]*)"', page.read_text())
        assert [url for url in loaded if "://" in url or url.startswith("//")] == [], page


def test_only_pages_with_a_diagram_load_mermaid_and_before_the_theme_asks_for_it(site: Path) -> None:
    drawn = (site / "architecture.html").read_text()
    assert drawn.index("assets/mermaid.min.js") < drawn.index("assets/javascripts/bundle")
    assert "mermaid.min.js" not in (site / "api/demo/greet.py.html").read_text()


def test_every_page_says_what_it_may_load_and_names_its_scripts_by_their_hashes(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text("utf-8")
        policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', text)
        assert policy, page
        assert policy[1].startswith("default-src 'none'")
        assert "unsafe-inline" not in policy[1].partition("script-src")[2].partition(";")[0]
        for script in re.findall(r"<script>(.*?)</script>", text, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy[1], page


def test_every_link_of_the_built_site_resolves(site: Path) -> None:
    assert list(broken_links(site, LinkCheck({"source/demo/greet.py.html": 10}))) == []


def test_a_link_into_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<a href="b.html">x</a><a href="s.html#L9">x</a><a href="https://x.example/">x</a>'
    )
    (tmp_path / "s.html").write_text("")
    found = [target for _, target in broken_links(tmp_path, LinkCheck({"s.html": 3}))]
    assert sorted(found) == ["b.html", "https://x.example/", "s.html#L9"]


def test_symbols_are_found_by_the_search(site: Path) -> None:
    text = (site / "assets/search-index.js").read_text()
    index = json.loads(text.removeprefix("self.swarmSearch="))
    found = {(index["pages"][page][0], name, kind) for page, _, name, kind, _ in index["entries"]}
    assert ("api/demo/greet.py.html", "greet", "function") in found


def test_every_symbol_that_a_page_links_has_its_anchor(site: Path) -> None:
    pages = {path: path.read_text() for path in site.rglob("*.html")}
    links = [
        (path, target, unquote(anchor))
        for path, text in pages.items()
        for target, anchor in re.findall(r'href="([^"#]*)#(s\.[^"]*)"', text)
    ]
    assert links
    assert [one for one in links if f'id="{one[2]}"' not in pages[(one[0].parent / unquote(one[1])).resolve()]] == []


def test_llms_txt_links_the_markdown_of_every_page(site: Path) -> None:
    text = (site / "llms.txt").read_text()
    assert text.startswith("# demo-repo\n\n> A demo that greets people")
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert "api/demo/greet.py.md" in links
    assert [link for link in links if not (site / link).is_file()] == []


def test_odd_names_make_a_site_whose_links_resolve(tmp_path: Path) -> None:
    status, _, ports = published(dict(ODD), tmp_path)
    assert status is SessionStatus.PUBLISHED
    names = zipfile.ZipFile(io.BytesIO(ports.blobs.blobs[keys.site_source(SESSION_ID)])).namelist()
    assert "mkdocs.yml" in names


def test_a_draft_that_was_not_approved_is_published_with_findings(tmp_path: Path) -> None:
    assert published(dict(FILES), tmp_path, Verdict.STALLED)[0] is SessionStatus.PUBLISHED_WITH_FINDINGS


def test_the_same_draft_gives_the_same_bytes(tmp_path: Path) -> None:
    first = published(dict(FILES), tmp_path / "a")[2].blobs.blobs
    second = published(dict(FILES), tmp_path / "b")[2].blobs.blobs
    assert first[keys.site(SESSION_ID)] == second[keys.site(SESSION_ID)]


def test_a_repositorys_name_cannot_change_the_configuration() -> None:
    text = mkdocs_yml('x"\nhooks: [evil.py]\n#', Draft.model_validate_json(
        draft(material()).model_dump_json()).pages, "extractive")  # fmt: skip
    assert text.count("\nhooks:") == 1


HOSTILE = dict.fromkeys(
    ("a<i/</title><img src=x onerror=alert(1)>.py", "<script>alert(2)</script>/x.py"), ("python", "<b>Bold</b>.", "")
)


def test_no_name_of_the_repository_becomes_markup_or_search_markup(tmp_path: Path) -> None:
    published(dict(HOSTILE), tmp_path)
    for page in [*tmp_path.rglob("*.html"), tmp_path / "assets/search-index.js"]:
        text = page.read_text()
        assert "<img src=x" not in text, page
        assert "<script>alert" not in text, page


def test_the_sources_build_the_same_site_with_mkdocs_alone(tmp_path: Path) -> None:
    _, site, ports = published(dict(FILES), tmp_path / "site")
    zipfile.ZipFile(io.BytesIO(ports.blobs.blobs[keys.site_source(SESSION_ID)])).extractall(tmp_path / "src")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "plain")]
    subprocess.run(command, cwd=tmp_path / "src", check=True, capture_output=True)
    ours = {path.relative_to(site) for path in site.rglob("*") if path.is_file() and path.suffix not in {".md", ".gz"}}
    assert len(ours) > 20
    assert [path for path in ours if (site / path).read_bytes() != (tmp_path / "plain" / path).read_bytes()] == []


def test_an_api_page_has_its_own_title_contents_and_depth(site: Path) -> None:
    page = (site / "api/demo/greet.py.html").read_text()
    assert "<title>demo/greet.py - demo-repo</title>" in page
    assert '<a href="#greet" class="md-nav__link">' in page
    assert 'href="../../assets/swarm.css"' in page
    assert "swarm-title" not in page


def test_two_processes_build_the_site_that_one_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_by_one, "FEWEST_PAGES", 2)
    files = {f"pack/m{number}.py": ("python", f"Module {number} of many.", "") for number in range(5)}
    built: list[tuple[bytes, bytes]] = []
    for processors in (1, 2):
        monkeypatch.setattr("os.cpu_count", lambda processors=processors: processors)
        ports = world(files)
        run(PublishInput(session_id=SESSION_ID, revision=1, verdict=Verdict.APPROVED), ports, settings("Publish"))
        built.append((ports.blobs.blobs[keys.site(SESSION_ID)], ports.blobs.blobs[keys.site_source(SESSION_ID)]))

    assert built[0] == built[1]
    with zipfile.ZipFile(io.BytesIO(built[1][0])) as site:
        index = site.read("assets/search-index.js").decode()
    assert all(f"api/pack/m{number}.py.html" in index for number in range(5))
