"""Where things are on the site: one name per file, the same for whoever writes, checks or builds a page."""

from __future__ import annotations

import hashlib
import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote

from agents.contracts.base import Lines

OVERVIEW = "index.md"
SOURCE = "source/"
API = "api/"
MODULES = "modules/"
GUIDES = "guides/"
PACKAGES = "packages/"
IMAGES = "images/"

#: What Windows and URLs refuse in a file's name.
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
#: Bytes of a folder's or file's name before its suffix; file systems take 255.
_LONGEST = 180
#: Names of devices, with any suffix: Windows cannot make a file of that name.
_DEVICES = re.compile(r"^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)", re.IGNORECASE)
#: Stems that site builders and web servers treat as a folder's own page.
_RESERVED = {"index", "readme"}


def source_pages(paths: Iterable[str]) -> dict[str, str]:
    """Each file's source page, such as `source/agents/keys.py.html`."""
    return site_names(paths, SOURCE, ".html")


def api_pages(paths: Iterable[str]) -> dict[str, str]:
    """Each file's API page, such as `api/agents/keys.py.md`."""
    return site_names(paths, API, ".md")


def guide_pages(paths: Iterable[str]) -> dict[str, str]:
    """Each guide's page, such as `guides/docs/deploy.rst.md`."""
    return site_names(paths, GUIDES, ".md")


def package_pages(folders: Iterable[str]) -> dict[str, str]:
    """Each package's page by its folder, such as `packages/crates/core.md`; the root's is empty."""
    return {
        "" if folder == "." else folder: page
        for folder, page in site_names((folder or "." for folder in folders), PACKAGES, ".md").items()
    }


def image_place(path: str) -> str:
    """Where a picture of the repository lies on the site."""
    return f"{IMAGES}{_mark(path)}{posixpath.splitext(path)[1].lower()}"


def module_pages(names: Iterable[str]) -> dict[str, str]:
    """Each module's page, such as `modules/agents-aws.md`."""
    flat = {name: name.replace("/", "-") for name in names}
    taken = Counter(value.casefold() for value in flat.values())
    single = {name: value if taken[value.casefold()] == 1 else f"{value}~{_mark(name)}" for name, value in flat.items()}
    pages = site_names(single.values(), MODULES, ".md")
    return {name: pages[value] for name, value in single.items()}


def site_names(paths: Iterable[str], folder: str, suffix: str) -> dict[str, str]:
    """A file name under `folder` for each path: safe on every file system, unique without regard to case or form.

    A name that had to change, or that clashes, ends in a few digits of its path's hash. The answer for one path depends
    on the others, so every caller passes all paths of the manifest.
    """
    names = {path: _plain(path) for path in paths}
    seen = Counter(_folded(name + suffix) for name in names.values())
    folders = {parent for name in names.values() for parent in _parents(_folded(name))}

    def unique(path: str, name: str) -> str:
        whole = _folded(name + suffix)
        clear = seen[whole] == 1 and whole not in folders and posixpath.basename(name).casefold() not in _RESERVED
        return name if clear else f"{name}~{_mark(path)}"

    return {path: folder + unique(path, name) + suffix for path, name in names.items()}


def link(page: str, target: str, anchor: str = "") -> str:
    """A relative URL from one page of the site to another file of it, quoted."""
    url = _relative(page.rpartition("/")[0], target)
    return f"{url}#{_quoted(anchor)}" if anchor else url


@lru_cache(maxsize=4096)
def _quoted(anchor: str) -> str:
    return quote(anchor)


@lru_cache(maxsize=4096)
def _relative(folder: str, target: str) -> str:
    # posixpath.relpath asks the system for its working folder, and a site has a hundred thousand links.
    here, there = folder.split("/") if folder else [], target.split("/")
    shared = 0
    while shared < min(len(here), len(there) - 1) and here[shared] == there[shared]:
        shared += 1
    return quote("/".join([".."] * (len(here) - shared) + there[shared:]))


def line_anchor(lines: Lines | None) -> str:
    """The anchor of a source page's lines; empty for a whole file."""
    if lines is None:
        return ""
    return f"L{lines.start}-L{lines.end}" if lines.end != lines.start else f"L{lines.start}"


def _folded(name: str) -> str:
    """The name as file systems compare it: macOS composes its letters, and like Windows takes no notice of case."""
    return unicodedata.normalize("NFC", name).casefold()


def _plain(path: str) -> str:
    parts = [_part(part) for part in path.split("/")]
    plain = "/".join(parts)
    if len(plain.encode("utf-8", "replace")) > 3 * _LONGEST:
        return f"{parts[-1]}~{_mark(path)}"
    return plain


def _part(part: str) -> str:
    plain = _DEVICES.sub(r"_\g<0>", _FORBIDDEN.sub("_", part))
    if plain.startswith("."):
        plain = "_" + plain
    if plain.endswith((" ", ".")):
        plain += "_"
    encoded = plain.encode("utf-8", "replace")
    if len(encoded) > _LONGEST or plain != encoded.decode():
        plain = encoded[:_LONGEST].decode("utf-8", "ignore")
        return f"{plain}~{_mark(part)}"
    return plain


def _parents(name: str) -> Iterable[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
