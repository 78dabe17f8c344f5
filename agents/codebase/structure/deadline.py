"""How long one file may keep a grammar busy: source written to exhaust a parser must cost one gap, not a batch."""

from __future__ import annotations

import time
from itertools import groupby

import tree_sitter

#: Processor seconds for parsing one file, and bytes for which it gets one more; honest source takes a tenth of it.
SECONDS = 2.0
_BYTES_A_SECOND = 500_000
#: What is shorter takes less than a second, whatever it says, and is spared the questions: 8 kB of `|-` take ten.
_SHORT = 2_048
_PIECE = 1 << 20
#: A query takes time by the square of a tree's depth. People nest some dozens of levels deep, generators a few hundred.
_DEEPEST = 400
#: Of signs in a row that belong to one node, such as thousands of `-`, a query takes time by the square, too.
_LONGEST_ROW = 500


def parsed(parser: tree_sitter.Parser, data: bytes) -> tree_sitter.Node:
    """The tree's root. Raises ValueError when the grammar does not come to an end in time, or no query of it would."""
    if len(data) <= _SHORT:
        return parser.parse(data).root_node
    seconds = SECONDS + len(data) / _BYTES_A_SECOND
    end = time.thread_time() + seconds

    def is_over(*_: object) -> bool:
        # At every question: a hundred steps of a grammar can take a second, as with a line that always goes on.
        return time.thread_time() > end

    try:
        root = parser.parse(lambda at, _point: data[at : at + _PIECE], progress_callback=is_over).root_node
    except ValueError as error:
        parser.reset()
        raise ValueError(f"the grammar has not come to an end after {seconds:.0f} s") from error
    if _has_long_row(root):
        raise ValueError("hundreds of signs in a row have nothing between them")
    return root


def _has_long_row(root: tree_sitter.Node) -> bool:
    """Whether a node holds more signs in a row than any author writes."""
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node.child_count - node.named_child_count > _LONGEST_ROW:
            rows = groupby(node.children, lambda child: child.is_named)
            if any(not is_named and sum(1 for _ in row) > _LONGEST_ROW for is_named, row in rows):
                return True
        nodes += [child for child in node.children if child.descendant_count > _LONGEST_ROW]
    return False


def captures(query: tree_sitter.Query, root: tree_sitter.Node) -> dict[str, list[tree_sitter.Node]]:
    """What the query finds down to a depth that no author reaches."""
    # The binding's progress callback for queries ends the process (tree-sitter 0.26.1): depth is what is limited.
    cursor = tree_sitter.QueryCursor(query)
    cursor.set_max_start_depth(_DEEPEST)
    return cursor.captures(root)


def in_order(query: tree_sitter.Query, root: tree_sitter.Node, name: str) -> list[tree_sitter.Node]:
    """What the query finds under one name, as it stands in the file: the binding gives it in an order of its own."""
    return sorted(captures(query, root).get(name, ()), key=lambda node: (node.start_byte, -node.end_byte))
