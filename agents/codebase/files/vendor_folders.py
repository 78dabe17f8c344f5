"""Knows which folders named `vendor` hold other people's code, and which are the author's own word. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Set
from dataclasses import replace
from typing import Final

from agents.codebase.files.attributes import FileAttributes
from agents.codebase.paths import folders_above

_NAMES: Final = frozenset({"vendor", "vendors"})
#: What a package manager writes into a vendor folder of its own.
_INSIDE: Final = (
    "modules.txt",
    "autoload.php",
    "composer/installed.json",
    "manifest",
    "bundle",
    "cache",
    "gems",
    "vendor.json",
)
#: A package manager's file beside the folder.
_BESIDE: Final = (
    "go.mod",
    "composer.json",
    "Gemfile",
    "package.json",
    "bower.json",
    "Cargo.toml",
    "glide.yaml",
    "Gopkg.toml",
)
#: Folders of a web application's assets; what lies in their `vendor` folder was downloaded.
_ASSETS: Final = frozenset(
    {
        "assets",
        "static",
        "public",
        "js",
        "javascript",
        "javascripts",
        "css",
        "stylesheets",
        "scss",
        "sass",
        "styles",
        "lib",
        "libs",
        "dist",
        "www",
        "web",
        "htdocs",
        "wwwroot",
        "resources",
        "themes",
        "media",
        "ext",
        "deps",
        "extern",
        "external",
    }
)
_ROOTS_OF_ASSETS: Final = frozenset({"static", "assets", "public", "wwwroot"})

#: Packages of an application's part that is named vendor: about people who sell.
_OWN_WORDS: Final = frozenset(
    [
        "admin",
        "api",
        "apps",
        "commands",
        "core",
        "domain",
        "forms",
        "management",
        "migrations",
        "models",
        "routes",
        "schemas",
        "serializers",
        "services",
        "signals",
        "tasks",
        "templates",
        "templatetags",
        "tests",
        "urls",
        "utils",
        "views",
    ]
)


def vendor_folders(paths: Collection[str]) -> frozenset[str]:
    """The folders of a repository, such as `vendor` or `web/assets/vendor`, that hold other people's code.

    A folder named vendor counts at the repository's root, beside a package manager's file, among a web application's
    assets, or with a package manager's list in it. Elsewhere the word is the author's: people who sell, for one.
    """
    everything = set(paths)
    everything.update(folder for path in paths for folder in folders_above(path))
    return frozenset(
        folder for folder in everything if posixpath.basename(folder) in _NAMES and _is_foreign(folder, everything)
    )


def _is_foreign(folder: str, paths: Collection[str]) -> bool:
    parent = posixpath.dirname(folder)
    if not parent or posixpath.basename(parent).lower() in _ASSETS:
        return True
    # An application that is put into others has its assets in a folder of its name: `static/shop/vendor`.
    if posixpath.basename(posixpath.dirname(parent)).lower() in _ROOTS_OF_ASSETS:
        return True
    return any(posixpath.join(folder, name) in paths for name in _INSIDE) or any(
        posixpath.join(parent, name) in paths for name in _BESIDE
    )


def copied_packages(paths: Collection[str]) -> frozenset[str]:
    """The folders named vendor in which a Python package has copies of others, so that it needs none installed."""
    everything = set(paths)
    inside = (path.removesuffix("/__init__.py") for path in everything if path.endswith("/__init__.py"))
    return frozenset(
        folder for folder in inside if posixpath.basename(folder) in _NAMES and _holds_packages(folder, everything)
    )


def with_copied(path: str, folders: Set[str], attributes: FileAttributes) -> FileAttributes:
    """What the repository says of a file; where it says nothing, a file in one of the folders is vendored."""
    if attributes.vendored is not None or folders.isdisjoint(folders_above(path)):
        return attributes
    return replace(attributes, vendored=True)


def _holds_packages(folder: str, paths: Collection[str]) -> bool:
    """Whether the folder, in a package, has no module of its own but several packages, none with an author's word."""
    if posixpath.join(posixpath.dirname(folder), "__init__.py") not in paths:
        return False
    below = [path.removeprefix(f"{folder}/") for path in paths if path.startswith(f"{folder}/")]
    own = {path for path in below if "/" not in path and path.endswith(".py")} - {"__init__.py"}
    packages = {path.partition("/")[0] for path in below if path.count("/") == 1 and path.endswith("/__init__.py")}
    return not own and len(packages) > 1 and not packages & _OWN_WORDS
