"""Rust: rustdoc's JSON, with the private items, each public as it is declared."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.references.rows import Convention, Row
from bench.references.rust_text import function, type_text
from bench.references.tools import on_path, run

LANGUAGES = frozenset({"rust"})
_FLAGS = ["-Z", "unstable-options", "--output-format", "json", "--document-private-items", "--cap-lints", "allow"]
_MEMBERS = frozenset({"struct_field", "variant"})


def rows(top: Path, features: str) -> Iterator[Row]:
    """The items of the crate in `top` that stand in its files, built with `features`."""
    on_path("cargo", "install Rust")
    # A stable rustdoc writes JSON when it is allowed to do what only a nightly one does.
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1", "CARGO_TARGET_DIR": str(top.parent / "target")}
    run(["cargo", "rustdoc", "--quiet", "--lib", f"--features={features}", "--", *_FLAGS], top, environment)
    told = json.loads(next((top.parent / "target" / "doc").glob("*.json")).read_text())
    yield from _Crate(told["index"]).rows(str(told["root"]), "", True, "")


class _Crate:
    def __init__(self, index: dict[str, Any]) -> None:
        self._index = index

    def rows(self, at: str, owner: str, public: bool, file: str) -> Iterator[Row]:
        """The rows of a module's items; `owner` is its name in `file` when it is declared in one."""
        for number in self._index[at]["inner"]["module"]["items"]:
            item = self._index.get(str(number))
            if item is None or _file(item) == "":
                continue
            ((kind, inner),) = item["inner"].items()
            inside = owner if _file(item) == file else ""
            shown = public or inside == ""
            if kind == "use" and not inner["is_glob"]:
                yield _row(item, _join(inside, inner["name"]), item["visibility"] == "public" and shown, handed_on=True)
            elif kind == "module":
                # A module's span is what stands in its own file, or between its braces.
                written = _file(item) == file or file == ""
                yield from self._module(item, inside, shown, written)
            elif kind in {"struct", "enum", "union", "trait"}:
                yield from self._type(item, kind, inner, inside, shown)
            elif kind in {"function", "constant", "static", "type_alias", "macro", "proc_macro"}:
                yield self._plain(item, kind, inner, inside, shown)

    def _module(self, item: dict[str, Any], inside: str, shown: bool, written: bool) -> Iterator[Row]:
        first = item["span"]["begin"][0] == 1 and item["span"]["begin"][1] == 1
        if first or not written:  # a file of its own, whose names begin with nothing
            yield from self.rows(str(item["id"]), "", True, _file(item))
            return
        name = _join(inside, item["name"])
        shown = shown and item["visibility"] == "public"
        yield _row(item, name, shown)
        yield from self.rows(str(item["id"]), name, shown, _file(item))

    def _plain(self, item: dict[str, Any], kind: str, inner: Any, inside: str, shown: bool) -> Row:
        public = item["visibility"] == "public" and shown
        signature = function(item["name"], inner) if kind == "function" else ""
        return _row(item, _join(inside, item["name"]), public, signature=signature)

    def _type(self, item: dict[str, Any], kind: str, inner: Any, inside: str, shown: bool) -> Iterator[Row]:
        name = _join(inside, item["name"])
        public = item["visibility"] == "public" and shown
        yield _row(item, name, public)
        if kind == "trait":
            yield from self._members(inner["items"], name, public, True)
            return
        fields = inner.get("variants") or inner.get("fields") or _fields(inner.get("kind"))
        yield from self._members(fields, name, public, kind == "enum")
        for number in inner["impls"]:
            implementation = self._index.get(str(number))
            if implementation is None or _file(implementation) == "":
                continue
            block = implementation["inner"]["impl"]
            if block["trait"] is None and not block["is_synthetic"] and block["blanket_impl"] is None:
                # An implementation in another file has no module of ours around it.
                yield from self._members(block["items"], name if _file(implementation) == _file(item) else item["name"], True, False)

    def _members(self, numbers: Any, owner: str, shown: bool, inherit: bool) -> Iterator[Row]:
        """Fields, variants and associated items; those of an enum or a trait are as public as it is."""
        for number in numbers:
            item = self._index.get(str(number)) if number is not None else None
            if item is None or _file(item) == "":
                continue
            ((kind, inner),) = item["inner"].items()
            public = shown and (inherit or item["visibility"] == "public")
            name = _join(owner, item["name"])
            signature = function(item["name"], inner) if kind == "function" else ""
            if kind == "struct_field":
                signature = f"{item['name']}: {type_text(inner)}"
            yield _row(item, name, public, signature=signature, member=kind in _MEMBERS)
            if kind == "variant":
                yield from self._members(_fields(inner["kind"]) if not isinstance(inner["kind"], dict) or "struct" in inner["kind"] else (), name, public, True)


def _row(item: dict[str, Any], name: str, public: bool, **more: Any) -> Row:
    return Row(path=_file(item), name=name, public=public, doc=item["docs"] or "", **more)


def _fields(kind: Any) -> Any:
    """The numbers of a struct's or a variant's fields."""
    if not isinstance(kind, dict):
        return ()
    ((_, fields),) = kind.items()
    return fields["fields"] if isinstance(fields, dict) else fields


def _file(item: dict[str, Any]) -> str:
    file = item["span"]["filename"] if item["span"] else ""
    return "" if file.startswith(("/", "<")) else file


def _join(owner: str, name: str) -> str:
    return f"{owner}.{name}" if owner else name


_PATH = re.compile(r"(?:\$?\w+::)+(?=\w)")


def signature(text: str) -> str:
    """Without blanks, visibility, attributes and the paths before names, of which rustdoc writes more than the source."""
    text = re.sub(r"#\[[^\]]*\]\s*", "", text)
    text = re.sub(r"^(?:pub(?:\([^)]*\))?\s+)?", "", text.strip())
    if not re.match(r"(?:(?:const|async|unsafe|extern|default|\"[^\"]*\")\s+)*fn\b|[\w#]+\s*:", text):
        return ""
    text = re.sub(r"\bextern\s+fn", 'extern "C" fn', text)
    # A parameter's `mut` and its pattern are the body's business.
    text = re.sub(r"([(,]\s*)mut\s+(?=\w)", r"\1", text)
    text = _PATH.sub("", text)
    text = re.sub(r"\s+", "", text)
    return re.sub(r",(?=[)>]|$)", "", text)


def doc(text: str) -> str:
    """Markdown's marks, and the lines of an example that rustdoc hides."""
    text = re.sub(r"^ *```.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s*#(?:\s.*)?$(?=[\s\S])", _hidden, text, flags=re.MULTILINE)
    text = re.sub(r"^\s*\[[^\]]+\]:\s*\S+.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^()]*\)", "]", text)
    return re.sub(r"\]\[[^\]]*\]", "]", text)


def _hidden(line: re.Match[str]) -> str:
    return ""


CONVENTION = Convention(signature=signature, doc=doc)
