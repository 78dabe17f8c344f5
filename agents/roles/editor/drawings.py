"""Drawings of the architecture page beside the modules: files of one package, and class hierarchies. Pure."""

from __future__ import annotations

from collections import Counter

from agents.codebase.paths import is_generated, is_product
from agents.roles.editor.graph import direction, drawing
from agents.roles.editor.hierarchies import Hierarchies, Type
from agents.roles.editor.mermaid import classes, flowchart
from agents.roles.editor.page_builder import PageBuilder

#: Boxes of one class diagram, rows of its table, and types named in a row.
_BOXES, _ROWS, _NAMED = 30, 20, 10


def file_graph(builder: PageBuilder) -> None:
    """The imports between files, where no module of the product imports another."""
    material = builder.material
    if material.product_arrows:
        return
    files = [path for module in material.product for path in module.files]
    files = [path for path in files if is_product(path) and not is_generated(path)]
    arrows = Counter(
        (item.source, item.target) for item in material.synthesis.dependencies if {item.source, item.target} <= {*files}
    )
    drawn = drawing(files, arrows)
    if not drawn.arrows:
        return
    builder.heading("Files")
    builder.add(builder.words("An arrow points from the file that imports to the one it imports."))
    labels = {
        name: f"{name} ({builder.words.counted(count, 'file')})" if count > 1 else name
        for name, count in drawn.nodes.items()
    }
    builder.diagram(flowchart(labels, drawn.arrows, direction(drawn)))


def class_hierarchies(builder: PageBuilder) -> None:
    """The types that others extend or implement: the largest families drawn, each listed."""
    hierarchies = Hierarchies(builder.material)
    below = hierarchies.below
    heads = [item for item in sorted(below, key=lambda item: (-len(below[item]), item)) if len(below[item]) > 1]
    if not heads:
        return
    builder.heading("Class hierarchies")
    builder.add(builder.words("An arrow points from a type to the one that it extends or implements."))
    boxes: dict[Type, None] = {}
    for head in heads:
        family = {head: None, **dict.fromkeys(below[head])}
        if len({**boxes, **family}) <= _BOXES:
            boxes |= family
    edges = [(_key(child), _key(base)) for base in below for child in below[base] if base in boxes and child in boxes]
    if edges:
        builder.diagram(classes({_key(item): item[1] for item in boxes}, edges))
    rows = []
    for head in heads[:_ROWS]:
        listed = ", ".join(builder.symbol(*child) for child in below[head][:_NAMED])
        listed = builder.with_rest(listed, len(below[head]) - _NAMED)
        rows.append((builder.symbol(*head), listed, builder.cite(head[0], hierarchies.types[head].lines)))
    builder.table(("Type", "Extended or implemented by", "Declared in"), rows)
    builder.and_more(len(heads) - _ROWS, "type")


def _key(item: Type) -> str:
    return f"{item[0]} {item[1]}"
