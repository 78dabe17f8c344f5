"""A finished site answers what is on it, refuses what is not, and reads nothing outside of its folder."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.contracts.base import Lines
from cli.errors import BadInput
from cli.site.finished import CitedLines, FinishedSite, NotOnSite, finished_site
from cli.site.lookups import Lookups
from cli.site.passages import Passage, passages
from cli.site.search import PassageSearch
from tests.cli.site.samples import GREET, write_site


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return write_site(tmp_path / "out")


@pytest.fixture
def lookups(out: Path) -> Lookups:
    return Lookups(finished_site(out))


def test_a_source_page_gives_the_exact_lines(lookups: Lookups) -> None:
    assert lookups.site.text("demo/greet.py") == GREET.removesuffix("\n").split("\n")


def test_an_exact_name_is_first(lookups: Lookups) -> None:
    assert lookups.search("hello")[0]["citations"] == ["demo/greet.py#L9-L10"]


def test_a_question_finds_a_section_of_a_document(lookups: Lookups) -> None:
    assert lookups.search("how do I set a timeout?")[0]["citations"] == ["README.md#L5-L7"]


def test_a_definition_has_signature_place_and_text(lookups: Lookups) -> None:
    (found,) = lookups.definition("greet")
    assert found["citation"] == "demo/greet.py#L4-L6"
    assert found["text"].startswith("def greet(name: str) -> str:")


def test_references_are_the_lines_that_call(lookups: Lookups) -> None:
    assert [one["citation"] for one in lookups.references("hello")] == ["demo/greet.py#L6"]


def test_a_citation_resolves_to_its_text(lookups: Lookups) -> None:
    assert lookups.citations("demo/greet.py#L10")["text"] == '    return f"<b>hello</b> {name}"'


@pytest.mark.parametrize(
    ("citation", "reason"),
    [
        ("demo/greet.py#L11", "10 lines"),
        ("demo/greet.py#L5-L3", "not among them"),
        ("../secret", "cites no file"),
        ("", "cites no file"),
    ],
)
def test_a_citation_that_leads_nowhere_says_why(lookups: Lookups, citation: str, reason: str) -> None:
    with pytest.raises(NotOnSite, match=reason):
        lookups.citations(citation)


@pytest.mark.parametrize("path", ["../session.json", "/etc/passwd", "site/../../x.md", "source/demo/greet.py.html"])
def test_only_pages_of_the_site_are_read(lookups: Lookups, path: str) -> None:
    with pytest.raises(NotOnSite, match="no page"):
        lookups.read_page(path)


def test_a_link_out_of_the_folder_is_not_followed(out: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (out / "site/index.md").unlink()
    (out / "site/index.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(NotOnSite, match="out of the site"):
        finished_site(out).page("index.md")


def test_an_index_cannot_name_a_page_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "site").mkdir()
    site = FinishedSite(tmp_path / "site", {"repository": "x", "pages": [["../secret.md", "overview", "x"]]}, [])
    with pytest.raises(NotOnSite, match="out of the site"):
        site.page("../secret.md")


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no finished site"):
        finished_site(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', json.dumps({"version": 9})])
def test_a_damaged_index_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.jsonl").write_text(text)
    with pytest.raises(BadInput, match=r"damaged|version"):
        finished_site(tmp_path)


def test_the_same_question_has_the_same_answer(out: Path) -> None:
    answers = [Lookups(finished_site(out)).search("greets people") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]


def test_a_comment_in_a_piece_of_code_is_no_section_of_a_document() -> None:
    lines = ["# Demo", "", "```bash", "# Install demo", "pip install demo", "```", "", "## Use", "", "Run it."]
    file = SimpleNamespace(path="README.md", link="guides/README.md.html")
    site: Any = SimpleNamespace(files={"README.md": file}, pages={}, text=lambda _: lines)
    assert [(one.title, one.cites[0].lines.start) for one in passages(site)] == [("Demo", 1), ("Use", 8)]


def test_who_asks_about_tests_is_shown_tests() -> None:
    def passage(path: str, text: str) -> Passage:
        return Passage("file", path, text, (CitedLines(path, Lines(start=1, end=1)),), "")

    search = PassageSearch([passage("demo/run.py", "How things run."), passage("tests/test_run.py", "How things run.")])
    assert search.find("how do things run")[0].passage.title == "demo/run.py"
    assert search.find("how do tests run")[0].passage.title == "tests/test_run.py"


def _found(question: str, *of: Passage) -> list[str]:
    return [found.passage.title for found in PassageSearch(of).find(question)]


def _piece(kind: str, title: str, text: str, path: str = "demo/run.py", start: int = 1, above: str = "") -> Passage:
    return Passage(kind, title, text, (CitedLines(path, Lines(start=start, end=start)),), "", above)


GUIDE = _piece("document", "Installation", "Install it with pip. Then go on.", "README.md")
SYMBOLS = (
    _piece("method", "Tool._install", "def _install(self)", start=2),
    _piece("field", "Tool.install", "install: bool", start=3),
    _piece("function", "install", "def install(path)\nInstalls what the lock names.", start=4),
)


def test_a_guide_answers_a_newcomer_before_symbols_that_share_a_word() -> None:
    assert _found("how do I install", *SYMBOLS, GUIDE)[0] == "Installation"


@pytest.mark.parametrize(
    "question", ["install", "what does `install` do", "Tool.install", "how does Tool.install work"]
)
def test_a_symbols_exact_name_in_the_question_is_first(question: str) -> None:
    named = "Tool.install" if "Tool" in question else "install"
    assert _found(question, GUIDE, *SYMBOLS)[0] == named


@pytest.mark.parametrize("question", ["why is as_str slow", "Value::as_str"])
def test_a_name_is_one_as_code_writes_it(question: str) -> None:
    own = _piece("method", "Value.as_str", "def as_str(self)\nThe text.", start=2)
    guide = _piece("document", "Why it is slow", "Why str is slow as str, and value.", "README.md")
    assert _found(question, guide, own)[0] == "Value.as_str"


def test_what_changed_once_and_private_names_come_last() -> None:
    text = "Set a timeout for a request."
    log = _piece("document", "Fixed", text, "CHANGELOG.md")
    private = _piece("method", "Client._set_timeout", f"def _set_timeout(self)\n{text}", start=2)
    public = _piece("method", "Client.set_timeout", f"def set_timeout(self)\n{text}", start=3)
    guide = _piece("document", "Timeouts", text, "docs/timeouts.md")
    found = _found("how do I set a timeout", log, private, public, guide)
    assert found[0] == "Timeouts"
    assert found.index("Client.set_timeout") < found.index("Client._set_timeout")
    assert found[-1] == "Fixed"


def test_a_verb_alone_answers_nothing_about_a_thing() -> None:
    (found,) = PassageSearch([_piece("method", "Tool.set_size", "def set_size(self)\nSets it.")]).find("set a timeout")
    assert found.share < 0.5


@pytest.mark.parametrize(
    "lines",
    [
        ["Guide", "=====", "", "Words.", "", "Install", "-------", "", "Run it."],
        ["=====", "Guide", "=====", "", "Words.", "", "Install", "-------", "", "Run it."],
        ["# Guide", "", "Words.", "", "## Install", "", "Run it."],
    ],
    ids=["underlined", "overlined", "signs"],
)
def test_headings_of_documents_begin_sections_below_one_another(lines: list[str]) -> None:
    file = SimpleNamespace(path="docs/start.rst", link="guides/docs/start.rst.html")
    site: Any = SimpleNamespace(files={"docs/start.rst": file}, pages={}, text=lambda _: lines)
    found = {one.title: one for one in passages(site)}
    assert {"Guide", "Install"} <= found.keys()
    assert found["Install"].above == "start Guide"
    assert "Run it." in found["Install"].text


def test_a_table_and_a_paragraph_are_no_headings() -> None:
    lines = ["A first line", "and its second one", "---", "", "==== ====", "a    b", "==== ====", "1    2", "==== ===="]
    file = SimpleNamespace(path="a.rst", link="guides/a.rst.html")
    site: Any = SimpleNamespace(files={"a.rst": file}, pages={}, text=lambda _: lines)
    assert {one.title for one in passages(site)} == {"a.rst"}
