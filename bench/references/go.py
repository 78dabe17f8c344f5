"""Go: the standard library's go/doc, by the small program beside this file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.references.rows import Convention, Row
from bench.references.tools import on_path, run

LANGUAGES = frozenset({"go"})
_PROGRAM = Path(__file__).with_name("go_doc.go")


def rows(top: Path, _package: str) -> Iterator[Row]:
    """What go/doc says of each package below `top`."""
    on_path("go", "install Go")
    for line in run(["go", "run", str(_PROGRAM), str(top)], top).splitlines():
        yield Row(**json.loads(line))


def signature(text: str) -> str:
    """Without blanks and the word that a declaration begins with, which stands above a group of them."""
    text = re.sub(r"^(?:const|var|type)\s+", "", text.strip())
    if not re.match(r"func\b", text) and "(" not in text.split(" ")[0]:
        return ""
    # A list of one parameter a line ends with a comma.
    return re.sub(r",\)", ")", re.sub(r"\s+", "", text))


def doc(text: str) -> str:
    """A definition of a link is not shown, and the address of a link in brackets is its target."""
    return re.sub(r"^\[[^\]]+\]:\s+\S+$", "", text, flags=re.MULTILINE)


CONVENTION = Convention(signature=signature, doc=doc)
