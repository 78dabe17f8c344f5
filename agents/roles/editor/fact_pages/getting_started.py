"""The page for a first day: what a machine needs, how to get, set, run and test the code, what to read next. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from agents.codebase.code_languages import is_code
from agents.codebase.facts.infrastructure import infrastructure
from agents.codebase.facts.settings.words import VARIABLE
from agents.codebase.package_facts import PackageFacts, packages
from agents.codebase.package_facts.workspace import merged
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import FactKind
from agents.roles.editor import markdown
from agents.roles.editor.architecture import ARCHITECTURE
from agents.roles.editor.fact_pages.commands import COMMANDS, installed_files
from agents.roles.editor.fact_pages.configuration import CONFIGURATION, settings_of_files
from agents.roles.editor.fact_pages.offered_commands import offered_commands
from agents.roles.editor.fact_pages.rows import bounded, code, facts_of, section, start, words
from agents.roles.editor.fact_pages.tests_page import TESTS, runs
from agents.roles.editor.front_page import add_installation
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

GETTING_STARTED = "getting-started.md"
_OPENING = "What to have, get, set and run on a first day with this code, each from the file that says so."
#: Files that name the version of a tool, by the tool's name.
_VERSIONS: Final = {
    ".python-version": "python", ".nvmrc": "node", ".node-version": "node", ".ruby-version": "ruby",
    ".java-version": "java", ".go-version": "go", ".terraform-version": "terraform", "rust-toolchain": "rust",
    ".tool-versions": "", ".php-version": "php", ".swift-version": "swift",
}  # fmt: skip
_RUNS: Final = re.compile(
    r"^(?:install|setup|bootstrap|deps|build|dev|develop|start|run|serve|watch|preview|up|migrate|seed)$", re.IGNORECASE
)
#: What the page links to, where it is there.
_LINKS: Final = {
    "All settings with their defaults": CONFIGURATION,
    "All commands": COMMANDS,
    "What is tested where": TESTS,
    "How the modules fit together": ARCHITECTURE,
}
#: Parts that a page must have: a command to run alone is on the page of commands.
_FEWEST, _ROWS = 2, 12


def getting_started(material: Material, others: Collection[str]) -> Page | None:
    """The page; None where files say too little of it. `others` are the pages of facts that it may link to."""
    builder = start(material, GETTING_STARTED, PageKind.GETTING_STARTED, "Getting started", _OPENING)
    texts = material.texts
    manifests = merged(packages(material.line_counts, texts.text, "")) if texts is not None else []
    parts = [_needs(builder, manifests), add_installation(builder, manifests)]
    parts += [part(builder) for part in (_services, _settings, _run, _test)]
    if sum(parts) < _FEWEST:
        return None
    _reading(builder, others)
    return builder.page()


def _reading(builder: PageBuilder, others: Collection[str]) -> None:
    """The entry points, and the pages that say more."""
    rows = [(builder.file(path), builder.summary(path)) for path in _starts(builder.material)]
    links = [
        markdown.to(builder.words(label), builder.path, target) for label, target in _LINKS.items() if target in others
    ]
    if rows or links:
        builder.heading("What to read next")
    if rows:
        bounded(builder, ("File", "What it is"), rows, "file", _ROWS)
    for link in links:
        builder.add(link)


def _needs(builder: PageBuilder, manifests: Sequence[PackageFacts]) -> bool:
    """The versions of languages and tools that manifests and version files ask for."""
    material = builder.material
    if material.texts is None:
        return False
    rows = [
        (
            markdown.escape(manifest.ecosystem),
            code(manifest.requires.removeprefix(manifest.ecosystem).strip()),
            builder.cite(manifest.file),
        )
        for manifest in manifests
        if manifest.requires
    ]
    for name, tool in _VERSIONS.items():
        if name in material.line_counts:
            for line in material.texts.text(name).split("\n")[:_ROWS]:
                parts = line.partition("#")[0].split()
                tools, version = (parts[:1], parts[1:2]) if not tool else ([tool], parts[:1])
                if tools and version:
                    rows.append((markdown.escape(tools[0]), code(version[0]), builder.cite(name)))
    return section(builder, "What it needs", ("What", "Version", "Declared in"), rows, "file", _ROWS)


def _services(builder: PageBuilder) -> bool:
    """What a compose file at the root starts."""
    material = builder.material
    rows: list[tuple[str, ...]] = []
    for path, analysis in sorted(material.analyses.items()):
        if "/" not in path and analysis.structure.language == "yaml" and material.texts is not None:
            rows += [
                (code(fact.name), code(fact.target), builder.cite(path, fact.lines))
                for fact in infrastructure(path, analysis.structure, material.texts.text(path))
                if fact.source == "compose"
            ]
    if not rows:
        return False
    builder.heading("Services")
    builder.add(builder.words("{command} starts these:", command=code("docker compose up")))
    bounded(builder, ("Name", "From", "Declared in"), rows, "resource", _ROWS)
    return True


def _settings(builder: PageBuilder) -> bool:
    """Variables that must be set, and those that an example of an environment lists."""
    material = builder.material
    rows: dict[str, tuple[str, ...]] = {}
    stated = [placed for placed in facts_of(material, FactKind.SETTING) if "required" in placed.fact.marks]
    listed = [placed for placed in settings_of_files(material) if placed.fact.source == VARIABLE]
    for path, fact in [*stated, *listed]:
        rows.setdefault(fact.name, (code(fact.name), words(fact.text), builder.cite(path, fact.lines)))
    return section(builder, "What to set", ("Name", "What it is for", "Declared in"), rows.values(), "setting", _ROWS)


def _run(builder: PageBuilder) -> bool:
    offered = offered_commands(builder.material, _RUNS)
    rows = [(code(item.command), words(item.text), builder.cite(item.path, item.lines)) for item in offered]
    return section(builder, "How to run it", ("Command", "What it does", "Declared in"), rows, "command", _ROWS)


def _test(builder: PageBuilder) -> bool:
    return section(builder, "How to test it", ("Command", "Declared in"), runs(builder), "command", _ROWS)


def _starts(material: Material) -> Iterator[str]:
    installed = installed_files(material)
    programs = {path for path, item in material.analyses.items() if is_code(item.structure.language)}.difference(
        installed
    )
    others = [path for module in material.product for path in module.entry_points if path in programs]
    yield from [*installed, *sorted(others, key=lambda path: (path.count("/"), posixpath.basename(path)))][:_ROWS]
