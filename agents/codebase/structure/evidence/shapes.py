"""Conditions that rule tables are written with: each takes a site and says whether a shape is there."""

from __future__ import annotations

import re

import tree_sitter

from agents.codebase.structure.evidence.rules import Condition
from agents.codebase.structure.evidence.sites import NODE_LIMIT, TEXT_LIMIT, FileFacts, Site, descendants, unwrapped

_STRINGS = frozenset(
    [
        "string",
        "string_literal",
        "interpreted_string_literal",
        "raw_string_literal",
        "encapsed_string",
        "template_string",
        "interpolated_string_expression",
        "concatenated_string",
        "raw_string",
        "heredoc",
        "verbatim_string_literal",
    ]
)
_INSERTIONS = frozenset(
    ["interpolation", "template_substitution", "simple_expansion", "expansion", "command_substitution"]
)
_BINARIES = frozenset(["binary_operator", "binary_expression", "binary"])
_CALLS = frozenset({"call", "call_expression", "method_invocation", "invocation_expression", "macro_invocation"})
_FORMATTERS = re.compile(r"[Ss]tring\.[Ff]ormat\(|fmt\.Sprintf\(|sprintf\(|format!\(")
#: A name in capitals is a constant of the author's: putting it into a string lets nobody else in.
_CONSTANT = re.compile(r"(?:\w{1,60}\.){0,4}_{0,2}[A-Z][A-Z0-9_]+")
_SQL = re.compile(
    r"""^[rbfuRBFU$@]{0,3}["'`]{1,3}\s{0,200}(?:select\s|insert\s+into\s|update\s+\S{1,80}\s+set\s|delete\s+from\s"""
    r"""|drop\s+(?:table|database)\s|alter\s+table\s|create\s+(?:table|user)\s|truncate\s+table\s|replace\s+into\s)""",
    re.IGNORECASE,
)
#: Statements that no join and no batch replaces.
_SETTING = re.compile(r"(?i)\W{0,4}(?:pragma|attach|detach|set|use|create|drop|alter|begin|commit|vacuum)\b")
_AWAITS = frozenset({"await", "await_expression"})
_ENDLESS = re.compile(r"(?:while\s*\(?\s*(?:True|true|1)\b|loop\b|for\s*\(\s*;\s*;|for\s*$)")
_AGAIN = re.compile(r"(?i)(?:^|[\W_]|max)(?:retr(?:y|ies)|attempts?|tries)(?:$|[\W_]|left|count)")
#: `for x in [a, b]` and its like: as many rounds as somebody wrote.
_COLLECTIONS = frozenset({"list", "tuple", "set", "array"})
_BLOCKS = frozenset(
    {"block", "statement_list", "statement_block", "body_statement", "compound_statement", "then", "else", "do"}
)
_LEAVES = frozenset({"break_statement", "return_statement", "raise_statement", "throw_statement", "break", "return"})
_FLAG = re.compile(r"\s*(?:self\.)?(\w+)\s*=\s*[Tt]rue\b")
_LITERALS = frozenset(
    [
        "string_start",
        "string_content",
        "string_end",
        "string_fragment",
        "escape_sequence",
        *("integer", "float"),
        *("true", "false", "none", "null", "number"),
        "string_literal_content",
        "interpreted_string_literal_content",
        "raw_string_literal_content",
        "number_literal",
        "decimal_integer_literal",
        "character_literal",
    ]
) | (_STRINGS)


def _is_constant(node: tree_sitter.Node, facts: FileFacts) -> bool:
    text = facts.text(node)
    return "$_" not in text and _CONSTANT.fullmatch(text.strip("${}#() \n")) is not None


def is_literal(node: tree_sitter.Node, facts: FileFacts) -> bool:
    """Whether the node is written out: strings, numbers and the author's constants, nothing that varies."""
    if _is_constant(node, facts):
        return True
    for inner in descendants(node):
        if inner.type in _INSERTIONS:
            if not _is_constant(inner, facts):
                return False
        elif inner.type in {"identifier", "call", "call_expression", "variable_name", "attribute", "member_expression"}:
            holder = inner.parent
            inserted = holder is not None and holder.type in _INSERTIONS
            if not inserted and not _is_constant(inner, facts):
                return False
    return True


def _concatenates(node: tree_sitter.Node) -> bool:
    """Whether the node joins strings: a string on one side of `+`, `%`, `.` or `||`, however deep on its left."""
    for _ in range(NODE_LIMIT):
        if node.type not in _BINARIES or not {child.type for child in node.children} & {"+", "%", ".", "||"}:
            return False
        sides = [unwrapped(child) for child in node.named_children]
        if any(side.type in _STRINGS for side in sides):
            return True
        node = sides[0]
    return False


def is_built(node: tree_sitter.Node, facts: FileFacts) -> bool:
    """Whether the node is a string put together from something that varies."""
    node = unwrapped(node)
    if node.type in _STRINGS:
        return not is_literal(node, facts)
    if node.type in _BINARIES:
        return _concatenates(node) and not is_literal(node, facts)
    if node.type in _CALLS:
        formats = _FORMATTERS.match(facts.text(node)) is not None or _format_receiver(node)
        return formats and not is_literal(node, facts)
    return False


def _format_receiver(node: tree_sitter.Node) -> bool:
    function = node.child_by_field_name("function")
    if function is None or function.type != "attribute":
        return False
    name, receiver = function.child_by_field_name("attribute"), function.child_by_field_name("object")
    return name is not None and name.text == b"format" and receiver is not None and unwrapped(receiver).type in _STRINGS


def built(site: Site) -> bool:
    """The subject is a string put together on the spot, or a name that was assigned one in the same function."""
    return bool(_built_values(site))


def _built_values(site: Site) -> list[tree_sitter.Node]:
    node = site.subject
    if node is None:
        return []
    values = [node]
    if node.type in {"identifier", "variable_name"}:
        values = site.assigned(site.facts.text(node))
    return [value for value in values if is_built(value, site.facts)]


def built_sql(site: Site) -> bool:
    """The subject is an SQL statement put together from something that varies."""
    return any(_SQL.match(_first_string(value, site.facts)) for value in _built_values(site))


def any_built_sql(site: Site) -> bool:
    """Any argument is an SQL statement put together on the spot: a context may come first."""
    values = [node for node in site.arguments if is_built(node, site.facts)]
    return built_sql(site) or any(_SQL.match(_first_string(value, site.facts)) for value in values)


def _first_string(node: tree_sitter.Node, facts: FileFacts) -> str:
    return next((facts.text(inner) for inner in descendants(node) if inner.type in _STRINGS), "")


def varies(site: Site) -> bool:
    """The subject is neither written out nor missing."""
    return site.subject is not None and not is_literal(site.subject, site.facts)


def in_loop(site: Site) -> bool:
    """The site is repeated by a loop of its own function."""
    return site.repeated


def query_repeats(site: Site) -> bool:
    """The loop repeats one query, rather than going through a list of different ones."""
    if not site.repeated:
        return False
    subject, body = site.subject, site.loops[-1].node
    if subject is not None and _SETTING.match(_first_string(subject, site.facts)):
        return False
    if subject is None or body.parent is None or subject.type not in {"identifier", "variable_name"}:
        return True
    head = site.facts.source[body.parent.start_byte : body.start_byte][:TEXT_LIMIT].decode("utf-8", "replace")
    return not re.search(rf"(?<!\w){re.escape(site.facts.text(subject))}\b", head)


def in_async(site: Site) -> bool:
    """The site's own function is asynchronous, and does not await it: what is awaited lets other tasks run."""
    function, parent = site.function, site.node.parent
    awaited = parent is not None and parent.type in _AWAITS
    return function is not None and function.is_async and not awaited


def for_each(site: Site) -> bool:
    """The site is repeated for elements: an endless loop, or one of attempts, tries again; a written list is short."""
    if not site.repeated or _goes_through(site.loops[-1].node) in _COLLECTIONS:
        return False
    head = _head(site)
    return not _ENDLESS.match(head) and not _AGAIN.search(head)


def _head(site: Site) -> str:
    body = site.loops[-1].node
    start = body.parent.start_byte if body.parent is not None else body.start_byte
    return site.facts.source[start : body.start_byte][:TEXT_LIMIT].decode("utf-8", "replace")


def _goes_through(body: tree_sitter.Node) -> str:
    """The kind of expression that a loop goes through; empty when it is no loop over elements."""
    over = body.parent.child_by_field_name("right") if body.parent is not None else None
    return over.type if over is not None else ""


def listed_by_author(site: Site) -> bool:
    """The subject is the variable of a loop over a collection that is written out in the same function."""
    subject = site.subject
    if subject is None or subject.type != "identifier":
        return False
    for loop in site.loops:
        head = loop.node.parent
        left, right = (
            (head.child_by_field_name(side) for side in ("left", "right")) if head is not None else (None, None)
        )
        if left is None or right is None or site.facts.text(left) != site.facts.text(subject):
            continue
        values = site.assigned(site.facts.text(right)) if right.type == "identifier" else [right]
        return bool(values) and all(item.type in _COLLECTIONS and is_literal(item, site.facts) for item in values)
    return False


def moves_elements(site: Site) -> bool:
    """The loop does it for many elements: not once before it ends, not to a list of this round, not for a few."""
    if not site.repeated or _goes_through(site.loops[-1].node) in _COLLECTIONS:
        return False
    body = site.loops[-1].node
    receiver = site.name.rpartition(".")[0]
    if re.search(rf"(?:for|each)\b[^;]*\b{re.escape(receiver)}\s+(?:in|of)\b", _head(site)):
        return False
    if any(body.start_byte <= made.start_byte < site.node.start_byte for made in site.assigned(receiver)):
        return False
    return not _ends_after(site, body)


def once(site: Site) -> bool:
    """The loop is left soon after the site: what stands in it happens once."""
    return site.repeated and _ends_after(site, site.loops[-1].node)


def _ends_after(site: Site, body: tree_sitter.Node) -> bool:
    """Whether the loop is left soon after the site: by its block's next statements, or by a flag that they set."""
    node = site.node
    while node.parent is not None and node.parent != body and node.parent.type not in _BLOCKS:
        node = node.parent
    while (following := node.next_named_sibling) is not None:
        text = site.facts.text(following)
        flag = _FLAG.match(text)
        if following.type in _LEAVES or (
            flag and re.search(rf"\bif\s*\(?\s*{flag[1]}\b[^\n]*\s+break\b", site.facts.text(body))
        ):
            return True
        node = following
    return False


def everything(*conditions: Condition) -> Condition:
    """All of the conditions hold."""
    return lambda site: all(condition(site) for condition in conditions)


def no(condition: Condition) -> Condition:
    """The condition does not hold."""
    return lambda site: not condition(site)


def text(pattern: str) -> Condition:
    """The site's text has the pattern somewhere outside nothing: for keyword arguments and named constants."""
    compiled = re.compile(pattern)
    return lambda site: compiled.search(site.text) is not None


def argument(pattern: str) -> Condition:
    """One argument, as written, matches the whole pattern."""
    compiled = re.compile(pattern)
    return lambda site: any(compiled.fullmatch(site.facts.text(node)) for node in site.arguments)


def value(pattern: str) -> Condition:
    """What is assigned, as written, matches the whole pattern."""
    compiled = re.compile(pattern)
    return lambda site: site.value is not None and compiled.fullmatch(site.facts.text(site.value)) is not None


def grows(site: Site) -> bool:
    """A string is appended to in a loop that did not just create it: `+=` with a string on the right."""
    if not site.repeated:
        return False
    operator = site.node.child_by_field_name("operator")
    sign = site.facts.text(operator) if operator is not None else _sign(site)
    if sign not in {"+=", ".="} or site.value is None or not site.name.lstrip("$").isidentifier():
        return False
    right = site.value
    stringy = right.type in _STRINGS or _concatenates(right)
    return stringy and not _assigned_in_loop(site) and not _ends_after(site, site.loops[-1].node)


def _sign(site: Site) -> str:
    return next((child.type for child in site.node.children if not child.is_named), "")


def _assigned_in_loop(site: Site) -> bool:
    """Whether the name starts afresh in every round of the innermost loop, or its head bounds it: it stays short."""
    loop = site.loops[-1].node
    head = loop.parent
    if head is not None and re.search(
        rf"\b{re.escape(site.name)}\b",
        site.facts.source[head.start_byte : loop.start_byte][:TEXT_LIMIT].decode("utf-8", "replace"),
    ):
        return True
    return any(loop.start_byte <= node.start_byte < site.node.start_byte for node in site.assigned(site.name))
