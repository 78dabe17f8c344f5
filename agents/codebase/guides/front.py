"""What of a README says what the project is, how to get it and how to use it. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.codebase.guides.reading import Guide, without_images
from agents.contracts.documentation import Admonition, Block, Code, Heading, Listing, Paragraph, Table
from agents.text import marked
from agents.text.marked import runs

#: Characters of a part on the front page; the guide itself has the rest.
_INTRODUCTION, _SECTION = 3_500, 4_000
_INSTALL = re.compile(
    r"^(?:\W*)(?:how to )?(?:install|get(?:ting)? it\b|set ?up\b|download|obtain|adding|add (?:it|"
    r"the dependency)|requirements? and install|building\b|dependency\b|gradle\b|maven\b)",
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
    r"maintain\w*)\b",
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
_BADGE = re.compile(
    r"badge|shields\.io|travis|codecov|coveralls|circleci|appveyor|/workflows/|opencollective|pepy", re.IGNORECASE
)


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
    about = next((one for one in sections if _tells(one.blocks) and (not one.title or not _is_apart(one.title))), None)
    if about is None or (about.title and not _ABOUT.search(about.title)):
        named = next((one for one in sections if _ABOUT.search(one.title) and _tells(one.whole)), None)
        # A section about something else is no introduction, unless it is all that the README says.
        about = named or about
    introduction = _shown(_telling(about.blocks), _INTRODUCTION) if about is not None else ()
    install = next((one for one in sections if _INSTALL.search(one.title) and any(map(_is_content, one.whole))), None)
    getting = install or next(
        (one for one in sections if one is not about and _STARTS.search(one.title)
         and any(isinstance(b, Code) and _GETS.search(b.text) for b in one.whole)), None,
    )  # fmt: skip
    uses = [
        one for one in sections
        if one is not about and one is not install and one.title and not _INSTALL.search(one.title)
        and any(_is_example(b) for b in one.whole)
    ]  # fmt: skip
    use = next((one for one in uses if _USE.search(one.title)), None) or next(
        (one for one in uses if not _ASIDE.search(one.title)), None
    )
    shown = set(map(id, introduction))
    installation = _shown(getting.whole, _SECTION) if getting is not None else ()
    if any(_is_example(one) for one in introduction):
        return Front(introduction, installation)
    example = _first_example(use.whole) if use is not None and use is not getting else ()
    if use is not None and use is getting:
        example = ()
    return Front(introduction, installation, tuple(one for one in example if id(one) not in shown))


def _is_apart(title: str) -> bool:
    return bool(_INSTALL.search(title) or _USE.search(title) or _ASIDE.search(title))


def _sections(blocks: Sequence[Block]) -> list[_Section]:
    heads = [-1, *(at for at, one in enumerate(blocks) if isinstance(one, Heading))]
    found = []
    for number, at in enumerate(heads):
        head = blocks[at] if at >= 0 else None
        level = head.level if isinstance(head, Heading) else 0
        title = marked.words(without_images(head.text)).strip() if isinstance(head, Heading) else ""
        end = heads[number + 1] if number + 1 < len(heads) else len(blocks)
        last = next((h for h in heads[number + 1 :] if blocks[h].level <= level), len(blocks)) if level else end  # type: ignore[union-attr]  # they are headings
        found.append(_Section(title, level, tuple(blocks[at + 1 : end]), tuple(blocks[at + 1 : last])))
    return found


def _tells(blocks: Sequence[Block]) -> bool:
    """Whether a paragraph, a list or a call-out says something in words."""
    return any(_words_of(one) >= 2 for one in _telling(blocks) if not isinstance(one, Code | Heading))


def _words_of(one: Block) -> int:
    if isinstance(one, Paragraph):
        return len(marked.words(without_images(one.text)).split())
    if isinstance(one, Listing):
        return sum(_words_of(inner) for item in one.items for inner in item)
    return 1 if isinstance(one, Table) else 0


def _telling(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without decoration: pictures, badges, rows of links, tables of contents, quotations, notices."""
    blocks = [_without_badges(one) for one in blocks]
    plain = [one for one in blocks if _is_content(one) and not (isinstance(one, Admonition) and one.label == "quote")]
    if any(isinstance(one, Paragraph) for one in plain):
        return plain
    # A README whose only words are a quotation says what it is there.
    quoted = [inner for one in blocks if isinstance(one, Admonition) for inner in one.blocks if _is_content(inner)]
    return [*quoted, *plain]


def _without_badges(one: Block) -> Block:
    if not isinstance(one, Paragraph) or "](image:" not in one.text:
        return one
    return Paragraph(
        text=_IMAGE.sub(lambda found: "" if _BADGE.search(found.group()) else found.group(), one.text).strip()
    )


def _is_content(one: Block) -> bool:
    if isinstance(one, Paragraph):
        return not _is_row_of_links(one.text)
    if isinstance(one, Listing):
        return not all(len(item) >= 1 and all(_only_links(inner) for inner in item) for item in one.items)
    return not isinstance(one, Heading)


def _only_links(one: Block) -> bool:
    if isinstance(one, Listing):
        return all(_only_links(inner) for item in one.items for inner in item)
    return isinstance(one, Paragraph) and _is_row_of_links(one.text)


def _is_row_of_links(text: str) -> bool:
    """Whether a paragraph is made of links, pictures and signs alone."""
    pieces = runs(text)
    links = [one for one in pieces if one.kind == "link" or any(part.kind == "link" for part in one.inside)]
    loose = "".join(one.text for one in pieces if one.kind in {"text", "code"})
    loose += " ".join(
        part.text for one in pieces if one.kind in {"emphasis", "strong"} for part in one.inside if part.kind == "text"
    )
    words = re.findall(r"\w{2,}", loose)
    if not links:
        return not words
    only = all(_BADGE.search(one.target) or one.target.startswith("image:") for one in links if one.kind == "link")
    return not words or (len(words) < 2 and (only or len(links) > 1))


def _is_example(one: Block) -> bool:
    return isinstance(one, Code) and not (_GETS.search(one.text) and one.text.strip().count("\n") < 6)


def _first_example(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """From the section's first words to its first example, and the output that directly follows."""
    at = next(n for n, one in enumerate(blocks) if _is_example(one))
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
    return _shown([one for one in blocks[start:end] if _is_content(one)], _SECTION)


def _shown(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    """The blocks up to a size, always the first one and never half a block."""
    taken: list[Block] = []
    size = 0
    for one in blocks:
        size += len(one.model_dump_json())
        if taken and size > most:
            break
        taken.append(one)
    while taken and isinstance(taken[-1], Heading):
        taken.pop()
    return tuple(taken)
