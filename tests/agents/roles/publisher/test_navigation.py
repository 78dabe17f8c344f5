"""The navigation: our sections, but for the order, titles and hidden sections that swarm.toml names."""

from __future__ import annotations

import html
import re

import pytest
import yaml

from agents.codebase.site_settings import site_settings
from agents.contracts.draft import Page, PageKind
from agents.contracts.site_settings import SiteSettings
from agents.roles.editor.core import pages
from agents.roles.publisher.config import mkdocs_yml
from agents.roles.publisher.gated import TableOfContentsEntry
from tests.agents.roles.editor.samples import material


def titles(site: SiteSettings) -> list[str]:
    nav = mkdocs_yml("demo", list(pages(material(), {})), "extractive", site).partition("nav: ")[2]
    return re.findall(r'\{"((?:[^"\\]|\\.)*)": (?:"|\[)', nav)


def test_sections_stand_in_our_order() -> None:
    listed = [title for title in titles(SiteSettings()) if title in {"Overview", "Modules", "Tests and examples"}]
    assert listed == ["Overview", "Modules", "Tests and examples"]


def test_a_repository_chooses_order_titles_and_what_is_hidden() -> None:
    site = site_settings(
        '[navigation]\norder = ["glossary", "modules"]\ntitles = {modules = "Parts & more"}\nhide = ["performance"]\n'
    )
    listed = titles(site)
    assert listed[:2] == ["Glossary", "Parts &amp; more"]
    assert "Performance" not in listed
    assert "Overview" in listed


@pytest.mark.parametrize("hidden", ["overview", "coverage"])
def test_the_front_page_and_what_is_missing_are_never_hidden(hidden: str) -> None:
    with pytest.raises(ValueError, match=f"cannot be hidden: {hidden}"):
        site_settings(f'[navigation]\nhide = ["{hidden}"]\n')


@pytest.mark.parametrize("text", ['order = ["nowhere"]', 'titles = {nowhere = "x"}', 'colour = "red"'])
def test_an_unknown_section_or_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"swarm\.toml"):
        site_settings(f"[navigation]\n{text}\n")


def test_a_german_site_has_a_german_navigation_and_theme() -> None:
    site = SiteSettings(language="de")
    assert {"\\U000000DCberblick", "Module", "Tests und Beispiele"} <= set(titles(site))
    assert "  language: de\n" in mkdocs_yml("demo", [], "extractive", site)


@pytest.mark.parametrize("title", ["a" * 3_000, "\u6587" * 150, "<" * 199, '"\\: ?' * 40])
def test_a_title_of_many_signs_is_an_entry_that_yaml_can_read(title: str) -> None:
    """A key of YAML has at most 1,024 signs: a heading of 105 Chinese ones, written as escapes, stopped the site."""
    page = TableOfContentsEntry(kind=PageKind.GUIDE, title=title, path="guides/a.md")
    (entry,) = yaml.safe_load(mkdocs_yml("demo", [page, page], "extractive", SiteSettings()).partition("\nnav: ")[2])
    ((_, [listed]),) = entry.items()
    ((shown, path),) = listed.items()
    assert path == "guides/a.md"
    assert html.unescape(shown) == (title if len(title) <= 200 else f"{title[:199]}\u2026")


def test_guides_of_one_title_differ_by_their_folders() -> None:
    paths = ("guides/a/USE.md.md", "guides/b/USE.md.md")
    guides = [Page(path=path, kind=PageKind.GUIDE, title="Usage", markdown="x") for path in paths]
    nav = mkdocs_yml("demo", [*guides, guides[0]], "extractive").partition("nav: ")[2]

    assert {"Usage (a)", "Usage (b)"} <= set(re.findall(r'\{"([^"]*)": "', nav))
