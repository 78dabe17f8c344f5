"""The page of tests: their frameworks, how they are run, and which files test what. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator

from agents.codebase.paths import is_product, is_test
from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import Structure, SymbolKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.offered_commands import offered_commands
from agents.roles.editor.fact_pages.rows import bounded, code, section, start
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

TESTS = "tests.md"
_OPENING = "How this code is tested: the frameworks of its tests, how they are run, and what each file tests."
#: What a test file imports, its framework's name, and how that is run where the repository does not say.
_FRAMEWORKS = (
    (re.compile(r"^pytest"), "pytest", "python -m pytest"),
    (re.compile(r"^unittest"), "unittest", "python -m unittest"),
    (re.compile(r"^vitest"), "Vitest", "npx vitest run"),
    (re.compile(r"^@jest/|^jest"), "Jest", "npx jest"),
    (re.compile(r"^mocha"), "Mocha", "npx mocha"),
    (re.compile(r"^node:test"), "node:test", "node --test"),
    (re.compile(r"^@playwright/test"), "Playwright", "npx playwright test"),
    (re.compile(r"^testing$"), "testing", "go test ./..."),
    (re.compile(r"^org\.junit"), "JUnit", ""),
    (re.compile(r"^org\.testng"), "TestNG", ""),
    (re.compile(r"^(?:Xunit|NUnit)|^Microsoft\.VisualStudio\.TestTools"), "xUnit, NUnit or MSTest", "dotnet test"),
    (re.compile(r"^(?:minitest|test_helper)"), "Minitest", "rake test"),
    (re.compile(r"^(?:rspec|spec_helper|rails_helper)"), "RSpec", "bundle exec rspec"),
    (re.compile(r"^PHPUnit"), "PHPUnit", "vendor/bin/phpunit"),
    (re.compile(r"gtest"), "GoogleTest", "ctest"),
)
_TEST = re.compile(r"^(?:test|Test|Benchmark|Fuzz)|^it_|_test$")
_MARKED = re.compile(r"(?:^|[@\[.#])(?:Test|ParameterizedTest|Fact|Theory|TestMethod|TestCase|test|tokio::test)\b")
_RUN = re.compile(r"^(?:test|tests|check|unit|integration|e2e)(?:[:_-].*)?$")
_TARGETS = 6


def tests_page(material: Material) -> Page | None:
    """The page; None where no file is a test."""
    structures = {path: item.structure for path, item in sorted(material.analyses.items())}
    counts = {path: tests_in(structure) for path, structure in structures.items()}
    files = [path for path, structure in structures.items() if _is_test_file(path, structure, counts[path])]
    if not files:
        return None
    builder = start(material, TESTS, PageKind.TESTS, "Tests", _OPENING)
    total = sum(counts[path] for path in files)
    count = builder.words.counted(len(files), "test file")
    if total:
        tests = builder.words.counted(total, "test function")
        builder.add(builder.words("{count} with {tests}.", count=count, tests=tests))
    else:
        builder.add(f"{count}.")
    _frameworks(builder, files, structures)
    section(builder, "How to run them", ("Command", "Declared in"), runs(builder), "command")
    builder.heading("What is tested where")
    rows = []
    for path in files:
        targets = [item.target for item in material.imports.get(path, ()) if is_product(item.target)]
        linked = ", ".join(builder.file(target) for target in dict.fromkeys(targets[:_TARGETS]))
        listed = builder.with_rest(linked, len(targets) - _TARGETS)
        rows.append(
            (builder.file(path), builder.words.number(counts[path]) if counts[path] else "", listed, builder.cite(path))
        )
    bounded(builder, ("File", "Test functions", "Imports of the product", "Source"), rows, "file")
    return builder.page()


def tests_in(structure: Structure) -> int:
    """The test functions of a file, by name or by mark; functions without a name are not counted."""
    return sum(
        1
        for symbol in structure.symbols
        if symbol.kind in {SymbolKind.FUNCTION, SymbolKind.METHOD}
        and (_TEST.search(symbol.name.rpartition(".")[2]) or any(_MARKED.search(text) for text in symbol.decorators))
    )


def _is_test_file(path: str, structure: Structure, count: int) -> bool:
    if not is_test(path):
        return structure.language == "rust" and any("#[test]" in symbol.decorators for symbol in structure.symbols)
    is_known = any(pattern.search(item.target) for item in structure.imports for pattern, _, _ in _FRAMEWORKS)
    name = posixpath.basename(path)
    return bool(count) or is_known or re.search(r"[._-](?:test|spec)\.\w+$", name) is not None


def _frameworks(builder: PageBuilder, files: list[str], structures: dict[str, Structure]) -> None:
    used: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for path in files:
        targets = [item.target for item in structures[path].imports]
        for pattern, name, run in _FRAMEWORKS:
            if any(pattern.search(target) for target in targets):
                used[name, run] += 1
                examples.setdefault((name, run), path)
    rows = [
        (markdown.escape(name), builder.words.number(count), code(run), builder.cite(examples[name, run]))
        for (name, run), count in used.most_common()
    ]
    if rows:
        builder.heading("Frameworks")
        builder.table(("Framework", "Files", "Usually run by", "For example"), rows, numbers=(1,))


def runs(builder: PageBuilder) -> Iterator[tuple[str, str]]:
    """What the repository itself offers to run tests, each with where it is declared."""
    for item in offered_commands(builder.material, _RUN):
        yield code(item.command), builder.cite(item.path, item.lines)
    for path in sorted({"tox.ini", "noxfile.py"} & set(builder.material.analyses)):
        yield code(path.partition(".")[0].removesuffix("file")), builder.cite(path)
