"""A file as a static page: numbered lines with anchors, secrets masked; a script colours and marks lines."""

from __future__ import annotations

import html
from collections.abc import Sequence

from agents.codebase.published import Hidden, published_lines
from agents.contracts.base import clean_text
from agents.pages.addresses import link

#: A line that is longer is shown cut: a browser cannot lay out a megabyte on one line.
_LONGEST_LINE = 2_000
#: Each line costs 50 bytes beside its text: without a bound, a file of 2 MB of empty lines is a page of 100 MB.
_MOST_LINES = 100_000
#: The lines behind them stand together, so many under one anchor.
_BLOCK = 1_000

#: A source page loads the site's own style and script, and nothing else.
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; "
    "style-src 'self'; script-src 'self'\">"
)


def source_page(page: str, path: str, text: str, hidden: Hidden, api: str | None) -> str:
    """The HTML of one file's source page; `api` is its API page, as built, if it has one."""
    lines = published_lines(text, hidden)
    if lines and not lines[-1]:
        lines.pop()
    links = [f'<a href="{link(page, "index.html")}">Overview</a>']
    if api:
        links.append(f'<a href="{link(page, api)}">API</a>')
    title = html.escape(path)
    base = "../" * page.count("/")
    body = "".join(_line(number, line) for number, line in enumerate(lines[:_MOST_LINES], start=1))
    body += "".join(_block(at, lines[at : at + _BLOCK]) for at in range(_MOST_LINES, len(lines), _BLOCK))
    count = f"{len(lines):,} line{'' if len(lines) == 1 else 's'}"
    return (
        f'<!doctype html><html lang="en" data-base="{base}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'{_POLICY}<link rel="stylesheet" href="{base}assets/source.css"></head><body>'
        f"<header><div><h1>{title}</h1> <small>{count}</small></div>"
        f"<nav>{''.join(links)}</nav></header>"
        f'<main><pre data-path="{title}" tabindex="0" aria-label="Source">{body}</pre></main>'
        f'<script src="{base}assets/code.js"></script></body></html>\n'
    )


def _block(before: int, lines: Sequence[str]) -> str:
    """Lines that have no anchor each; a link to one of them leads to theirs."""
    first, last = before + 1, before + len(lines)
    text = html.escape("\n".join(map(_readable, lines)), quote=False)
    return f'<span id="L{first}" data-last="{last}"><a href="#L{first}">{first}</a>{text}</span>'


def _line(number: int, text: str) -> str:
    return f'<span id="L{number}"><a href="#L{number}">{number}</a>{html.escape(_readable(text), quote=False)}</span>'


def _readable(text: str) -> str:
    readable = clean_text(text)
    if len(readable) > _LONGEST_LINE:
        readable = f"{readable[:_LONGEST_LINE]} … {len(readable) - _LONGEST_LINE:,} characters more"
    return readable
