"""Which names between backticks claim to be of the repository, and which it has. The sentences are real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex
from agents.codebase.claims.names import NameKind, named
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Structure, Symbol, SymbolKind
from agents.models.extractive import performance, security

ROOT = Path(__file__).resolve().parents[3]
STRUCTURE = Structure(
    language="python",
    line_count=40,
    symbols=(
        Symbol(
            name="Queen.lay",
            kind=SymbolKind.METHOD,
            signature="def lay(self, egg_count: int) -> list[Worker]",
            lines=Lines(start=3, end=9),
            calls=("range", "self.hive.add_worker"),
            raises=("HiveFull",),
        ),
    ),
    imports=(Import(target="hive.worker", names=("Worker",), lines=Lines(start=1, end=1)),),
)
INDEX = SnapshotIndex({"hive/queen.py": 40, "hive/worker.py": 7, "web/draw.test.js": 3}, {"hive/queen.py": STRUCTURE})


@pytest.mark.parametrize(
    "sentence",
    [
        "It lays eggs with `Queen.lay`, as many as `egg_count` says.",
        "`Queen.lay()` raises `HiveFull` and calls `add_worker`.",
        "`hive/queen.py` imports `Worker` from `hive.worker`; see `queen.py` and `./web/draw.test.js`.",
        "Returns `None`, `True` or `self.hive`; never `null`, `undefined` or `NaN`.",
        "It uses `os.path.join`, `subprocess.run(..., shell=True)` and `asyncio`.",
        "It is made by `__init__`, and `@property` and `@staticmethod` decorate it.",
        "Logs with `console.log`, sends `XMLHttpRequest`, waits by `setTimeout()` for a `Promise`.",
        "Go's `fmt.Println`, Java's `java.util.List` and Rust's `std::sync::Arc` are no symbols of ours.",
        "Run `pip install hive`, pass `--verbose`, set `key=value`, or press `Ctrl-C`; it answers `200`.",
        "The content type is `application/json` in `utf-8`, the route `/api/users`, the branch `origin/main`.",
        'It reads `"a string"`, `3.14`, `*.txt`, `{name}` and `<div>`.',
        "Needs `package.json` and `pyproject.toml`, like every project.",
        "`json`, `async`, `Docker` and `hive` are plain words.",
    ],
)
def test_what_is_of_the_repository_a_language_or_no_name_at_all_stands(sentence: str) -> None:
    assert SnapshotEvidence(INDEX).objection_to_text(sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("It calls `invented_symbol()`.", "invented_symbol"),
        ("The heart of it is `GhostBee.fly`.", "GhostBee.fly"),
        ("`Queen.fly` is its second method.", "Queen.fly"),
        ("It reads `MADE_UP_SETTING`.", "MADE_UP_SETTING"),
        ("See `hive/ghost.py`.", "hive/ghost.py"),
        ("`ghost.py` does the rest.", "ghost.py"),
        ("A `HoneyFactory` builds it.", "HoneyFactory"),
        ("It asks `self.ghost`.", "self.ghost"),
    ],
)
def test_what_only_claims_to_be_of_the_repository_is_named(sentence: str, name: str) -> None:
    assert f"`{name}`" in SnapshotEvidence(INDEX).objection_to_text(sentence)


def test_what_the_model_was_shown_may_be_repeated() -> None:
    sentence = "It reads `HIVE_HOME` from `.config/hive.toml`, then calls `wake_up()`."
    assert SnapshotEvidence(INDEX).objection_to_text(sentence)
    assert (
        SnapshotEvidence(INDEX, "os.environ['HIVE_HOME']\nload('.config/hive.toml')\nwake_up(1)").objection_to_text(
            sentence
        )
        == ""
    )


def test_a_module_named_as_a_librarys_must_have_what_is_said_of_it() -> None:
    own = Structure(language="python", line_count=1)
    index = SnapshotIndex({"hive/errors.py": 1}, {"hive/errors.py": own})
    assert SnapshotEvidence(index).objection_to_text("It raises `errors.Ghost`.")
    assert SnapshotEvidence(INDEX).objection_to_text("Go's `errors.New` makes one.") == ""


def test_no_name_in_an_authors_own_docstrings_is_taken_for_an_invention() -> None:
    reader = TreeSitterReader()
    wrong = []
    for path in sorted((ROOT / "agents").rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        structure = reader.read(name, "python", text)
        evidence = SnapshotEvidence(SnapshotIndex({name: structure.line_count}, {name: structure}), text)
        docs = [structure.doc, *(symbol.doc for symbol in structure.symbols)]
        wrong += [
            (name, evidence.objection_to_text(doc))
            for doc in docs
            if doc and "there is no" in evidence.objection_to_text(doc)
        ]
    assert wrong == []


def test_no_judgement_that_is_written_by_hand_is_taken_for_an_invention() -> None:
    evidence = SnapshotEvidence(SnapshotIndex({}, {}))
    judgements = [*security.JUDGEMENTS.values(), *performance.JUDGEMENTS.values()]
    assert [
        wrong
        for one in judgements
        if (wrong := evidence.objection_to_text(one.reason) or evidence.objection_to_text(one.advice))
    ] == []


def test_a_path_is_a_file_and_a_call_is_a_symbol() -> None:
    assert [one.kind for one in named("`a/b.py` and `a.b()` and ``c_d``")] == [
        NameKind.FILE,
        NameKind.SYMBOL,
        NameKind.SYMBOL,
    ]
