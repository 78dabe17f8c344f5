"""Python: griffe's tree of names and docstrings, with the definitions that the standard library's `ast` reads."""

from __future__ import annotations

import ast
import json
import os
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

from bench.references.rows import Convention, Row
from bench.references.tools import from_pypi, run

TOOL = "griffe==2.4.1"
LANGUAGES = frozenset({"python"})
_PARAMETER = re.compile(
    r"^(\s*)[:@](?:param|parameter|arg|keyword|type|raises?|attr|var|ivar|rtype|returns?)\b", re.MULTILINE
)


def rows(top: Path, package: str) -> Iterator[Row]:
    """Griffe's members of the package in `top`, each with its definition as `ast` reads it."""
    place = package.replace(".", "/")
    source = next(
        folder
        for folder in (top / "src", top / "lib", top)
        if (folder / place).exists() or (folder / f"{place}.py").exists()
    )
    # Griffe merges a module with the stub beside it; each has a page of ours.
    for stub in source.rglob("*.pyi"):
        if stub.with_suffix(".py").exists():
            stub.unlink()
    out = top.parent / "griffe.json"
    environment = {**os.environ, "PYTHONPATH": str(from_pypi(TOOL))}
    run(
        [sys.executable, "-m", "griffe", "dump", package, "-s", str(source), "--full", "-o", str(out)], top, environment
    )
    first, *inside = package.split(".")
    module = json.loads(out.read_text())[first]
    for name in inside:
        module = module["members"][name]
    yield from _module(module, top)


def _module(module: dict[str, Any], top: Path) -> Iterator[Row]:
    path = Path(module["filepath"])
    heads = _heads(path)
    yield from _unpacked(path, str(path.relative_to(top)))
    yield from _tuples(path, str(path.relative_to(top)))
    yield from _hidden(path, str(path.relative_to(top)))
    for member in module.get("members", {}).values():
        if member["kind"] == "module":
            # A package may hand it on.
            yield Row(path=str(path.relative_to(top)), name=member["name"], public=False, required=False)
            yield from _module(member, top)
        else:
            yield from _member(member, "", True, str(path.relative_to(top)), heads)


def _member(one: dict[str, Any], owner: str, public: bool, path: str, heads: dict[int, _Head]) -> Iterator[Row]:
    if one["name"] == "__slots__":  # our pages list what it names
        return
    if one["kind"] == "alias":
        # An import is a symbol of another file; of those that a module hands on, only `__all__` and `x as x` say so.
        yield Row(path=path, name=one["name"], public=False, required=False)
        return
    if one["kind"] == "function" and one["lineno"] not in heads:  # what `@dataclass` writes stands in no file
        return
    name = f"{owner}.{one['name']}" if owner else one["name"]
    public = public and one["is_public"]
    head = heads[one["lineno"]] if one["kind"] == "function" else _Head("", "")
    yield Row(
        path=path,
        name=name,
        member=bool(owner) and one["kind"] == "attribute",
        public=public,
        doc="\n".join(part for part in ((one.get("docstring") or {}).get("value", ""), head.said) if part),
        signature=head.signature,
    )
    for member in one.get("members", {}).values() if one["kind"] == "class" else ():
        yield from _member(member, name, public, path, heads)


def _tuples(path: Path, shown: str) -> Iterator[Row]:
    """What `Row = namedtuple("Row", "key value")` names: griffe lists no part of a call."""
    tree = ast.parse(path.read_text())
    scopes = [(tree, "")] + [(node, f"{node.name}.") for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for scope, owner in scopes:
        for node in ast.walk(scope):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            called, target = node.value.func, node.targets[0]
            called_name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if called_name.lower() != "namedtuple" or not isinstance(target, ast.Name):
                continue
            written = [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
            for field in re.findall(r"\w+", " ".join(one for one in written if isinstance(one, str))):
                yield Row(path=shown, name=f"{owner}{target.id}.{field}", public=False, required=False)


def _unpacked(path: Path, shown: str) -> Iterator[Row]:
    """What is assigned together, `a, b = pair` and `self.a, self.b = pair`: griffe lists one name of a statement."""
    tree = ast.parse(path.read_text())
    scopes = [(tree, "")] + [(node, f"{node.name}.") for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    for scope, owner in scopes:
        for node in ast.walk(scope):
            for target in node.targets if isinstance(node, ast.Assign) else ():
                for part in target.elts if isinstance(target, ast.Tuple | ast.List) else ():
                    name = (
                        part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
                    )
                    yield Row(path=shown, name=f"{owner}{name}", public=False, required=False)


def _hidden(path: Path, shown: str) -> Iterator[Row]:
    """What an import or another definition of the same name hides from griffe, as both do that stand in a condition."""
    tree = ast.parse(path.read_text())
    conditional = [inner for node in tree.body if isinstance(node, ast.If | ast.Try) for inner in ast.walk(node)]
    statements = [node for node in [*tree.body, *conditional] if isinstance(node, ast.ImportFrom | ast.Import)]
    imported = {alias.asname or alias.name for node in statements for alias in node.names}
    yield from (Row(path=shown, name=alias, public=False, required=False) for alias in imported)
    defined = Counter(
        node.name
        for node in [*tree.body, *conditional]
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    )
    for node in [*tree.body, *conditional]:
        if isinstance(node, ast.ClassDef) and (node.name in imported or defined[node.name] > 1):
            yield Row(path=shown, name=node.name, public=False, required=False)
            for inner in ast.walk(node):
                name = getattr(inner, "name", None) or getattr(inner, "attr", None) or getattr(inner, "id", None)
                if isinstance(name, str):
                    yield Row(path=shown, name=f"{node.name}.{name}", public=False, required=False)


class _Head(NamedTuple):
    """A function's definition, and what its annotations and defaults say of its parameters."""

    signature: str
    said: str


def _heads(path: Path) -> dict[int, _Head]:
    """The functions of a file by the lines at which they begin, decorators included."""
    heads: dict[int, _Head] = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = _said(node)
            head = _Head(_head(node), said)
            heads[node.lineno] = head
            if node.decorator_list:
                heads[node.decorator_list[0].lineno] = head
    return heads


def _said(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """What `Doc("…")` and `description="…"` say of the parameters of a function, one a line."""
    given = node.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    places = [*given.posonlyargs, *given.args]
    defaults = dict(zip([one.arg for one in places][len(places) - len(given.defaults) :], given.defaults, strict=True))
    defaults |= {
        one.arg: value for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None
    }
    lines = []
    for one in named:
        hint = one.annotation
        parts = hint.slice.elts[1:] if _is_annotated(hint) else []
        for call in [*filter(None, [defaults.get(one.arg)]), *parts]:
            if text := _text_of(call):
                lines.append(f"{one.arg} {text}")
                break
    return "\n".join(lines)


def _text_of(call: ast.expr) -> str:
    if not isinstance(call, ast.Call):
        return ""
    given = call.args[:1] if ast.unparse(call.func).rpartition(".")[2] == "Doc" else []
    given += [one.value for one in call.keywords if one.arg in {"description", "help_text", "doc", "help"}]
    values = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return values[0] if values else ""


def _is_annotated(hint: ast.expr | None) -> TypeGuard[Any]:
    return (
        isinstance(hint, ast.Subscript)
        and ast.unparse(hint.value).rpartition(".")[2] == "Annotated"
        and isinstance(hint.slice, ast.Tuple)
    )


class _Plain(ast.NodeTransformer):
    """Annotations without what they say in words, which stands elsewhere on a page; texts on one line, as there."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Constant(value=" ".join(node.value.split())) if isinstance(node.value, str) else node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        if not _is_annotated(node):
            return node
        parts: list[ast.expr] = node.slice.elts
        left = [part for part in parts if not ast.unparse(part).startswith("Doc(")]
        return node if left == parts else left[0] if len(left) == 1 else _annotated(node, left)


def _annotated(node: ast.Subscript, parts: list[ast.expr]) -> ast.expr:
    return ast.Subscript(value=node.value, slice=ast.Tuple(elts=parts, ctx=ast.Load()), ctx=ast.Load())


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    node.body = [ast.Pass()]
    return ast.unparse(_Plain().visit(node))


def signature(text: str) -> str:
    """A function's head as `ast` writes it; empty for what is no function."""
    code = text if "\n" in text else re.sub(r"^((?:@.*?\s)*)((?:async )?def )", _lines, text, count=1)
    for body in ("", ": pass"):
        try:
            (node,) = ast.parse(code + body).body
        except (SyntaxError, ValueError):
            continue
        return _head(node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ""
    return text if "def " in text else ""


def _lines(head: re.Match[str]) -> str:
    return re.sub(r"\s+@", "\n@", head.group(1).strip()) + ("\n" if head.group(1) else "") + head.group(2)


def doc(text: str) -> str:
    """reST's marks: a role's name is no word, and a page shows of a reference its title or its last part."""
    text = textwrap.dedent(text)
    # A page's table has a heading of its own.
    text = re.sub(
        r"^(\s*)(?:keyword|other) (?:args|arguments|parameters)(?=[ \t]*:[ \t]*$|[ \t]*\n[ \t]*-{3})",
        r"\1",
        text,
        flags=re.MULTILINE | re.IGNORECASE,
    )
    # A directive's name is no word, nor what groups the code of doctest's; a link's target is where it leads.
    text = re.sub(
        r"^(\s*)\.\. (?:testsetup|testcode|testoutput|testcleanup|doctest)::.*$", r"\1", text, flags=re.MULTILINE
    )
    text = re.sub(r"^(\s*)\.\. (?:_([^:\n]+): \S+|__: \S+)$", partial(_without_target, text), text, flags=re.MULTILINE)
    # A type and what it is the type of are one row of a table; epytext's marks are a letter and braces.
    text = re.sub(r"^(\s*)[:@](?:type|kwtype|vartype)[ \t]+[^:\n]+:", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"\b[A-Z]\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"^(\s*)(?:```\w+|\.\. (?:code-block|sourcecode|code)::.*)$", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"^(\s*)\.\. [\w:-]+::", r"\1", text, flags=re.MULTILINE)
    text = re.sub(r"\]\([^()\s]*\)", "]", text)
    text = re.sub(r":[\w:+-]+:`~?([^`<]*?)\s*<[^`>]*>`", r"\1", text)
    text = re.sub(r":[\w:+-]+:`~(?:[^`]*\.)?([^`.]+)`", r"\1", text)
    text = re.sub(r":[\w:+-]+:(?=`)", "", text)
    text = re.sub(r"`([^`<]+?)\s*<[^`>]*>`_", r"\1", text)
    return _PARAMETER.sub(r"\1 ", text)


def _without_target(text: str, target: re.Match[str]) -> str:
    """Nothing in the place of an address that a reference leads to; one that nothing refers to is text."""
    indent, name = target.groups()
    label = re.escape(" ".join(name.lower().split())).replace(r"\ ", r"\s+") if name else ""
    return indent if not name or re.search(rf"\b{label}`?_(?!_|\w)", text.lower()) else target.group()


CONVENTION = Convention(signature=signature, doc=doc)
