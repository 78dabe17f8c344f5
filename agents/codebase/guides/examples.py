"""Examples of a guide, and as much of a part as a page has room for. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.codebase.guides.decoration import is_content
from agents.contracts.documentation import Admonition, Block, Code, Heading, Listing, Paragraph
from agents.text import marked

#: Characters of a part on the front page; the guide itself has the rest.
SECTION = 4_000
#: Words of a title.
_LABEL = 4

GETS = re.compile(
    r"^\s*(?:[$>#%]\s*)?(?:sudo )?(?:python3? -m )?(?:pip3?|pipx|uv|poetry|conda|mamba|npm|npx|yarn|pnpm|"
    r"bun|cargo|go|gem|brew|apt(?:-get)?|dnf|yum|pacman|composer"
    r"|dotnet|nuget|docker|git clone|curl|wget|mvn|luarocks|opam|mix|dart|flutter|R -e|bundle)\b|"
    r"(?:gcc|g\+\+|clang|cmake)[ ]|\./configure\b|<dependency>|"
    r"^\s*(?:implementation|api|compile|testImplementation)[ (]['\"]"
    r"|install\.packages\(|^\[dependencies\]|^\s*gem ['\"]",
    re.MULTILINE,
)
#: A line of a picture of folders: `├── src`, `/src # the code`, `  file.py`.
_TREE = re.compile(r"^\s*(?:[│├└|`+]|\.{1,3}/?\s*$|[\w.-]*/[\w./-]*\s*(?:#|$)|[\w.-]+\.\w{1,5}\s*(?:#|$))")


def announces(block: Block) -> bool:
    return isinstance(block, Paragraph) and marked.words(block.text).rstrip().endswith((":", "...", "…"))


def opened(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, and instead of a list whose items hold examples the blocks of its items."""
    for block in blocks:
        inner = [part for item in block.items for part in _unquoted(item)] if isinstance(block, Listing) else []
        yield from inner if any(map(is_example, inner)) else [block]


def _unquoted(item: Sequence[Block]) -> Iterator[Block]:
    """The blocks of an item, and of what is indented in it: reStructuredText takes that for a quotation."""
    for block in item:
        yield from block.blocks if isinstance(block, Admonition) and block.label == "quote" else [block]


def is_example(block: Block) -> bool:
    if not isinstance(block, Code):
        return False
    lines = [line for line in block.text.splitlines() if line.strip()]
    is_tree = len(lines) > 3 and sum(_TREE.match(line) is not None for line in lines) > len(lines) * 0.6
    return not is_tree and not (GETS.search(block.text) and block.text.strip().count("\n") < 6)


def first_example(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """From the section's first words to its first example, and the output that directly follows."""
    at = next(n for n, block in enumerate(blocks) if is_example(block))
    start = next((n + 1 for n in range(at - 1, -1, -1) if isinstance(blocks[n], Heading)), max(0, at - 4))
    end = at + 1
    while (
        end < len(blocks)
        and end < at + 4
        and (
            isinstance(blocks[end], Code)
            or (isinstance(blocks[end], Paragraph) and end + 1 < len(blocks) and isinstance(blocks[end + 1], Code))
        )
    ):
        end += 1
    blocks_of_example = [block for block in blocks[start:end] if is_content(block)]
    while blocks_of_example and announces(blocks_of_example[-1]):
        blocks_of_example.pop()
    return part_within(blocks_of_example, SECTION)


def part_within(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    """The blocks up to a size, always the first one and never half a block."""
    taken: list[Block] = []
    size = 0
    for block in blocks:
        size += len(block.model_dump_json())
        if size > most and isinstance(block, Listing) and (not taken or announces(taken[-1])):
            taken.append(_part_of(block, most))
            return tuple(taken)
        if taken and size > most:
            break
        taken.append(block)
    # What was to follow is beyond the size.
    is_cut = len(taken) < len(blocks)
    while taken and (isinstance(taken[-1], Heading) or (is_cut and (announces(taken[-1]) or _is_label(taken[-1])))):
        taken.pop()
    return tuple(taken)


def _is_label(block: Block) -> bool:
    """Whether a paragraph is a title of what follows, as the summary of details is."""
    plain = marked.words(block.text).strip() if isinstance(block, Paragraph) else ""
    return bool(plain) and len(plain.split()) <= _LABEL and plain[-1] not in ".!?`)"


def _part_of(listing: Listing, most: int) -> Listing:
    """The first items of a list that is announced and does not fit, or how its first item begins."""
    items: list[tuple[Block, ...]] = []
    size = 0
    for item in listing.items:
        size += sum(len(block.model_dump_json()) for block in item)
        if size > most:
            break
        items.append(item)
    return listing.model_copy(update={"items": tuple(items) or (part_within(listing.items[0], most),)})
