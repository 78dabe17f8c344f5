"""mkdocs hook: every page says what it may load, so that nothing else runs even if a text slipped through as markup.

The theme writes two short scripts into its pages, which differ with a page's depth: they are named by their hashes. The
file travels in the site's sources, so it knows nothing of the agents; mkdocs.yml brings the policy's text.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from typing import Any

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
#: The theme makes a landmark of every nested list of links; a page has one for its pages and one for its contents.
_NESTED = re.compile(r'<nav class="md-nav"[^>]*>')
_LEVEL = re.compile(r' data-md-level="\d+"')
_CHARSET = '<meta charset="utf-8">'


def on_post_page(output: str, page: Any, config: Any) -> str:  # noqa: ARG001 (mkdocs' signature)
    """The page with its policy, which must stand before whatever it is for."""
    scripts = [
        match["text"]
        for match in _SCRIPT.finditer(_without_content(output))
        if "src=" not in match["attributes"] and "application/json" not in match["attributes"]
    ]
    hashes = "".join(f" 'sha256-{_digest(text)}'" for text in dict.fromkeys(scripts) if text.strip())
    policy = config.extra["content_policy"].format(scripts=hashes)
    output = _NESTED.sub(_without_landmark, output)
    return output.replace(_CHARSET, f'{_CHARSET}<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _without_landmark(match: re.Match[str]) -> str:
    level = _LEVEL.search(match[0])
    return f'<nav class="md-nav" role="none"{level[0] if level else ""}>'


def _without_content(output: str) -> str:
    """The page without its article: a script in there is not the theme's, and gets no hash."""
    start = output.find("<article")
    end = output.rfind("</article>")
    return output[:start] + output[end:] if 0 <= start < end else output


@lru_cache(maxsize=64)
def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
