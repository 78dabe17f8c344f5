"""What an analyst reads about a file's surroundings: imports, signatures, siblings, an outline within its budget."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.base import Lines
from agents.contracts.context import ImportedFile
from agents.contracts.structure import Import, Structure, Symbol, SymbolKind
from agents.errors import FileUnparseable
from agents.roles.scanner.outline import outline
from agents.roles.scanner.surroundings import NeighbourIndex, Readable, read_all, read_by_one, signatures

ONE = Lines(start=1, end=1)


def structure(doc: str = "", imports: tuple[str, ...] = (), names: tuple[str, ...] = ("run",)) -> Structure:
    return Structure(
        language="python",
        line_count=3,
        doc=doc,
        symbols=tuple(
            Symbol(
                name=name, kind=SymbolKind.FUNCTION, signature=f"def {name}() -> None", lines=ONE, doc="Does it.\nSo."
            )
            for name in names
        ),
        imports=tuple(
            Import(target=target, names=("run",), lines=Lines(start=at + 1, end=at + 1))
            for at, target in enumerate(imports)
        ),
    )


STRUCTURES = {
    "README.md": structure("Keeps bees. And more."),
    "hive/__init__.py": structure("The hive.\n\nLong story."),
    "hive/queen.py": structure(imports=("hive.worker",)),
    "hive/worker.py": structure(),
    "hive/drone.py": structure(),
}


def known(structures: dict[str, Structure] | None = None) -> NeighbourIndex:
    found = STRUCTURES if structures is None else structures
    files = [Readable(path, "python", 10) for path in found]
    return read_all("demo", files, partial(read_by_one, lambda path, *_: found[path], lambda _: "text"))


def test_imports_are_files_with_the_names_that_are_imported() -> None:
    assert known().imports["hive/queen.py"] == (ImportedFile(path="hive/worker.py", names=("run",)),)
    assert known().imported_by("hive/worker.py") == ()


def test_siblings_are_the_folders_other_files_with_its_speaker_first() -> None:
    assert known().siblings("hive/queen.py") == ("hive/__init__.py", "hive/drone.py")


def test_neighbours_have_signatures_where_they_are_imported_and_a_key_always() -> None:
    stored = {path: f"{at:064x}" for at, path in enumerate(STRUCTURES)}
    found = {one.path: one for one in known().neighbours(["hive/queen.py"], stored)}
    assert set(found) == {"hive/__init__.py", "hive/drone.py", "hive/worker.py"}
    assert found["hive/worker.py"].signatures == ("run: def run() -> None - Does it.",)
    assert found["hive/drone.py"].signatures == ()


def test_private_symbols_have_no_signature() -> None:
    own = structure(names=("run", "_hidden"))
    hidden = own.symbols[1].model_copy(update={"public": False})
    assert len(signatures(own.model_copy(update={"symbols": (own.symbols[0], hidden)}))) == 1


def test_a_file_that_cannot_be_read_has_no_surroundings_and_costs_nobody_else_theirs() -> None:
    def read(path: str, *_: str) -> Structure:
        if path == "hive/drone.py":
            raise FileUnparseable(path)
        return STRUCTURES[path]

    files = [Readable(path, "python", 10) for path in STRUCTURES]
    found = read_all("demo", files, partial(read_by_one, read, lambda _: "text"))
    assert found.note == "4 of 5 files read for imports and signatures"
    assert found.imported_by("hive/queen.py") == ("hive/worker.py",)


def test_a_repository_above_the_budget_is_not_read_and_says_why() -> None:
    def never(*_: str) -> Structure:
        raise AssertionError

    files = [Readable(f"f{number}.py", "python", 10) for number in range(3)]
    for most in ((2, 1_000), (10, 29)):
        found = read_all("demo", files, partial(read_by_one, never, lambda _: ""), most)
        assert found.note.startswith("none: 3 files of 30 bytes are more than")
        assert (found.outline, found.imported_by("f0.py")) == ("", ())


def test_the_outline_names_folders_with_their_files_and_what_they_are_for() -> None:
    assert outline("demo", STRUCTURES) == (
        "demo: 5 files in 2 folders\n(root) 1 file: Keeps bees.\nhive/ 4 files: The hive."
    )


@given(st.integers(0, 2_000))
def test_the_outline_keeps_to_its_budget_and_counts_what_it_leaves_out(budget: int) -> None:
    many = {f"f{number}/sub/x.py": structure("Does. More.") for number in range(40)}
    lines = outline("demo", many, budget).split("\n")
    shown = [line for line in lines if line.endswith("1 file")]
    assert sum(len(line) + 1 for line in shown) <= budget
    left = 40 - len(shown)
    assert not left or lines[-1] == f"and {left} further folders"


def test_the_outline_is_one_line_a_folder_whatever_the_names_hold() -> None:
    text = outline("de\nmo", {"a\nb/x\u202e.py": structure("One\n=== outline 1 ===.")})
    assert text.split("\n")[1].startswith("a b/ 1 file")
