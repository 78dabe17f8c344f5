"""Rust: rustdoc's JSON, with the private items, each public as it is declared."""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Set
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from bench.references.rows import Convention, Row
from bench.references.rust_text import function, type_text
from bench.references.tools import on_path, run

LANGUAGES = frozenset({"rust"})
_FLAGS = [
    "-Z",
    "unstable-options",
    "--output-format",
    "json",
    "--document-private-items",
    "--document-hidden-items",
    "--cap-lints",
    "allow",
]
_MEMBERS = frozenset({"struct_field", "variant"})


def rows(top: Path, features: str) -> Iterator[Row]:
    """The items of the crate in `top` that stand in its files; it is built once with each list of `features`.

    A crate without a list is built as it is, with each of its features and with all: what a feature brings, or leaves
    out, stands in the source all the same. A feature that does not build here, as one that needs another compiler, is
    named and left out.
    """
    on_path("cargo", "install Rust")
    # A stable rustdoc writes JSON when it is allowed to do what only a nightly one does.
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1", "CARGO_TARGET_DIR": str(top.parent / "target")}
    theirs: dict[Row, None] = {}
    chosen = [[f"--features={several}"] for several in features.split(";")]
    more = [] if features else [["--all-features"], *([f"--features={one}"] for one in _features(top))]
    for options in [*chosen, *more]:
        try:
            run(["cargo", "rustdoc", "--quiet", "--lib", *options, "--", *_FLAGS], top, environment)
        except RuntimeError as error:
            if options in chosen:
                raise
            print(f"{top.name}: {options[0]}: {str(error)[-200:]}", file=sys.stderr)
            continue
        described = json.loads(next((top.parent / "target" / "doc").glob("*.json")).read_text())
        crate = _Crate(described["index"], top)
        theirs |= dict.fromkeys([*crate.rows(str(described["root"]), "", True, ""), *crate.implementations()])
    texts = {str(file.relative_to(top)): file.read_text(errors="replace") for file in sorted(top.rglob("*.rs"))}
    hidden = [alias for text in texts.values() for alias in _hidden_types(text)]
    names = {path: _names(text, hidden) for path, text in texts.items()}
    for row in theirs:
        yield row
        if row.signature and row.path in names:
            yield from _as_named(row, names[row.path])
    for path, text in texts.items():
        yield from _unbuilt(path, text)


_USED = re.compile(r"^\s*(?:pub(?:\([^)]*\))?\s+)?use\b[^;]*;", re.MULTILINE)
_ALIASED = re.compile(r"\b(\w+)\s+as\s+(\w+)\b")


_TYPE_ALIAS = re.compile(r"^(?:pub(?:\([^)]*\))?\s+)?type\s+(\w+)(<[\w, ]+>)?\s*=\s*([^;]{1,300});", re.MULTILINE)


def _hidden_types(text: str) -> Iterator[tuple[re.Pattern[str], str]]:
    """Names of types as what they stand for in rustdoc, which writes that where nobody outside can use the name."""
    for name, listed, of in _TYPE_ALIAS.findall(text):
        parameters = re.findall(r"\w+", listed)
        bare = re.escape(re.sub(r"\s+", " ", _PATH.sub("", of)))
        for parameter in parameters:
            bare = re.sub(rf"\b{parameter}\b", rf"(?P<{parameter}>.+?)", bare, count=1)
        if all(f"(?P<{parameter}>" in bare for parameter in parameters):
            given = ", ".join(f"\\g<{parameter}>" for parameter in parameters)
            yield re.compile(bare), f"{name}<{given}>" if given else name


class _Names(NamedTuple):
    """A file's own names of what it uses: of what it imports under another name, and of types hidden from outside."""

    imported: list[tuple[str, str]]
    hidden: list[tuple[re.Pattern[str], str]]


def _names(text: str, hidden: list[tuple[re.Pattern[str], str]]) -> _Names:
    aliased = _ALIASED.findall("\n".join(_USED.findall(text)))
    imported = [(own, alias) for own, alias in dict.fromkeys(aliased) if alias != "_" and own != alias]
    used = set(re.findall(r"\w+", text))
    return _Names(imported, [(pattern, alias) for pattern, alias in hidden if alias.partition("<")[0] in used])


def _as_named(row: Row, names: _Names) -> Iterator[Row]:
    """The signature with the file's own names of what it uses, of which rustdoc writes what they stand for."""
    plain = _PATH.sub("", row.signature)
    forms = {plain: None}
    for own, alias in names.imported:
        forms |= dict.fromkeys([re.sub(rf"\b{own}\b", alias, form) for form in forms][:_MOST_FORMS])
    for pattern, alias in names.hidden:
        forms |= dict.fromkeys([pattern.sub(alias, form) for form in forms][:_MOST_FORMS])
    for form in forms:
        if form != plain:
            yield row.model_copy(update={"signature": form})


_MOST_FORMS = 20


_CONDITION = re.compile(r"^[ \t]*#\[cfg\((?:[^\[\]]|\[[^\]]*\])*\]\s*(?:(?:#\[[^\n]*|//[^\n]*)\s*)*", re.MULTILINE)
_BLOCK = re.compile(r"(?:unsafe\s+)?impl\b([^{;]*)\{")
_DECLARED = re.compile(r"\b(?:fn|type|const)\s+(\w+)")


def _unbuilt(path: str, text: str) -> Iterator[Row]:
    """What implementations behind a condition hold: another build than these may have them, and this file has."""
    for condition in _CONDITION.finditer(text):
        block = _BLOCK.match(text, condition.end())
        if block is None:
            continue
        end = text.find("\n}", block.end())
        of = re.split(r"\s+where\b", block.group(1), maxsplit=1)[0].rpartition(" for ")[2]
        owner = re.sub(r"<.*|^.*::|[&\s]|\bmut\b", "", re.sub(r"^\s*<[^>]*>", "", of), flags=re.DOTALL)
        for name in _DECLARED.findall(text[block.end() : end]):
            yield Row(path=path, name=f"{owner}.{name}", public=False, required=False)


def _features(top: Path) -> list[str]:
    (package,) = json.loads(run(["cargo", "metadata", "--no-deps", "--format-version=1"], top))["packages"]
    return [feature for feature in sorted(package["features"]) if feature != "default"]


_HEXADECIMAL = re.compile(r"\b0x[0-9a-fA-F_]+\b")


def conditional(rows: Iterable[Row], theirs: Set[str]) -> Iterable[Row]:
    """What stands behind a condition that no build here fulfils is not listed by rustdoc, and need not be by us."""
    unbuilt: set[tuple[str, str]] = set()
    for written in rows:
        # rustdoc writes every number of a type in decimals: `[T; 0x40]` is its `[T; 64]`.
        name = _PATH.sub("", _HEXADECIMAL.sub(lambda number: str(int(number.group(), 16)), written.name))
        row = written.model_copy(update={"name": name}) if name in theirs else written
        owners = [row.name[: dot.start()] for dot in re.finditer(r"\.", row.name)]
        inside = any((row.path, owner) in unbuilt for owner in owners)
        if row.name not in theirs and (inside or row.signature.startswith("#[cfg(")):
            unbuilt.add((row.path, row.name))
            yield row.model_copy(update={"required": False})
        else:
            yield row


class _Crate:
    def __init__(self, index: dict[str, Any], top: Path) -> None:
        self._index = index
        self._top = top

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
                yield _row(item, _join(inside, inner["name"]), item["visibility"] == "public" and shown)
            elif kind == "module":
                yield from self._module(item, inside, shown)
            elif kind in {"struct", "enum", "union", "trait"}:
                yield from self._type(item, kind, inner, inside, shown)
            elif kind in {"function", "constant", "static", "type_alias", "macro", "proc_macro"}:
                yield self._plain(item, kind, inner, inside, shown)

    def _module(self, item: dict[str, Any], inside: str, shown: bool) -> Iterator[Row]:
        if not self._is_written(item):  # a file of its own, whose names begin with nothing
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
        written = self._is_written(item)  # what a derived trait adds stands nowhere
        yield _row(item, name, public, required=written)
        if kind == "trait":
            yield from self._members(inner["items"], name, public, True)
            return
        fields = inner.get("variants") or inner.get("fields") or _fields(inner.get("kind"))
        for row in self._members(fields, name, public, kind == "enum"):
            yield row.model_copy(update={"required": row.required and written})

    def implementations(self) -> Iterator[Row]:
        """What implementations hold, of traits as well, below the modules that their file writes around them."""
        modules = [item for item in self._index.values() if "module" in item["inner"] and _file(item)]
        modules = [self._whole(item) for item in modules if self._is_written(item)]
        for item in self._index.values():
            block = item["inner"].get("impl")
            if block is None or _file(item) == "" or block["is_synthetic"] or block["blanket_impl"] is not None:
                continue
            around = sorted((one for one in modules if _holds(one, item)), key=lambda one: one["span"]["begin"])
            owner = ".".join([*(one["name"] for one in around), self._as_written(item, _owner(block["for"]))])
            yield from self._members(block["items"], owner, True, block["trait"] is not None)

    def _text(self, file: str) -> str:
        return (self._top / file).read_text()

    def _whole(self, module: dict[str, Any]) -> dict[str, Any]:
        """A module with the span of its body, of which rustdoc gives the head alone."""
        span = module["span"]
        if span["begin"][0] != span["end"][0]:
            return module
        lines = self._text(_file(module)).split("\n")[span["begin"][0] - 1 :]
        depth = 0
        for number, line in enumerate(lines):
            depth += line.count("{") - line.count("}")
            if depth <= 0 and (number or "}" in line):
                return {**module, "span": {**span, "end": [span["begin"][0] + number, len(line)]}}
        return module

    def _as_written(self, block: dict[str, Any], owner: str) -> str:
        """The alias under which a file knows a type that it implements something for, else the type's own name."""
        text = self._text(_file(block))
        head = "\n".join(text.split("\n")[block["span"]["begin"][0] - 1 :]).partition("{")[0].rpartition(" for ")[2]
        aliases = re.findall(rf"\b{re.escape(owner)}\s+as\s+(\w+)", text)
        return next((alias for alias in aliases if re.search(rf"\b{alias}\b", head)), owner)

    def _is_written(self, item: dict[str, Any]) -> bool:
        """Whether an item's name stands where the item does; of what a macro writes only the call does."""
        lines = self._text(_file(item)).split("\n")
        span = item["span"]
        first, last = span["begin"][0] - 1, span["end"][0]
        if "module" in item["inner"]:  # the span of one that stands in a file may begin behind its brace
            first, last = max(0, first - 2), first + 1
        text = "\n".join(lines[first:last])
        return re.search(rf"\b(?:fn|type|const|mod|struct|enum|union|trait)\s+{item['name']}\b", text) is not None

    def _members(self, numbers: Any, owner: str, shown: bool, inherit: bool) -> Iterator[Row]:
        """Fields, variants and associated items; those of an enum or a trait are as public as it is."""
        for number in numbers:
            item = self._index.get(str(number)) if number is not None else None
            if item is None or _file(item) == "":
                continue
            ((kind, inner),) = item["inner"].items()
            public = shown and (inherit or item["visibility"] == "public")
            name = _join(owner, item["name"])
            required = kind in _MEMBERS or self._is_written(
                item
            )  # what the macro of another file writes need not stand
            signature = function(item["name"], inner) if kind == "function" else ""
            if kind == "struct_field":
                signature = f"{item['name']}: {type_text(inner)}"
            yield _row(item, name, public, signature=signature, member=kind in _MEMBERS, required=required)
            if kind == "variant":
                yield from self._members(
                    _fields(inner["kind"]) if not isinstance(inner["kind"], dict) or "struct" in inner["kind"] else (),
                    name,
                    public,
                    True,
                )


def _row(item: dict[str, Any], name: str, public: bool, **more: Any) -> Row:
    return Row(path=_file(item), name=name, public=public, doc=item["docs"] or "", **more)


def _fields(kind: Any) -> Any:
    """The numbers of a struct's or a variant's fields."""
    if not isinstance(kind, dict):
        return ()
    ((_, fields),) = kind.items()
    return fields["fields"] if isinstance(fields, dict) else fields


def _holds(module: dict[str, Any], item: dict[str, Any]) -> bool:
    outer, inner = module["span"], item["span"]
    return bool(_file(module) == _file(item) and outer["begin"] <= inner["begin"] and inner["end"] <= outer["end"])


def _owner(of: Any) -> str:
    """The name of what an implementation is for: a reference is as what it points to."""
    if "borrowed_ref" in of:
        return _owner(of["borrowed_ref"]["type"])
    if "resolved_path" in of:
        return str(of["resolved_path"]["path"].rpartition("::")[2])
    return re.sub(r" \+ '\w+", "", _PATH.sub("", type_text(of)))


def _file(item: dict[str, Any]) -> str:
    file = item["span"]["filename"] if item["span"] else ""
    return "" if file.startswith(("/", "<")) else file


def _join(owner: str, name: str) -> str:
    return f"{owner}.{name}" if owner else name


_PATH = re.compile(r"(?:\$?\w+::)+(?=\w)")


def signature(text: str) -> str:
    """Without blanks, visibility, attributes and the paths before names, of which rustdoc writes more."""
    text = re.sub(r"#\[[^\]]*\]\s*", "", text)
    text = re.sub(r"^(?:pub(?:\([^)]*\))?\s+)?", "", text.strip())
    if not re.match(r"(?:(?:const|async|unsafe|extern|default|\"[^\"]*\")\s+)*fn\b|[\w#]+\s*:", text):
        return ""
    if re.search(r"\w!\s*[(\[{]", text):  # rustdoc writes the type that a macro stands for
        return ""
    text = re.sub(r"^default\s+", "", text)  # of an implementation that may be specialised
    text = re.sub(r"\bextern\s+fn", 'extern "C" fn', text)
    # A parameter's `mut` and its pattern are the body's business.
    text = re.sub(r"([(,]\s*)mut\s+(?=\w)", r"\1", text)
    text = _PATH.sub("", text)
    # A lifetime that is not named may stand or not.
    text = re.sub(r"<'_>|'_(?:,\s*|\s+)", "", text)
    # A macro that has no word for `&self` writes the type.
    text = re.sub(r"\bself\s*:\s*(&(?:mut\s+)?)Self\b", r"\1self", text)
    text = re.sub(r"\s+", "", text)
    head, where, conditions = re.sub(r",(?=[)>]|$)", "", text).partition("where")
    return head + where + ",".join(sorted(_joined(conditions)))


_COLON = re.compile(r"(?<!:):(?!:)")


def _joined(conditions: str) -> Iterator[str]:
    """Conditions without blanks, one for each type: rustdoc writes what `T: A, T: B` asks for as `T: A + B`."""
    bounds: dict[str, set[str]] = {}
    for condition in _parted(conditions, ","):
        of, *rest = _COLON.split(condition, maxsplit=1)
        bounds.setdefault(of, set()).update(part for bound in rest for part in _parted(bound, "+"))
    return (f"{of}:{'+'.join(sorted(parts))}" for of, parts in bounds.items())


def _parted(text: str, sign: str) -> list[str]:
    """A text's parts between signs that stand in no bracket."""
    parts, depth = [""], 0
    for before, character in pairwise(f" {text}"):
        depth += (character in "(<[") - (character in ")]" or (character == ">" and before != "-"))
        if character == sign and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part for part in parts if part]


_FENCED = re.compile(r"^([ \t]*```.*?(?:^[ \t]*```[ \t]*$|\Z))", re.MULTILINE | re.DOTALL)
_HIDDEN = re.compile(r"^[ \t]*(?:#(?:[ \t].*)?|```.*)$", re.MULTILINE)
_DEFINED = re.compile(r"^\s*\[[^\]]+\]:\s*\S.*$", re.MULTILINE)
_LINK = re.compile(r"\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])")
_CODE_LINK = re.compile(r"\[(`[^`\]]+`)\](?!\w*[(:\[])")
_TAG = re.compile(r"(?:(?<!\w)<|</)[a-z]+(?:\s[^<>]*)?>")


def doc(text: str) -> str:
    """Without the marks of Markdown, the targets of links, and the lines of an example that rustdoc hides."""
    pieces = _FENCED.split(text)
    pieces[::2] = [
        html.unescape(_CODE_LINK.sub(r"\1", _LINK.sub("]", _TAG.sub(" ", _DEFINED.sub("", piece)))))
        for piece in pieces[::2]
    ]
    pieces[1::2] = [_HIDDEN.sub("", piece) for piece in pieces[1::2]]
    return "\n".join(pieces)


CONVENTION = Convention(signature=signature, doc=doc, renamed=conditional)
