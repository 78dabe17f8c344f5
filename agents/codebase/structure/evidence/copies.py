"""Whether a copy in C or C++ is bounded: by what it copies, or by the memory that was made for it."""

from __future__ import annotations

import re

import tree_sitter

from agents.codebase.structure.evidence.sites import TEXT_LIMIT, Site, descendants, unwrapped

_UNBOUNDED = frozenset({"gets", "strcpy", "strcat", "sprintf", "vsprintf", "stpcpy", "wcscpy"})
_CONVERSION = re.compile(
    r"%(?:[-+ #0]*(?:\*|\d+)?(?P<precision>\.(?:\*|\d+))?(?:hh|h|ll|l|z|j|t|L)?(?P<kind>[a-zA-Z])|%)"
)
_NAME = re.compile(r"[A-Za-z_]\w*")
#: Memory is made at most this far above the copy into it.
_NEAR = 700


def unbounded(site: Site) -> bool:
    """A copy whose length neither its author wrote out nor the memory made just above it was measured by."""
    if site.name not in _UNBOUNDED:
        return False
    arguments = [unwrapped(node) for node in site.arguments]
    if len(arguments) < 2:
        return True
    sources = _sources(site, arguments)
    return bool(sources) and not _was_measured(site, arguments[0], sources)


def _sources(site: Site, arguments: list[tree_sitter.Node]) -> list[tree_sitter.Node]:
    """The arguments whose length is not known: texts that vary; numbers and written-out texts are bounded."""
    if site.name != "sprintf":
        return [] if _texts(arguments[1]) else [arguments[1]]
    formats = _texts(arguments[1]) or _defined(site, arguments[1])
    if not formats:
        return [arguments[1]]
    values = arguments[2:]
    sources = []
    for text in formats:
        at = 0
        for match in _CONVERSION.finditer(text):
            at += match[0].count("*")
            if match["kind"] == "s" and not match["precision"] and at < len(values) and not _texts(values[at]):
                sources.append(values[at])
            at += match["kind"] is not None
    return sources


def _texts(node: tree_sitter.Node) -> list[str]:
    """The written-out texts that an expression can be: one, or both of a condition; none if it can be another."""
    node = unwrapped(node)
    if node.type in {"string_literal", "concatenated_string"}:
        return [(node.text or b"").decode("utf-8", "replace")]
    if node.type != "conditional_expression":
        return []
    sides = [node.child_by_field_name("consequence"), node.child_by_field_name("alternative")]
    texts = [_texts(side) for side in sides if side is not None]
    return [text for side in texts for text in side] if all(texts) else []


def _defined(site: Site, node: tree_sitter.Node) -> list[str]:
    """The text of a macro of this file."""
    name = re.escape(site.facts.text(node))
    return [
        macro.decode("utf-8", "replace")
        for macro in re.findall(
            rb"(?m)^[ \t]*#[ \t]*define[ \t]+" + name.encode() + rb"[ \t]+(\"[^\n]*\")", site.facts.source
        )
    ]


def _was_measured(site: Site, target: tree_sitter.Node, sources: list[tree_sitter.Node]) -> bool:
    """Whether the memory of `target` was made just above, by a size in which every source is measured."""
    name = next(
        (site.facts.text(descendant) for descendant in descendants(target) if descendant.type == "identifier"), ""
    )
    function = site.function
    start = max(function.node.start_byte if function else 0, site.node.start_byte - _NEAR)
    before = site.facts.source[start : site.node.start_byte][-TEXT_LIMIT:].decode("utf-8", "replace")
    made = re.findall(rf"\b{re.escape(name)}\s*=[^;]*?(?:alloca?\s*\(|new\s+\w+\s*\[)[^;]*;", before, re.IGNORECASE)
    if not name or not made:
        return False
    size = made[-1]
    for part in set(_NAME.findall(size)) - {name}:
        size += " ".join(re.findall(rf"\b{part}\s*=\s*[^;=][^;]*;", before))
    measured = set(_NAME.findall(size))
    return all(_NAME.findall(site.facts.text(source))[-1:][0] in measured for source in sources)
