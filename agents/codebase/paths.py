"""What a file's path says about it: a test, an example, written by a program. One answer for every role. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from functools import lru_cache

_TEST_FOLDERS = re.compile(
    r"^t/|(?:^|/)(?:tests?|testing|testdata|test-data|test_data|specs?|__tests__|__mocks__|fixtures?|androidtest|unittests?"
    r"|[\w.-]+[._-]tests?|bench(?:marks?|es)?)/",
    re.IGNORECASE,
)
#: A test file's name, by the endings of the languages that name tests so; None stands for every language.
_TEST_NAMES: tuple[tuple[frozenset[str] | None, re.Pattern[str]], ...] = (
    (None, re.compile(r"^(?:test_.*|.*[._-](?:test|spec)s?\.\w+)$", re.IGNORECASE)),
    (frozenset({".py"}), re.compile(r"^(?:conftest|.*_tests?|tests?)\.py$", re.IGNORECASE)),
    (
        frozenset({".go", ".c", ".cc", ".cpp", ".cxx", ".rs", ".rb", ".ex", ".exs", ".dart"}),
        re.compile(r".*_tests?\.\w+$"),
    ),
    (frozenset({".rs"}), re.compile(r"^tests?\.rs$")),
    (frozenset({".rb"}), re.compile(r".*_spec\.rb$|^spec_helper\.rb$|^test_helper\.rb$")),
    (
        frozenset({".java", ".kt", ".kts", ".cs", ".php", ".scala", ".swift", ".groovy"}),
        re.compile(r".*[a-z0-9](?:Tests?|TestCase|Spec|IT)\.\w+$|^Test[A-Z].*\.\w+$"),
    ),
    (frozenset({".sh", ".bash", ".bats"}), re.compile(r".*\.bats$|.*_test\.sh$")),
    (frozenset({".lua"}), re.compile(r".*_spec\.lua$")),
)
#: A document is about something: `load-test.md` is a guide, unless its folder says that it is a test's data.
_PROSE = frozenset({".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".org", ".tex"})
#: Below a root of sources a folder of this name is a part of the product: `src/benchmark/` of a benchmarking tool.
_BENCHMARKS_OF_SOURCES = re.compile(r"(?:^|/)src/(?:[^/]+/)*bench(?:marks?|es)?/", re.IGNORECASE)
_EXAMPLE = re.compile(r"(?:^|/)(?:examples?|samples?|demos?|tutorials?)/", re.IGNORECASE)
#: Below a root of sources the same words are names of packages: `src/main/java/com/example/demo/`, `src/demo/`.
_SOURCES = re.compile(r"(?:^|/)src/(?:main/[^/]+/|(?:demo|example|sample|tutorial)/)", re.IGNORECASE)
_GENERATED = re.compile(
    r"(?:^|/)(?:migrations|generated|__snapshots__)/|_pb2(?:_grpc)?\.pyi?$|\.(?:pb\.go|g\.dart|snap|designer\.cs)$",
    re.IGNORECASE,
)
_SPEAKERS = re.compile(
    r"^(__init__\.py|readme(\.[a-z]+)?|doc\.go|mod\.rs|lib\.rs|index\.[jt]sx?|package-info\.java)$", re.IGNORECASE
)


# Every role asks of each file, and of each thing that a file says about another.
@lru_cache(maxsize=65_536)
def is_test(path: str) -> bool:
    """Whether a file tests, benchmarks, or is data for that, by its folders or by its language's names for tests."""
    if _TEST_FOLDERS.search(_BENCHMARKS_OF_SOURCES.sub("src/", path)):
        return True
    name = posixpath.basename(path)
    ending = posixpath.splitext(name)[1].lower()
    if ending in _PROSE:
        return False
    return any((only is None or ending in only) and pattern.match(name) for only, pattern in _TEST_NAMES)


@lru_cache(maxsize=65_536)
def is_example(path: str) -> bool:
    """Whether a file shows how the code is used."""
    sources = _SOURCES.search(path)
    return _EXAMPLE.search(path, 0, sources.start() + 1 if sources else len(path)) is not None


def is_generated(path: str) -> bool:
    """Whether the path alone says that a program wrote the file."""
    return _GENERATED.search(path) is not None


def is_product(path: str) -> bool:
    """Whether a file is part of what the repository offers: no test and no example."""
    return not is_test(path) and not is_example(path)


def is_apart(files: Collection[str]) -> bool:
    """Whether most files of a module are tests, examples or a program's output, and so no part of the product."""
    others = sum(1 for path in files if not is_product(path) or is_generated(path))
    return others * 2 > len(files)


def folders_above(path: str) -> list[str]:
    """The folders in which a path lies, the outermost first; the repository's root is none."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def speaks_for_folder(path: str) -> bool:
    """Whether what a file says of itself describes its whole folder."""
    return _SPEAKERS.match(posixpath.basename(path)) is not None
