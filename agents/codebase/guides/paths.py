"""Which files are guides, which of them is the README, and in what order a reader meets them. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from agents.codebase.paths import is_test

#: The dialect of a document by the ending of its name.
_DIALECTS = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown", ".mdx": "markdown",
    ".rst": "rest", ".rest": "rest", ".adoc": "asciidoc", ".asciidoc": "asciidoc", ".asc": "asciidoc",
    ".rdoc": "rdoc",
}  # fmt: skip
#: Documents that people know by their names, whatever the ending; the order is the one a reader wants them in.
_KNOWN = (
    "readme", "install", "installation", "usage", "quickstart", "getting-started", "getting_started", "contributing",
    "changelog", "changes", "history", "news", "releases", "release-notes", "upgrading", "migration", "security",
    "code_of_conduct", "authors", "todo", "roadmap", "faq",
)  # fmt: skip
_TEMPLATE = re.compile(r"(?:^|/)(?:issue_template|pull_request_template)(?:/|\.|$)", re.IGNORECASE)
_LICENCE = re.compile(r"^(?:licen[cs]es?|copying|notice|unlicense)\b", re.IGNORECASE)
_DOCS = re.compile(r"^(?:docs?|documentation|guides?|manual)/", re.IGNORECASE)
_REST_SIGN = re.compile(r"^\.\. [\w:-]+::|^:[a-z]+:`|^\.\. _[^:\n]+:", re.MULTILINE)
_RDOC_HEADING = re.compile(r"^={1,4} (?=[^\s=])[^=\n]{1,80}$", re.MULTILINE)
_README = re.compile(
    r"^readme(?:[._-]en(?:-us)?)?(?:\.(?:md|markdown|mdown|mkd|mdx|rst|rest|adoc|asciidoc|asc|rdoc|txt))?$",
    re.IGNORECASE,
)
#: Where a README may lie and speak for the whole repository: hosts look there in this order.
_README_FOLDERS = ("", ".github", "docs", "doc")


def dialect(path: str, text: str = "") -> str:
    """The dialect of a guide: markdown, rest, asciidoc, rdoc or text; empty for a file that is no guide."""
    name = posixpath.basename(path)
    stem, ending = posixpath.splitext(name)
    if _LICENCE.match(name) or _TEMPLATE.search(path):
        return ""
    if suffix := _DIALECTS.get(ending.lower()):
        return suffix
    plain = ending.lower() == ".txt" and (stem.lower() in _KNOWN or _DOCS.match(path))
    if plain or (not ending and stem.lower() in _KNOWN):
        return "rest" if _REST_SIGN.search(text) else "rdoc" if _RDOC_HEADING.search(text) else "text"
    return ""


def guides(paths: Iterable[str]) -> list[str]:
    """The guides among a repository's files, in the order of reading; documents of tests are none."""
    return sorted((path for path in paths if dialect(path) and not is_test(path)), key=_rank)


def readme_of(paths: Iterable[str], package: str = "") -> str:
    """The README that speaks for the whole repository, or for the package in a folder; empty without one.

    A subfolder's never does.
    """
    if package:
        return min((candidate for candidate in paths if _lies_in(candidate, package)), key=_choice, default="")
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder.lower() in _README_FOLDERS and _README.match(name):
            by_folder.setdefault(folder.lower(), []).append(path)
    for folder in _README_FOLDERS:
        if folder in by_folder:
            return min(by_folder[folder], key=_choice)
    return ""


def _lies_in(path: str, folder: str) -> bool:
    return posixpath.dirname(path) == folder and _README.match(posixpath.basename(path)) is not None


def _choice(path: str) -> tuple[bool, int, str]:
    """Without a language's mark before one with it, and a dialect that says more before plain text."""
    stem, ending = posixpath.splitext(posixpath.basename(path))
    endings = (*_DIALECTS, ".txt", "")
    return stem.lower() != "readme", endings.index(ending.lower()), path


def _rank(path: str) -> tuple[int, int, bool, str]:
    folder, _, name = path.rpartition("/")
    stem = posixpath.splitext(name)[0].lower()
    place = 0 if not folder else 1 if _DOCS.match(path) else 2
    rank = _KNOWN.index(stem) if stem in _KNOWN else len(_KNOWN)
    return place, (rank if not folder else 0), stem not in {"index", "readme"} or "/" in folder, path
