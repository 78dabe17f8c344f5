"""Where a link of documentation leads: to an address, or to a symbol that it names. Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

from agents.text import marked

#: A symbol's name with its owners, as authors write it in a link or in brackets.
SYMBOL_PATH = re.compile(r"(?:\w+@)?[\w$:.~#<>!]+(?:\([^()]*\))?$")
_EXTERNAL = re.compile(r"(?:[a-z][a-z0-9+.-]*:(?!:)|#|/|\.{1,2}/|www\.)", re.IGNORECASE)
#: `#model.Node.type`, an anchor of a page that the project's own tool writes, names a symbol.
_ANCHOR_OF_SYMBOL = re.compile(r"#(?=[^.]+\.)(?:[a-z]\w{0,60}\.){0,4}([A-Z]\w{0,99}(?:\.\w{1,99}){0,4})")
_FILE = re.compile(r"\.(?:md|html?|rst|txt|png|svg)(?:$|[#?])")


def target_of(href: str) -> str:
    """A link's target: an address, or a symbol's name."""
    if anchor := _ANCHOR_OF_SYMBOL.fullmatch(href):
        return marked.SYMBOL + anchor.group(1)
    plain = unquote(href) if "%" in href else href
    if href.startswith(marked.SYMBOL) or _EXTERNAL.match(href) or not SYMBOL_PATH.fullmatch(plain):
        return href
    return href if _FILE.search(plain) else marked.SYMBOL + plain
