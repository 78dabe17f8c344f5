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
    return _ODD.sub(lambda match: f"&#{ord(match.group())};", plain)


def as_html(blocks: Iterable[Block]) -> str:
    """Blocks as HTML on one line."""
    return "".join(_block(block) for block in blocks)


def as_html_line(blocks: Sequence[Block]) -> str:
    """Blocks behind a sentence; a single paragraph needs no element of its own."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _line(blocks[0].text)
    return as_html(blocks)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return f"<p>{_line(block.text)}</p>"
    if isinstance(block, Code):
        return f"<pre><code>{text(block.text)}</code></pre>" if block.text.strip() else ""
    if isinstance(block, Heading):
        return f"<p><strong>{_line(block.text)}</strong></p>"
    if isinstance(block, Listing):
        tag = "ol" if block.ordered else "ul"
        return f"<{tag}>{''.join(f'<li>{as_html_line(item)}</li>' for item in block.items)}</{tag}>"
    if isinstance(block, Table):
        head = "".join(f"<th>{_line(cell)}</th>" for cell in block.header)
        rows = "".join("<tr>" + "".join(f"<td>{_line(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    if isinstance(block, Definitions):
        return f"<dl>{''.join(_term(entry.name, entry.type, entry.text, entry.blocks) for entry in block.entries)}</dl>"
    if isinstance(block, Admonition) and block.label == "quote":
        return f"<blockquote>{as_html(block.blocks)}</blockquote>"
    title = f" {_line(block.title)}" if block.title else ""
    return f"<p><strong>{text(block.label.capitalize())}</strong>{title}</p>{as_html(block.blocks)}"


def _term(name: str, type_: str, text_of_it: str, blocks: Sequence[Block]) -> str:
    typed = f" <code>{text(type_)}</code>" if type_ else ""
    return f"<dt><code>{text(name)}</code>{typed}</dt><dd>{_line(text_of_it)}{as_html(blocks)}</dd>"


def _line(marked: str) -> str:
    return "".join(_run(run) for run in runs(marked))


def _run(run: Run) -> str:
    if run.kind == "text":
        return "<br>".join(text(part) for part in run.text.split("\n"))
    if run.kind == "code":
        return f"<code>{text(run.text)}</code>"
    inner = "".join(_run(part) for part in run.inside)
    tag = {"emphasis": "em", "strong": "strong"}.get(run.kind)
    if tag:
        return f"<{tag}>{inner}</{tag}>"
    if run.target.startswith("symbol:") or "".join(part.text for part in run.inside) == run.target:
        return inner
    return f"{inner} (<code>{text(run.target)}</code>)"
