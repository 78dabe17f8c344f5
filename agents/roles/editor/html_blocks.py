"""Blocks as HTML on one line, for places where Markdown can hold no blocks: list items, table cells, what folds. Pure.

Only elements without attributes, and no sign in the text that HTML or Markdown could read: both converters of the site
and every other host give the same page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agents.contracts.documentation import (
    Admonition,
    Block,
    Code,
    Definitions,
    Heading,
    Listing,
    Paragraph,
    Table,
)
from agents.text.marked import Run, runs

_ODD = re.compile(r"[^\w ,.;()/?'+%-]|_|(?<=\d)\.|(?<=www)\.|\s(?=\s)")


def text(plain: str) -> str:
    """Text in which no sign has a meaning."""
    return _ODD.sub(lambda one: f"&#{ord(one.group())};", plain)


def as_html(blocks: Iterable[Block]) -> str:
    """Blocks as HTML on one line."""
    return "".join(_block(one) for one in blocks)


def as_html_line(blocks: Sequence[Block]) -> str:
    """Blocks behind a sentence; a single paragraph needs no element of its own."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _line(blocks[0].text)
    return as_html(blocks)


def _block(one: Block) -> str:
    if isinstance(one, Paragraph):
        return f"<p>{_line(one.text)}</p>"
    if isinstance(one, Code):
        return f"<pre><code>{text(one.text)}</code></pre>" if one.text.strip() else ""
    if isinstance(one, Heading):
        return f"<p><strong>{_line(one.text)}</strong></p>"
    if isinstance(one, Listing):
        tag = "ol" if one.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{as_html_line(item)}</li>' for item in one.items)}</{tag}>"
    if isinstance(one, Table):
        head = "".join(f"<th>{_line(cell)}</th>" for cell in one.header)
        rows = "".join("<tr>" + "".join(f"<td>{_line(cell)}</td>" for cell in row) + "</tr>" for row in one.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    if isinstance(one, Definitions):
        return f"<dl>{''.join(_term(entry.name, entry.type, entry.text, entry.blocks) for entry in one.entries)}</dl>"
    if isinstance(one, Admonition) and one.label == "quote":
        return f"<blockquote>{as_html(one.blocks)}</blockquote>"
    title = f" {_line(one.title)}" if one.title else ""
    return f"<p><strong>{text(one.label.capitalize())}</strong>{title}</p>{as_html(one.blocks)}"


def _term(name: str, type_: str, said: str, blocks: Sequence[Block]) -> str:
    typed = f" <code>{text(type_)}</code>" if type_ else ""
    return f"<dt><code>{text(name)}</code>{typed}</dt><dd>{_line(said)}{as_html(blocks)}</dd>"


def _line(marked: str) -> str:
    return "".join(_run(one) for one in runs(marked))


def _run(one: Run) -> str:
    if one.kind == "text":
        return "<br>".join(text(part) for part in one.text.split("\n"))
    if one.kind == "code":
        return f"<code>{text(one.text)}</code>"
    inner = "".join(_run(part) for part in one.inside)
    tag = {"emphasis": "em", "strong": "strong"}.get(one.kind)
    if tag:
        return f"<{tag}>{inner}</{tag}>"
    if one.target.startswith("symbol:") or "".join(part.text for part in one.inside) == one.target:
        return inner
    return f"{inner} (<code>{text(one.target)}</code>)"
