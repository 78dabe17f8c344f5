"""Text of a repository is shown as it is written, and never becomes markup."""

from __future__ import annotations

import re

import markdown as python_markdown
import pytest

from agents.contracts.base import Lines
from agents.roles.editor import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](http://evil.example/pixel.png)",
    "**bold** _it_ `code",
    "# heading",
    "- list",
    "1. list",
    "> quote",
    "!!! danger",
    "a | b | c",
    "| --- | --- |",
    "&lt;b&gt; & co",
    "back\\slash \\[x](y)",
    "<!-- comment -->",
    "[ref]: http://evil.example",
    "``` fence",
    "~~~ fence",
    "===",
    "http://evil.example/auto",
    "<http://evil.example>",
]


def rendered(text: str) -> str:
    extensions = ["admonition", "tables", "toc", "pymdownx.highlight", "pymdownx.superfences"]
    return str(python_markdown.markdown(text, extensions=extensions))


def seen(text: str) -> str:
    """What a browser would show: HTML without tags, entities read."""
    import html

    return html.unescape(re.sub(r"<[^>]*>", "", rendered(text))).strip()


@pytest.mark.parametrize("text", HOSTILE)
def test_escaped_text_is_shown_as_it_is_written(text: str) -> None:
    assert seen(markdown.escape(text)) == text
    assert set(re.findall(r"<(\w+)", rendered(markdown.escape(text)))) <= {"p"}


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_makes_nothing_but_paragraphs_and_code(text: str) -> None:
    assert set(re.findall(r"<(\w+)", rendered(markdown.prose(text)))) <= {"p", "code"}


@pytest.mark.parametrize("text", HOSTILE)
def test_a_table_keeps_its_columns_whatever_is_in_a_cell(text: str) -> None:
    for safe in (markdown.escape(text), markdown.code(text), markdown.prose(text)):
        html = rendered(markdown.table(("A", "B"), [(safe, "right")]))
        assert html.count("<td>") == 2
        assert "<td>right</td>" in html
        assert set(re.findall(r"<(\w+)", html)) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


@pytest.mark.parametrize("text", ["a`b", "``", "`", "x|y", "a\\", "<b>", "*a*", "a``b|c"])
def test_code_shows_its_text(text: str) -> None:
    assert seen(f"before {markdown.code(text)} after") == f"before {text} after"


@pytest.mark.parametrize("text", ["```\n<script>x</script>\n```", "````\n```", "~~~\nx", "a\n```mermaid\nb"])
def test_a_code_block_cannot_be_broken_out_of(text: str) -> None:
    html = rendered(markdown.fence(text, "python"))
    assert html.count("<pre") == 1
    assert "<script" not in html


def test_a_code_block_of_the_repository_never_becomes_a_diagram() -> None:
    assert markdown.fence("x", "mermaid").startswith("```text\n")
    assert markdown.fence("x", 'python" onclick="x').startswith("```text\n")


def test_prose_keeps_the_authors_code_and_the_spaces_around_it() -> None:
    assert markdown.prose("Use `a_b` or ``c`` and :class:`D`.") == "Use `a_b` or `c` and `D`."


@pytest.mark.parametrize(
    ("path", "href"),
    [
        ("a b.py", "../source/a%20b.py.html#L3-L9"),
        ("ü 🎉.py", "../source/%C3%BC%20%F0%9F%8E%89.py.html#L3-L9"),
        ("a#b%.py", "../source/a%23b%25.py.html#L3-L9"),
        ("a'(b).py", "../source/a%27%28b%29.py.html#L3-L9"),
    ],
)
def test_a_citation_is_a_quoted_relative_link(path: str, href: str) -> None:
    cited = markdown.cite("api/x.md", path, f"source/{path}.html", Lines(start=3, end=9))
    assert f"]({href})" in cited
    assert seen(cited) == f"{path}#L3-L9"
    assert rendered(cited).count("<a ") == 1


def test_long_docs_are_whole_and_keep_their_paragraphs() -> None:
    text = markdown.paragraphs("First one.\n\nSecond `two`.\n\n    code <b>\n\n" + "word " * 500)
    assert text.split("\n\n")[:3] == ["First one.", "Second `two`.", "```text\ncode <b>\n```"]
    assert text.count("word") == 500
