"""Tables in docs/ that are written from the code: between `<!-- name -->` and `<!-- end -->`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from tests.components.mocked_cloud import ROOT

DOCS = ROOT / "docs"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |" for cells in lines)


def hold(page: str, block: str, text: str) -> None:
    """The page's block says the text; with UPDATE_GOLDEN=1 it is made to."""
    path = DOCS / page
    pattern = re.compile(rf"(<!-- {block} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
    found, stated = path.read_text(encoding="utf-8"), f"\n{text}\n\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        found = pattern.sub(lambda match: match[1] + stated + match[3], found)
        path.write_text(found, encoding="utf-8")
    assert [match[2] for match in pattern.finditer(found)] == [stated], f"renew {page}: UPDATE_GOLDEN=1"
