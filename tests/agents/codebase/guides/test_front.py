# ruff: noqa: E501 (one row, or one README, is one line)
"""What a README says a project is, how to get it and how to use it; and which README speaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.codebase.guides.front import Front, example_of, front
from agents.codebase.guides.paths import guides, readme_of
from agents.codebase.guides.reading import read
from agents.codebase.guides.source import Repository
from agents.codebase.package_facts import packages
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.documentation import Block, Code, Paragraph
from agents.text import marked

CASES = Path(__file__).parents[3] / "cases"


def of_case(name: str) -> Front:
    root = CASES / name
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    readme = readme_of(paths)
    text = (root / readme).read_text(encoding="utf-8")
    return front(read(readme, text, Repository(frozenset(paths))))


def words(blocks: tuple[Block, ...]) -> list[str]:
    return [marked.words(one.text) for one in blocks if isinstance(one, Paragraph)]


@pytest.mark.parametrize(
    ("case", "introduction"),
    [
        ("23-readme-html", "Boils water for tea from the command line."),
        ("33-readme-bold", "Kettle boils water for tea from the command line, and only for tea."),
        ("34-readme-short", "Pads strings left."),
        ("35-readme-shapes", "Shapes draws circles and squares in a terminal. E.g. a circle of radius 3. Works on Linux, v2.0 of macOS etc. and more!"),
        ("29-monorepo", "The readme that lives in .github."),
    ],
)  # fmt: skip
def test_the_introduction_is_the_readmes_own_without_decoration(case: str, introduction: str) -> None:
    assert words(of_case(case).introduction)[0] == introduction


@pytest.mark.parametrize(
    ("case", "install"), [("35-readme-shapes", "# install it\nnpm i shapes"), ("33-readme-bold", "pip install kettle")]
)
def test_the_installation_holds_its_commands(case: str, install: str) -> None:
    assert [one.text for one in of_case(case).installation if isinstance(one, Code)] == [install]


@pytest.mark.parametrize(
    ("path", "doc"),
    [
        ("23-readme-html/README.md", "Kettle & Pot\n\nBoils water for tea from the command line."),
        ("33-readme-bold/README.md", "Kettle\n\nKettle boils water for tea from the command line, and only for tea."),
        ("34-readme-short/README.md", "Pad\n\nPads strings left."),
        ("29-monorepo/docs/Readme.txt", "ACME DOCS\n\nText readme."),
    ],
)
def test_a_documents_doc_is_its_title_and_first_words(path: str, doc: str) -> None:
    language = "text" if path.endswith(".txt") else "markdown"
    assert TreeSitterReader().read(path, language, (CASES / path).read_text(encoding="utf-8")).doc == doc


def test_headings_in_comments_and_fences_are_none_and_attributes_are_no_words() -> None:
    path = "23-readme-html/docs/guide.md"
    names = [one.name for one in TreeSitterReader().read(path, "markdown", (CASES / path).read_text("utf-8")).symbols]
    assert "Heat" in names
    assert not [one for one in names if "{#" in one or "not a heading" in one or "Hidden" in one]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            'See [the boiler](src/boil.py), [docs](guide.md#heat "Guide"), [config][cfg].',
            "See the boiler, docs, config.",
        ),
        ("[Home](a.md) | [Docs](b.md)", ""),
    ],
)
def test_a_sentence_of_links_keeps_its_words_and_a_row_of_links_has_none(words: str, said: str) -> None:
    text = f"# Kettle\n\n## Usage\n\n{words}\n\n[cfg]: kettle.toml\n"
    sections = {one.name: one.doc for one in TreeSitterReader().read("README.md", "markdown", text).symbols}
    assert sections["Usage"] == said


def of_text(text: str) -> Front:
    return front(read("README.md", text, Repository(frozenset({"README.md"}))))


def test_what_stands_below_the_title_is_the_introduction_whatever_sections_follow() -> None:
    text = "<h2>Kettle: tea</h2>\n\nKettle is a program that boils water.\n\n## News\n\nWe moved.\n\n## Features\n\n- fast\n"
    assert words(of_text(text).introduction) == ["Kettle is a program that boils water."]


def test_an_example_does_not_end_with_what_announces_another() -> None:
    text = "# Kettle\n\nKettle boils.\n\n## Usage\n\nBoil:\n\n```sh\nkettle on\n```\n\nAnd now, without water:\n\n![steam](a.gif)\n\n```sh\nx\n```\n"
    assert isinstance(of_text(text).example[-1], Code)


def test_a_part_that_is_cut_does_not_end_with_an_announcement() -> None:
    ways = "".join(
        f"On system {number}, use its manager:\n\n```sh\nmanager{number} add kettle\n```\n\n" for number in range(60)
    )
    shown = of_text(f"# Kettle\n\nKettle boils.\n\n## Installation\n\n{ways}").installation
    assert 1 < len(shown) < 120
    assert isinstance(shown[-1], Code)


def test_a_part_that_is_cut_does_not_end_with_the_title_of_what_is_beyond() -> None:
    ways = "".join(
        f"<details>\n<summary>System {number}</summary>\n\n```sh\nmanager{number} add kettle\n```\n</details>\n\n"
        for number in range(80)
    )
    shown = of_text(f"# Kettle\n\nKettle boils.\n\n## Installation\n\n{ways}").installation
    assert 1 < len(shown) < 160
    assert isinstance(shown[-1], Code)


def test_a_manual_page_and_a_certificate_say_what_they_are() -> None:
    manual = TreeSitterReader().read(
        "a.1", "text", ".TH TREE 1\n.SH NAME\ntree \\- list \\fBall\\fR directories\n.SH SYNOPSIS\n"
    )
    assert (manual.doc, [symbol.name for symbol in manual.symbols]) == (
        "tree - list all directories.",
        ["NAME", "SYNOPSIS"],
    )
    assert (
        TreeSitterReader().read("a.pem", "text", "-----BEGIN CERTIFICATE-----\nMIIFaz\n").doc
        == "Certificate in PEM form."
    )


def test_a_gems_commands_are_its_programs_and_a_word_of_setuptools_is_no_licence() -> None:
    gem = 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.bindir = "exe"\n  s.executables = %w[a b]\nend\n'
    assert packages(["a.gemspec"], lambda _: gem)[0].commands == (("a", "exe/a"), ("b", "exe/b"))
    info = packages(["PKG-INFO"], lambda _: "Name: a\nLicense: UNKNOWN\nHome-page: UNKNOWN\n")[0]
    assert (info.licence, info.homepage) == ("", "")


def test_a_subfolder_never_speaks_for_the_root() -> None:
    assert readme_of(["examples/README.md", "packages/core/readme.md"]) == ""
    assert readme_of(["docs/README.md", "Readme.txt", "README.zh.md"]) == "Readme.txt"
    assert readme_of(["docs/Readme.txt", ".github/README.md"]) == ".github/README.md"


def test_guides_are_in_the_order_of_reading_without_tests_licences_and_templates() -> None:
    paths = [
        "docs/b.rst",
        "CHANGELOG.md",
        "README.md",
        "LICENSE.md",
        "tests/x.md",
        ".github/ISSUE_TEMPLATE/bug.md",
        "x.py",
    ]
    assert guides(paths) == ["README.md", "CHANGELOG.md", "docs/b.rst"]


@pytest.mark.parametrize(
    ("file", "text", "name", "description", "install"),
    [
        ("pyproject.toml", '[project]\nname="a"\ndescription="Does a."\n[project.scripts]\na="a:main"\n', "a", "Does a.", "pip install a"),
        ("setup.cfg", "[metadata]\nname = a\ndescription = Does a.\n", "a", "Does a.", "pip install a"),
        ("setup.py", 'setup(name="a", description="Does a.")\n', "a", "Does a.", "pip install a"),
        ("package.json", '{"name": "@x/a", "description": "Does a.", "bin": "cli.js"}', "@x/a", "Does a.", "npm install @x/a"),
        ("Cargo.toml", '[package]\nname = "a"\ndescription = "Does a."\n', "a", "Does a.", "cargo add a"),
        ("go.mod", "module example.org/a\n\ngo 1.22\n", "example.org/a", "", "go get example.org/a"),
        ("pom.xml", "<project><parent><groupId>g</groupId><description>no</description></parent><artifactId>a</artifactId><description>Does a.</description></project>", "g:a", "Does a.", ""),
        ("a.gemspec", 'Gem::Specification.new do |s|\n  s.name = "a"\n  s.summary = "Does a."\nend\n', "a", "Does a.", "gem install a"),
        ("composer.json", '{"name": "x/a", "description": "Does a."}', "x/a", "Does a.", "composer require x/a"),
        ("a.csproj", "<Project><PackageId>A</PackageId><Description>Does a.</Description></Project>", "A", "Does a.", "dotnet add package A"),
        ("DESCRIPTION", "Package: a\nTitle: Does a\n  and b\nVersion: 1\n", "a", "Does a and b", "R -e 'install.packages(\"a\")'"),
    ],
)  # fmt: skip
def test_a_manifest_names_and_describes_its_package(
    file: str, text: str, name: str, description: str, install: str
) -> None:
    (found,) = packages([file, f"sub/{file}"], lambda _: text)
    assert (found.name, found.description, found.install) == (name, description, install)


@pytest.mark.parametrize(
    "text", ["", "{", "[project", "\x00", "[]", "null", '{"name": 3}', "[project]\nname=3\nurls=4\nscripts=5\n"]
)
def test_a_broken_manifest_says_nothing(text: str) -> None:
    files = ["pyproject.toml", "package.json", "Cargo.toml", "setup.cfg", "composer.json", "pom.xml", "go.mod"]
    assert [one.name for one in packages(files, lambda _: text)] == []


def test_a_published_jar_is_described_by_its_own_project_file_and_got_by_its_coordinates() -> None:
    path = "META-INF/maven/g/a/pom.xml"
    text = "<project><groupId>g</groupId><artifactId>a</artifactId><version>1.0</version></project>"

    (package,) = packages([path, "g/A.java"], {path: text}.get)  # type: ignore[arg-type]  # every path asked for is there

    assert package.name == "g:a"
    assert "<artifactId>a</artifactId>\n  <version>1.0</version>" in package.install
    assert packages([path, "META-INF/maven/g/b/pom.xml"], lambda _: text) == []


def test_a_sentence_that_announces_links_goes_with_them() -> None:
    links = "- [a](https://a.org)\n- [b](https://b.org)\n"
    text = f"# Serve\n\nServe makes sites.\n\nYou may be looking for:\n\n{links}\nIt is fast.\n"
    parts = front(read("README.md", text, Repository({"README.md"})))

    assert words(parts.introduction) == ["Serve makes sites.", "It is fast."]


def test_a_table_of_contents_is_no_introduction_whatever_stands_behind_its_links() -> None:
    contents = "* [Install](#install)\n* [Pages](#pages) (React, Vue)\n* [More](#more)\n"
    parts = front(read("README.md", f"# Mux\n\nMux routes.\n\n{contents}", Repository({"README.md"})))

    assert [block.kind for block in parts.introduction] == ["paragraph"]


def part_of(text: str, path: str = "README.md") -> Front:
    return front(read(path, text, Repository({path})))


def test_notices_about_other_documents_and_thanks_do_not_say_what_a_project_is() -> None:
    notices = (
        "Read this in other languages: English | [中文](zh.md)\n\nFor information about terms see [terms](t.md).\n"
    )
    thanks = "Thanks go out to these people:\n\nAda Lovelace\n\n- wrote it\n"
    parts = part_of(f"# Tree\n\nPlease read the INSTALL file first.\n\nTree lists folders.\n\n{notices}\n{thanks}")

    assert words(parts.introduction) == ["Tree lists folders."]


def test_a_readme_of_notices_alone_still_says_what_it_says() -> None:
    assert words(part_of("# X\n\nPlease see the files in docs.\n").introduction) == ["Please see the files in docs."]


def test_a_sentence_that_announces_a_picture_goes_with_it() -> None:
    parts = part_of("# X\n\nX draws.\n\nSending a request...\n\n![x](https://x.org/a.png)\n\nIt is fast.\n")

    assert words(parts.introduction) == ["X draws.", "It is fast."]


def test_an_example_inside_a_list_is_the_first_example() -> None:
    parts = part_of(
        "# X\n\nX is errors.\n\n## Details\n\n- Return this:\n\n  ```rust\n  fn a() {}\n  ```\n\n- Or that.\n"
    )

    assert words(parts.example) == ["Return this:"]
    assert [block.text for block in parts.example if isinstance(block, Code)] == ["fn a() {}"]


@pytest.mark.parametrize("title", ["Compilation and Installation", "Compiling", "Download & install", "Installing"])
def test_sections_about_building_are_the_installation(title: str) -> None:
    parts = part_of(
        f"# X\n\nX does it.\n\n## {title}\n\n```\n./configure\n```\n\n## Documentation\n\n```\nmake html\n```\n"
    )

    assert [block.text for block in parts.installation if isinstance(block, Code)] == ["./configure"]
    assert parts.example == ()


def test_the_first_example_of_another_guide_is_none_of_its_installation() -> None:
    text = "# Start\n\n## Compiling\n\n### Unix\n\n```\nmake\n```\n\n## Hello\n\nSay it:\n\n```c\nhello();\n```\n"
    example = example_of(read("docs/start.md", text, Repository({"docs/start.md"})))

    assert [block.text for block in example if isinstance(block, Code)] == ["hello();"]


RECORD = """.. image:: kettle.png

:Version: 5.4
:Web: https://kettle.example
:Keywords: tea, water

Donations
=========

This project relies on your generous donations.

What's a kettle?
================

Kettle boils water for tea.

Kettle is...
============

- **Simple**

    One call does it:

    .. code-block:: python

        kettle.boil()

- **Fast**

    It is.
"""


def test_what_a_manifest_says_and_who_pays_do_not_say_what_a_project_is() -> None:
    said = front(read("README.rst", RECORD, Repository(frozenset({"README.rst"}))))
    assert words(said.introduction) == ["Kettle boils water for tea."]
    assert [block.text for block in said.example if isinstance(block, Code)] == ["kettle.boil()"]


def test_a_list_of_other_words_stays() -> None:
    text = "# Kettle\n\n- Version: a word\n- Steam: hot water\n\n"
    assert len(of_text(text).introduction) == 1


@pytest.mark.parametrize("above", ["![logo](a.png)", "[![build](https://a/badge.svg)](https://a)"])
def test_a_picture_stands_above_a_title_and_words_do_not(above: str) -> None:
    title = "# Kettle\n\nIt boils.\n\n# Use\n\nx\n"
    repository = Repository(frozenset({"README.md"}))
    assert read("README.md", f"{above}\n\n{title}", repository).title == "Kettle"
    assert read("README.md", f"Many words stand here.\n\n{title}", repository).title == "README"
