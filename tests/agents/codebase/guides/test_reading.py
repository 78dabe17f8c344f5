"""Guides in each dialect become blocks, and nothing of them can run, load or insert anything."""

from __future__ import annotations

import pytest

from agents.codebase.guides.reading import Guide, read
from agents.codebase.guides.source import Repository
from agents.contracts.documentation import Admonition, Code, Heading, Listing, Paragraph, Table

FILES = {
    "src/boil.py": "def boil():\n    return 100\n",
    "docs/next.rst": "Next\n====\n",
    "docs/part.md": "Part words.\n",
}


def guide(path: str, text: str) -> Guide:
    return read(path, text, Repository(frozenset(FILES), lambda one: FILES.get(one, "")))


def said(path: str, text: str) -> str:
    return repr(guide(path, text).blocks)


def test_markdown_holds_code_tables_callouts_and_definitions() -> None:
    found = guide(
        "a.md",
        "---\ntitle: x\n---\n# Kettle {#k}\n\n```py\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        '!!! warning "Hot"\n    Mind it.\n\n> [!NOTE]\n> Read this.\n\nTerm\n: Meaning\n',
    )
    assert found.title == "x"
    kinds = {type(one) for one in found.blocks}
    assert kinds == {Code, Table, Admonition, Listing}
    notes = [one for one in found.blocks if isinstance(one, Admonition)]
    assert [(one.label, one.title) for one in notes] == [("warning", "Hot"), ("note", "")]


def test_a_fence_of_four_holds_one_of_three_and_comments_hold_no_heading() -> None:
    found = guide("a.md", "# A\n\n````\n```\n# no\n```\n````\n\n<!--\n# hidden\n-->\n\n## B {#b}\n")
    assert [one.text for one in found.blocks if isinstance(one, Heading)] == ["B"]


@pytest.mark.parametrize("path", ["a.md", "a.rst", "a.adoc", "README"])
@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>", '<img src="x" onerror="alert(1)">', '<iframe src="https://a.b"></iframe>',
        '<a href="javascript:alert(1)">x</a>', "<style>p{}</style>", "[x](javascript:alert(1))",
        ".. raw:: html\n\n   <script>alert(1)</script>", ".. include:: /etc/passwd", "include::/etc/passwd[]",
        "`x <javascript:alert(1)>`_", "link:javascript:alert(1)[x]",
    ],
)  # fmt: skip
def test_nothing_runs_loads_or_leads_to_a_program(path: str, bad: str) -> None:
    from agents.pages.addresses import guide_pages
    from agents.pages.links import split_code, targets, without_code
    from agents.roles.critic.page_text import raw_html
    from agents.roles.editor.guide_writer import GuideWriter, Shelf

    found = guide(path, f"Title\n=====\n\nWords.\n\n{bad}\n\nMore.\n")
    shelf = Shelf(Repository(), guide_pages([path]), {}, {}, {})
    text = without_code(split_code(GuideWriter(shelf, path, "guides/a.md").markdown(found.blocks))[0])
    assert raw_html(text) == ""
    assert targets(text) == []
    assert "root:" not in text
    assert "Words" in text


def test_restructuredtext_knows_what_sphinx_adds_and_shows_no_message() -> None:
    text = (
        "Title\n=====\n\nSee :class:`~kettle.Pot`, :doc:`next` and |missing| `broken`_.\n\n"
        ".. code-block:: python\n   :linenos:\n\n   x = 1\n\n.. note:: Mind.\n\n.. versionadded:: 2.0\n   New.\n\n"
        ".. literalinclude:: ../src/boil.py\n   :language: python\n\n.. toctree::\n   :maxdepth: 2\n\n   next\n\n"
        ".. unknown-thing:: words\n   :option: 1\n\n   Inside.\n\n.. tab:: One\n\n   In a tab.\n"
    )
    found = guide("docs/index.rst", text)
    whole = repr(found.blocks)
    assert found.title == "Title"
    assert [one.text for one in found.blocks if isinstance(one, Code)] == ["x = 1", "def boil():\n    return 100"]
    assert "(symbol:kettle.Pot)" in whole
    assert "(next.rst)" in whole
    assert "Inside." in whole and "In a tab." in whole and "New in version 2.0" in whole
    assert "Unknown" not in whole and "system-message" not in whole and "Undefined" not in whole


@pytest.mark.parametrize(
    ("path", "added", "removed", "empty"),
    [
        ("a.rst", ".. versionadded:: 2.0", ".. versionremoved:: 3.0 Use `b`.", ".. admonition:: Mind\n\n   .. raw:: x"),
        ("a.md", "```{versionadded} 2.0\n```", ":::{versionremoved} 3.0\nUse `b`.\n:::", "> [!NOTE]"),
        ("b.md", "```{versionadded} 2.0\n:class: x\n```", "```{versionremoved} 3.0 Use it.\n```", "!!! note"),
    ],
)
def test_news_of_a_version_without_a_text_is_a_sentence_and_no_empty_box(
    path: str, added: str, removed: str, empty: str
) -> None:
    first, second, *others = guide(path, f"{added}\n\n{removed}\n\n{empty}\n").blocks

    assert first == Paragraph(text="*New in version 2.0*")
    assert isinstance(second, Admonition)
    assert (second.title, [type(block) for block in second.blocks]) == ("Removed in version 3.0", [Paragraph])
    assert not any(isinstance(block, Admonition) and not block.blocks for block in others)


@pytest.mark.parametrize(("name", "title"), [("todo", "To do"), ("seealso", "See also")])
@pytest.mark.parametrize("form", [".. {name}:: Fix the kettle.", ".. {name}::\n\n   Fix the kettle."])
def test_only_news_of_a_version_takes_a_word_into_its_title(name: str, title: str, form: str) -> None:
    (note,) = guide("a.rst", form.format(name=name) + "\n").blocks
    assert isinstance(note, Admonition)
    assert (note.title, note.blocks) == (title, (Paragraph(text="Fix the kettle."),))


@pytest.mark.parametrize("name", [".task", "~shop.Order", "shop.order", "open_shop", "run()", "shop.run()"])
def test_a_name_in_single_backticks_is_code_and_a_title_is_none(name: str) -> None:
    text = said("docs/a.rst", f"Use `{name}` as `War and Peace` says, in `time`.\n")
    plain = "Order" if name.startswith("~") else name.lstrip(".")
    assert f"`{plain}`" in text
    assert "`War and Peace`" not in text and "`time`" not in text


def test_asciidoc_holds_lists_code_callouts_links_and_pictures() -> None:
    text = (
        "= Kettle\nA Person <a@b.c>\n:v: 2\n\nBoils *water* with `fire` {v}.\n\n== Use\n\n* one\n** inner\n* two\n\n"
        "[source,java]\n----\nint x;\n----\n\nNOTE: Hot.\n\nhttps://x.org[Home] and link:docs/next.rst[next].\n\n"
        "|===\n|a |b\n|1 |2\n|===\n\nimage::logo.png[Logo]\n"
    )
    found = guide("README.adoc", text)
    assert found.title == "Kettle"
    assert {type(one) for one in found.blocks} >= {Code, Listing, Table, Admonition, Heading}
    whole = repr(found.blocks)
    assert "**water** with `fire` 2" in whole
    assert "[Home](https://x.org)" in whole and "(image:logo.png)" in whole
    assert next(one for one in found.blocks if isinstance(one, Code)).language == "java"


def test_myst_roles_and_directives_are_read() -> None:
    text = "(here)=\n# T\n\n{func}`boil` and {doc}`next`.\n\n```{note}\nMind.\n```\n\n```{toctree}\nnext\n```\n\n```{contents}\n:depth: 1\n```\n"  # noqa: E501 (one row is one file)
    whole = said("docs/a.md", text)
    assert "(symbol:boil)" in whole and "Admonition" in whole and "(next.rst)" in whole
    assert "here" not in whole and ":depth:" not in whole


def test_plain_text_has_headings_and_code() -> None:
    found = guide("README", "KETTLE\n\nBoils water.\n\nInstalling\n----------\n\n    make install\n")
    assert found.title == "KETTLE"
    assert [type(one).__name__ for one in found.blocks] == ["Paragraph", "Heading", "Code"]


def test_a_long_changelog_is_whole() -> None:
    text = "# Changes\n\n" + "".join(f"## 1.{n}\n\n- Point {n}.\n\n" for n in range(6_000))
    found = guide("CHANGELOG.md", text)
    assert sum(isinstance(one, Heading) for one in found.blocks) == 6_000
