"""The site's content security policy, in its two forms: the one home of what a page may load. Pure.

A page carries the stricter form, which names the theme's scripts by their hashes. Whoever serves the site over HTTP
sends the other with every page. A browser holds a page to both.
"""

from __future__ import annotations

#: Mermaid writes style elements and attributes into its drawings, so styles cannot be named; they run nothing.
_DIRECTIVES = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
)
#: The form of a page, for its `meta` element; `{scripts}` is where the hashes stand.
PAGE_POLICY = _DIRECTIVES
#: The form of an HTTP header. Hashes differ from page to page, so only the page can name them; only a header can say
#: who may frame the page.
HEADER_POLICY = _DIRECTIVES.format(scripts=" 'unsafe-inline'") + "; frame-ancestors 'self'"
