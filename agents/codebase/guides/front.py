"""What of a README says what the project is, how to get it and how to use it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.codebase.guides.decoration import BADGE, is_content
from agents.codebase.guides.examples import GETS, SECTION, announces, first_example, is_example, opened, part_within
from agents.codebase.guides.reading import Guide, without_images
from agents.contracts.documentation import Admonition, Block, Code, Heading, Listing, Paragraph, Table
from agents.text import marked

#: Characters of a part on the front page; the guide itself has the rest.
_INTRODUCTION = 3_500
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
    r"security|changelog|change log|changes|history|release|status|badges|community|links|see also|"
    r"star history|citation|funding|donat\w*|enterprise|tidelift|code of conduct|faq|todo|roadmap|clon\w+|"
    r"develop\w*|test\w*|build\w*|maintain\w*|documentation|upgrad\w*|migrat\w*|discuss\w*|meetings?|"
    r"source code|folder\w*|file structure)\b",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"\[(?:[^\[\]\\]|\\.)*\]\(image:[^()\s]*\)")
_STARTS = re.compile(r"getting started|get started|quick ?start", re.IGNORECASE)
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
_COPYRIGHT = re.compile(r"^\W*(?:copyright\b|©|\(c\) ?\d{4})", re.IGNORECASE)
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
    #: The title as it is marked: a link may be all that a section says.
    heading: str
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
    introduction = part_within(_telling(about.blocks), _INTRODUCTION) if about is not None else ()
    install = next(
        (
            section
            for section in sections
            if _INSTALL.search(section.title) and (_leads(section) or any(map(_is_way, _ways(section))))
        ),
        None,
    )
    getting = install or next(
        (section for section in sections if section is not about and _STARTS.search(section.title)
         and any(isinstance(b, Code) and GETS.search(b.text) for b in section.whole)), None,
    )  # fmt: skip
    uses = [
        section for section in sections
        if section is not about and section is not install and section.title and not _INSTALL.search(section.title)
        and any(is_example(b) for b in opened(section.whole))
    ]  # fmt: skip
    use = next((section for section in uses if _USE.search(section.title)), None) or next(
        (section for section in uses if not _ASIDE.search(section.title)), None
    )
    introduced = set(map(id, introduction))
    installation = part_within(_ways(getting), SECTION) if getting is not None else ()
    if any(is_example(block) for block in introduction):
        return Front(introduction, installation)
    example = first_example(tuple(opened(use.whole))) if use is not None and use is not getting else ()
    if use is not None and use is getting:
        example = ()
    return Front(introduction, installation, tuple(block for block in example if id(block) not in introduced))


def _ways(section: _Section) -> tuple[Block, ...]:
    """A section on getting something without what is about something else; its title where that is all it says."""
    ways: list[Block] = []
    apart = 0
    for block in section.whole:
        if isinstance(block, Heading):
            is_below = bool(apart) and block.level > apart
            apart = apart if is_below else block.level if _ASIDE.search(marked.words(block.text)) else 0
        if not apart:
            ways.append(block)
    leads = [Paragraph(text=section.heading)] if _leads(section) and not any(map(_is_way, ways)) else []
    return (*leads, *ways)


def _leads(section: _Section) -> bool:
    """Whether a title links to where something is written."""
    return re.search(r"\]\((?!image:|#)", section.heading) is not None


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
    return part_within([block for block in guide.blocks if is_content(block)], SECTION)


def example_of(guide: Guide) -> tuple[Block, ...]:
    """The first example of a guide that shows how something is used."""
    apart = 0
    for section in _sections(guide.blocks):
        if apart and section.level > apart:
            continue  # a part of a section about something else
        apart = section.level if _is_apart_of_use(section.title) else 0
        blocks = tuple(opened(section.blocks))
        if not apart and any(map(is_example, blocks)):
            return first_example(blocks)
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
        written = head.text if isinstance(head, Heading) else ""
        sections.append(_Section(title, written, level, tuple(blocks[at + 1 : end]), tuple(blocks[at + 1 : last])))
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
    for block in _after_sponsors(blocks):
        if isinstance(block, Paragraph) and _THANKS.match(marked.words(block.text)) and plain:
            break
        if is_content(block) and not (isinstance(block, Admonition) and block.label == "quote"):
            plain.append(block)
        elif isinstance(block, Listing | Paragraph) and plain and announces(plain[-1]):
            plain.pop()  # nothing stands any more where it says that something follows
    telling = [block for block in plain if not isinstance(block, Paragraph) or not _is_notice(block)]
    plain = telling if any(isinstance(block, Paragraph) for block in telling) else plain
    if any(isinstance(block, Paragraph) for block in plain):
        return plain
    # A README whose only words are a quotation says what it is there.
    quoted = [inner for block in blocks if isinstance(block, Admonition) for inner in block.blocks if is_content(inner)]
    return [*quoted, *plain]


def _after_sponsors(blocks: Sequence[Block]) -> Sequence[Block]:
    """The blocks without the thanks with which they begin: `Special thanks to:` and the pictures it announces."""
    first = next((n for n, block in enumerate(blocks) if isinstance(block, Paragraph) and _words_of(block)), None)
    opening_words = blocks[first] if first is not None else None
    if not isinstance(opening_words, Paragraph) or not announces(opening_words):
        return blocks
    if first is None or not _THANKS.match(marked.words(opening_words.text)):
        return blocks
    after = first + 1
    while after < len(blocks) and _is_picture(blocks[after]):
        after += 1
    return blocks[after:]


def _is_picture(block: Block) -> bool:
    """Whether a paragraph is or begins with a picture that is no badge."""
    return isinstance(block, Paragraph) and bool(_IMAGE.match(block.text)) and not BADGE.search(block.text)


def _is_notice(block: Paragraph) -> bool:
    plain = marked.words(without_images(block.text)).strip()
    return _NOTICE.match(plain) is not None or _COPYRIGHT.match(plain) is not None


def _is_way(block: Block) -> bool:
    """Whether a block says how to get something, rather than where that is written."""
    refers = isinstance(block, Paragraph) and _REFERS.search(marked.words(block.text)) is not None
    return is_content(block) and not refers


def _without_badges(block: Block) -> Block:
    if not isinstance(block, Paragraph) or "](image:" not in block.text:
        return block
    return Paragraph(text=without_images(block.text, BADGE).strip())
