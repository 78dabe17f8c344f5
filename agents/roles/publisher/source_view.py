"""A file as a static page: numbered lines with anchors, secrets masked, no script."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable

from agents.codebase.published import published_lines
from agents.contracts.base import clean_text
from agents.contracts.structure import Evidence
from agents.pages.addresses import link

#: A line that is longer is shown cut: a browser cannot lay out a megabyte on one line.
_LONGEST_LINE = 2_000

_STYLE = """
:root{color-scheme:light dark;--fg:#24292f;--dim:#6e7781;--bg:#fff;--bar:#f6f8fa;--line:#d0d7de;--mark:#fff4c2}
@media(prefers-color-scheme:dark){:root{--fg:#d6dbe3;--dim:#7d8590;--bg:#12151c;--bar:#1a1f29;--line:#2b313c;--mark:#4a3f14}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:14px/1.5 system-ui,sans-serif}
header{position:sticky;top:0;background:var(--bar);border-bottom:1px solid var(--line);padding:.6em 1.2em}
header b{font-family:ui-monospace,monospace;overflow-wrap:anywhere}header a{color:inherit;margin-right:1.2em}
header small{color:var(--dim)}
pre{margin:0;padding:.6em 0;overflow-x:auto;font:13px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;
tab-size:4;counter-reset:n}
pre span{display:block;min-height:1.55em;padding-right:1em;scroll-margin-top:5em;white-space:pre}
pre a{display:inline-block;width:4.5em;padding-right:1.2em;text-align:right;color:var(--dim);text-decoration:none;
user-select:none}
pre span:target{background:var(--mark)}pre span:hover a{color:var(--fg)}
""".replace("\n", "")

#: A source page runs and loads nothing; its one style is named by its hash.
_POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'\">"
)


def source_page(page: str, path: str, text: str, evidence: Iterable[Evidence], api: str | None) -> str:
    """The HTML of one file's source page; `api` is its API page, as built, if it has one."""
    lines = published_lines(text, evidence)
    if lines and not lines[-1]:
        lines.pop()
    links = [f'<a href="{link(page, "index.html")}">Overview</a>']
    if api:
        links.append(f'<a href="{link(page, api)}">API</a>')
    title = html.escape(path)
    body = "".join(_line(number, line) for number, line in enumerate(lines, start=1))
    count = f"{len(lines):,} line{'' if len(lines) == 1 else 's'}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"{_POLICY}<style>{_STYLE}</style></head><body><header><div><b>{title}</b> <small>{count}</small></div>"
        f"<div>{''.join(links)}</div></header><main><pre>{body}</pre></main></body></html>\n"
    )


def _line(number: int, text: str) -> str:
    shown = clean_text(text)
    if len(shown) > _LONGEST_LINE:
        shown = f"{shown[:_LONGEST_LINE]} … {len(shown) - _LONGEST_LINE:,} characters more"
    return f'<span id="L{number}"><a href="#L{number}">{number}</a>{html.escape(shown, quote=False)}</span>'
