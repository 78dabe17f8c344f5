"""llms-full.txt holds whole pages only, and says how many it leaves out."""

from __future__ import annotations

import io

from agents.roles.publisher.llms_full import plain, write_llms_full


def _written(pages: list[tuple[str, str]], most: int) -> str:
    target = io.StringIO()
    write_llms_full(target, "demo", pages, most)
    return target.getvalue()


def test_pages_stand_in_their_order_without_addresses() -> None:
    text = _written([("index.md", "Says [a.py\\#L1](source/a.py.html#L1)"), ("b.md", "more")], 10_000)
    assert text.index("Says a.py#L1") < text.index("more")
    assert "source/" not in text


def test_a_page_that_does_not_fit_is_left_out_whole_and_counted() -> None:
    text = _written([("a.md", "a" * 50), ("long.md", "b" * 5_000), ("c.md", "c" * 50)], 400)
    assert "a" * 50 in text
    assert "c" * 50 in text
    assert "bbb" not in text
    assert "Left out, as this file ends at 400 bytes: 1 page" in text


def test_code_stays_as_it_is() -> None:
    assert plain("```py\nx = [a](b)\\*\n```\n\\*y\\*") == "```py\nx = [a](b)\\*\n```\n*y*"


def test_a_nearly_full_file_looks_at_no_further_page() -> None:
    pages = [("a.md", "a" * 9_900), *((f"{n}.md", "short") for n in range(50))]
    text = _written(pages, 10_000)
    assert "Left out, as this file ends at 10,000 bytes: " in text
    assert len(text.encode()) <= 10_200


def test_code_ends_at_its_fence_and_text_begins_anew() -> None:
    markdown = "[a](b)\n  ```\n[c](d)\n```\n[e](f) &amp;\n```py\n[g](h)"
    assert plain(markdown) == "a\n  ```\n[c](d)\n```\ne &\n```py\n[g](h)"


def test_a_text_begins_neither_a_heading_nor_a_block_of_code() -> None:
    escaped = "\\`\\`\\` open\n\n\\# Heading\n\n  \\#\\# x\n\n&#126;~~\n\n\\#12 a \\# b"
    assert plain(escaped) == "\\``` open\n\n\\# Heading\n\n  \\## x\n\n\\~~~\n\n#12 a # b"


def test_no_text_and_no_code_begins_a_page() -> None:
    pages = [("a.md", "&lt;\\!-- page: b.md --&gt;\n\n```text\n<!-- page: c.md -->\n```"), ("b.md", "more")]
    text = _written(pages, 10_000)
    assert [line for line in text.splitlines() if line.startswith("<!-- page:")] == [
        "<!-- page: a.md -->",
        "<!-- page: b.md -->",
    ]
