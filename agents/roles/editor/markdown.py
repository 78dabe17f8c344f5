"""Markdown that a repository's text cannot break out of. Everything from the repository passes through here. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from textwrap import dedent

from agents.contracts.base import Lines
from agents.pages.addresses import line_anchor, link
from agents.text.cleaning import CUT

#: A backslash takes the meaning from these, in Python-Markdown and CommonMark alike.
_MARKED = str.maketrans({sign: f"\\{sign}" for sign in r"\`*_[]{}#!|"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"})
#: What only means something at the start of a line: lists, quotes, headings' underlines, admonitions.
_LINE_START = re.compile(r"^(\s*)(?:([-+=:?~])|(\d+)([.)]))")
_BACKTICKS = re.compile(r"(`{1,2})([^`\n]{1,200})\1")
_ROLE = re.compile(r":[a-z:]{1,20}:(?=`)")
_LANGUAGE = re.compile(r"^[a-z][a-z0-9+-]{0,20}$")


def escape(text: str) -> str:
    """Plain text on one line, shown as it is written."""
    return _LINE_START.sub(_disarm, " ".join(text.split()).translate(_MARKED))


def _disarm(start: re.Match[str]) -> str:
    space, sign, number, dot = start.groups()
    return f"{space}&#{ord(sign)};" if sign else f"{space}{number}&#{ord(dot)};"


def prose(text: str) -> str:
    """An author's sentence on one line: escaped, but what stands between backticks becomes code."""
    flat = _ROLE.sub("", " ".join(text.replace(CUT, "").split()))
    parts: list[str] = []
    last = 0
    for match in _BACKTICKS.finditer(flat):
        parts += [inside(flat[last : match.start()], first=last == 0), code(match.group(2).strip())]
        last = match.end()
    return "".join([*parts, inside(flat[last:], first=last == 0)])


def inside(text: str, *, first: bool) -> str:
    """Escape a piece of a line and keep the spaces at its edges, which part it from its neighbours."""
    if not text.strip():
        return " " if text else ""
    lead = text[: len(text) - len(text.lstrip())] if not first else ""
    tail = text[len(text.rstrip()) :]
    return lead + escape(text) + tail


def paragraphs(text: str) -> str:
    """An author's longer text in plain words: its paragraphs, its code as it stands, nothing cut."""
    written: list[str] = []
    for block in re.split(r"\n[ \t]*\n", text.strip("\n")):
        if not block.strip():
            continue
        if all(line.startswith("    ") for line in block.split("\n") if line):
            body = dedent(block)
            written.append(fence(body, "text"))
        else:
            written.append(prose(block))
    return "\n\n".join(written)


def code(text: str) -> str:
    """Code inside a line."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    if any(sign in flat for sign in "`|\\"):
        plain = "".join(c if c.isalnum() or c == " " else f"&#{ord(c)};" for c in flat)
        return f"<code>{plain}</code>"
    return f"`{flat}`"


def fence(text: str, language: str = "") -> str:
    """A code block that its content cannot close."""
    ticks = max((len(run) for run in re.findall(r"`+", text)), default=0)
    bars = "`" * max(3, ticks + 1)
    name = language if _LANGUAGE.match(language) and language != "mermaid" else "text"
    return f"{bars}{name}\n{text.rstrip()}\n{bars}"


def diagram(text: str) -> str:
    """A Mermaid diagram; the text comes from agents.roles.editor.mermaid, which escapes it."""
    return f"```mermaid\n{text.rstrip()}\n```"


def cell(text: str) -> str:
    """A table's cell: one line, its pipes without meaning. Takes Markdown that is already safe."""
    return " ".join(text.split()) or " "


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table of safe Markdown; the columns in `numbers` are aligned to the right. Empty when there is no row."""
    body = ["| " + " | ".join(cell(value) for value in row) + " |" for row in rows]
    if not body:
        return ""
    rule = "|".join(" ---: " if column in numbers else " --- " for column in range(len(header)))
    return "\n".join(["| " + " | ".join(header) + " |", f"|{rule}|", *body])


def admonition(kind: str, title: str, body: str) -> str:
    """A call-out; `kind` and `title` are ours, `body` is safe Markdown."""
    inside = "\n".join(f"    {line}" if line else "" for line in body.splitlines())
    return f'!!! {kind} "{title}"\n\n{inside}'


def to(label: str, page: str, target: str, anchor: str = "") -> str:
    """A link inside the site; `label` is safe Markdown."""
    return f"[{label}]({link(page, target, anchor)})"


def cite(page: str, path: str, source: str, lines: Lines | None) -> str:
    """A citation: `path#L3-L9`, linked to the line in the site's own source view."""
    anchor = line_anchor(lines)
    label = f"{_escaped(path)}\\#{anchor}" if anchor else _escaped(path)
    return f"[{label}]({link(page, source, anchor)})"


@lru_cache(maxsize=4_096)
def _escaped(path: str) -> str:
    """A page cites one file again and again."""
    return escape(path)
