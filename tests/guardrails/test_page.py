"""docs/guardrails.md lists the rules and the exceptions as the code has them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

import pytest

from components.guardrails import RULES, ResourceRule, Rule
from components.guardrails.access import RESOURCE_FREE
from tests.components.mocked_cloud import ROOT
from tests.guardrails.linter import ANYTHING, MUTED

PAGE = ROOT / "docs" / "guardrails.md"


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([head, re.sub(r"[^|]+", "---", head), *lines])


def _looks_at(rule: Rule) -> str:
    kinds = sorted(rule.kinds) if isinstance(rule, ResourceRule) else ["the whole stack"]
    return ", ".join(kinds) or "every resource"


BLOCKS = {
    "rules": lambda: _table(
        "| rule | level | looks at | why |", ([f"`{r.name}`", str(r.level), _looks_at(r), r.why] for r in RULES)
    ),
    "resource-free": lambda: _table(
        "| action | why |", ([f"`{action}`", reason] for action, reason in RESOURCE_FREE.items())
    ),
    "muted": lambda: _table(
        "| on | finding | about | why not |",
        (
            [muted.kind, muted.issue, "any action" if muted.about == ANYTHING else f"`{muted.about}`", muted.reason]
            for muted in MUTED
        ),
    ),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_the_page_lists_what_the_code_has(block: str) -> None:
    pattern = re.compile(rf"(<!-- {block} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    text, stated = PAGE.read_text(encoding="utf-8"), f"\n{BLOCKS[block]()}\n\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        text = pattern.sub(lambda found: found[1] + stated + found[3], text)
        PAGE.write_text(text, encoding="utf-8")
    assert [found[2] for found in pattern.finditer(text)] == [stated]
