"""PHP: PHPDoc, `use` and `require`; public unless it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.language import Definition, Found, Imported, LanguageTable
from agents.codebase.structure.source import Source, is_literal_harmless, nth
from agents.contracts.structure import SymbolKind

_HIDDEN = re.compile(r"\b(?:private|protected)\b")


def _constant(node: tree_sitter.Node, source: Source) -> Found | None:
    element = next((child for child in node.named_children if child.type == "const_element"), None)
    if element is None:
        return None
    name = source.name(nth(element, 0))
    value = nth(element, 1)
    shown = source.text(value) if value is not None else ""
    head = source.signature(node.start_byte, element.start_byte)
    return Found(name, SymbolKind.CONSTANT, f"{head} {name} = {shown if is_literal_harmless(shown) else '…'}")


def _imports(node: tree_sitter.Node, source: Source) -> Iterator[Imported]:
    if node.type != "namespace_use_declaration":
        strings = [child for child in node.named_children if child.type in {"string", "encapsed_string"}]
        written = re.search(r"['\"]([^'\"]{1,300})['\"]", source.text(node))
        yield (source.name(strings[0]).strip("'\"") if strings else written.group(1) if written else ""), ()
        return
    written_use = re.sub(r"^use\s+(?:function\s+|const\s+)?", "", source.text(node).strip().rstrip(";")).strip()
    prefix, brace, group = written_use.partition("{")
    parts = [
        re.split(r"\s+as\s+", part.strip(), flags=re.IGNORECASE)[0] for part in (group or prefix).strip(" }").split(",")
    ]
    if brace:
        yield prefix.strip().rstrip("\\"), tuple(part for part in parts if part)
    else:
        yield from ((part, (part.rsplit("\\", 1)[-1],)) for part in parts if part)


TABLE = LanguageTable(
    name="php",
    grammar="php",
    entry="language_php",
    definitions={
        "class_declaration": Definition(SymbolKind.CLASS),
        "interface_declaration": Definition(SymbolKind.INTERFACE),
        "trait_declaration": Definition(SymbolKind.TRAIT),
        "enum_declaration": Definition(SymbolKind.ENUM),
        "function_definition": Definition(SymbolKind.FUNCTION),
        "method_declaration": Definition(SymbolKind.FUNCTION),
        "const_declaration": Definition(SymbolKind.CONSTANT, describe=_constant),
    },
    imports=(
        (
            "[(namespace_use_declaration) (require_once_expression) (require_expression) (include_expression)"
            " (include_once_expression)] @import"
        ),
    ),
    read_import=_imports,
    public=lambda seen: not _HIDDEN.search(seen.signature.split("(")[0]),
    calls=(
        "(function_call_expression function: (_) @call)",
        "(member_call_expression name: (_) @call)",
        "(scoped_call_expression name: (_) @call)",
        "(object_creation_expression . (name) @call)",
    ),
    raises=("(throw_expression) @raise",),
    raised=re.compile(r"throw\s+new\s+(\\?(?:\w+\\)*\w+)", re.IGNORECASE),
)
