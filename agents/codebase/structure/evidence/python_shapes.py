"""Conditions that only Python's tree answers."""

from __future__ import annotations

import re

import tree_sitter

from agents.codebase.structure.evidence.shapes import COLLECTIONS, is_literal
from agents.codebase.structure.evidence.sites import Site

_SAFE_LOADER = re.compile(r"Safe|BaseLoader")
_LIST_MAKERS = re.compile(r"list\(|sorted\(|\[\s*\]$")
_COPY = re.compile(r"\s*\+\s*[\[(]|\s*\+\s*list\(")


def has_loader(site: Site) -> bool:
    """yaml.load is given a safe loader, or one whose name says nothing against it."""
    return len(site.arguments) > 1 and (_SAFE_LOADER.search(site.text) is not None or "=" not in site.text)


def path_repeats(site: Site) -> bool:
    """The file opened is the same in every round, and is read."""
    subject = site.subject
    if subject is None or not is_literal(subject, site.facts) or subject.type != "string":
        return False
    return not any(re.fullmatch(r"""(?:mode=)?["'][wax].{0,3}["']""", site.facts.text(node)) for node in site.arguments)


def grows_by_copy(site: Site) -> bool:
    """`xs = xs + [...]` in a loop: the whole list is copied in every round."""
    if not site.repeated or site.node.type != "assignment":
        return False
    value = site.value
    if value is None or value.type != "binary_operator":
        return False
    text = site.facts.text(value)
    return text.startswith(site.name) and _COPY.match(text[len(site.name) :]) is not None


def listed_in_loop(site: Site) -> bool:
    """`x in xs` in a loop, where xs was made a list in the same function before the loop."""
    if not site.repeated:
        return False
    loops, operands = site.loops, site.node.named_children
    if len(operands) != 2 or operands[1].type != "identifier" or is_literal(operands[0], site.facts):
        return False
    operators = {child.type for child in site.node.children if not child.is_named}
    made = site.assigned(site.facts.text(operands[1]))
    return (
        bool(operators & {"in", "not in"})
        and bool(made)
        and all(_makes_list(node, site) and node.start_byte < loops[-1].node.start_byte for node in made)
    )


def _makes_list(node: tree_sitter.Node, site: Site) -> bool:
    return node.type == "list_comprehension" or _LIST_MAKERS.match(site.facts.text(node)) is not None


def front_of_list(site: Site) -> bool:
    """`xs.insert(0, x)` or `xs.pop(0)`: every other element moves."""
    arguments = [site.facts.text(node) for node in site.arguments]
    return arguments[:1] == ["0"] and len(arguments) == (2 if site.name.endswith("insert") else 1)


def same_collection(site: Site) -> bool:
    """A loop directly inside another loop over the same collection."""
    inner, node = site.node.child_by_field_name("right"), site.node.parent
    while inner is not None and node is not None and node.type not in {"function_definition", "lambda", "module"}:
        if node.type == "for_statement":
            outer = node.child_by_field_name("right")
            return outer is not None and outer.type != "call" and site.facts.text(outer) == site.facts.text(inner)
        node = node.parent
    return False


def read_whole(site: Site) -> bool:
    """`for line in f.readlines()`: the file itself would give its lines one by one."""
    parent = site.node.parent
    if parent is None or site.arguments or parent.type not in {"for_statement", "for_in_clause"}:
        return False
    # A list of all lines holds the file in memory in any case.
    return parent.parent is None or parent.parent.type != "list_comprehension"


_CLIENT = re.compile(r"(?:client|s3|dynamodb|ddb|sqs|sns|ec2)\.\w+$", re.IGNORECASE)
_RESOURCE = re.compile(r"(?:table|bucket)\.\w+$", re.IGNORECASE)
_SDKS = frozenset({"boto3", "aioboto3", "botocore", "aiobotocore", "google", "azure"})


def remote_receiver(site: Site) -> bool:
    """The method is called on a service's client; a table or bucket only where the file imports a service's SDK."""
    if _RESOURCE.search(site.name):
        return any(name.split(".")[0] in _SDKS for name in site.facts.imports.values())
    return _CLIENT.search(site.name) is not None


def copies_the_same(site: Site) -> bool:
    """The argument of a copy does not come from the loop's head: the same object is copied in every round."""
    subject, loop = site.subject, site.loops[-1].node
    if subject is None or loop.parent is None or subject.type not in {"identifier", "attribute"}:
        return False
    head = site.facts.source[loop.parent.start_byte : loop.start_byte].decode("utf-8", "replace")
    root = site.facts.text(subject).split(".")[0]
    made = [node.start_byte >= loop.start_byte for node in site.assigned(root)]
    return (
        loop.parent.type in {"for_statement", "while_statement"}
        and root not in re.findall(r"\w+", head)
        and not any(made)
    )


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
        return bool(values) and all(item.type in COLLECTIONS and is_literal(item, site.facts) for item in values)
    return False
