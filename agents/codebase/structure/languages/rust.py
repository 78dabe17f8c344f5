"""Rust: doc comments inside and outside, impl blocks lend their type's name; `pub` is public."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import tree_sitter

from agents.codebase.structure.documentation import Doc, of_comment
from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable, Seen
from agents.codebase.structure.languages.rust_comments import doc_above
from agents.codebase.structure.parameters import ParameterStyle
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

_DEEPEST_USE = 8
_TRAIT_IMPL = SymbolKind.TRAIT
_FOR_TESTS = re.compile(r"#\[\s*cfg\s*\(\s*(?:all\s*\(\s*)?test\b")


def _impl(node: tree_sitter.Node, source: Source) -> Found | None:
    """A scope, no symbol; what a trait's implementation holds is as public as the trait."""
    trait = node.child_by_field_name("trait")
    kind = _TRAIT_IMPL if trait is not None else SymbolKind.STRUCT
    name = _owner(node.child_by_field_name("type"), source)
    name = _aliases(source.data).get(name, name)
    return Found(name, kind, "", emits=False, public=True, trait=source.written(trait))


#: `pub type LocalResult<T> = MappedTime<T>;`
_ALIAS = re.compile(
    rb"^(?:pub(?:\([^()\n]{0,60}\))?[ \t]+)?type[ \t]+(\w{1,100})(?:<[^<>;={}]{0,200}>)?\s{0,9}=\s{0,9}(\w{1,100})"
    rb"(?:<[^;{}]{0,200}>)?\s{0,9};",
    re.MULTILINE,
)
_DECLARED = re.compile(rb"\b(?:struct|enum|union)[ \t]+(\w{1,100})")


@lru_cache(maxsize=1)
def _aliases(data: bytes) -> Mapping[str, str]:
    """The other names of types that the file declares: what is implemented for the one belongs to the other."""
    aliases = dict(_ALIAS.findall(data)) if b"type " in data else {}
    declared = set(_DECLARED.findall(data)) if aliases else set()
    return {name.decode(): of.decode() for name, of in aliases.items() if of in declared and name not in declared}


def _owner(node: tree_sitter.Node | None, source: Source) -> str:
    """The name that a person gives to what is implemented for: `Bag` for `&'a mut Bag<'a, T>`, `dyn Size`, `[T]`."""
    for _ in range(_DEEPEST_TYPE):
        if node is None or node.type not in _AROUND_A_TYPE:
            break
        node = node.child_by_field_name("type") or nth(node, -1)
    if node is None:
        return ""
    if node.type == "scoped_type_identifier":
        return source.name(node.child_by_field_name("name"))
    return source.written(node).replace(".", " ")


_AROUND_A_TYPE = frozenset({"reference_type", "generic_type"})
_DEEPEST_TYPE = 12


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value = node.child_by_field_name("value")
    head = source.signature(node.start_byte, value.start_byte if value is not None else node.end_byte)
    value_text = source.value(value)
    kind = SymbolKind.VARIABLE if node.type == "static_item" and " mut " in head else SymbolKind.CONSTANT
    type_ = source.written(node.child_by_field_name("type"))
    signature = f"{head} = {value_text}" if value_text and value_text != "…" else head
    return Found(name, kind, signature, type=type_, default=value_text)


def _field(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    type_ = source.written(node.child_by_field_name("type"))
    return Found(name, SymbolKind.FIELD, source.signature(node.start_byte, node.end_byte), type=type_)


def _numbered(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The fields of a tuple struct, which are named by their numbers."""
    public = False
    number = 0
    for child in node.named_children:
        if child.type == "visibility_modifier":
            public = source.text(child) == "pub"
        elif child.type not in {"attribute_item", "line_comment", "block_comment"}:
            written = source.written(child)
            signature = f"pub {number}: {written}" if public else f"{number}: {written}"
            yield Found(str(number), SymbolKind.FIELD, signature, public=public, type=written, node=child)
            public, number = False, number + 1


def _variant(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    value_text = source.value(node.child_by_field_name("value"))
    return Found(name, SymbolKind.VARIANT, source.signature(node.start_byte, node.end_byte), default=value_text)


def _macro(node: tree_sitter.Node, source: Source) -> Found | None:
    name = source.name(node.child_by_field_name("name"))
    return Found(name, SymbolKind.MACRO, f"macro_rules! {name}")


def _re_exports(node: tree_sitter.Node, source: Source) -> Iterator[Found]:
    """The names of a `pub use`."""
    written = node.child_by_field_name("argument")
    if written is None:
        return
    signature = source.signature(node.start_byte, node.end_byte)
    for target, alias in _uses(
        "", re.sub(r"\s+", " ", source.code(written.start_byte, written.end_byte)), _DEEPEST_USE
    ):
        name = alias or target.rsplit("::", 1)[-1]
        if name not in {"_", "self"}:
            yield Found(name, SymbolKind.RE_EXPORT, signature, target=target, public=signature.startswith("pub use"))


def _uses(prefix: str, tree: str, deepest: int) -> Iterator[tuple[str, str]]:
    """Each path of a `use` with the name that it is given there."""
    path, brace, rest = tree.partition("{")
    target = "::".join(part for part in (prefix, path.strip().removesuffix("::")) if part)
    if not brace or deepest == 0:
        whole, _, alias = target.partition(" as ")
        yield whole.removesuffix("::self"), alias.strip()
        return
    for part in _split(rest.rstrip().removesuffix("}")):
        yield from _uses(target, part, deepest - 1)


def _settle(definition: Found, decorators: tuple[str, ...], _scope: SymbolKind | None) -> Found | None:
    """A macro is public by its attribute; nothing is in a module for tests."""
    if definition.kind is SymbolKind.MODULE and any(_FOR_TESTS.match(decorator) for decorator in decorators):
        return replace(definition, hiding=True)
    if definition.kind is SymbolKind.MACRO:
        return replace(definition, public=any("macro_export" in decorator for decorator in decorators))
    return definition


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
            yield _module_file(node, source), ()
    elif node.type == "extern_crate_declaration":
        yield source.name(node.child_by_field_name("name")), ()
    else:
        written = node.child_by_field_name("argument")
        if written is not None:
            yield from _used("", re.sub(r"\s+", " ", source.text(written)), _DEEPEST_USE)


def _module_file(node: tree_sitter.Node, source: Source) -> str:
    """The path of a module in a file of its own: by the modules around it, or as `#[path = "…"]` says."""
    above = node.prev_named_sibling
    while above is not None and above.type == "attribute_item":
        if match := _PATH.match(source.text(above)):
            return match.group(1)
        above = above.prev_named_sibling
    names: list[str] = []
    around: tree_sitter.Node | None = node
    while around is not None:
        if around.type == "mod_item":
            names.insert(0, source.name(around.child_by_field_name("name")))
        around = around.parent
    return "::".join(["self", *names])


_PATH = re.compile(r"#\[\s*path\s*=\s*\"([^\"\n]{1,300}\.rs)\"\s*\]")


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
        "field_declaration": Definition(SymbolKind.FIELD, describe=_field),
        "ordered_field_declaration_list": Definition(
            SymbolKind.FIELD,
            patterns=("(struct_item body: (ordered_field_declaration_list) @definition)",),
            describe=_numbered,
        ),
        "enum_variant": Definition(SymbolKind.VARIANT, describe=_variant),
        "associated_type": Definition(SymbolKind.TYPE, body=""),
        "use_declaration": Definition(
            SymbolKind.RE_EXPORT,
            patterns=("(use_declaration (visibility_modifier)) @definition",),
            describe=_re_exports,
        ),
        "macro_definition": Definition(SymbolKind.MACRO, describe=_macro),
    },
    imports=("[(use_declaration) (extern_crate_declaration) (mod_item)] @import",),
    read_import=_imports,
    public=_is_public,
    calls=("(call_expression function: (_) @call)", "(macro_invocation macro: (_) @call)"),
    comments=("line_comment", "block_comment"),
    attributes=("attribute_item",),
    settle=_settle,
    parameters=ParameterStyle.NAME_FIRST,
    docstring=_inner_doc,
    interleaved=doc_above,
)
