"""Every test that docs/aws-review.md names exists, so that no finding loses its proof in silence."""

from __future__ import annotations

import re

from tests.components.mocked_cloud import ROOT
from tests.docs.blocks import DOCS


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (DOCS / "aws-review.md").read_text(encoding="utf-8")))
    written = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named
    assert named - written == set()
