"""Finds the sites of a syntax tree in one query, gives each the scopes around it, and holds the rules against them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import tree_sitter

from agents.codebase.structure.deadline import captures as captures_of
from agents.codebase.structure.evidence.grammars import QUERIES
from agents.codebase.structure.evidence.rules import Rule
from agents.codebase.structure.evidence.sites import FileFacts, Scope, Site, SiteKind, arguments_of, unwrapped
from agents.codebase.structure.grammars import query


class RuleIndex(dict[tuple[SiteKind, str], list[Rule]]):
    """Rules by kind and by the last part of the names that they are about."""

    @cached_property
    def called(self) -> frozenset[bytes]:
        """The last parts of the names of calls."""
        return frozenset(tail.encode() for kind, tail in self if kind is SiteKind.CALL)

    @cached_property
    def kinds(self) -> tuple[SiteKind, ...]:
        """What a file is searched for: assignments always, since they say what a name stands for elsewhere."""
        ruled = {kind for kind, _ in self} | {SiteKind.ASSIGN}
        return tuple(kind for kind in SiteKind if kind in ruled)


#: The longest name that is looked at: what stands before it in a chain of calls does not matter.
NAME_LIMIT = 200
#: Scopes around a site, and values of one name, that are remembered: source written to exhaust us must not.
SCOPE_LIMIT = 64
ASSIGNED_LIMIT = 50
#: Declarations whose grammar has no name for what is assigned: it is their last part.
_DECLARATIONS = frozenset({"variable_declarator", "property_declaration"})
#: A callback that runs once for every element is a loop's body rather than a function of its own.
_REPEATS = re.compile(rb"\.forEach\s{0,9}\(\s{0,40}$")
_LAST = re.compile(r"[A-Za-z_$][\w$]*[!?]?$")


def index(rules: Iterable[Rule]) -> RuleIndex:
    """The rules by kind and by the last part of the names they are about."""
    by_tail = RuleIndex()
    for rule in rules:
        for tail in dict.fromkeys(_tail(subject) for subject in rule.subjects):
            by_tail.setdefault((rule.kind, tail), []).append(rule)
    return by_tail


def matches(language: str, root: tree_sitter.Node, source: bytes, rules: RuleIndex) -> Iterator[tuple[Rule, Site]]:
    """Every rule that holds somewhere in the tree, with the place."""
    captures = captures_of(query(language, QUERIES[language]), root)
    facts = FileFacts(source, _imports(language, captures.get("import", ()), source))
    resolved = language in _IMPORTS
    marks = _marks(captures, source, rules.kinds, _wanted(rules, facts.imports))
    for site in _sites(marks, facts):
        for rule in (*rules.get((site.kind, _tail(site.name)), ()), *rules.get((site.kind, "*"), ())):
            if _named(rule, site.name, resolved) and (rule.when is None or rule.when(site)):
                yield rule, site


_CONDITIONALS = frozenset({"if_statement", "elif_clause", "if_expression", "if", "elsif"})
_CONDITION_LIMIT = 120


def condition_of(site: Site) -> str:
    """What the innermost `if` around the site asks, as written; empty outside one, in its `else`, or if it is long."""
    node, limit = site.node, site.function
    while node.parent is not None and (limit is None or node != limit.node):
        parent = node.parent
        condition = parent.child_by_field_name("condition") if parent.type in _CONDITIONALS else None
        if condition is not None and node != condition:
            written = " ".join(site.facts.text(unwrapped(condition)).split())
            fits = node not in parent.children_by_field_name("alternative") and len(written) <= _CONDITION_LIMIT
            return written if fits and "`" not in written else ""
        node = parent
    return ""


def _tail(name: str) -> str:
    last = _LAST.search(name)
    return last[0] if last else name


def _named(rule: Rule, name: str, resolved: bool) -> bool:
    for subject in rule.subjects:
        if subject[0] == "*":
            if name.endswith(subject[1:]):
                return True
        elif name.removeprefix("$") == subject or (
            not resolved and name.endswith(("." + subject, "\\" + subject, "::" + subject))
        ):
            return True
    return False


_Mark = tuple[int, int, SiteKind | None, tree_sitter.Node, Scope | None]


def _marks(
    captures: Mapping[str, Sequence[tree_sitter.Node]],
    source: bytes,
    kinds: Sequence[SiteKind],
    wanted: frozenset[bytes],
) -> list[_Mark]:
    """Scopes, and sites of these kinds, in the order in which they start, a scope before what it holds."""
    # Asked of each function only where some function can be either.
    some_repeat, some_async = b".forEach" in source, b"async" in source
    marks: list[_Mark] = [
        (
            node.start_byte,
            -node.end_byte,
            None,
            node,
            Scope(node, not (some_repeat and _repeats(node, source)), some_async and _is_async(node, source)),
        )
        for node in captures.get("function", ())
    ]
    for node in captures.get("loop", ()):
        body = node.child_by_field_name("body") or (node.named_children[-1] if node.named_child_count else node)
        marks.append((body.start_byte, -body.end_byte - 1, None, body, Scope(body, False)))
    for kind in kinds:
        nodes = captures.get(kind.value, ())
        if kind is SiteKind.CALL:
            nodes = [node for node in nodes if _is_wanted(node, source, wanted)]
        marks.extend((node.start_byte, -node.end_byte, kind, node, None) for node in nodes)
    return sorted(marks, key=lambda mark: (mark[0], mark[1], mark[2] is not None))


def _repeats(node: tree_sitter.Node, source: bytes) -> bool:
    return _REPEATS.search(source, max(0, node.start_byte - 60), node.start_byte) is not None


def _wanted(rules: RuleIndex, imports: Mapping[str, str]) -> frozenset[bytes]:
    """The last parts of calls' names that any rule is about, also as this file's imports rename them."""
    renamed = {local.encode() for local, name in imports.items() if _tail(name).encode() in rules.called}
    return rules.called | renamed


#: What separates the parts of a name in any language becomes a dot, so that one search finds the last part.
_SEPARATORS = bytes.maketrans(b":>\\ \n\t", b"......")


def _is_wanted(node: tree_sitter.Node, source: bytes, wanted: frozenset[bytes]) -> bool:
    end = _end_of_name(node)
    raw = source[max(node.start_byte, end - NAME_LIMIT) : end].translate(_SEPARATORS).rstrip(b".")
    return raw[raw.rfind(b".") + 1 :] in wanted


def _sites(marks: Iterable[_Mark], facts: FileFacts) -> Iterator[Site]:
    """The sites in order of the file, assignments noted on the way; scopes open and close as the sweep passes them."""
    open_scopes: list[Scope] = []
    for start, _, role, node, scope in marks:
        while open_scopes and open_scopes[-1].node.end_byte <= start:
            open_scopes.pop()
        if scope is not None:
            open_scopes.append(scope)
        if role is None:
            continue
        name = _name(role, node, facts)
        site = Site(role, node, name, tuple(open_scopes[-SCOPE_LIMIT:]), facts)
        if role is SiteKind.ASSIGN:
            _note(site)
        yield site


def _note(site: Site) -> None:
    """Remember what a plain `=` gave the name; `+=` only changes what is there."""
    right = site.node.child_by_field_name("right") or site.node.child_by_field_name("value")
    if right is None and site.node.type in _DECLARATIONS and site.node.named_child_count > 1:
        right = site.node.named_children[-1]
    if right is None:
        return
    before = site.facts.source[max(site.node.start_byte, right.start_byte - 6) : right.start_byte].rstrip(b" \n\t")
    if before[-2:] in {b"+=", b".=", b"-=", b"*=", b"|="}:
        return
    function = site.function
    values = site.facts.assigned.setdefault((function.node.start_byte if function else -1, site.name), [])
    values.append(right)
    del values[:-ASSIGNED_LIMIT]


def _end_of_name(call: tree_sitter.Node) -> int:
    holder = arguments_of(call)
    if holder is not None:
        return holder.start_byte
    method = call.child_by_field_name("method") or call.child_by_field_name("name")
    return method.end_byte if method is not None else call.end_byte


def _name(kind: SiteKind, node: tree_sitter.Node, facts: FileFacts) -> str:
    if kind is SiteKind.CALL:
        end = _end_of_name(node)
        return _resolved(_compact(facts.source[max(node.start_byte, end - NAME_LIMIT) : end]), facts.imports)
    if kind is SiteKind.ASSIGN:
        left = node.child_by_field_name("left") or node.child_by_field_name("name")
        left = left or (node.named_children[0] if node.named_child_count else node)
        return _compact(facts.source[left.start_byte : min(left.end_byte, left.start_byte + NAME_LIMIT)])
    if kind is SiteKind.PAIR:
        key = node.child_by_field_name("key") or (node.named_children[0] if node.named_child_count else node)
        return _compact(facts.source[key.start_byte : min(key.end_byte, key.start_byte + NAME_LIMIT)]).strip("'\":")
    return node.type


def _compact(raw: bytes) -> str:
    name = "".join(raw.decode("utf-8", "replace").split()).removeprefix("new").removeprefix("await")
    return name.replace("->", ".").replace("?.", ".").replace("::", ".").replace("&.", ".").lstrip("\\")


def _resolved(name: str, imports: Mapping[str, str]) -> str:
    if not imports:
        return name
    first, dot, rest = name.partition(".")
    return imports[first] + dot + rest if first in imports else name


def _is_async(node: tree_sitter.Node, source: bytes) -> bool:
    head = source[node.start_byte : node.start_byte + 80].split(b"(")[0].split(b"\n")[0]
    return b"async" in head.split()


_PYTHON_FROM = re.compile(r"from\s+([\w.]+)\s+import\s+(.*)", re.DOTALL)
_AS = re.compile(r"([\w.]+)\s+as\s+(\w+)")
_JS_MODULE = re.compile(r"""(?:from|require\(|import)\s{0,20}["'](?:node:)?([^"']{1,200})["']""")
_JS_NAME = re.compile(r"([\w$]+)(?:\s{0,20}(?::|\bas\b)\s{0,20}([\w$]+))?")


def _python_imports(statement: str) -> Iterator[tuple[str, str]]:
    whole = _PYTHON_FROM.match(statement)
    prefix, names = (whole[1] + ".", whole[2]) if whole else ("", statement.removeprefix("import"))
    for part in names.strip("() \n").split(","):
        renamed = _AS.search(part)
        if renamed:
            yield renamed[2], prefix + renamed[1]
        elif name := part.strip():
            yield (name, prefix + name) if whole else (name.split(".")[0], name.split(".")[0])


def _javascript_imports(statement: str) -> Iterator[tuple[str, str]]:
    module = _JS_MODULE.search(statement)
    if module is None:
        return
    head = statement[: module.start()].removeprefix("import").removeprefix("type").strip(" =")
    outside, brace, inside = head.partition("{")
    if brace:
        for part in inside.split("}")[0].split(","):
            named = _JS_NAME.search(part)
            if named:
                yield named[2] or named[1], f"{module[1]}.{named[1]}"
    for part in outside.split(","):
        name = part.replace("* as", "").strip()
        if name:
            yield name, module[1]


_IMPORTS = {
    "python": _python_imports,
    "javascript": _javascript_imports,
    "typescript": _javascript_imports,
    "tsx": _javascript_imports,
}


def _imports(language: str, nodes: Sequence[tree_sitter.Node], source: bytes) -> dict[str, str]:
    read = _IMPORTS.get(language)
    if read is None:
        return {}
    facts = FileFacts(source, {})
    return {local: name for node in nodes for local, name in read(facts.text(node))}
