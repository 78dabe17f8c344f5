"""What our own style does on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.roles.publisher import site
from tests.hostile.browser import opened_browser, program

pytestmark = pytest.mark.skipif(program() is None, reason="needs Chromium: install it, then run this file again")
PHONE = 390
LABELS = ("Languages", "Files documented", "Repository", "Public functions and classes")


def test_a_label_of_a_table_of_facts_is_broken_between_words_alone(tmp_path: Path) -> None:
    style = (Path(site.__file__).with_name("theme") / "swarm.css").read_text("utf-8")
    long = "https://github.com/" + "pallets/itsdangerous/" * 6
    rows = "".join(f"<tr><td><strong>{label}</strong></td><td><code>{long}</code> {long}</td></tr>" for label in LABELS)
    page = tmp_path / "page.html"
    page.write_text(
        f'<style>{style}</style><meta name="viewport" content="width=device-width">'
        f'<div class="md-typeset"><div class="md-typeset__table"><table>{rows}</table></div></div>'
    )
    with opened_browser(tmp_path) as browser:
        browser.open(page.as_uri(), PHONE, 900)
        lines = "[...document.querySelectorAll('strong')].map(label => label.getClientRects().length)"
        shown = browser.evaluate(lines)
        sideways = browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert all(count <= len(label.split()) for count, label in zip(shown, LABELS, strict=True)), shown
    assert sideways == 0
