"""Reads a guide in its dialect: its title and its blocks. Pure."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from agents.codebase.guides import markdown, rest, text
from agents.codebase.guides.paths import dialect
from agents.codebase.guides.source import Repository
from agents.contracts.documentation import Block, Heading, Paragraph
from agents.text import marked

#: A title and labels, then one directive without options: reStructuredText's, or MyST's.
_INCLUDES_ALL = re.compile(
    r"\A\s*+(?:\.\. _[^\n]+:[^\S\n]*+\n\s*+)*+(?:[^\n.`#][^\n]*+\n([=\-~#*])\1++[ \t]*+\n\s*+|#[^\n]*+\n\s*+)?"
    r"(?:\.\. include::[ \t]*(?P<rest>\S+)|```\{include\}[ \t]*(?P<myst>\S+)[ \t]*\n```)\s*+\Z"
)
#: An escaped sign is passed over: a label would be looked for behind each bracket of a row of them.
_IMAGE = re.compile(r"\\.|(?P<image>\[(?:[^\[\]\\]|\\.)*\]\(image:[^()\s]*\))")
_CHANGES = re.compile(r"^(?:change|history|news|release)", re.IGNORECASE)


@dataclass(frozen=True)
class Guide:
    """A document: `title` is in plain words, `blocks` are what stands below the title."""

    path: str
    title: str
    blocks: tuple[Block, ...]


def read(path: str, source: str, repository: Repository) -> Guide:
    """The guide, whole."""
    kind = dialect(path, source)
    if kind == "markdown":
        parsed = markdown.blocks(source, path, repository)
    elif kind == "rest":
        parsed = rest.blocks(source, path, repository)
    elif kind == "asciidoc":
        from agents.codebase.guides import asciidoc

        parsed = asciidoc.blocks(source, path, repository)
    elif kind == "rdoc":
        from agents.codebase.guides import rdoc

        parsed = rdoc.blocks(source, path, repository)
    else:
        parsed = text.blocks(source)
    title, rest_of = _titled(parsed, path)
    named = (markdown.front_title(source) if kind == "markdown" else "") or title or _from_name(path)
    return Guide(path, named, tuple(rest_of))


def included_whole(source: str) -> str:
    """The file that a document includes and adds nothing to but a title; empty for any other document."""
    matched = _INCLUDES_ALL.match(source)
    return matched["rest"] or matched["myst"] if matched else ""


def _titled(blocks: list[Block], path: str) -> tuple[str, list[Block]]:
    """The first heading and the blocks without it; one of several equals is a section."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    for at, block in enumerate(blocks[:6]):
        if isinstance(block, Heading):
            title = " ".join(marked.words(without_images(block.text)).split())
            is_first = not any(map(_says, blocks[:at])) and not _CHANGES.match(posixpath.basename(path))
            is_title = levels.count(block.level) == 1 or (block.level == 1 and is_first)
            if title and is_title and block.level == min(levels):
                return title, [*blocks[:at], *blocks[at + 1 :]]
            if title:
                break
    return "", blocks


def _says(block: Block) -> bool:
    """Whether a block before a heading holds words: badges and pictures stand above a title, too."""
    if isinstance(block, Paragraph):
        return len(marked.words(without_images(block.text)).split()) > 1
    return not isinstance(block, Heading)


def without_images(text_: str, address: re.Pattern[str] | None = None) -> str:
    """Inline text without its images, or without those in which `address` is."""

    def left(match: re.Match[str]) -> str:
        image = match["image"]
        return match.group() if image is None or (address is not None and not address.search(image)) else ""

    return _IMAGE.sub(left, text_)


def _from_name(path: str) -> str:
    folder, name = posixpath.split(path)
    stem = posixpath.splitext(name)[0]
    plain = stem if stem.isupper() else re.sub(r"[-_]+", " ", stem).strip()
    if stem.lower() in {"index", "readme"} and folder:
        return posixpath.basename(folder)
    return plain[:1].upper() + plain[1:] if plain else name
