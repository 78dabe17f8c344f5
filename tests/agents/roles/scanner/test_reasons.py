"""Why a file is analysed (again) is said in words, and the first thing that is true is what is said."""

from __future__ import annotations

import hashlib

import pytest

from agents.contracts.snapshot import Manifest, ManifestEntry, SkipReason
from agents.roles.scanner.reasons import Planned, reasons
from tests.agents.fakes import SESSION_ID


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry(path: str, text: str, key: str = "", imports: tuple[str, ...] = (), **more: object) -> ManifestEntry:
    fate = {"reused": True, "analysis_key": digest(key or text)} if "skipped" not in more else {"analysis_key": None}
    plain = {"path": path, "language": "python", "bytes": 1, "lines": 1, "digest": digest(text), "imports": imports}
    return ManifestEntry.model_validate({**plain, **fate, **more})


BEFORE = Manifest(
    session_id=SESSION_ID,
    repository="demo",
    model="openai:a",
    instructions="i1",
    entries=(
        entry("a.py", "a", imports=("b.py",)),
        entry("b.py", "b"),
        entry("big.py", "big", skipped=SkipReason.GENERATED),
    ),
)
DIGESTS = {"a.py": digest("a"), "b.py": digest("b"), "c.py": digest("c")}


def why(
    file: Planned,
    digests: dict[str, str] | None = None,
    before: Manifest | None = BEFORE,
    model: str = "openai:a",
    instructions: str = "i1",
) -> str:
    return reasons([file], digests or DIGESTS, before, model, instructions)[file.path].text


def planned(path: str, text: str, key: str = "other", imports: tuple[str, ...] = ()) -> Planned:
    return Planned(path, digest(text), digest(key), imports)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (planned("c.py", "c"), "new file"),
        (planned("b.py", "b2"), "its bytes changed"),
        (planned("big.py", "big"), "it was left out before"),
        (planned("b.py", "b", key="b"), "not finished before"),
        (planned("a.py", "a", imports=("b.py", "c.py")), "imports c.py, which it did not before"),
        (planned("a.py", "a"), "imports b.py no more"),
        (planned("b.py", "b"), "this release reads files in another way"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_changed_in_the_repository_is_named(file: Planned, reason: str) -> None:
    assert why(file) == reason


def test_the_first_session_of_a_repository_has_new_files_only() -> None:
    assert why(planned("a.py", "a"), before=None) == "new file"


def test_the_imports_that_changed_are_named_and_counted() -> None:
    names = tuple(f"m{number}.py" for number in range(5))
    before = BEFORE.model_copy(update={"entries": (entry("a.py", "a", imports=names), *(entry(n, n) for n in names))})
    reason = why(planned("a.py", "a", imports=names), {name: digest("new") for name in names}, before)
    assert reason == "imports m0.py, m1.py, m2.py and 2 more, which changed"
    assert why(planned("a.py", "a", imports=names[:2]), {}, before) == "imports m0.py and m1.py, which changed"


def test_another_model_and_other_instructions_are_named() -> None:
    assert why(planned("b.py", "b"), model="openai:b") == "the model changed from openai:a"
    assert why(planned("b.py", "b"), instructions="i2") == "the instructions changed"


def test_a_changed_import_is_named_before_a_changed_model() -> None:
    changed = {**DIGESTS, "b.py": digest("b2")}
    assert why(planned("a.py", "a", imports=("b.py",)), changed, model="openai:b") == "imports b.py, which changed"
