"""TypeScript: typedoc's JSON of every exported declaration."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.codebase.structure.parameters import split
from bench.references.rows import Convention, Row
from bench.references.tools import from_npm, on_path, run
from bench.references.typescript_text import head

LANGUAGES = frozenset({"typescript", "tsx"})
_PACKAGES = ("typedoc@0.28.20", "typescript@5.9.3")
_VARIABLE, _PROPERTY, _ACCESSOR, _ENUM_MEMBER, _REFERENCE, _MODULE = 32, 1024, 262144, 16, 4194304, 2
_MEMBERS = frozenset({_PROPERTY, _ACCESSOR, _ENUM_MEMBER})


def rows(top: Path, package: str) -> Iterator[Row]:
    """What typedoc lists of the sources in a folder of the package."""
    on_path("node", "install Node.js")
    tool = from_npm(*_PACKAGES) / "node_modules" / "typedoc" / "bin" / "typedoc"
    out = top.parent / "typedoc.json"
    options = ["--entryPointStrategy", "expand", "--entryPoints", package, "--displayBasePath", str(top)]
    if not (top / "tsconfig.json").exists():
        (top / "tsconfig.json").write_text('{"compilerOptions": {"target": "esnext", "strict": true, "moduleResolution": "bundler", "module": "esnext"}}')
    run(["node", str(tool), "--json", str(out), "--skipErrorChecking", "--logLevel", "Error", *options], top)
    for module in json.loads(out.read_text())["children"]:
        for one in module.get("children", ()) if module["kind"] == _MODULE else (module,):
            yield from _row(one, "", "", True)


def _row(one: dict[str, Any], owner: str, file: str, public: bool) -> Iterator[Row]:
    if not one.get("sources") or one.get("inheritedFrom") or one["kind"] == _REFERENCE:
        return
    path = one["sources"][0]["fileName"]
    if owner and path != file:
        return
    name = f"{owner}.{one['name']}" if owner else one["name"]
    flags = one["flags"]
    public = public and not flags.get("isPrivate") and not flags.get("isProtected")
    signatures = one.get("signatures") or [one[key] for key in ("getSignature", "setSignature") if key in one]
    signatures = [signature for signature in signatures if not signature.get("inheritedFrom")]
    declared = one.get("type") or {}
    declaration = declared.get("declaration") if declared.get("type") == "reflection" else None
    docs = [text for text in map(_doc, [one, *signatures]) if text]
    for signature in signatures or [None]:
        yield Row(
            path=path,
            name=name,
            member=one["kind"] in _MEMBERS,
            public=public,
            doc=docs[0] if docs else "",
            signature=head(signature) if signature and one["kind"] != _ACCESSOR else "",
        )
    for child in one.get("children", ()):
        yield from _row(child, name, path, public)
    if declaration and one["kind"] not in {_VARIABLE, _PROPERTY}:  # an alias of an object's type
        for child in declaration.get("children", ()):
            yield from _row(child, name, path, public)


def _doc(one: dict[str, Any]) -> str:
    comment = one.get("comment", {})
    said = [_text(comment.get("summary", ()))]
    for tag in comment.get("blockTags", ()):
        said.append(f"{tag.get('name', '')} {_text(tag['content'])}")
    for key in ("typeParameters", "typeParameter", "parameters"):
        for parameter in one.get(key, ()):
            if text := _doc(parameter):
                said.append(f"{parameter['name']} {text}")
    return "\n".join(text for text in said if text.strip())


def _text(parts: Any) -> str:
    return "".join(part["text"] for part in parts)


def doc(text: str) -> str:
    """Without what begins a block of code, and the targets of links."""
    return re.sub(r"\]\([^()\s]*\)", "]", re.sub(r"^\s*```.*$", "", text, flags=re.MULTILINE))


def signature(text: str) -> str:
    """A function from the bracket that opens its parameters, or its type parameters, without modifiers and name."""
    text = re.sub(r"^(?:@\S+\s+)*", "", text.strip())
    found = re.search(r"[<(]", text)
    if found is None or "(" not in text:
        return ""
    return text[found.start() :]


def alike(wanted: str, given: str) -> bool:
    """Whether two functions have the same parameters; types are compared where the author wrote them."""
    told, read = _parts(wanted), _parts(given)
    return len(told) == len(read) and all(
        one[0] == other[0] and (not one[1] or not other[1] or one[1] == other[1])
        for one, other in zip(told, read, strict=True)
    )


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


CONVENTION = Convention(signature=signature, doc=doc, alike=alike)
