"""What of a README says what the project is, how to get it and how to use it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agents.codebase.guides.decoration import BADGE, is_content
from agents.codebase.guides.reading import Guide, without_images
from agents.contracts.documentation import Admonition, Block, Code, Heading, Listing, Paragraph, Table
from agents.text import marked

#: Characters of a part on the front page; the guide itself has the rest.
_INTRODUCTION, _SECTION = 3_500, 4_000
_INSTALL = re.compile(
    r"^(?:\W*)(?:how to )?(?:install|get(?:ting)? it\b|set ?up\b|download|obtain|adding|add (?:it|"
    r"the dependency)|[\w ]+ (?:and|&) install|compil(?:ing|ation)\b|building\b|dependency\b|gradle\b|maven\b)",
    re.IGNORECASE,
)
_USE = re.compile(
    r"\b(?:usage|use|using|quick ?start|quick tour|example|examples|getting started|get started|synopsis|"
    r"first steps|in a nutshell|tutorial|demo|at a glance|hello,? world|basics?|overview of usage)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|description|overview|introduction|what is|what's|summary|why|purpose|features|abstract|background)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:contents|toc|licen[cs]e|contribut\w*|author|credits|acknowledg\w*|sponsor\w*|backers|support|"
    r"security|changelog|change log|changes|history|release|status|badges|donate|community|links|see also|"
    r"star history|citation|funding|code of conduct|faq|todo|roadmap|clon\w+|develop\w*|test\w*|build\w*|"
    r"maintain\w*|documentation)\b",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]\(image:[^()\s]*\)")
_STARTS = re.compile(r"getting started|get started|quick ?start", re.IGNORECASE)
_GETS = re.compile(
    r"^\s*(?:[$>#%]\s*)?(?:sudo )?(?:python3? -m )?(?:pip3?|pipx|uv|poetry|conda|mamba|npm|npx|yarn|pnpm|"
    r"bun|cargo|go|gem|brew|apt(?:-get)?|dnf|yum|pacman|composer"
    r"|dotnet|nuget|docker|git clone|curl|wget|mvn|luarocks|opam|mix|dart|flutter|R -e|bundle)\b|"
    r"<dependency>|^\s*(?:implementation|api|compile|testImplementation)[ (]['\"]"
    r"|install\.packages\(|^\[dependencies\]|^\s*gem ['\"]",
    re.MULTILINE,
)
#: Paragraphs that lead to other documents, and those with which thanks begin.
_NOTICE = re.compile(
    r"^\W*(?:(?:please )?(?:read|see|refer to|consult)\b.{0,60}\b(?:files?|documents?|languages?|translations?)\b"
    r"|(?:other|available in) (?:languages?|translations?)\b|translations?:|for information about\b)",
    re.IGNORECASE | re.DOTALL,
)
_DEFINES = re.compile(
    r"^[^.!?]{1,80}?\b(?:is|are|provides?|lets|helps|makes|allows|gives|implements|offers|adds)\b", re.IGNORECASE
)
_REFERS = re.compile(r"^[^.!?]{0,80}\b(?:refer to|see|read|consult)\b[^.!?]{0,80}(?:\.\w{2,4})?\W*$", re.IGNORECASE)
_GREETING = re.compile(r"^\W*(?:welcome|hello|hi)\b", re.IGNORECASE)
_THANKS = re.compile(r"^\W*(?:special |many )?thanks\b|^\W*thank you\b", re.IGNORECASE)


@dataclass(frozen=True)
class Front:
    """Parts of a README: each may be empty."""

    introduction: tuple[Block, ...] = ()
    installation: tuple[Block, ...] = ()
    example: tuple[Block, ...] = ()


@dataclass(frozen=True)
class _Section:
    title: str
    level: int
    blocks: tuple[Block, ...]
    #: The blocks with those of the sections below it.
    whole: tuple[Block, ...]


def front(guide: Guide) -> Front:
    """The introduction, the installation and the first example, in the README's own words."""
    sections = _sections(guide.blocks)
    about = next(
        (
            section
            for section in sections
            if _tells(section.blocks) and (not section.title or not _is_apart(section.title))
        ),
        None,
    )
    if about is None or (about.title and not _ABOUT.search(about.title) and not _is_under_title(about, sections)):
        named = next((section for section in sections if _ABOUT.search(section.title) and _tells(section.whole)), None)
        # A section about something else is no introduction, unless it is all that the README says.
        about = named or about
    introduction = _shown(_telling(about.blocks), _INTRODUCTION) if about is not None else ()
    install = next(
        (section for section in sections if _INSTALL.search(section.title) and any(map(_is_way, section.whole))),
        None,
    )
    getting = install or next(
        (section for section in sections if section is not about and _STARTS.search(section.title)
         and any(isinstance(b, Code) and _GETS.search(b.text) for b in section.whole)), None,
    )  # fmt: skip
    uses = [
        section for section in sections
        if section is not about and section is not install and section.title and not _INSTALL.search(section.title)
        and any(_is_example(b) for b in _opened(section.whole))
    ]  # fmt: skip
    use = next((section for section in uses if _USE.search(section.title)), None) or next(
        (section for section in uses if not _ASIDE.search(section.title)), None
    )
    introduced = set(map(id, introduction))
    installation = _shown(getting.whole, _SECTION) if getting is not None else ()
    if any(_is_example(block) for block in introduction):
        return Front(introduction, installation)
    example = _first_example(tuple(_opened(use.whole))) if use is not None and use is not getting else ()
    if use is not None and use is getting:
        example = ()
    return Front(introduction, installation, tuple(block for block in example if id(block) not in introduced))


def _is_under_title(about: _Section, sections: Sequence[_Section]) -> bool:
    """Whether a section is what stands below the document's title, and says what something is."""
    first = next((section for section in sections if section.title), None)
    words_of_first = next((marked.words(block.text) for block in about.blocks if isinstance(block, Paragraph)
                           and _words_of(block) >= 2), "")  # fmt: skip
    return about is first and _DEFINES.search(words_of_first[:200]) is not None


def is_definition(blocks: Sequence[Block]) -> bool:
    """Whether an introduction says what something is: neither a greeting alone nor a slogan of a few words."""
    paragraphs = [marked.words(block.text) for block in blocks if isinstance(block, Paragraph)]
    first = paragraphs[0] if paragraphs else ""
    return (
        len(paragraphs) != len(blocks)
        or len(paragraphs) > 1
        or len(first.split()) > 25
        or (_DEFINES.search(first) is not None and not _GREETING.match(first))
    )


def opening(guide: Guide) -> tuple[Block, ...]:
    """How a guide begins, up to the size of a part of the front page."""
    return _shown([block for block in guide.blocks if is_content(block)], _SECTION)


def example_of(guide: Guide) -> tuple[Block, ...]:
    """The first example of a guide that shows how something is used."""
    apart = 0
    for section in _sections(guide.blocks):
        if apart and section.level > apart:
            continue  # a part of a section about something else
        apart = section.level if _is_apart_of_use(section.title) else 0
        blocks = tuple(_opened(section.blocks))
        if not apart and any(map(_is_example, blocks)):
            return _first_example(blocks)
    return ()


def _is_apart_of_use(title: str) -> bool:
    return bool(_INSTALL.search(title) or _ASIDE.search(title))


def _is_apart(title: str) -> bool:
    return _is_apart_of_use(title) or _USE.search(title) is not None


def _sections(blocks: Sequence[Block]) -> list[_Section]:
    heads = [-1, *(at for at, block in enumerate(blocks) if isinstance(block, Heading))]
    sections = []
    for number, at in enumerate(heads):
        head = blocks[at] if at >= 0 else None
        level = head.level if isinstance(head, Heading) else 0
        title = marked.words(without_images(head.text)).strip() if isinstance(head, Heading) else ""
        end = heads[number + 1] if number + 1 < len(heads) else len(blocks)
        last = next((h for h in heads[number + 1 :] if blocks[h].level <= level), len(blocks)) if level else end  # type: ignore[union-attr]  # they are headings
        sections.append(_Section(title, level, tuple(blocks[at + 1 : end]), tuple(blocks[at + 1 : last])))
    return sections


def _tells(blocks: Sequence[Block]) -> bool:
    """Whether a paragraph, a list or a call-out says something in words."""
    return any(_words_of(block) >= 2 for block in _telling(blocks) if not isinstance(block, Code | Heading))


def _words_of(block: Block) -> int:
    if isinstance(block, Paragraph):
        return len(marked.words(without_images(block.text)).split())
    if isinstance(block, Listing):
        return sum(_words_of(inner) for item in block.items for inner in item)
    return 1 if isinstance(block, Table) else 0


def _telling(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without decoration: pictures, badges, rows of links, tables of contents, quotations, notices."""
    blocks = [_without_badges(block) for block in blocks]
    plain: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and _THANKS.match(marked.words(block.text)) and plain:
            break
        if is_content(block) and not (isinstance(block, Admonition) and block.label == "quote"):
            plain.append(block)
        elif isinstance(block, Listing | Paragraph) and plain and _announces(plain[-1]):
            plain.pop()  # nothing stands any more where it says that something follows
    telling = [block for block in plain if not isinstance(block, Paragraph) or not _is_notice(block)]
    plain = telling if any(isinstance(block, Paragraph) for block in telling) else plain
    if any(isinstance(block, Paragraph) for block in plain):
        return plain
    # A README whose only words are a quotation says what it is there.
    quoted = [inner for block in blocks if isinstance(block, Admonition) for inner in block.blocks if is_content(inner)]
    return [*quoted, *plain]


def _announces(block: Block) -> bool:
    return isinstance(block, Paragraph) and marked.words(block.text).rstrip().endswith((":", "...", "…"))


def _is_notice(block: Paragraph) -> bool:
    return _NOTICE.match(marked.words(without_images(block.text)).strip()) is not None


def _is_way(block: Block) -> bool:
    """Whether a block says how to get something, rather than where that is written."""
    refers = isinstance(block, Paragraph) and _REFERS.search(marked.words(block.text)) is not None
    return is_content(block) and not refers


def _opened(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks, and instead of a list whose items hold examples the blocks of its items."""
    for block in blocks:
        inner = [part for item in block.items for part in item] if isinstance(block, Listing) else []
        yield from inner if any(map(_is_example, inner)) else [block]


def _without_badges(block: Block) -> Block:
    if not isinstance(block, Paragraph) or "](image:" not in block.text:
        return block
    return Paragraph(
        text=_IMAGE.sub(lambda match: "" if BADGE.search(match.group()) else match.group(), block.text).strip()
    )


def _is_example(block: Block) -> bool:
    return isinstance(block, Code) and not (_GETS.search(block.text) and block.text.strip().count("\n") < 6)


def _first_example(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """From the section's first words to its first example, and the output that directly follows."""
    at = next(n for n, block in enumerate(blocks) if _is_example(block))
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
    while blocks_of_example and _announces(blocks_of_example[-1]):
        blocks_of_example.pop()
    return _shown(blocks_of_example, _SECTION)


def _shown(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    """The blocks up to a size, always the first one and never half a block."""
    taken: list[Block] = []
    size = 0
    for block in blocks:
        size += len(block.model_dump_json())
        if taken and size > most:
            break
        taken.append(block)
    # What was to follow is beyond the size.
    is_cut = len(taken) < len(blocks)
    while taken and (isinstance(taken[-1], Heading) or (is_cut and _announces(taken[-1]))):
        taken.pop()
    return tuple(taken)
