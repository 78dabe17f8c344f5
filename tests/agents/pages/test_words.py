"""The pages' own words are in one catalogue, and a site in German has German headings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agents.contracts.draft import PageKind, Verdict
from agents.contracts.review import Severity
from agents.contracts.site_settings import SiteSettings
from agents.contracts.snapshot import Gap
from agents.contracts.structure import SymbolKind
from agents.pages.words import Words, catalogue, nouns
from agents.roles.editor.core import pages
from agents.roles.editor.coverage_page import coverage_page
from agents.roles.editor.glossary import glossary_page, terms
from agents.roles.publisher.config import FRAME
from agents.roles.publisher.gated import TableOfContentsEntry
from agents.roles.publisher.llms import llms_txt
from agents.text.wording import plural
from cli.output.report_data import script_words
from cli.session.stored_session import NOT_ATTRIBUTED
from tests.agents.roles.editor.samples import material

EDITOR = Path(__file__).parents[3] / "agents/roles/editor"
#: Page modules whose every sentence is in the catalogue as well.
TRANSLATED = ("coverage_page.py", "glossary.py", "labels.py")
REPORT = Path(__file__).parents[3] / "cli/output"
PAGES = tuple(sorted(path.relative_to(EDITOR).as_posix() for path in EDITOR.rglob("*.py")))
THEME = EDITOR.parent / "publisher/theme"
#: Headings and labels that stay English, with the reason.
ENGLISH = {
    # Names of products.
    "fact_pages/tests_page.py": {
        "GoogleTest",
        "JUnit",
        "Jest",
        "Minitest",
        "Mocha",
        "PHPUnit",
        "Playwright",
        "RSpec",
        "TestNG",
        "Vitest",
    },
}
#: Calls that take our own words: their argument that holds them.
_TAKERS = {"heading": 0, "words": 0, "_words": 0, "table": 0, "bounded": 1, "entries": 0, "start": 3, "PageBuilder": 3}
_VALUE = re.compile(r"\{\w+\}")
_LABEL = re.compile(r"^[A-Z][A-Za-z]")


def _literals(node: ast.AST) -> Iterator[str]:
    """Literal texts of an argument, without those that an inner call takes for something else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Call | ast.JoinedStr | ast.Subscript | ast.Compare):
        return
    else:
        for child in ast.iter_child_nodes(node):
            yield from _literals(child)


def _own_words(module: str) -> Iterator[str]:
    """What the module gives to headings, to headers of tables, to labels and to `words`, as far as it is literal.

    Titles may stand in a table of the module: the values of a dictionary, the first of a pair.
    """
    for node in ast.walk(ast.parse((EDITOR / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            at = _TAKERS.get(name)
            if at is not None and len(node.args) > at and not _is_markdown(node.func):
                yield from _literals(node.args[at])
            if name in {"_table", "admonition"}:
                yield from (text for arg in node.args[1:3] for text in _literals(arg) if _LABEL.match(text))
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1:
            labels = [text for text in _literals(node) if _LABEL.match(text)]
            is_first = isinstance(node.elts[0], ast.Constant) and node.elts[0].value in labels
            yield from labels if len(labels) > 1 else labels if is_first else ()
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_OPENING":
            yield from _literals(node.value)
        elif isinstance(node, ast.Dict):
            yield from (
                value.value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and _LABEL.match(value.value)
            )


def _is_markdown(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and getattr(function.value, "id", "") == "markdown"


@pytest.mark.parametrize("module", PAGES)
def test_every_heading_header_and_label_of_a_page_is_in_the_catalogue(module: str) -> None:
    english = ENGLISH.get(module, set())
    words = {word for word in _own_words(module) if word.strip()}
    assert sorted(words - catalogue("de").keys() - english) == []


@pytest.mark.parametrize("module", PAGES)
def test_no_page_writes_headings_headers_or_labels_past_the_catalogue(module: str) -> None:
    """A table of `markdown.table` has no literal header, and no literal block begins with a heading or a bold label."""
    bare: list[str] = []
    for node in ast.walk(ast.parse((EDITOR / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _is_markdown(node.func) and node.args:
            if getattr(node.func, "attr", "") == "table":
                bare += [text for text in _literals(node.args[0]) if text.strip()]
            if getattr(node.func, "attr", "") == "admonition":
                bare += _literals(node.args[1])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            bare += re.findall(r"^(?:#{1,6} |\*\*)[A-Z].*", node.value)
    assert bare == []


@pytest.mark.parametrize("template", sorted(path.name for path in THEME.glob("*.html")))
def test_no_template_of_the_theme_says_a_word_of_its_own(template: str) -> None:
    text = re.sub(
        r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<kbd.*?</kbd>", "", (THEME / template).read_text("utf-8"), flags=re.DOTALL
    )
    assert re.findall(r"(?:aria-label|placeholder|title)=\"([^\"]*\w[^\"]*)\"", text) == []
    assert [words for words in re.findall(r">([^<>]*)<", text) if re.search(r"[A-Za-z]{2}", words)] == []


def test_the_words_around_every_page_are_in_the_catalogue() -> None:
    assert sorted(set(FRAME.values()) - catalogue("de").keys()) == []


@pytest.mark.parametrize("module", TRANSLATED)
def test_every_word_of_a_translated_page_is_in_the_catalogue(module: str) -> None:
    found = [word for word in _own_words(module) if word]
    assert found
    assert [word for word in found if word not in catalogue("de")] == []


@pytest.mark.parametrize("module", TRANSLATED)
def test_a_translated_page_adds_no_words_past_the_catalogue(module: str) -> None:
    tree = ast.parse((EDITOR / module).read_text(encoding="utf-8"))
    bare = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "add"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]
    assert bare == []


def test_every_word_of_a_sessions_report_is_in_the_catalogue() -> None:
    template, script = (REPORT / "report.html.j2").read_text("utf-8"), (REPORT / "report.js").read_text("utf-8")
    said = [*re.findall(r"""words\((["'])(.+?)\1""", template)]
    words = {word for _, word in said} | script_words(script, Words()).keys() | {*Verdict, NOT_ATTRIBUTED}
    assert sorted(words - catalogue("de").keys()) == []


def test_a_sessions_report_says_no_word_past_the_catalogue() -> None:
    text = re.sub(
        r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>", "", (REPORT / "report.html.j2").read_text("utf-8"), flags=re.DOTALL
    )
    assert [words for words in re.findall(r">([^<>]*)<", text) if re.search(r"[A-Za-z]{2}", words)] == []
    assert re.findall(r'aria-label="([^"]*[a-z]{2}[^"]*)"', text) == []


def test_a_translation_has_the_same_values() -> None:
    for english, german in catalogue("de").items():
        assert sorted(_VALUE.findall(english)) == sorted(_VALUE.findall(german)), english


def test_what_a_catalogue_lacks_stays_english() -> None:
    assert Words("de")("Nowhere written") == "Nowhere written"
    assert Words()("Figures") == "Figures"


def test_a_site_in_german_has_german_headings_and_the_same_citations() -> None:
    english = material()
    german = material()
    object.__setattr__(german, "manifest", german.manifest.with_changes(site=SiteSettings(language="de")))
    page = coverage_page(german)
    assert page.title == "Abdeckung und Lücken"
    assert "## Zahlen" in page.markdown
    assert "| Dateien im Stand |" in page.markdown
    defined = [terms(english)]
    assert glossary_page(german, defined).title == "Glossar"
    assert glossary_page(german, defined).citations == glossary_page(english, defined).citations


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_is_a_heading_in_the_language_of_the_site(severity: Severity) -> None:
    assert severity.value.capitalize() in catalogue("de")


def test_modules_files_and_the_front_page_are_german_and_cite_the_same_lines() -> None:
    english, german = material(), material()
    object.__setattr__(german, "manifest", german.manifest.with_changes(site=SiteSettings(language="de")))
    both = [{page.path: page for page in pages(each, {})} for each in (english, german)]

    assert both[0].keys() == both[1].keys()
    assert all(both[0][path].citations == both[1][path].citations for path in both[0])
    headings = {
        path: re.findall(r"^#{2,6} (?!<|`)(.+)$", page.markdown, re.MULTILINE) for path, page in both[1].items()
    }
    ours = {text for texts in headings.values() for text in texts}
    assert {"Auf einen Blick", "Module", "Dateien", "Zyklen"} <= ours
    assert ours & (catalogue("de").keys() - set(catalogue("de").values())) == set()


def _counted_nouns() -> Iterator[str]:
    """The nouns that pages count, as far as they are literal."""
    takers = {"counted": 1, "count": 1, "and_more": 1, "bounded": 3}
    for path in (EDITOR.parent).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                at = takers.get(getattr(node.func, "attr", getattr(node.func, "id", "")), len(node.args))
                yield from _literals(node.args[at]) if at < len(node.args) else ()


def test_every_noun_that_pages_count_has_its_forms_in_german() -> None:
    assert sorted({noun for noun in _counted_nouns() if Words("de").counted(2, noun) == f"2 {plural(noun)}"}) == []


@pytest.mark.parametrize(
    ("language", "number", "text"),
    [
        ("en", 1, "1 file"),
        ("en", 2_000, "2,000 files"),
        ("de", 0, "0 Dateien"),
        ("de", 1, "1 Datei"),
        ("de", 2_000, "2.000 Dateien"),
    ],
)
def test_a_count_is_written_as_the_language_writes_numbers_and_plurals(language: str, number: int, text: str) -> None:
    assert Words(language).counted(number, "file") == text


#: Sentences of counts that English pages have, and what would show in German if one went past the catalogue.
COUNTING = re.compile(r"\b\d[\d.,]* (?:more|files?|modules?|symbols?|lines?|imports?|places?|findings?)\b|\bAnd \d")


#: Names, whose words a page holds, and sentences with a citation: those are authors' or the synthesizer's.
_AUTHORS = re.compile(r"`[^`]*`|^!!! note(?:\n+    [^\n]*)*|^[^\n]*#L\d[^\n]*$", re.MULTILINE)


def test_no_page_of_a_german_site_counts_in_english() -> None:
    german = material()
    german = replace(german, manifest=german.manifest.with_changes(site=SiteSettings(language="de")))
    for page in pages(german, {}):
        own = _AUTHORS.sub("", page.markdown)
        assert COUNTING.findall(own) == [], page.path


def test_a_german_site_has_german_headings_in_llms_txt() -> None:
    entry = TableOfContentsEntry(path="index.md", kind=PageKind.OVERVIEW, title="demo", markdown="# demo\n")

    text = llms_txt("demo", [entry], "extractive", "de")

    assert "## Überblick" in text
    assert "Dokumentation von demo." in text
    assert "Der Text aller Seiten in einer Datei: [llms-full.txt](llms-full.txt)" in text


#: Words of ours that pages of each kind had in English once; a name may hold one of them, a sentence may not.
_ENGLISH_WORDS = re.compile(
    r"\b(?:and \d+ more|Extracted, not AI-written|The (?:sentences|paragraphs) of this page|declared by|entry point"
    r"|the authors' own|nothing to find|primary key|not null|all packages|(?:function|class|method) (?=\[))"
)


def test_no_page_of_a_german_site_says_whose_words_it_holds_in_english() -> None:
    refused = Gap(path="demo/greet.py", reason="ModelReplyInvalid", detail="no", extracted=True)
    some = material(model="openai:some")
    some = replace(
        some,
        manifest=some.manifest.with_changes(site=SiteSettings(language="de")),
        gaps=(*some.gaps, refused),
    )
    built = {page.path: page.markdown for page in pages(some, {})}

    assert {path: _ENGLISH_WORDS.findall(text) for path, text in built.items() if _ENGLISH_WORDS.search(text)} == {}
    assert "Aus dem Code, nicht von KI geschrieben: Die Sätze dieser Seite" in built["api/demo/names.py.md"]
    assert "wurde abgewiesen, auch nach erneuter Frage" in built["api/demo/greet.py.md"]
    assert "funktion" in built["api/demo/names.py.md"].casefold()


@pytest.mark.parametrize("kind", SymbolKind)
def test_every_kind_of_symbol_has_a_name_in_german(kind: SymbolKind) -> None:
    assert Words("de").singular(kind.value) in {form for forms in nouns("de").values() for form in forms}
