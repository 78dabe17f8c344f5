"""Pictures for guides: only what is one, of a size that a page bears, and drawings that neither run nor load."""

from __future__ import annotations

import pytest

from agents.contracts.snapshot import SkipReason
from agents.roles.scanner.pictures import LONGEST, Pictures, safe_svg

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


def taken(path: str, data: bytes, skipped: SkipReason | None = SkipReason.BINARY) -> bytes:
    pictures = Pictures()
    assert b"".join(pictures.passing(path, iter([data]))) == data
    return pictures.taken(skipped)


def test_a_picture_is_taken_and_what_only_has_its_name_is_not() -> None:
    assert taken("docs/a.PNG", PNG) == PNG
    assert taken("docs/a.png", b"<script>") == b""
    assert taken("node_modules/a.png", PNG, SkipReason.VENDORED) == b""
    assert taken("docs/a.png", PNG + b"x" * LONGEST) == b""
    assert taken("docs/a.py", PNG) == b""


@pytest.mark.parametrize(
    "bad",
    ["<script>alert(1)</script>", '<rect onload="x()"/>', '<use href="https://a.b/c.svg"/>',
     "<foreignObject><p/></foreignObject>",
     '<rect style="fill:url(http://a.b)"/>', '<image href="data:text/html,x"/>', '<a href="javascript:x()"><rect/></a>',
     "<style>@import 'x'</style>"],
)  # fmt: skip
def test_a_drawing_loses_what_runs_or_loads(bad: str) -> None:
    safe = safe_svg(f'<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/>{bad}</svg>'.encode()).decode()
    assert "circle" in safe
    for sign in ("script", "onload", "a.b", "foreign", "javascript", "data:", "import"):
        assert sign not in safe.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("bad", [b"<svg", b"<html/>", b'<!DOCTYPE a [<!ENTITY b "c">]><svg/>', b"\x00<svg/>"])
def test_what_is_no_drawing_or_declares_entities_is_left_out(bad: bytes) -> None:
    assert safe_svg(bad) == b""
