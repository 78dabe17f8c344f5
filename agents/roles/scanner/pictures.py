"""Which pictures of a repository the snapshot holds for its guides, and how a drawing is made safe. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from agents.contracts.snapshot import SkipReason

#: Bytes of one picture, and of all: a guide shows a broken link's text for what is larger.
LONGEST = 1_000_000
_ALL = 20_000_000
#: How each kind of picture begins; a file that begins otherwise is none.
_KINDS = {
    ".png": (b"\x89PNG\r\n\x1a\n",), ".jpg": (b"\xff\xd8\xff",), ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"), ".webp": (b"RIFF",), ".svg": (b"",),
}  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DRAWN = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs", "use",
    "linearGradient", "radialGradient", "stop", "clipPath", "mask", "pattern", "marker", "symbol", "title", "desc",
    "filter", "feGaussianBlur", "feOffset", "feMerge", "feMergeNode", "feColorMatrix", "feBlend", "feFlood",
    "feComposite", "switch",
}  # fmt: skip
#: What loads or runs something, in an attribute's value or in XML's own declarations.
_ACTIVE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:|https?:|//|expression\(|@import", re.IGNORECASE)


class Pictures:
    """Takes the bytes of a picture while a file is examined."""

    def __init__(self) -> None:
        self._bytes = 0
        self._ending = ""
        self._chunks: list[bytes] = []
        self._size = 0

    def passing(self, path: str, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The same chunks; those of a picture are remembered."""
        self._ending = posixpath.splitext(path)[1].lower()
        self._chunks, self._size = [], 0
        return self._remembering(chunks) if self._ending in _KINDS else chunks

    def taken(self, skipped: SkipReason | None) -> bytes:
        """The picture that has passed, made safe; empty if it is none, too large, or left out as another's work."""
        data, self._chunks = b"".join(self._chunks), []
        if not data or self._size > LONGEST or self._bytes + self._size > _ALL or skipped is SkipReason.VENDORED:
            return b""
        if not data.startswith(_KINDS[self._ending]):
            return b""
        safe = safe_svg(data) if self._ending == ".svg" else data
        self._bytes += len(safe)
        return safe

    def _remembering(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._size += len(chunk)
            if self._size <= LONGEST:
                self._chunks.append(chunk)
            yield chunk


def safe_svg(data: bytes) -> bytes:
    """A drawing with nothing but shapes and text; empty when it cannot be read or declares entities."""
    if b"\x00" in data or b"<!ENTITY" in data:
        return b""
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 (entities were refused above)
    except (ElementTree.ParseError, ValueError, LookupError):
        return b""
    if root.tag != f"{_SVG}svg":
        return b""
    _clean(root)
    ElementTree.register_namespace("", _SVG.strip("{}"))
    ElementTree.register_namespace("xlink", _XLINK.partition("}")[0].lstrip("{"))
    written: bytes = ElementTree.tostring(root, encoding="utf-8")
    return written


def _clean(root: ElementTree.Element) -> None:
    pending = [root]
    while pending:
        element = pending.pop()
        for name, value in list(element.attrib.items()):
            local = name.rpartition("}")[2].lower()
            leads_out = local == "href" and not value.startswith("#")
            if local.startswith("on") or leads_out or _ACTIVE.search(value):
                del element.attrib[name]
        for child in list(element):
            if not isinstance(child.tag, str) or child.tag.removeprefix(_SVG) not in _DRAWN:
                element.remove(child)
            else:
                pending.append(child)
