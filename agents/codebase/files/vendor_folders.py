"""Knows which folders named `vendor` hold other people's code, and which are the author's own word. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable
from typing import Final

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
    assets, with a package manager's list in it, or in a Python package with nothing but packages in it. Elsewhere the
    word is the author's: people who sell, for one.
    """
    everything = set(paths)
    everything.update(folder for path in paths for folder in _folders(path))
    return frozenset(
        folder for folder in everything if posixpath.basename(folder) in _NAMES and _is_foreign(folder, everything)
    )


def _is_foreign(folder: str, paths: Collection[str]) -> bool:
    parent = posixpath.dirname(folder)
    if not parent or posixpath.basename(parent).lower() in _ASSETS:
        return True
    return (
        any(posixpath.join(folder, name) in paths for name in _INSIDE)
        or any(posixpath.join(parent, name) in paths for name in _BESIDE)
        or _holds_python_packages(folder, paths)
    )


def _holds_python_packages(folder: str, paths: Collection[str]) -> bool:
    """Whether a Python package's `vendor` holds nothing of its own and several packages, none with an author's word."""
    if not all(posixpath.join(each, "__init__.py") in paths for each in (folder, posixpath.dirname(folder))):
        return False
    below = [path.removeprefix(f"{folder}/") for path in paths if path.startswith(f"{folder}/")]
    own = {path for path in below if "/" not in path and path.endswith(".py")} - {"__init__.py"}
    packages = {path.partition("/")[0] for path in below if path.count("/") == 1 and path.endswith("/__init__.py")}
    return not own and len(packages) > 1 and not packages & _OWN_WORDS


def _folders(path: str) -> Iterable[str]:
    at = path.find("/")
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)
