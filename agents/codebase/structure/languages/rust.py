"""Rust: doc comments inside and outside, impl blocks lend their type's name; `pub` is public."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.documentation import Doc, of_comment
from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen
from agents.codebase.structure.source import Source, is_literal_harmless
from agents.contracts.structure import SymbolKind

_DEEPEST_USE = 8
_TRAIT_IMPL = SymbolKind.TRAIT


def _impl(node: tree_sitter.Node, source: Source) -> Found | None:
    """A scope, no symbol; what a trait's implementation holds is as public as the trait."""
    name = re.split(r"[<\s]", source.name(node.child_by_field_name("type")).lstrip("&"))[0].rsplit("::", 1)[-1]
    kind = _TRAIT_IMPL if node.child_by_field_name("trait") is not None else SymbolKind.STRUCT
    return Found(name, kind, "", emits=False, public=True)


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    head = source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)
    shown = source.text(value) if value is not None else ""
    return Found(name, SymbolKind.CONSTANT, f"{head} = {shown}" if shown and is_literal_harmless(shown) else head)


def _macro(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    return Found(name, SymbolKind.MACRO, f"macro_rules! {name}", public=True)


def _inner_doc(node: tree_sitter.Node, source: Source) -> tuple[Doc, tree_sitter.Node] | None:
    """`//!` at the top of a file or a module."""
    holder = node if node.type == "source_file" else node.child_by_field_name("body")
    if holder is None or node.type not in {"source_file", "mod_item"}:
        return None
    lines: list[str] = []
    first = None
    for child in holder.children[:2_000]:
        text = source.text(child, 200_000) if child.type in {"line_comment", "block_comment"} else ""
        if text.startswith(("//!", "/*!")):
            first = first or child
            lines.append(text.rstrip("\n"))
        elif lines or child.type not in {"line_comment", "block_comment", "{", "inner_attribute_item"}:
            break
    doc = of_comment("\n".join(lines), "rust")
    return (doc, first) if doc.text and first is not None else None


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    if node.type == "mod_item":
        if node.child_by_field_name("body") is None:
            yield f"self::{source.name(node.child_by_field_name('name'))}", ()
    elif node.type == "extern_crate_declaration":
        yield source.name(node.child_by_field_name("name")), ()
    else:
        written = node.child_by_field_name("argument")
        if written is not None:
            yield from _used("", re.sub(r"\s+", " ", source.text(written)), _DEEPEST_USE)


def _used(prefix: str, tree: str, deepest: int) -> Iterator[Imported]:
    """`a::{b, c::{d, e}}` as `a` with `b`, and `a::c` with `d` and `e`."""
    path, brace, rest = tree.partition("{")
    target = "::".join(part for part in (prefix, path.strip().removesuffix("::")) if part)
    if not brace or deepest == 0:
        whole, _, _alias = target.partition(" as ")
        if whole.endswith("::*"):
            yield whole[:-3], ("*",)
        else:
            yield whole, (whole.rsplit("::", 1)[-1],)
        return
    names: list[str] = []
    for part in _split(rest.rstrip().removesuffix("}")):
        if "{" in part or "::" in part:
            yield from _used(target, part, deepest - 1)
        else:
            names.append(part.partition(" as ")[0].strip())
    if names:
        yield target, tuple(names)


def _split(text: str) -> Iterator[str]:
    depth = 0
    begin = 0
    for offset, character in enumerate(text):
        if character in "{}":
            depth += 1 if character == "{" else -1
        elif character == "," and depth == 0:
            yield text[begin:offset].strip()
            begin = offset + 1
    if text[begin:].strip():
        yield text[begin:].strip()


def _is_public(seen: Seen) -> bool:
    return seen.scope is SymbolKind.TRAIT or seen.signature.startswith("pub ")


TABLE = LanguageTable(
    name="rust",
    grammar="rust",
    definitions={
        "struct_item": Definition(SymbolKind.STRUCT),
        "union_item": Definition(SymbolKind.STRUCT),
        "enum_item": Definition(SymbolKind.ENUM),
        "trait_item": Definition(SymbolKind.TRAIT),
        "impl_item": Definition(SymbolKind.STRUCT, describe=_impl),
        "mod_item": Definition(SymbolKind.MODULE, patterns=("(mod_item body: (_)) @definition",)),
        "function_item": Definition(SymbolKind.FUNCTION),
        "function_signature_item": Definition(SymbolKind.FUNCTION),
        "type_item": Definition(SymbolKind.TYPE, body=""),
        "const_item": Definition(SymbolKind.CONSTANT, describe=_constant),
        "static_item": Definition(SymbolKind.CONSTANT, describe=_constant),
        "macro_definition": Definition(SymbolKind.MACRO, describe=_macro),
    },
    imports=("[(use_declaration) (extern_crate_declaration) (mod_item)] @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(call_expression function: (_) @call)", "(macro_invocation macro: (_) @call)"),
    comments=("line_comment", "block_comment"),
    attributes=("attribute_item",),
    docstring=_inner_doc,
)
