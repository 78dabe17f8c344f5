"""AsciiDoc: titles outside delimited blocks, and the first words below each without their marks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agents.codebase.structure.artefacts.parts import Parts, SectionHeading, split_lines
from agents.codebase.structure.artefacts.prose import titled_parts

_DELIMITER = re.compile(r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|`{3,}\w*|--|\|===)")
_ADOC_ATTRIBUTE = re.compile(r":([\w-]+):[ \t]+(\S.*)")
#: Attributes of a block, its title, lists, comments, macros that stand alone.
_ADOC_NO_WORDS = re.compile(
    r"\[.*\]$|\.\w|//|:[\w!-]+:|(?:\*{1,5}|\.{1,5}|-|\d+\.|<\d+>|<\.>)[ \t]|\w+::|.*::(?:[ \t]|$)|\+$|<<<$|'{3}$"
)
_ADOC_REFERENCE = re.compile(r"<<([^<>,]+)(?:,([^<>]*))?>>|(?!)(.)")
_ADOC_LINK = re.compile(r"(?:link:|xref:|https?://)[^\s\[\]]*\[([^\[\]]*?)\^?\]|(?:link:|xref:)([^\s\[\]]+)")
_ADOC_MACRO = re.compile(r"\b(?:footnote|indexterm2?|anchor):[^\s\[]*\[[^\[\]]*\]|\[\[[\w:-]+\]\]|\(\(\([^()]*\)\)\)")
_ADOC_MARK = re.compile(r"(?<![\w`*_#])(\*\*?|__?|``?|##?)(?=\S)([^\n]*?\S)\1(?![\w`*_#])")
_ADOC_TITLE = re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*)")
#: What a list describes stands behind its term, or indented below it.
_ADOC_TERM = re.compile(r".*::[ \t]*$")


def asciidoc(text: str) -> Parts:
    """Titles by equals signs outside delimited blocks; the author's and attributes' lines are no words."""
    lines = split_lines(text)
    headings: list[SectionHeading] = []
    attributes = {match.group(1): match.group(2) for line in lines if (match := _ADOC_ATTRIBUTE.match(line))}
    words = list(lines)
    block = ""
    described = False
    head_end = 0
    for at, line in enumerate(lines):
        described = bool(at) and (_ADOC_TERM.match(lines[at - 1]) is not None or (described and line[:1] in " \t"))
        under = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
        if not block and _is_underlined(line, under, lines[at - 1] if at else ""):
            level = "=-~^+".index(under[0]) + 1
            headings.append(SectionHeading(_adoc_words(line, attributes), level, at + 1, at + 3))
            lines[at + 1] = words[at + 1] = ""
        elif _DELIMITER.fullmatch(line.rstrip()):
            closes = line.rstrip() == block if block[:1] != "`" else set(line.rstrip()) == {"`"}
            block = "" if closes else block or line.rstrip()
            words[at] = ""
        elif block or ((title := _ADOC_TITLE.match(line)) and _is_discrete(lines[at - 1] if at else "")):
            words[at] = ""
        elif title:
            content = at + 2
            if len(title.group(1)) == 1:  # the document's head reaches to the first blank line
                content = max(content, head_end)
                while content <= len(lines) and lines[content - 1].strip():
                    content += 1
                head_end = content
            name = re.sub(rf"\s+{title.group(1)}$", "", title.group(2))
            headings.append(SectionHeading(_adoc_words(name, attributes), len(title.group(1)), at + 1, content))
        elif _ADOC_NO_WORDS.match(line) or (described and line[:1] in " \t"):
            words[at] = ""
        else:
            words[at] = _adoc_words(line, attributes)
    return titled_parts(headings, words, 0)


def _is_underlined(line: str, under: str, above: str) -> bool:
    """Whether a line is a title of the older form, with a line of the same length below it."""
    title = line.rstrip()
    return (
        len(title) > 2
        and not above.strip()
        and abs(len(title) - len(under)) < 2
        and under[:1] in set("=-~^+")
        and set(under) == {under[0]}
        and title[0].isalnum()
    )


def _is_discrete(above: str) -> bool:
    return above.startswith(("[discrete", "[float"))


def _adoc_words(text: str, attributes: Mapping[str, str]) -> str:
    """AsciiDoc's words without their marks."""
    if "{" in text:
        text = re.sub(r"\{([\w-]+)\}", lambda match: attributes.get(match.group(1), match.group()), text)
    text = _ADOC_REFERENCE.sub(lambda match: (match.group(2) or match.group(1)).strip(), text)
    text = _ADOC_LINK.sub(lambda match: match.group(1) or match.group(2), text)
    text = _ADOC_MACRO.sub("", text)
    return _ADOC_MARK.sub(r"\2", text).strip()
