"""A documentation becomes safe Markdown: nothing is cut, and both of the site's converters give the same page."""

from __future__ import annotations

import re

import pytest

from agents.codebase.structure.documentation import document
from agents.contracts.documentation import Code, Documentation, Entry, Listing, Paragraph
from agents.pages.links import without_code
from agents.roles.critic.page_text import raw_html
from agents.roles.editor.documentation import joined, rendered
from agents.roles.publisher.theme.hooks.plain_markdown import convert
from tests.agents.roles.editor.test_markdown import HOSTILE
from tests.agents.roles.publisher.test_plain_markdown import by_markdown

GOOGLE = """Adds `a` to *b*, see [x](https://a.example).

- one
- two
    - nested <b>

Args:
    a (int): The first.

        - p
        - q
    b: The | second, `x|y`.

Returns:
    dict: sum

Raises:
    ValueError: If <i>bad</i>.

Example:
    >>> add(1)
    1
"""


def page(text: str, language: str = "python") -> str:
    found = document(text, language)
    return rendered(found.document or Documentation(summary=found.text), language) + "\n"


def test_parameters_values_and_errors_are_tables_and_examples_are_fences() -> None:
    shown = page(GOOGLE)

    assert "| `a` | `int` | The first. <ul><li>p</li><li>q</li></ul> |" in shown
    assert "| `b` |   | The \\| second, <code>x&#124;y</code>. |" in shown
    assert "| `ValueError` | If &lt;i&gt;bad&lt;/i&gt;. |" in shown
    assert "```pycon\n>>> add(1)\n1\n```" in shown


def test_both_converters_agree() -> None:
    assert convert(page(GOOGLE)) == by_markdown(page(GOOGLE))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_makes_no_element_but_ours(text: str) -> None:
    entries = (
        Entry(name=text, type=text, text=text, blocks=(Listing(items=((Code(text=text), Paragraph(text="a")),)),)),
    )
    shown = rendered(Documentation(summary=text, blocks=(Paragraph(text=text),), parameters=entries, facts=entries))
    html, _ = by_markdown(shown)

    allowed = {"p", "strong", "em", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "br"}
    assert set(re.findall(r"<(\w+)", html)) <= allowed
    assert raw_html(without_code(shown)) == ""
    assert "href" not in html


def test_a_long_description_folds_and_is_whole() -> None:
    shown = page("Start.\n\n" + "\n\n".join(f"Paragraph {n} of `many` words to read." for n in range(200)))

    assert "<details><summary>More</summary>" in shown
    assert all(f"Paragraph {n} " in shown for n in range(200))
    assert convert(shown) == by_markdown(shown)


def test_parameters_take_types_and_defaults_from_the_signature() -> None:
    found = joined([Entry(name="*args", text="x")], [Entry(name="args", type="int", default="1")])

    assert (found[0].type, found[0].default, found[0].text) == ("int", "1", "x")
