"""The small converter gives the HTML that Python-Markdown gives, and leaves alone what it does not know."""

from __future__ import annotations

import re

import markdown
import pytest

from agents.contracts.draft import PageKind
from agents.roles.publisher.theme.hooks.plain_markdown import NotPlain, convert
from tests.agents.roles.editor.samples import FILES, material
from tests.agents.roles.editor.test_pages import ODD, draft

PAGES = [
    page
    for files in (FILES, ODD)
    for page in draft(material(files)).pages
    if page.kind in {PageKind.API, PageKind.MODULE}
]
ODD_MARKDOWN = (
    '# a\\_b &lt;x&gt; "q"\n\npara <code>a&#124;b</code> &amp; x &#45; y\n',
    '```\nx < y & "z"\n\n\tdef f\n```\n\n````text\n```\n````\n',
    '## `a < b & "c"`\n\n## `a < b & "c"`\n\n### <code>x&#96;y</code>\n\n## \\#\n',
    "| **A** | b |\n| --- | ---: |\n| `x < 3` | [`p[0]`](../x.html#L3) |\n|   | y\\|z |\n",
    "- one `a` b\n- [x\\]y](z.html) t\n",
)


def by_markdown(text: str) -> tuple[str, list[object]]:
    from pymdownx.superfences import fence_code_format  # type: ignore[import-untyped]  # the library has no types

    fences = [{"name": "mermaid", "class": "mermaid", "format": fence_code_format}]
    whole = markdown.Markdown(
        extensions=["admonition", "tables", "toc", "pymdownx.highlight", "pymdownx.superfences"],
        extension_configs={
            "toc": {"toc_depth": 3},
            "pymdownx.highlight": {"use_pygments": False},
            "pymdownx.superfences": {"custom_fences": fences},
        },
    )
    html = re.sub(r'(href="[^"#]*)\.md(["#])', r"\1.html\2", whole.convert(text))
    return html, whole.toc_tokens  # type: ignore[attr-defined]  # the fake, or the tree at hand, has it


@pytest.mark.parametrize("text", [*(page.markdown for page in PAGES), *ODD_MARKDOWN])
def test_both_converters_agree(text: str) -> None:
    assert convert(text) == by_markdown(text)


@pytest.mark.parametrize(
    "text",
    ["!!! note\n\n    x", "a\nb", "a *b*", "<div>", "[a][b]", "```\nx", "> quoted", "1. one", "| a |\n| b |", "a & b"],
)
def test_what_it_does_not_know_is_left_to_markdown(text: str) -> None:
    with pytest.raises(NotPlain):
        convert(text)
