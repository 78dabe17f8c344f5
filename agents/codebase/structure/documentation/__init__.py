"""Documentation comments as documents: one parser per dialect, and the table of which language writes which."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import NamedTuple

from agents.codebase.structure.documentation.comment_text import uncommented
from agents.codebase.structure.documentation.dialects import as_plain, read
from agents.codebase.structure.documentation.words import is_plain, text_of
from agents.contracts.documentation import Documentation, Entry, Paragraph

__all__ = ["NOTHING", "Doc", "document", "of_comment", "of_entry", "together", "without_heading"]

_log = logging.getLogger("swarm")
#: What go/ast takes for directives: they touch their slashes.
_GO_DIRECTIVE = re.compile(r"^//(?:(?:line|extern|export) |[a-z0-9]+:[a-z0-9]).*\n?", re.MULTILINE)


class Doc(NamedTuple):
    """What an author wrote of a symbol: in plain words, and as a document unless the words say all."""

    text: str = ""
    document: Documentation | None = None

    @property
    def says(self) -> bool:
        """Whether there is anything: tags of a project's own are in the document and not among the words."""
        return bool(self.text) or self.document is not None


NOTHING = Doc()


#: A comment comes again in the next version of its file, and now and then in the next file.
@lru_cache(maxsize=1_024)
def document(text: str, language: str, marker: str = "") -> Doc:
    """A comment's text, its markers removed, in its language's dialect."""
    try:
        parsed = read(text, language, marker)
    except Exception as problem:  # noqa: BLE001  (an error of ours in one comment must not cost its whole file)
        _log.warning("a comment of %s is shown as plain text: %s", language, type(problem).__name__)
        parsed = as_plain(text)
    if parsed is None:
        return NOTHING
    if is_plain(parsed):
        return Doc(parsed.summary)
    return Doc(text_of(parsed), parsed)


def together(first: Doc, second: Doc) -> Doc:
    """What two comments of one symbol say; the first one's paragraph is the summary."""
    above, below = (doc.document or Documentation(summary=doc.text) for doc in (first, second))
    more = (Paragraph(text=below.summary),) if below.summary else ()
    lists = {
        name: getattr(above, name) + getattr(below, name)
        for name in Documentation.model_fields
        if isinstance(getattr(above, name), tuple) and name != "blocks"
    }
    whole = above.model_copy(
        update={
            **lists,
            "blocks": (*above.blocks, *more, *below.blocks),
            "deprecated": above.deprecated or below.deprecated,
            "since": above.since or below.since,
        }
    )
    return Doc(text_of(whole), whole)


def without_heading(doc: Doc, name: str) -> Doc:
    """What is said without the symbol's name before it, `open_rows() : Opens.`: that is the page's heading."""
    summary = doc.document.summary if doc.document is not None else doc.text
    heading = re.match(rf"{re.escape(name)}[ ]?(?:\(\)[ ]?:|(?:\(\))?[ ][-–])(?:\s+|$)", summary)
    if heading is None or not doc.text.startswith(heading.group()) or heading.end() == len(doc.text):
        return doc
    text = doc.text[heading.end() :].lstrip("\n")
    if doc.document is None:
        return Doc(text)
    return Doc(text, doc.document.model_copy(update={"summary": summary[heading.end() :]}))


def of_entry(doc: Doc, name: str) -> Doc:
    """What a type's comment says of one of its attributes or parameters, KDoc's `@property count How many.`."""
    entries = (*doc.document.attributes, *doc.document.parameters) if doc.document is not None else ()
    entry: Entry | None = next((entry for entry in entries if entry.name == name), None)
    if entry is None or not (entry.text or entry.blocks):
        return NOTHING
    own = Documentation(summary=entry.text, blocks=entry.blocks)
    return Doc(own.summary) if is_plain(own) else Doc(text_of(own), own)


def of_comment(comment: str, language: str) -> Doc:
    """A comment as it stands in the source."""
    if language == "go" and comment.startswith("//"):
        comment = _GO_DIRECTIVE.sub("", comment)
    return document(uncommented(comment), language, comment.lstrip()[:3])
