"""What documents an item of Rust when attributes say a part of it: each comment and attribute above it, in order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from agents.codebase.structure.comment_marks import DOCUMENTATION, is_no_doc
from agents.codebase.structure.documentation import NOTHING, Doc, document
from agents.codebase.structure.documentation.comment_text import uncommented
from agents.codebase.structure.language import Ending
from agents.codebase.structure.source import Source

_HEAD = re.compile(r"#\[\s*(?:cfg_attr\s*\(\s*(?P<when>.{1,400}?),\s*)?doc\s*=\s*", re.DOTALL)
_RAW = re.compile(r"r(?P<hash>#*)\"(?P<words>.*?)\"(?P=hash)", re.DOTALL)
_WRITTEN = re.compile(r"\"(?P<words>(?:[^\"\\]|\\.)*)\"", re.DOTALL)
_END = re.compile(r"[\s,)]*\]\s*")
_ESCAPED = re.compile(r"\\(\n\s*|.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t"}
#: Else an item stands behind the attribute.
_ENDS_ROW = re.compile(rb"\]\s*(?://.*)?$")
_MOST_PARTS = 2_000
_LONGEST_ATTRIBUTE = 20_000


def words_of(attribute: str) -> str | None:
    """The words of `#[doc = "…"]`, also under a condition; None for an attribute without words.

    What holds only where a condition does not, `not(feature = "x")`, is the other way to say what another says.
    """
    match = _HEAD.match(attribute)
    if match is None or (match["when"] or "").startswith("not"):
        return None
    raw = _RAW.match(attribute, match.end())
    text = raw or _WRITTEN.match(attribute, match.end())
    if text is None or not _END.match(attribute, text.end()):
        return None
    if raw is not None:
        return raw["words"]
    return _ESCAPED.sub(lambda escape: _ESCAPES.get(escape[1], escape[1].strip()), text["words"])


def doc_above(row: int, attributes: Mapping[int, int], ending_on: Ending, source: Source) -> Doc:
    """What comments and attributes above a row say together; nothing where one run of comments says all.

    `attributes` are the last rows of attributes with their first ones.
    """
    rows = _rows(source.data)
    beside = words_of(_text(rows, row, row))
    parts = [beside] if beside is not None else []
    runs, in_run = 2 * len(parts), False
    at = row - 1
    while at >= 0 and len(parts) < _MOST_PARTS:
        comment = ending_on(at)
        if comment is not None:
            documents = DOCUMENTATION.match(comment.text) and not comment.text.startswith("/*!")
            if documents and not is_no_doc("rust", comment.text):
                parts.append(uncommented(comment.text))
                runs += not in_run
                in_run = True
            at = comment.first - 1
        elif at in attributes and _ENDS_ROW.search(rows[at]):
            in_run = False
            words = words_of(_text(rows, attributes[at], at))
            if words is not None:
                parts.append(words)
                runs += 2
            at = attributes[at] - 1
        elif not rows[at].strip():
            at -= 1
        else:
            break
    return document("\n".join(reversed(parts)), "rust") if runs > 1 else NOTHING


def _text(rows: list[bytes], first: int, last: int) -> str:
    text = b"\n".join(rows[first : last + 1])
    return text.decode("utf-8", "replace").strip() if len(text) < _LONGEST_ATTRIBUTE else ""


@lru_cache(maxsize=1)
def _rows(data: bytes) -> list[bytes]:
    return data.split(b"\n")
