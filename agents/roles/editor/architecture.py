"""The architecture: the module graph drawn, layered, its cycles and outside dependencies named. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.synthesis import CitedStatement
from agents.roles.editor import markdown
from agents.roles.editor.drawings import class_hierarchies, file_graph
from agents.roles.editor.graph import cycles, direction, drawing, layers
from agents.roles.editor.material import Material
from agents.roles.editor.mermaid import flowchart
from agents.roles.editor.page_builder import PageBuilder
from agents.roles.editor.page_prose import PageProse
from agents.text.wording import counted

ARCHITECTURE = "architecture.md"
_MOST = 12
_STATEMENTS = 6


def statements(material: Material) -> tuple[CitedStatement, ...]:
    """The heaviest dependencies between modules as sentences, each citing the first import."""
    first: dict[tuple[str, str], CitedStatement] = {}
    ranked = sorted(material.product_arrows.items(), key=lambda item: (-item[1], item[0]))[:_STATEMENTS]
    counts = dict(ranked)
    for dependency in material.synthesis.dependencies:
        pair = (material.home[dependency.source], material.home[dependency.target])
        if pair in counts and pair not in first:
            times = counted(counts[pair], "import")
            text = f"`{pair[0]}` depends on `{pair[1]}` through {times}."
            first[pair] = CitedStatement(text=text, path=dependency.source, lines=dependency.lines)
    return tuple(first[pair] for pair, _ in ranked if pair in first)


def architecture(material: Material, prose: PageProse) -> Page:
    """The page that shows how the modules fit together."""
    builder = PageBuilder(material, ARCHITECTURE, PageKind.ARCHITECTURE, "Architecture")
    _diagram(builder)
    if prose.paragraphs:
        builder.heading("The strongest ties")
        sentences = (
            " ".join(builder.statement(statement) for statement in paragraph) for paragraph in prose.paragraphs
        )
        builder.add("\n".join(f"- {sentence}" for sentence in sentences))
        builder.diagram(prose.diagram)
    file_graph(builder)
    class_hierarchies(builder)
    _layers(builder)
    _cycles(builder)
    _files(builder)
    _external(builder)
    return builder.page()


def _diagram(builder: PageBuilder) -> None:
    material = builder.material
    names = [module.name for module in material.product]
    drawn = drawing(names, material.product_arrows)
    if not drawn.arrows:
        sentence = "No import between two modules could be resolved, so there is no graph to draw."
        if len(material.synthesis.modules) == 1:
            sentence = "The repository is one module, so there is no graph of modules to draw."
        builder.add(builder.words(sentence))
        return
    left_out = len(material.product) > 1 and material.apart
    words = builder.words
    builder.add(
        words(
            "An arrow points from the module that imports to the one it imports. Its number counts imports of a file "
            "by a file, each pair of files once. {imports} were resolved in the whole repository{without}.",
            imports=words.counted(len(material.synthesis.dependencies), "import"),
            without=words("; modules of tests, examples and generated code are left out") if left_out else "",
        )
    )
    labels = {
        name: f"{name} ({words.counted(count, 'module')})" if count > 1 else name for name, count in drawn.nodes.items()
    }
    builder.add(markdown.diagram(flowchart(labels, drawn.arrows, direction(drawn))))
    notes = []
    if drawn.folded:
        notes.append(words("{count} folded into the folders above", count=words.counted(drawn.folded, "module")))
    if drawn.dropped:
        count = words.counted(drawn.dropped, "arrow")
        notes.append(words("{count} left out, the lightest", count=count))
    alone = len(names) - len({end for arrow in material.product_arrows for end in arrow})
    if alone:
        count = words.counted(alone, "module")
        notes.append(words("{count} without imports to or from another not drawn", count=count))
    if notes:
        builder.add(words("To keep it readable: {notes}.", notes="; ".join(notes)))


def _layers(builder: PageBuilder) -> None:
    material = builder.material
    connected = {end for arrow in material.product_arrows for end in arrow}
    by_height = layers(connected, material.product_arrows)
    if len(by_height) < 2:
        return
    builder.heading("Layers")
    builder.add(
        builder.words(
            "Each layer imports only from layers below it, or from its own cycle: modules that import each other share "
            "one."
        )
    )
    rows = [(f"{height + 1}", builder.modules(by_height[height], 30)) for height in reversed(range(len(by_height)))]
    builder.table(("Layer", "Modules"), rows, numbers=(0,))


def _cycles(builder: PageBuilder) -> None:
    material = builder.material
    builder.heading("Cycles")
    modules = cycles({end for arrow in material.product_arrows for end in arrow}, material.product_arrows)
    arrows = [
        (item.source, item.target)
        for item in material.synthesis.dependencies
        if is_product(item.source) and is_product(item.target)
    ]
    files = cycles({end for arrow in arrows for end in arrow}, arrows)
    if not modules:
        builder.add(builder.words("No modules import each other in a circle."))
    sentence = "{count} whose modules import each other in a circle:"
    _circles(builder, sentence, modules, lambda group: builder.modules(group, 20))
    sentence = "{count} whose files import each other in a circle:"
    _circles(builder, sentence, files, lambda group: _some(builder, group))


def _circles(builder: PageBuilder, sentence: str, groups: list[list[str]], names: Callable[[list[str]], str]) -> None:
    if groups:
        builder.add(builder.words(sentence, count=builder.words.counted(len(groups), "group")))
        builder.add("\n".join(f"- {names(group)}" for group in groups[:_MOST]))
        builder.and_more(len(groups) - _MOST, "group")


def _some(builder: PageBuilder, paths: list[str]) -> str:
    return builder.with_rest(", ".join(builder.file(path) for path in paths[:_MOST]), len(paths) - _MOST)


def _files(builder: PageBuilder) -> None:
    material = builder.material
    product = {
        path: [user for user in users if is_product(user.source)]
        for path, users in material.importers.items()
        if is_product(path)
    }
    ranked = sorted(product.items(), key=lambda item: (-len(item[1]), item[0]))[:_MOST]
    rows = [
        (builder.file(path), builder.words.number(len(users)), builder.summary(path))
        for path, users in ranked
        if len(users) > 1
    ]
    if rows:
        builder.heading("Most depended-on files")
        builder.add(builder.words("Imports by tests and examples are not counted."))
        builder.table(("File", "Imported by", "What it holds"), rows, numbers=(1,))


def _external(builder: PageBuilder) -> None:
    used: Counter[str] = Counter()
    for module in builder.material.product:
        used.update(module.external)
    rows = []
    for package, _ in sorted(used.items(), key=lambda item: (-item[1], item[0]))[:30]:
        users = [module.name for module in builder.material.product if package in module.external]
        rows.append((markdown.code(package), builder.modules(users, 6)))
    builder.heading("External dependencies")
    if not rows:
        builder.add(
            builder.words("No imports from outside the repository were found, apart from the languages' own libraries.")
        )
        return
    builder.add(builder.words("Imported from outside the repository, the languages' own libraries left out."))
    builder.table(("Package", "Imported by"), rows)
