"""The links of a page's Markdown, and whether they lead somewhere: one answer for all who ask. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from urllib.parse import unquote

_FENCE = re.compile(r"^( *)(`{3,})([^`\n]*)$")
#: Code inside a line, then links; escaped brackets and backticks belong to the text. Each pattern begins with its sign,
#: which `re` jumps to: with what must not stand before it in front, it would stop at every character.
_CODE = re.compile(r"`(?<!\\`)(?<!``)(`*)(?!`)[^\n]*?`(?<!``)\1(?!`)")
_TARGET = re.compile(r"\](?<!\\\])\(([^()\s]*)\)")
_LINK = re.compile(r"\[(?<!\\\[)(?:[^\[\]\\\n]|\\.)*\]\(([^()\s]*)\)")
_LINE = re.compile(r"^L(\d+)(?:-L(\d+))?$")
_OUTSIDE = ("/", "mailto:", "javascript:", "data:")


def split_code(markdown: str) -> tuple[str, list[tuple[str, str]]]:
    """The text outside code blocks, and each code block as (language, content); `unclosed` for one without an end."""
    if "```" not in markdown:
        return markdown, []
    outside: list[str] = []
    blocks: list[tuple[str, str]] = []
    inside: list[str] | None = None
    bars, language = "", ""
    for line in markdown.split("\n"):
        if inside is not None:
            if line.strip() == bars:
                blocks.append((language, "\n".join(inside)))
                inside = None
            else:
                inside.append(line)
        elif "```" in line and (match := _FENCE.match(line)):
            bars, language, inside = match.group(2), match.group(3).strip(), []
        else:
            outside.append(line)
    if inside is not None:
        blocks.append(("unclosed", "\n".join(inside)))
    return "\n".join(outside), blocks


def without_code(text: str) -> str:
    """The text without the code inside its lines."""
    return _CODE.sub("", text)


def targets(text: str) -> list[str]:
    """Where the links of a text without code lead, each target once."""
    return list(dict.fromkeys(_TARGET.findall(text)))


def links_of_line(line: str) -> list[re.Match[str]]:
    """The links of a line, their target as group 1; what looks like a link inside code is none."""
    code = [match.span() for match in _CODE.finditer(line)]
    return [link for link in _LINK.finditer(line) if not any(start <= link.start() < end for start, end in code)]


def resolver(page: str, pages: Collection[str], source_lines: Mapping[str, int]) -> Callable[[str], bool]:
    """Whether a target on this page leads to a page of `known`, or to a line of a source page of `source_lines`."""
    folder = posixpath.dirname(page)
    paths: dict[str, str] = {"": page}

    def leads_somewhere(target: str) -> bool:
        url, _, anchor = target.partition("#")
        path = paths.get(url)
        if path is None:
            if "://" in url or url.startswith(_OUTSIDE):
                return False
            path = paths[url] = posixpath.normpath(posixpath.join(folder, unquote(url)))
        if path in pages:
            return True
        last = source_lines.get(path)
        if last is None or not anchor:
            return last is not None
        line = _LINE.match(anchor)
        return line is not None and 1 <= int(line[1]) <= int(line[2] or line[1]) <= last

    return leads_somewhere
