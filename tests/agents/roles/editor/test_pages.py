"""Every page is made of facts with citations that resolve, whatever the files are called."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from agents.codebase.claims.citations import resolves
from agents.contracts.draft import Draft, EditorReply, PageKind
from agents.contracts.snapshot import Gap
from agents.contracts.synthesis import CitedStatement
from agents.pages.addresses import module_pages, source_pages
from agents.roles.critic.checks import DraftEvidence, check
from agents.roles.editor.core import briefs, pages, revised
from agents.roles.editor.material import Material
from agents.roles.editor.page_prose import verify
from tests.agents.roles.editor.samples import FILES, edit, material

ODD_NAMES = (
    *("index", "README", "README.md", "a b/it's.py", 'quo"te.py', "emoji 🎉/x.py", "Case.py", "case.py", "#%.py"),
    *(".github/x.yml", "a/b.html", "a/b", "a/b.md", "long/" + "n" * 240 + ".py", "pipe|x.py", "con?.py", "[x](y).py"),
    *("modules/index", "-->.py", "`tick`.py"),
    *("con.py", "aux/nul.py", "COM1", "nfc/été.py", "nfc/e\u0301te\u0301.py"),
)
ODD = dict.fromkeys(ODD_NAMES, ("python", "Says things. <b>x</b> [y](z) | ```", ""))


def draft(known: Material) -> Draft:
    prose = {brief.page: verify(brief, edit(brief), known).claims for brief in briefs(known)}
    return Draft(revision=1, pages=tuple(pages(known, prose)))


def facts(known: Material) -> DraftEvidence:
    return DraftEvidence(known.manifest, known.synthesis, known.reviews, known.gaps)


@pytest.mark.parametrize("files", [FILES, ODD], ids=["usual", "odd"])
def test_nothing_on_the_pages_blocks_them(files: dict[str, tuple[str, str, str]]) -> None:
    known = material(files)
    assert [found for found in check(draft(known), facts(known)) if found.blocking] == []


@pytest.mark.parametrize("files", [FILES, ODD], ids=["usual", "odd"])
def test_every_citation_resolves_and_every_file_has_its_page(files: dict[str, tuple[str, str, str]]) -> None:
    known = material(files)
    whole = draft(known)
    cited = [citation for page in whole.pages for citation in page.citations]
    assert len(cited) > len(files)
    assert all(resolves(one.path, one.lines, known.line_counts) for one in cited)
    assert {page.subject for page in whole.pages if page.kind is PageKind.API} == set(files)
    assert len({page.path.casefold() for page in whole.pages}) == len(whole.pages)


def test_the_overview_leads_with_the_readme_and_says_who_wrote_it() -> None:
    first = draft(material()).pages[0]
    assert first.path == "index.md"
    assert first.markdown.split("\n\n")[1].startswith("A demo that greets people")
    assert "Extracted, not AI-written" in first.markdown


def test_only_the_extractive_model_is_labelled_extracted() -> None:
    assert "not AI-written" not in draft(material(model="bedrock:some")).pages[0].markdown


def test_the_architecture_draws_the_imports_between_modules() -> None:
    page = draft(material()).pages[1]
    assert "```mermaid\nflowchart" in page.markdown
    assert '["demo"]' in page.markdown


def test_a_review_that_did_not_run_says_so_with_its_reason() -> None:
    page = next(page for page in draft(material()).pages if page.kind is PageKind.PERFORMANCE)
    assert "did not run" in page.markdown
    assert "ModelUnavailable" in page.markdown


def test_the_coverage_page_names_every_gap_and_why() -> None:
    page = next(page for page in draft(material()).pages if page.kind is PageKind.COVERAGE)
    assert "huge.sql" in page.markdown
    assert "FileTooLarge" in page.markdown


def test_a_statement_that_cites_nothing_real_is_dropped_from_a_page() -> None:
    known = material()
    brief = next(iter(briefs(known)))
    invented = CitedStatement(text="It flies.", path="nowhere.py")
    reply = EditorReply(paragraphs=((invented, brief.statements[0]), (invented,)))
    verified = verify(brief, reply, known)
    assert (verified.claims.paragraphs, verified.dropped) == ([(brief.statements[0],)], 2)


def test_a_later_revision_asks_and_rewrites_only_what_the_critic_named() -> None:
    known = material()
    whole = draft(known)
    found = list(briefs(known, {"index.md": ("too long",)}))
    assert [(brief.page, brief.findings) for brief in found] == [("index.md", ("too long",))]
    page = whole.pages[0].model_copy(update={"markdown": "# new"})
    assert list(revised(whole, [page])) == [page, *whole.pages[1:]]


def test_names_are_unique_without_regard_to_case_and_safe_on_every_file_system() -> None:
    names = source_pages(ODD).values()
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(ODD)
    devices = {"con", "aux", "nul", "com1"}
    assert not any(part.partition(".")[0].lower() in devices for name in names for part in name.split("/"))
    assert not any(set(name) & set('<>:"|?*\\') or "/." in name for name in names)
    assert all(len(part.encode()) < 256 for name in names for part in name.split("/"))


def test_modules_that_differ_by_a_dash_have_pages_of_their_own() -> None:
    assert len(set(module_pages(["a/b", "a-b", "A/B"]).values())) == 3


@pytest.mark.parametrize(
    ("reason", "why"),
    [("ModelReplyInvalid", "reply about this file was refused"), ("ModelContextExceeded", "longer than the language")],
)
def test_the_page_of_a_file_whose_reply_was_refused_says_so_and_has_its_authors_documentation(
    reason: str, why: str
) -> None:
    plain = material(model="openai:some")
    gap = Gap(path="demo/greet.py", reason=reason, detail="of 2 statements, none is supported by <it>", extracted=True)
    built = {page.path: page for page in pages(replace(plain, gaps=(*plain.gaps, gap)), {})}
    page = next(page for page in built.values() if page.subject == gap.path)
    _, label, *rest = page.markdown.split("\n\n")
    assert label.startswith("Extracted, not AI-written: ")
    assert why in label
    assert "none is supported by \\<it>" in label or "&lt;it" in label
    assert "Writes greetings." in "\n".join(rest)
    coverage = built["coverage.md"].markdown
    assert f"]({page.path})" in coverage
    assert "huge.sql](" not in coverage
