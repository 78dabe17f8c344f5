"""docs/privileges.md lists the explained permissions, the services and the looked-over ARNs as the code has them."""

from __future__ import annotations

import os
import re

import pytest

from tests.components.mocked_cloud import ROOT
from tests.e2e.arns import ELSEWHERE
from tests.local.privileges.explained import EXPLAINED

PAGE = ROOT / "docs" / "privileges.md"


def _rows(head: str, rows: list[tuple[str, ...]]) -> str:
    return "\n".join([head, re.sub(r"[^|]+", "---", head), *(f"| {' | '.join(cells)} |" for cells in rows)])


BLOCKS = {
    "explained": _rows(
        "| role | action | resource | why it is held |",
        [(f"`{one.roles}`", f"`{one.action}`", f"`{one.resource}`", one.reason) for one in EXPLAINED],
    ),
    "elsewhere": _rows(
        "| ARN | why nothing is looked up |",
        [(f"`{pattern.replace('|', '')}`", reason) for pattern, reason in ELSEWHERE.items()],
    ),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_the_page_lists_what_the_code_has(block: str) -> None:
    pattern = re.compile(rf"(<!-- {block} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    text, stated = PAGE.read_text(encoding="utf-8"), f"\n{BLOCKS[block]}\n\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text = pattern.sub(lambda found: found[1] + stated + found[3], text)
        PAGE.write_text(text, encoding="utf-8")
    assert [found[2] for found in pattern.finditer(text)] == [stated]
