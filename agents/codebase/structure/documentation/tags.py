"""What dialects with @tags have in common: where a tag's text ends, and which field of the document it fills."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from agents.codebase.structure.documentation.draft import (
    ADMONITIONS,
    DocumentationDraft,
    balanced,
    code_block,
    dedented,
    entry,
    merged,
    type_end,
)
from agents.contracts.documentation import Block, Entry

Body = Callable[[str], list[Block]]

BODY = frozenset(
    [
        "brief",
        "short",
        "summary",
        "description",
        "desc",
        "details",
        "detail",
        "abstract",
        "fileoverview",
        "overview",
        "classdesc",
        "remarks",
        "packagedocumentation",
    ]
)
#: A tag, as most dialects write it: in small letters at the start of a line.
TAG = re.compile(r"^[ \t]*@([a-zA-Z][\w-]*(?:\.\w+)?)(?=[\s{:\[]|$)[ \t]?(.*)$")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_KINDS = {
    **dict.fromkeys(["param", "arg", "argument", "parameter", "receiver"], "parameters"),
    **dict.fromkeys(["property", "prop", "field", "attr", "attribute"], "attributes"),
    **dict.fromkeys(["typeparam", "tparam", "template", "template-covariant"], "type_parameters"),
    **dict.fromkeys(["return", "returns", "result"], "returns"),
    **dict.fromkeys(["yield", "yields", "yieldreturn"], "yields"),
    **dict.fromkeys(["throws", "throw", "exception", "raises", "raise"], "raises"),
}
_SEE = frozenset(["see", "sa", "seealso"])
_EXAMPLES = frozenset(["example", "examples", "usage"])


#: The name of an error without braces: it stands alone, looks like one, or words go on behind it as behind a name.
_ERROR = re.compile(
    r"(?:[A-Z]\w*(?:\.\w+)+|[A-Z]\w*[a-z0-9][A-Z]\w*|\w*(?:Error|Exception))(?=\s|$)|[A-Z]\w*(?=\s*$|\s+(?:if|when|unless|on|for|-|–|—|:)\s)"
)


@dataclass(frozen=True, slots=True)
class TagHead:
    """What stands before a tag's words: name, type, default, whether it may be left out."""

    name: str = ""
    type: str = ""
    default: str = ""
    optional: bool = False
    words: str = ""


#: Takes a tag's name and text apart.
Split = Callable[[str, str], TagHead]


def parts(text: str, tag: re.Pattern[str] = TAG) -> Iterator[tuple[str, str]]:
    """The comment in pieces: the text before the first tag under an empty name, then each tag with its text."""
    name, first = "", ""
    lines: list[str] = []
    fence = ""
    braces = 0
    inside = _in_inline_tags(text) if "{@" in text else frozenset()
    for number, line in enumerate(text.split("\n")):
        match = None if fence or braces > 0 or number in inside else tag.match(line)
        if match and not (name in _EXAMPLES and match.group(1)[0].isupper()):
            yield name, dedented(first, lines) if name else "\n".join(lines)
            name, first, lines = match.group(1), match.group(2), []
            # `@example @Component` and a type over several lines go on in the same line.
            braces = first.count("{") - first.count("}") if first.lstrip().startswith("{") else 0
            continue
        if mark := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or mark.group(1)
        if braces > 0:
            braces += line.count("{") - line.count("}")
        lines.append(line)
    yield name, dedented(first, lines) if name else "\n".join(lines)


def closings(text: str) -> dict[int, int]:
    """Where each brace that is closed is closed."""
    open_at: list[int] = []
    closed: dict[int, int] = {}
    for match in re.finditer(r"[{}]", text):
        if match.group() == "{":
            open_at.append(match.start())
        elif open_at:
            closed[open_at.pop()] = match.start()
    return closed


def _in_inline_tags(text: str) -> frozenset[int]:
    """The lines that begin inside an inline tag, such as `{@code …}` around an annotation; lines count from 0."""
    inside: set[int] = set()
    last = 0
    for start, end in sorted(closings(text).items()):
        if text.startswith("{@", start) and start >= last and "\n" in text[start:end]:
            first = text.count("\n", 0, start)
            inside.update(range(first + 1, first + text.count("\n", start, end) + 1))
            last = end
    return frozenset(inside)


def read(
    text: str, body: Body, split: Split, tag: re.Pattern[str] = TAG, example: Body | None = None
) -> DocumentationDraft:
    """A comment with tags as a draft."""
    draft = DocumentationDraft()
    for name, content in parts(text, tag):
        if not name:
            draft.blocks += body(content)
        else:
            fill(draft, name, content, body, split, example)
    return draft


def fill(
    draft: DocumentationDraft, name: str, content: str, body: Body, split: Split, example: Body | None = None
) -> None:
    """Put one tag's text where it belongs."""
    low = name.lower()
    if field := _KINDS.get(low):
        tag_parts = split(low, content)
        if generic := re.fullmatch(r"<(\w+)>", tag_parts.name):  # Javadoc's `@param <T> words`
            field, tag_parts = "type_parameters", replace(tag_parts, name=generic.group(1))
        new = entry(tag_parts.name, tag_parts.type, body(tag_parts.words), tag_parts.default, tag_parts.optional)
        join(getattr(draft, field), new)
    elif low in BODY:
        draft.blocks += body(content)
    elif low == "deprecated":
        draft.deprecate(body(content))
    elif low == "since":
        draft.since_when(body(content))
    elif low in _SEE:
        draft.see_also.append(entry(blocks=body(content)))
    elif low in _EXAMPLES:
        draft.examples += (example or example_of(body))(content)
    elif low in ADMONITIONS:
        draft.admonition(low, body(content))
    elif low == "inheritdoc":
        draft.facts.append(entry("inherits", blocks=body(content)))
    else:
        draft.facts.append(entry(name, blocks=body(content)))


def join(entries: list[Entry], new: Entry) -> None:
    """Add an entry, or what it says to the last one of its name."""
    last = entries[-1] if entries else None
    if last is not None and new.name and last.name == new.name and not (last.text and new.text):
        entries[-1] = merged(last, new)
    elif new != Entry():
        entries.append(new)


def example_of(body: Body) -> Body:
    """How an example is read: as text where it holds a code block of its own, as code where it does not."""

    def read_example(text: str) -> list[Block]:
        caption = re.match(r"\s*<caption>(.*?)</caption>[ \t]*\n?", text, re.DOTALL)
        titled: list[Block] = body(caption.group(1)) if caption else []
        rest = text[caption.end() :] if caption else text
        if re.search(r"^\s*(?:`{3,}|~{3,})", rest, re.MULTILINE) or "<pre" in rest:
            return [*titled, *body(rest)]
        return [*titled, *code_block(rest)]

    return read_example


def braced(_tag: str, text: str) -> TagHead:
    """`{type} [name=default] - words`, as JSDoc writes a parameter; errors and values have no name."""
    kind, rest = braced_type(text)
    if _KINDS.get(_tag) in {"returns", "yields"}:
        return TagHead(type=kind, words=_dashless(rest))
    if _KINDS.get(_tag) == "raises":
        if kind or not _ERROR.match(rest):
            return TagHead(type=kind, words=_dashless(rest))
        name, _, words = rest.partition(" ")
        return TagHead(type=name, words=_dashless(words))
    if rest.startswith("[") and (end := balanced(rest)) > 0:
        name, equals, default = rest[1 : end - 1].partition("=")
        words = _dashless(rest[end:])
        return TagHead(name.strip(), kind.removesuffix("="), default.strip() if equals else "", True, words)
    name, words = word(rest)
    return TagHead(name, kind.removesuffix("="), optional=kind.endswith("="), words=_dashless(words))


def braced_type(text: str) -> tuple[str, str]:
    """A type in braces, and the rest."""
    rest = text.lstrip()
    if not rest.startswith("{") or rest.startswith("{@") or (end := balanced(rest)) < 0:
        return "", rest
    return " ".join(rest[1 : end - 1].split()), rest[end:].lstrip()


def word(text: str) -> tuple[str, str]:
    """The first word, and the rest."""
    match = re.match(r"\s*(\S+)\s?", text)
    return (match.group(1), text[match.end() :]) if match else ("", text)


def named(tag: str, text: str) -> TagHead:
    """`name words`, as Javadoc writes a parameter or an error; values have no name."""
    if _KINDS.get(tag) in {"returns", "yields"}:
        return TagHead(words=_dashless(text))  # `@return : the size`
    name, words = word(text)
    if _KINDS.get(tag) == "raises":
        return TagHead(type=name, words=words)
    return TagHead(name, words=_dashless(words))


def typed_value(text: str) -> tuple[str, str]:
    """A type that stands before words, as PHP writes it, and the words."""
    end = type_end(text)
    return text[:end].strip(), text[end:].strip()


def _dashless(words: str) -> str:
    return re.sub(r"^\s*(?:[-–—:]+(?=\s|$))\s*", "", words)
