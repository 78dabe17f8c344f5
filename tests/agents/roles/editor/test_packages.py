"""The pages of packages: what each is, where it lies, what it depends on and who uses it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from agents.codebase.snapshot_texts import SnapshotTexts
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.draft import Draft, Page, PageKind
from agents.models.extractive.synthesizer import respond as synthesize
from agents.roles.critic.checks import DraftEvidence, check
from agents.roles.editor.core import pages
from agents.roles.editor.material import Material
from agents.roles.publisher.config import mkdocs_yml
from agents.roles.scanner.languages import language_of
from agents.roles.synthesizer.core import merge, picture, verify
from tests.agents.roles.editor.samples import analysis, manifest, material

CASE = Path(__file__).parents[3] / "cases" / "29-monorepo"
TEXTS = {path.relative_to(CASE).as_posix(): path.read_text() for path in sorted(CASE.rglob("*")) if path.is_file()}


def known(texts: dict[str, str]) -> Material:
    files = {path: (language_of(path, text), "", "") for path, text in texts.items()}
    reader = TreeSitterReader()
    read = {
        path: analysis(path, *words).with_changes(structure=reader.read(path, words[0], texts[path]), summary=())
        for path, words in files.items()
    }
    whole = manifest(files)
    drawn = picture(whole, read)
    synthesis = merge(whole, drawn, verify(drawn, drawn.brief, synthesize(drawn.brief)))
    return replace(material(files), analyses=read, synthesis=synthesis, texts=SnapshotTexts(texts.get))


def built(texts: dict[str, str]) -> dict[str, Page]:
    return {page.path: page for page in pages(known(texts), {})}


def row(page: Page, name: str) -> list[str]:
    line = next(line for line in page.markdown.split("\n") if line.startswith(f"| [`{name}`]"))
    return [cell.strip() for cell in line.strip("|").split(" | ")]


def test_the_list_says_of_each_package_what_it_is_where_it_lies_and_who_needs_whom() -> None:
    listed = built(TEXTS)["packages/index.md"]
    core, web = row(listed, "@acme/core"), row(listed, "@acme/web")
    assert core[1] == "`packages/core`"
    assert core[2].startswith("Core of acme. [packages/core/package.json](../source/packages/core/package.json.html)")
    assert (core[3], core[4]) == ("", "[`@acme/web`](apps/web.md)")
    assert web[3] == "[`@acme/core`](packages/core.md)"
    assert row(listed, "acme-two")[4] == "[`acme-one`](rs/crates/one.md)"
    assert row(listed, "example.com/acme/a")[3] == "[`example.com/acme/b`](go/b.md)"


def test_a_packages_page_has_its_own_readme_manifest_commands_modules_and_ties() -> None:
    made = built(TEXTS)
    core, service = made["packages/packages/core.md"].markdown, made["packages/py/svc.md"].markdown
    assert "Lower-case readme of core." in core
    assert "npm install @acme/core" in core
    assert "| **Used by** | [`@acme/web`](../apps/web.md) |" in core
    assert "[`packages/core/src`](../../modules/packages-core-src.md)" in core
    assert "| `svc` | [`acme.svc.main:run`](../../api/py/svc/src/acme/svc/main.py.md) |" in service
    assert "readme of core" not in service


def test_packages_are_on_the_front_page_in_the_navigation_and_pass_the_critic() -> None:
    one = known(TEXTS)
    made = tuple(pages(one, {}))
    front = next(page for page in made if page.kind is PageKind.OVERVIEW)
    assert "[`@acme/core`](packages/packages/core.md)" in front.markdown
    assert '{"Packages": [{"All packages": "packages/index.md"}, {"@acme/web": "packages/apps/web.md"}' in mkdocs_yml(
        "acme", made, "extractive"
    )
    found = check(
        Draft(revision=1, pages=made), DraftEvidence(one.manifest, one.synthesis, one.reviews, one.gaps, one.texts)
    )
    assert [finding for finding in found if finding.blocking and finding.page.startswith("packages/")] == []


def test_a_repository_of_one_package_has_no_page_of_packages() -> None:
    made = built({"pyproject.toml": '[project]\nname = "one"\n', "one.py": '"""One."""\n'})
    assert [path for path in made if path.startswith("packages/")] == []
    assert "## Packages" not in made["index.md"].markdown
