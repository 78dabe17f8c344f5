"""What the editor writes from: every document of the session, and what can be looked up in them. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.codebase.claims.index import SnapshotIndex, index_of
from agents.codebase.notes import PlacedNote, placed_notes
from agents.codebase.paths import is_apart, is_product, speaks_for_folder
from agents.codebase.published import hidden_in, published_lines
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.analysis import Analysis
from agents.contracts.base import Lines
from agents.contracts.ladder import LadderStep
from agents.contracts.review import Finding, Review
from agents.contracts.session import Coverage
from agents.contracts.snapshot import Gap, Manifest
from agents.contracts.structure import Topic
from agents.contracts.synthesis import CitedStatement, Dependency, Module, Synthesis
from agents.pages.addresses import api_pages, module_pages, source_pages
from agents.roles.editor.symbol_links import SymbolLinks


@dataclass(frozen=True)
class Material:
    """Every document of the session; `analyses` are keyed by path, a missing review is absent from `reviews`.

    `asked_roles` are the roles of synthesizer and editor that ask a language model.
    """

    manifest: Manifest
    analyses: Mapping[str, Analysis]
    synthesis: Synthesis
    reviews: Mapping[Topic, Review]
    coverage: Coverage
    gaps: Sequence[Gap]
    model: str
    steps: Sequence[LadderStep] = ()
    texts: SnapshotTexts | None = None
    asked_roles: frozenset[str] = frozenset()

    @cached_property
    def extracted(self) -> bool:
        """Whether all words of the site are the authors' own, no language model's."""
        writers = {self.model, self.synthesis.model, *(review.model for review in self.reviews.values())}
        writers |= {analysis.model for analysis in self.analyses.values()}
        return (writers - {""}) == {"extractive"}

    @cached_property
    def refused(self) -> Mapping[str, Gap]:
        """Gaps whose pages have their authors' documentation: the model's replies about them were refused."""
        return {gap.path: gap for gap in self.gaps if gap.extracted}

    @cached_property
    def index(self) -> SnapshotIndex:
        """What a model's words are checked against."""
        return index_of(self.manifest, self.analyses)

    def digest(self, path: str, lines: Lines | None) -> str:
        """The hash of cited lines."""
        return self.texts.digest(path, lines) if self.texts else ""

    def published(self, path: str) -> str:
        """A file's text as pages show it; empty for a file that is not there."""
        if self.texts is None or path not in self.line_counts:
            return ""
        analysis = self.analyses.get(path)
        hidden = hidden_in(analysis.structure if analysis else None)
        return "\n".join(published_lines(self.texts.text(path), hidden))

    @cached_property
    def line_counts(self) -> dict[str, int]:
        """Lines of every file that has a source page, by path."""
        return {entry.path: entry.lines for entry in self.manifest.documented}

    @cached_property
    def sources(self) -> dict[str, str]:
        """Source pages by path."""
        return source_pages(self.line_counts)

    @cached_property
    def api(self) -> dict[str, str]:
        """API pages by path, for the files that have an analysis."""
        pages = api_pages(self.line_counts)
        return {path: pages[path] for path in self.analyses}

    @cached_property
    def module_pages(self) -> dict[str, str]:
        """Module pages by the module's name."""
        return module_pages(module.name for module in self.synthesis.modules)

    @cached_property
    def apart(self) -> frozenset[str]:
        """Names of the modules that are no product: most of their files are tests, examples or generated."""
        return frozenset(module.name for module in self.synthesis.modules if is_apart(module.files))

    @cached_property
    def product(self) -> tuple[Module, ...]:
        """The modules of the product, or all where a repository has no others."""
        return (
            tuple(module for module in self.synthesis.modules if module.name not in self.apart)
            or self.synthesis.modules
        )

    @cached_property
    def product_arrows(self) -> dict[tuple[str, str], int]:
        """Imports between modules of the product, counted; all imports where the product is one module."""
        if len(self.product) < 2:
            return self.arrows
        names = {module.name for module in self.product}
        return {pair: count for pair, count in self.arrows.items() if names.issuperset(pair)}

    @cached_property
    def home(self) -> dict[str, str]:
        """The module's name by file."""
        return {path: module.name for module in self.synthesis.modules for path in module.files}

    @cached_property
    def statements(self) -> dict[str, tuple[CitedStatement, ...]]:
        """The synthesis's statements by module."""
        return {summary.module: summary.statements for summary in self.synthesis.summaries}

    @cached_property
    def imports(self) -> dict[str, list[Dependency]]:
        """Dependencies by the file that imports."""
        by_source: dict[str, list[Dependency]] = defaultdict(list)
        for dependency in self.synthesis.dependencies:
            by_source[dependency.source].append(dependency)
        return by_source

    @cached_property
    def notes(self) -> tuple[PlacedNote, ...]:
        """The notes of people in the repository."""
        symbols = {path: analysis.structure.symbols for path, analysis in self.analyses.items()}
        texts = self.texts
        return tuple(placed_notes(self.line_counts, symbols, texts.text)) if texts is not None else ()

    @cached_property
    def importers(self) -> dict[str, list[Dependency]]:
        """Dependencies by the file that is imported."""
        by_target: dict[str, list[Dependency]] = defaultdict(list)
        for dependency in self.synthesis.dependencies:
            by_target[dependency.target].append(dependency)
        return by_target

    @cached_property
    def neighbours(self) -> dict[str, tuple[str, str]]:
        """The files before and after each file in its module, empty at its ends."""
        beside: dict[str, tuple[str, str]] = {}
        for module in self.synthesis.modules:
            files = ["", *(path for path in module.files if path in self.analyses), ""]
            beside |= {here: (before, after) for before, here, after in zip(files, files[1:], files[2:], strict=False)}
        return beside

    @cached_property
    def symbols(self) -> SymbolLinks:
        """What a name on a page means."""
        return SymbolLinks(
            self.analyses, {path: [imported.target for imported in of] for path, of in self.imports.items()}
        )

    @cached_property
    def arrows(self) -> dict[tuple[str, str], int]:
        """Imports between modules, counted."""
        counted: Counter[tuple[str, str]] = Counter()
        for dependency in self.synthesis.dependencies:
            pair = (self.home[dependency.source], self.home[dependency.target])
            if pair[0] != pair[1]:
                counted[pair] += 1
        return dict(counted)

    @cached_property
    def used_by(self) -> dict[str, list[str]]:
        """Names of the modules that import a module, by its name."""
        users: dict[str, list[str]] = defaultdict(list)
        for source, target in sorted(self.arrows):
            users[target].append(source)
        return users

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding of both reviews."""
        return tuple(finding for review in self.reviews.values() for finding in review.findings)

    def summary(self, path: str) -> str:
        """A file's first statement, empty if it has none."""
        analysis = self.analyses.get(path)
        return analysis.summary[0].text if analysis and analysis.summary else ""

    def module_line(self, module: Module) -> CitedStatement | None:
        """The one statement that stands for a module in a list: its own, else what is said of one of its files."""
        statements = self.statements.get(module.name, ())
        if statements:
            return statements[0]
        files = sorted(module.files, key=lambda path: (not speaks_for_folder(path), not is_product(path), path))
        return next(
            (
                CitedStatement(text=statement.text, path=path, lines=statement.lines)
                for path in files
                if path in self.analyses
                for statement in self.analyses[path].summary[:1]
            ),
            None,
        )
