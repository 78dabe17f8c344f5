"""What in a page's markup could run a script or send a request, read without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

_REFUSED = frozenset(
    {"base", "object", "embed", "applet", "iframe", "frame", "math", "foreignobject", "animate", "set"}
)
_ADDRESSES = frozenset({"src", "href", "srcset", "action", "formaction", "data", "poster", "background", "xlink:href"})
_LOADED = frozenset({"src", "srcset", "data", "poster", "background"})
_SCHEMES = ("http://", "https://", "mailto:")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _REFUSED or (tag == "meta" and values.get("http-equiv", "").lower() == "refresh"):
            self.problems.append(f"<{tag}>")
        for name, value in values.items():
            if name.startswith("on") or name in {"srcdoc", "ping"}:
                self.problems.append(f"<{tag} {name}>")
            elif name in _ADDRESSES:
                self._address(tag, name, "".join(value.split()).lower())

    def _address(self, tag: str, name: str, address: str) -> None:
        scheme, colon, _ = address.partition(":")
        has_scheme = bool(colon) and scheme.replace("+", "").replace("-", "").replace(".", "").isalnum()
        is_loaded = name in _LOADED or (name == "href" and tag in {"link", "use", "image"})
        if is_loaded and address.startswith("data:image/") and not address.startswith("data:image/svg"):
            return
        if (has_scheme or address.startswith("//")) and (is_loaded or not address.startswith(_SCHEMES)):
            self.problems.append(f"<{tag} {name}={address[:60]}>")


def problems(page: str) -> Iterator[str]:
    """Every element and attribute of a page that must not come from a repository."""
    parser = _Page()
    # A browser ends such a comment at once, Python's parser at the next end of one.
    parser.feed(page.replace("<!-->", "").replace("<!--->", ""))
    parser.close()
    yield from parser.problems
