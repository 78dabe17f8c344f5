"""mkdocs hook: converts API and module pages, written in a small dialect of Markdown, without parsing all of it.

A repository of thousands of files has thousands of them, and Python-Markdown takes 30 ms for one. What this hook does
not know, Python-Markdown converts: both give the same HTML, so the hook may be left out. The file travels in the site's
sources, so it knows nothing of the agents.
"""

from __future__ import annotations

import html
import re
from typing import Any

from markdown.extensions.toc import nest_toc_tokens, slugify, unique
from mkdocs.structure.toc import get_toc

#: Each form begins with a letter of its own, not with a group: `re` then goes from one such letter to the next.
_INLINE = re.compile(
    r"\\([\\`*_{}\[\]()>#+\-.!|])"
    r"|`([^`\n]+)`"
    r"|\[((?:`[^`\n]*`|<code>[^<\n]*</code>|\\.|[^\[\]\\`<\n])*)\]\(([A-Za-z0-9_./~%#-]*)\)"
    r"|\*\*([A-Za-z ]+)\*\*"
    r"|<(?:a id=\"s\.[A-Za-z0-9_.%~-]+\" class=\"[a-z-]+\"></a>|code>[^<\n]*</code>"
    r"|/?(?:code|em|strong|br|p|pre|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|th|td|blockquote)>)"
    r"|&\#?\w{1,10};"
)
_UNKNOWN = re.compile(r"[\\`*_\[\]<>&]|https?:")
_HEADING = re.compile(r"(#{1,3}) (\S.*)")
_FENCE = re.compile(r"(`{3,})([a-z][a-z0-9+-]*)?")
_CELL = re.compile(r"\|(?<!\\\|)")  # the sign first: `re` jumps to it
#: HTML on one line, which Markdown passes on as it is.
_RAW = re.compile(r"<(details|ul|ol|dl|table|blockquote|pre|p)>.*</\1>")
_RAW_SAFE = re.compile(r"(?:[^<>*`\[\]\\_]|</?[a-z]{1,10}>)*")
#: What would make of a line something other than a paragraph.
_LINE_START = re.compile(r"\s|[-+=:?~>|#]|!!!|\d+[.)]|`{3}")
_TAG = re.compile(r"<[^>]*>")


class NotPlain(Exception):
    """The page holds Markdown that this converter does not know."""


def convert(markdown: str) -> tuple[str, list[Any]]:
    """The page's HTML, and its headings as the toc extension lists them. Raises NotPlain."""
    lines = markdown.expandtabs(4).split("\n")
    blocks: list[str] = []
    headings: list[Any] = []
    used: set[str] = set()
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
        elif line[0] == "`" and (fence := _FENCE.fullmatch(line)):
            end = _closing(lines, at + 1, fence[1])
            blocks.append(_code_block(fence[2] or "", lines[at + 1 : end]))
            at = end + 1
        else:
            end = at + 1
            while end < len(lines) and lines[end].strip():
                end += 1
            blocks.append(_block(lines[at:end], headings, used))
            at = end
    return "\n".join(blocks).rstrip("\n"), nest_toc_tokens(headings)


def _closing(lines: list[str], start: int, bars: str) -> int:
    for at in range(start, len(lines)):
        if lines[at].rstrip() == bars:
            return at
    raise NotPlain("a code block is not closed")


def _code_block(language: str, lines: list[str]) -> str:
    if not any(line.strip() for line in lines):
        raise NotPlain("an empty code block")
    text = "\n".join(line if line.strip() else "" for line in lines).strip("\n").rstrip()
    if language == "mermaid":
        return f'<pre class="mermaid"><code>{_escaped(text)}</code></pre>'
    name = f' class="language-{language}"' if language else ""
    return f'<pre class="highlight"><code{name}>{_escaped(text)}</code></pre>'


def _block(lines: list[str], headings: list[Any], used: set[str]) -> str:
    first = lines[0].rstrip()
    if first.startswith("| ") and len(lines) > 1:
        return _table(lines)
    if first.startswith("- ") and all(line.startswith("- ") for line in lines):
        items = "\n".join(f"<li>{_inline(line[2:].strip())}</li>" for line in lines)
        return f"<ul>\n{items}\n</ul>"
    if len(lines) > 1:
        raise NotPlain("a paragraph of several lines")
    if first.startswith("<") and _RAW.fullmatch(first) and _RAW_SAFE.fullmatch(first):
        return first + "\n"  # as Markdown parts it from what follows
    if first.startswith("#") and (heading := _HEADING.fullmatch(first)):
        return _heading(len(heading[1]), heading[2], headings, used)
    if _LINE_START.match(first):
        raise NotPlain(f"a line that starts with {first[:10]!r}")
    return f"<p>{_inline(first)}</p>"


def _heading(level: int, text: str, headings: list[Any], used: set[str]) -> str:
    if text.endswith("#") and not text.endswith("\\#"):
        raise NotPlain("a heading that is closed")
    inner = _inline(text)
    name = " ".join(_TAG.sub("", inner).split())
    anchor = unique(slugify(html.unescape(name), "-"), used)
    headings.append({"level": level, "id": anchor, "name": name, "html": inner, "data-toc-label": ""})
    return f'<h{level} id="{anchor}">{inner}</h{level}>'


def _table(lines: list[str]) -> str:
    header, rule, *rows = (_cells(line) for line in lines)
    if len(rule) != len(header) or any(cell not in {"---", "---:"} for cell in rule) or not rows:
        raise NotPlain("lines with bars that are no table")
    style = [' style="text-align: right;"' if cell == "---:" else "" for cell in rule]

    def row(tag: str, cells: list[str]) -> str:
        if len(cells) != len(header):
            raise NotPlain("a row of another length than its table")
        inside = "\n".join(f"<{tag}{s}>{_inline(c)}</{tag}>" for c, s in zip(cells, style, strict=True))
        return f"<tr>\n{inside}\n</tr>"

    body = "\n".join(row("td", cells) for cells in rows)
    return f"<table>\n<thead>\n{row('th', header)}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _cells(line: str) -> list[str]:
    text = line.strip()
    if not (text.startswith("|") and text.endswith("|")):
        raise NotPlain("a table's row without bars at its ends")
    return [cell.strip() for cell in _CELL.split(text[1:-1])]


def _inline(text: str) -> str:
    if not _UNKNOWN.search(text):
        return text
    if text.startswith("`") and text.find("`", 1) == len(text) - 1 and "\n" not in text and len(text) > 2:
        return f"<code>{_escaped(text[1:-1].strip())}</code>"
    parts: list[str] = []
    plain: list[str] = []
    last = 0
    for match in _INLINE.finditer(text):
        plain.append(text[last : match.start()])
        parts.append(plain[-1])
        literal, code, label, url, strong = match.groups()
        if literal is not None:
            parts.append("&gt;" if literal == ">" else literal)
        elif code is not None:
            parts.append(f"<code>{_escaped(code.strip())}</code>")
        elif url is not None:
            parts.append(f'<a href="{_built(url)}">{_inline(label)}</a>')
        else:
            parts.append(f"<strong>{strong}</strong>" if strong is not None else match[0])
        last = match.end()
    plain.append(text[last:])
    if _UNKNOWN.search("\n".join(plain)):
        raise NotPlain(f"unknown inside a line: {text[:40]!r}")
    return "".join([*parts, plain[-1]])


def _built(url: str) -> str:
    """A page's address once it is built."""
    path, mark, anchor = url.partition("#")
    return (path[:-3] + ".html" if path.endswith(".md") else path) + mark + anchor


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> None:  # noqa: ARG001 (mkdocs' signature)
    """Put our conversion in the place of the page's own where the page is written in the known dialect."""
    if not page.file.src_uri.startswith(("api/", "modules/", "guides/", "packages/")) or "render" in vars(page):
        return  # or another plugin has a content for the page
    try:
        content, headings = convert(markdown)
    except NotPlain:
        return

    def render(*_: Any) -> None:
        page.content = content
        page.toc = get_toc(headings)
        if headings and "title" not in vars(page):
            page.title = headings[0]["name"]

    page.render = render
