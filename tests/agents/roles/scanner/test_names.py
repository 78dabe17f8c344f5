"""Member names become repository paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.contracts.base import clean_text, relative_path
from agents.errors import ArchiveUnsafe
from agents.roles.scanner.names import distinct, repository_path, top_folder, without_top


@pytest.mark.parametrize("name", ["/etc/passwd", "../up", "a/../../b", "a/.."])
def test_a_name_outside_the_folder_is_unsafe(name: str) -> None:
    with pytest.raises(ArchiveUnsafe, match="path"):
        repository_path(name)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("./a//b.py", "a/b.py"),
        ("./", ""),
        ("with space/quo'te\".py", "with space/quo'te\".py"),
        ("émoji 🎉.py", "émoji 🎉.py"),
        ("line\nbreak.py", "line_break.py"),
        ("\x1b[31mred.py", "_[31mred.py"),
        ("line\u2028break\u2029.py", "line_break_.py"),
        (" ", "_"),
    ],
)
def test_a_name_becomes_a_printable_path(name: str, path: str) -> None:
    assert repository_path(name) == path


def test_names_too_long_for_a_file_system_are_shortened_and_stay_different() -> None:
    one, two = repository_path("x" * 300 + "1.py"), repository_path("x" * 300 + "2.py")
    assert one != two
    assert len(one.encode()) <= 200
    assert one.endswith(".py")
    assert len(repository_path("/".join(["folder"] * 500) + "/a.py"[1:]).encode()) <= 900


@given(st.text(max_size=60))
def test_any_name_is_refused_or_is_a_contracts_path(name: str) -> None:
    try:
        path = repository_path(name)
    except ArchiveUnsafe:
        return
    assert path == clean_text(path)
    assert not path or relative_path(path) == path


def test_one_folder_that_holds_everything_is_stripped() -> None:
    assert top_folder(["demo-1.0/a.py", "demo-1.0/src/b.py"]) == "demo-1.0"
    module = "example.org/acme/kettle/v2@v2.1.0"
    assert top_folder([f"{module}/go.mod", f"{module}/cmd/main.go"]) == module
    assert top_folder([f"{module}/go.mod", "example.org/other.go"]) == "example.org"
    assert without_top("demo-1.0/src/b.py", "demo-1.0") == "src/b.py"


@pytest.mark.parametrize("paths", [["a.py"], ["x/a.py", "b.py"], ["x/a.py", "y/b.py"], []])
def test_anything_else_keeps_its_root(paths: list[str]) -> None:
    assert top_folder(paths) == ""


@given(st.lists(st.sampled_from(["a", "a/b", "a/b/c", "a~2", "b"]), max_size=8))
def test_paths_come_out_distinct_and_no_file_has_a_folders_name(paths: list[str]) -> None:
    result = distinct(paths)
    assert len(set(result)) == len(paths)
    folders = {path.rsplit("/", 1)[0] for path in paths if "/" in path}
    assert not folders & set(result)
