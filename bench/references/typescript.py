"""TypeScript: typedoc's JSON of every exported declaration."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from pathlib import Path
from typing import Any

from agents.codebase.structure.parameters import split
from bench.references import ours
from bench.references.rows import Convention, Row
from bench.references.tools import from_npm, on_path, run
from bench.references.typescript_text import head

LANGUAGES = frozenset({"typescript", "tsx"})
JAVASCRIPT = frozenset({"javascript", *LANGUAGES})
_PACKAGES = ("typedoc@0.28.20", "typescript@5.9.3")
_VARIABLE, _PROPERTY, _ACCESSOR, _ENUM_MEMBER, _REFERENCE, _MODULE = 32, 1024, 262144, 16, 4194304, 2
_INTERFACE, _ALIAS, _CONSTRUCTOR = 256, 2097152, 512
#: What typedoc calls a constructor is, in an interface, the signature `new`.
_NAMES = {(_CONSTRUCTOR, True): "new"}
_MEMBERS = frozenset({_PROPERTY, _ACCESSOR, _ENUM_MEMBER})


def rows_of_javascript(top: Path, package: str) -> Iterator[Row]:
    """The same of sources in JavaScript, whose types stand in comments."""
    return rows(top, package, javascript=True)


def rows(top: Path, package: str, *, javascript: bool = False) -> Iterator[Row]:
    """What typedoc lists of the sources in a folder of the package."""
    on_path("node", "install Node.js")
    tool = from_npm(*_PACKAGES) / "node_modules" / "typedoc" / "bin" / "typedoc"
    out = top.parent / "typedoc.json"
    options = ["--entryPointStrategy", "expand", "--entryPoints", package, "--displayBasePath", str(top)]
    if not (top / "tsconfig.json").exists():
        compiler = {"target": "esnext", "strict": True, "moduleResolution": "bundler", "module": "esnext"}
        included = {"include": [package]} if javascript else {}
        settings = {"compilerOptions": compiler | ({"allowJs": True} if javascript else {}), **included}
        (top / "tsconfig.json").write_text(json.dumps(settings))
    run(
        [
            "node",
            str(tool),
            "--json",
            str(out),
            "--skipErrorChecking",
            "--excludeInternal",
            "false",
            "--logLevel",
            "Error",
            *options,
        ],
        top,
    )
    theirs: list[tuple[Row, bool]] = []
    texts: dict[str, str] = {}
    for module in json.loads(out.read_text())["children"]:
        for one in module.get("children", ()) if module["kind"] == _MODULE else (module,):
            theirs += _row(one, "", "", True)
    written = Counter(row.doc for row, _ in theirs)
    own: dict[tuple[str, str], str] = {}
    # Of an object that is all of `module.exports` typedoc tells no part: such files are not compared.
    whole = {
        row.path
        for row, _ in theirs
        if row.name == "export=" and own_name(row, (top / row.path).read_text()) == "export="
    }
    for row, heir in theirs:
        if row.path in whole:
            continue
        if row.path not in texts:
            texts[row.path] = (top / row.path).read_text() if (top / row.path).exists() else ""
        # typedoc gives a symbol without a comment the comment of what it inherits from, here or in the language.
        inherited = (heir and written[row.doc] > 1) or not _begins(row.doc, texts[row.path])
        first, dot, rest = row.name.partition(".")
        name = own.get((row.path, first), first) + dot + rest if dot else own_name(row, texts[row.path])
        name = _computed(name, row, texts[row.path])
        own.setdefault((row.path, row.name), name)
        yield row.model_copy(update={"name": name, "doc": "" if inherited else row.doc})


_COMPUTED = re.compile(
    r"^\s*(?:(?:static|readonly|declare|abstract|override|async|get|set)\s+)*\*?(\[[^\[\]]+\])\s*[?!]?\s*[:(<=;]"
)


def _computed(name: str, row: Row, text: str) -> str:
    """The name that a member with a computed one bears in its file; typedoc knows it by what is computed."""
    line = text.split("\n")[row.line - 1] if row.line else ""
    written = _COMPUTED.match(line)
    owner, dot, _ = name.rpartition(".")
    return (
        f"{owner}.{written.group(1)}".replace("[Symbol.", "[") if dot and written and not name.endswith("[]") else name
    )


def _begins(doc: str, text: str) -> bool:
    """Whether a comment's first words stand in a text."""
    first, everything = (" ".join(re.findall(r"\w+", words)) for words in (" ".join(doc.split()[:5]), text))
    return f" {first} " in f" {everything} "


_DECLARES = re.compile(r"\b(?:function\*?|class|const|let|var|enum|interface|type|namespace)\s+(?!extends\b)([\w$]+)")


def own_name(row: Row, text: str) -> str:
    """The name that a declaration bears in its file; typedoc knows it by the one under which it leaves: `default`."""
    first, _, rest = row.name.partition(".")
    line = text.split("\n")[row.line - 1] if row.line else ""
    if (
        rest
        or not (own := _DECLARES.search(line))
        or re.search(rf"\b{re.escape(first)}\b(?!\s+(?:async|class|function))", line)
    ):
        return row.name
    return own.group(1)


def _row(
    one: dict[str, Any], owner: str, file: str, public: bool, required: bool = True, interface: bool = False
) -> Iterator[tuple[Row, bool]]:
    """A declaration and what it holds; each with whether it may have inherited its comment."""
    if not one.get("sources"):
        return
    path = one["sources"][0]["fileName"]
    if path.startswith("..") or (owner and path != file):  # the language's own, or another package's
        return
    own = _NAMES.get((one["kind"], bool(owner) and interface), one["name"])
    name = f"{owner}.{own}" if owner else own
    # What a constructor declares may be the base's as well.
    if one["kind"] == _REFERENCE or one.get("inheritedFrom"):
        yield Row(path=path, name=name, required=False), False
        return
    flags = one["flags"]
    public = public and not flags.get("isPrivate") and not flags.get("isProtected")
    signatures = one.get("signatures") or [one[key] for key in ("getSignature", "setSignature") if key in one]
    signatures = [signature for signature in signatures if not signature.get("inheritedFrom")]
    declared = one.get("type") or {}
    declaration = declared.get("declaration") if declared.get("type") == "reflection" else None
    heir = any(key in item for item in (one, *signatures) for key in _HEIRS)
    for row in _signed(one, signatures):
        more = {"path": path, "name": name, "public": public, "required": required}
        yield row.model_copy(update=more), heir
    for nameless in _nameless(one, declaration or {}):
        yield Row(path=path, name=f"{name}.{nameless}", required=False), False
    for child in one.get("children", ()):
        yield from _row(child, name, path, public, required, one["kind"] == _INTERFACE)
    # An alias's members are listed where it is of an object's type alone; what a variable's value holds need not be.
    for part in [declaration] if declaration else [one.get("declaration", {}) for one in declared.get("types", ())]:
        for child in part.get("children", ()):
            alias = bool(declaration) and one["kind"] == _ALIAS
            if one["kind"] != _PROPERTY:
                yield from _row(child, name, path, public, required and alias)


def _nameless(one: dict[str, Any], declaration: dict[str, Any]) -> Iterator[str]:
    """What has no name of its own and may be listed: to be indexed, to be called."""
    if "indexSignatures" in one or "indexSignatures" in declaration:
        yield "[]"
    if ("signatures" in one and one["kind"] == _INTERFACE) or "signatures" in declaration:
        yield "()"


_HEIRS = ("extendedTypes", "implementedTypes", "overwrites", "implementationOf")


def _signed(one: dict[str, Any], signatures: Sequence[dict[str, Any]]) -> Iterator[Row]:
    # What an interface's signature says is of the signature; a mark of the whole may stand beside its text.
    own = one["kind"] == _INTERFACE
    marks = {"modifierTags": one.get("comment", {}).get("modifierTags", [])}
    marked = [{**item, "comment": {**marks, **item["comment"]}} for item in signatures if "comment" in item]
    docs = [text for text in map(_doc, [one, *([] if own else marked)]) if text]
    several: list[dict[str, Any] | None] = [*signatures] or [None]
    for signature in several:
        yield Row(
            path="",
            name="",
            member=one["kind"] in _MEMBERS,
            doc=docs[0] if docs else "",
            signature=head(signature) if signature and one["kind"] != _ACCESSOR else "",
            line=one["sources"][0]["line"],
        )


def _doc(one: dict[str, Any]) -> str:
    comment = one.get("comment", {})
    said = [_text(comment.get("summary", ()))]
    said += [_tagged(tag) for tag in comment.get("blockTags", ()) if tag["tag"].lower() not in _SAID_BY_CODE]
    for key in ("typeParameters", "typeParameter", "parameters"):
        said += [f"{parameter['name']} {text}" for parameter in one.get(key, ()) if (text := _doc(parameter))]
    said = [text for text in said if text.strip()]
    # A mark such as `@internal` alone is no text.
    said += [tag.lstrip("@") for tag in comment.get("modifierTags", ())] if said else []
    return "\n".join(said)


#: Tags that repeat what the code says, which no page shows.
_SAID_BY_CODE = frozenset({"@publicapi", "@function", "@func", "@method", "@memberof", "@static", "@async"})


def _tagged(tag: dict[str, Any]) -> str:
    """A tag's name and text; one that says nothing more is its own name."""
    content = _text(tag["content"])
    if tag["tag"].lstrip("@") in _OF_TYPES:
        return content
    said = f"{tag.get('name', '')} {content}"
    return said if said.strip() or tag["tag"] == "@remarks" else str(tag["tag"]).lstrip("@")


def _text(parts: Any) -> str:
    return "".join(_part(part) for part in parts)


def _part(part: Any) -> str:
    """Of a link that typedoc cannot follow its label, as of one that it can."""
    if part["kind"] == "inline-tag" and part["tag"].startswith("@link") and "target" not in part:
        return str(re.split(r"\s*\|\s*|\s+", part["text"], maxsplit=1)[-1])
    return str(part["text"])


def doc(text: str) -> str:
    """Without the tags and what else marks code and links; a picture without words is one on our page."""
    text = re.sub(r"!\[\]\([^()]*\)", "image", text)
    pieces = re.split(r"(^[ \t]*```.*?```)", text, flags=re.MULTILINE | re.DOTALL)
    pieces[::2] = [_TAG.sub(" ", _LINK.sub("]", piece)) for piece in pieces[::2]]
    return re.sub(r"^[ \t]*```.*$", "", "\n".join(pieces), flags=re.MULTILINE)


_LINK = re.compile(r"\]\((?:[^()\s]|\([^()]*\))*\)")
_TAG = re.compile(r"</?(?:a|b|br|caption|code|div|em|h\d|i|img|li|ol|p|pre|span|strong|table|t[dhr]|ul)\b[^<>]*>")


def signature(text: str) -> str:
    """A function from the bracket that opens its parameters, or its type parameters, without modifiers and name."""
    text = re.sub(r"^(?:@\S+\s+)*", "", text.strip())
    found = re.search(r"[<(]", text)
    if found is None or "(" not in text:
        return ""
    return text[found.start() :]


def alike(wanted: str, given: str) -> bool:
    """Whether two functions have the same parameters in the same order, as optional as each other.

    typedoc's types are the compiler's, which puts in defaults, opens aliases and orders unions anew: a type is compared
    where the author wrote one that is nothing but a word of the language.
    """
    theirs, read = _parts(wanted), _parts(given)
    return len(theirs) == len(read) and all(
        _same_name(one[0], other[0]) and (other[1] not in _INTRINSIC or one[1] == other[1] or "|" in one[1])
        for one, other in zip(theirs, read, strict=True)
    )


_INTRINSIC = frozenset({"string", "number", "boolean", "void", "any", "unknown", "never", "object"})


def _same_name(theirs: str, read: str) -> bool:
    """A parameter that is a pattern has the name that its documentation gives it."""
    return theirs == read or (read.startswith("__namedParameters") and theirs.endswith("?") == read.endswith("?"))


def _parts(text: str) -> list[tuple[str, str]]:
    """Each parameter's name and type, then what is returned."""
    if text.startswith("<"):
        text = text[_closed(text) :].lstrip()
    end = _closed(text)
    parts = []
    for piece in split(text[1 : end - 1]):
        if not piece.strip():
            continue
        name, _, kind = piece.partition(":")
        if re.match(r"\s*[{[]", piece):  # a pattern has no name
            kind = piece[_closed(piece.lstrip()) + len(piece) - len(piece.lstrip()) :].partition(":")[2]
            name = "__namedParameters"
        default = split(re.sub("=>", "\0\0", kind), "=")
        kind = kind[: len(default[0])]
        name, _, value = name.partition("=")
        name = re.sub(r"^(?:(?:public|private|protected|readonly)\s+)+", "", name.strip())
        optional = name.endswith("?") or bool(value) or len(default) > 1
        parts.append((name.rstrip("? ") + ("?" if optional else ""), _plain(kind)))
    returned = text[end:].strip()
    return [*parts, ("", _plain(returned[1:]) if returned.startswith(":") else "")]


def _closed(text: str) -> int:
    depth = 0
    for at, sign in enumerate(text):
        if sign in "<([{":
            depth += 1
        elif sign in ">)]}" and not (sign == ">" and text[at - 1] in "=-"):
            depth -= 1
            if depth == 0:
                return at + 1
    return len(text)


def _plain(kind: str) -> str:
    """A type without blanks, quotes, and what separates and groups its parts."""
    return re.sub(r"[\s;,'\"()]|^\||(?<=[<(:{=])\|", "", kind)


def renamed(rows: Iterable[Row], _theirs: Set[str]) -> Iterable[Row]:
    """`[Symbol.iterator]` is `[iterator]` to typedoc."""
    for row in rows:
        yield row.model_copy(update={"name": row.name.replace("[Symbol.", "[")}) if "[Symbol." in row.name else row


#: Tags of which typedoc takes what the code says instead.
_OF_TYPES = ("augments", "extends", "implements", "inherits", "mixin", "override", "overloadSummary")

# typedoc shows no type that a tag states, such as `@throws {RangeError}`: TypeScript has its own; nor a parameter
# whose tag says nothing.
CONVENTION = Convention(
    signature=signature,
    doc=doc,
    alike=alike,
    ignored=frozenset({"type", ours.BARE, *(f"{ours.FACT}{tag}" for tag in _OF_TYPES)}),
    renamed=renamed,
    leaves_out_tags=True,
)


def alike_in_javascript(wanted: str, given: str) -> bool:
    """Whether two functions have the same parameters; types, and what may be left out, are words of comments."""
    theirs, read = ([name.rstrip("?") for name, _ in _parts(text)[:-1]] for text in (wanted, given))
    theirs = theirs if len(theirs) == len(read) else [name for name in theirs if name != "...args"]
    return len(theirs) == len(read) and all(
        one == other or other.startswith("__namedParameters") for one, other in zip(theirs, read, strict=True)
    )


CONVENTION_OF_JAVASCRIPT = replace(CONVENTION, alike=alike_in_javascript)
