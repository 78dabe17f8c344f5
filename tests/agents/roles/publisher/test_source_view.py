"""Source pages show every line with an anchor, and no secret."""

from __future__ import annotations

import pytest

from agents.codebase.published import Hidden, masked
from agents.contracts.base import Lines
from agents.contracts.structure import Evidence, Topic
from agents.roles.publisher.source_view import source_page


def secret(start: int, end: int, excerpt: str = "token = '********'") -> Evidence:
    return Evidence(topic=Topic.SECURITY, rule="secret-token", lines=Lines(start=start, end=end), excerpt=excerpt)


def test_every_line_has_an_anchor_and_is_escaped() -> None:
    html = source_page("source/a/b.py.html", "a/b.py", "x = 1\n<script>\n", Hidden(), "api/a/b.py.html")
    assert '<span id="L2"><a href="#L2">2</a>&lt;script&gt;</span>' in html
    assert 'id="L3"' not in html
    assert 'href="../../index.html"' in html
    assert 'href="../../api/a/b.py.html"' in html
    assert html.count("<script") == 1
    assert '<script src="../../assets/code.js"></script>' in html


def test_a_file_of_empty_lines_is_no_page_of_a_hundred_megabytes() -> None:
    html = source_page("source/a.txt.html", "a.txt", "\n" * 1_500_000, Hidden(), None)
    assert len(html) < 7_000_000
    assert 'id="L100000"' in html
    assert "1,500,000 lines</small>" in html


def test_a_line_far_down_in_a_long_file_stands_under_the_anchor_of_its_block() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 103_001))
    html = source_page("source/a.txt.html", "a.txt", text, Hidden(), None)
    block = html.partition('<span id="L101001" data-last="102000">')[2].partition("</span>")[0]
    assert "\nline 101500\n" in block
    assert "line 103000</span>" in html


def test_a_secrets_value_is_masked_and_its_neighbours_are_not() -> None:
    text = "name = 'plain'\ntoken = 'ghp_verysecret'\nlast = 'plain'"
    html = source_page("source/a.py.html", "a.py", text, Hidden((secret(2, 2),)), None)
    assert "ghp_" not in html
    assert html.count("'plain'") == 2


def test_every_line_of_a_private_key_is_masked() -> None:
    text = "-----BEGIN KEY-----\nMIIEabc\nMIIEdef==\n-----END KEY-----"
    assert "MIIE" not in source_page("source/k.html", "k", text, Hidden((secret(1, 4),)), None)


@pytest.mark.parametrize(
    "line",
    ["password: hunter2secret9", 'curl -H "Accept: x" https://u:hunter2secret9@host/', '  TOKEN=hunter2secret9  # "x"'],
)
def test_a_masked_line_keeps_no_value_and_its_indent(line: str) -> None:
    excerpt = line.strip().replace("hunter2secret9", "********")
    shown = masked([line], [secret(1, 1, excerpt)])[0]
    assert "hunter2" not in shown
    assert shown.rstrip() == line.rstrip().replace("hunter2secret9", "********")
