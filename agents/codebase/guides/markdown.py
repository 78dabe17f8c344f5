"""Guides in Markdown: CommonMark, tables, footnotes, call-outs and HTML, by markdown-it-py. Pure."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from agents.codebase.guides import markup, news, rest
from agents.codebase.guides.source import Repository, code_of_file
from agents.codebase.structure.documentation.plain import blocks as plain_blocks
from agents.contracts.documentation import Block

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: The library takes a second for so much of the worst text: longer guides are read in parts, each from a heading on.
_PART = 60_000
_DEEPEST = re.compile(r"^[ \t]*(?:(?:>|(?:[-*+]|\d+[.)])[ \t])[ \t]*){12}|^[ \t]{100}", re.MULTILINE)
_HEADING_ID = re.compile(r"(?<!\s)\s*\{:?\s*[#.][^{}\n]*\}\s*$")
_ATTRIBUTES = re.compile(r"(?<=[)`\]*_])\{:?\s*[#.:\w][^{}\n]{0,200}\}|^[ \t]*\{:\s*[^{}\n]{1,200}\}[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}|:{3,})")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S[^\n]*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^\{([\w:-]+)\}\s*(.*)$")
_INCLUDE = re.compile(r"^[ \t]*(?:--8<--|\{!)[ \t]*[\"']?([^\"'!\n]+?)[\"']?[ \t]*(?:!\})?[ \t]*$", re.MULTILINE)
#: Where MyST names a place: a word for authors.
_LABEL = re.compile(r"^\([\w:.-]+\)=[ \t]*$", re.MULTILINE)
_JSX = re.compile(r"^(?:import|export)\s[^\n]*$\n?", re.MULTILINE)
_FRONT = re.compile(r"\A---[ \t]*\n(?:[^\n]*\n){0,200}?---[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*[\"']?([^\n\"']+)", re.MULTILINE)
#: Directives that only arrange what they hold.
_LAYOUT = {"tab-set", "tab-item", "tabs", "tab", "grid", "grid-item", "grid-item-card", "card", "dropdown", "details",
           "div", "margin", "sidebar", "only"}  # fmt: skip
_ADMONITIONS = {"note", "warning", "tip", "hint", "important", "caution", "danger", "error", "attention", "seealso",
                "admonition", "info", "todo", "success", "question", "example", "abstract"}  # fmt: skip


def front_title(text: str) -> str:
    """The title in a document's front matter; empty without one."""
    front = _FRONT.match(text)
    named = _TITLE.search(front.group()) if front else None
    return named.group(1).strip() if named else ""


def blocks(text: str, path: str, repository: Repository) -> list[Block]:
    """Markdown as blocks, whole."""
    text = _FRONT.sub("", text.replace("\t", "    "), count=1)
    if path.lower().endswith(".mdx"):
        text = _JSX.sub("", text)
    text = _LABEL.sub("", text)
    text = _INCLUDE.sub(lambda match: _included(match.group(1), path, repository), text)
    references = "\n".join(_REFERENCE.findall(text)) if len(text) > _PART else ""
    result: list[Block] = []
    for part in _parts(text):
        if len(part) > 2 * _PART or part.count("<!--") > 2_000 or _DEEPEST.search(part):
            result += plain_blocks(part)
            continue
        source = f"{part}\n\n{references}" if references else part
        tokens = _parser().parse(source, {})
        for token in tokens:
            _prepare(token, path, repository)
        result += markup.blocks(_parser().renderer.render(tokens, _parser().options, {}))
    return result


def _parts(text: str) -> list[str]:
    """A long text in parts that begin with headings outside code."""
    if len(text) <= _PART:
        return [text]
    parts: list[list[str]] = [[]]
    size, fence = 0, ""
    for line in text.split("\n"):
        if match := _FENCE.match(line):
            fence = "" if fence and line.strip().startswith(fence) else fence or match.group(1)
        if not fence and size > _PART // 2 and (line.startswith("#") or (size > _PART and not line.strip())):
            parts.append([])
            size = 0
        parts[-1].append(line)
        size += len(line) + 1
    return ["\n".join(part) for part in parts]


@cache
def _parser() -> MarkdownIt:
    # 40 ms to import: whoever reads no guide does not pay.
    from markdown_it import MarkdownIt
    from mdit_py_plugins.admon import admon_plugin
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for plugin in (admon_plugin, deflist_plugin, footnote_plugin, colon_fence_plugin, myst_role_plugin):
        parser.use(plugin)
    # Addresses stay as the author wrote them: whoever shows them escapes them.
    parser.normalizeLink = str  # type: ignore[method-assign, assignment]  # markdown-it offers no other hook
    parser.normalizeLinkText = str  # type: ignore[method-assign, assignment]  # markdown-it offers no other hook
    return parser


def _prepare(token: Token, path: str, repository: Repository) -> None:
    """Attributes in braces are no words; a directive in a fence is what it says."""
    if token.type in {"fence", "colon_fence"}:
        _directive(token, path, repository)
    if token.type != "inline":
        return
    for child in token.children or []:
        if child.type == "text":
            child.content = _ATTRIBUTES.sub("", child.content)
            if child.content.startswith("{") and (brace := re.match(r"\{:?\s*[#.:\w][^{}\n]{0,200}\}", child.content)):
                child.content = child.content[brace.end() :]
        elif child.type == "myst_role":
            child.type, child.content = "html_inline", rest.role_html(str(child.meta["name"]), child.content)
    last = token.children[-1] if token.children else None
    if last is not None and last.type == "text":
        last.content = _HEADING_ID.sub("", last.content)


def _directive(token: Token, path: str, repository: Repository) -> None:
    """MyST's directives and MkDocs' ::: blocks: notes become call-outs, included files code, others their content."""
    info = token.info.strip()
    named = _DIRECTIVE.match(info)
    name = named.group(1) if named else info.split(" ")[0] if token.type == "colon_fence" else ""
    argument = named.group(2) if named else info.partition(" ")[2]
    if not name:
        return
    content = re.sub(r"\A(?::[\w-]+:[^\n]*\n|\s*\n)+", "", token.content)
    if name in _ADMONITIONS:
        label, title = ("note", argument) if name == "admonition" else (name, "")
        # Of any other call-out the first line is part of what it says.
        inner = _parser().render(content if name == "admonition" else f"{argument}\n\n{content}")
        _becomes(token, markup.call_out(label, title or label, inner))
    elif name in news.VERSIONS:
        title, more = news.titled(news.VERSIONS[name], argument)
        _becomes(token, markup.call_out(name, title, _parser().render(f"{more}\n\n{content}")))
    elif name in {"literalinclude", "include"}:
        _becomes(token, code_of_file(argument, path, repository))
    elif name in {"code-block", "code", "sourcecode", "code-cell", "ipython"}:
        token.type, token.tag, token.info, token.content = "fence", "code", argument, content
    elif name == "toctree":
        lines = (line.strip() for line in content.split("\n") if line.strip())
        rows = "".join(f"<li>{rest.toctree_entry(line, path, repository)}</li>" for line in lines)
        _becomes(token, f"<ul>{rows}</ul>")
    elif name in rest.SILENT:
        _becomes(token, "")
    elif name == "eval-rst":
        _becomes(token, rest.as_html(content, path, repository))
    elif token.type == "colon_fence" or name in _LAYOUT:
        _becomes(token, _parser().render(content) if content.strip() else "")


def _becomes(token: Token, source: str) -> None:
    token.type, token.content = "html_block", source


def _included(target: str, path: str, repository: Repository) -> str:
    included = repository.text(target.strip(), path)
    return included if included and len(included) < _PART and not _INCLUDE.search(included) else ""
