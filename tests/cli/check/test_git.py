"""The check reads commits, whatever git has in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from agents.codebase.change.result import ChangeReport
from cli.check.checking import check
from cli.check.git import GitRepository
from cli.errors import BadInput
from tests.cli.check.repositories import CODE, commit, git


def checked(root: Path, span: str) -> ChangeReport:
    return check(*GitRepository(root).versions(span))


def touched(result: ChangeReport) -> list[str]:
    return [one.symbol for one in result.statements]


def test_a_body_is_compared_between_two_commits(tmp_path: Path) -> None:
    base = commit(tmp_path, {"a.py": CODE})
    commit(tmp_path, {"a.py": CODE.replace('"hello "', '"bye "')})
    assert touched(checked(tmp_path, f"{base}..HEAD")) == ["greet"]
    assert touched(checked(tmp_path, base)) == ["greet"]
    assert touched(checked(tmp_path, f"{base}..")) == ["greet"]


def test_an_empty_range_touches_nothing(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE})
    assert checked(tmp_path, "HEAD..HEAD") == ChangeReport()


def test_renamed_files_touch_nothing(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE})
    git(tmp_path, "mv", "a.py", "b.py")
    commit(tmp_path, {})
    result = checked(tmp_path, "HEAD~1..HEAD")
    assert (touched(result), result.moved, result.undocumented) == ([], 2, ())


def test_the_working_tree_is_not_looked_at(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE})
    (tmp_path / "a.py").write_text(CODE.replace("hello", "bye"))
    assert checked(tmp_path, "HEAD") == ChangeReport()


def test_binary_files_and_links_are_passed_over(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE, "b.bin": bytes(range(256))})
    (tmp_path / "link.py").symlink_to("a.py")
    commit(tmp_path, {"b.bin": bytes(range(255, -1, -1)) * 9, "c.py": b"\x00\x01" * 500})
    result = checked(tmp_path, "HEAD~1..HEAD")
    assert (touched(result), result.undocumented) == ([], ())


def test_a_submodule_is_passed_over(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner", tmp_path / "outer"
    commit(inner, {"a.py": CODE})
    commit(outer, {"a.py": CODE})
    git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "inner")
    commit(outer, {})
    result = checked(outer, "HEAD~1..HEAD")
    assert (touched(result), result.undocumented, result.unread) == ([], (), ())


def test_a_merge_is_compared_with_its_first_parent_and_with_where_the_branches_parted(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE})
    git(tmp_path, "checkout", "-q", "-b", "side")
    commit(tmp_path, {"b.py": CODE.replace("greet", "welcome")})
    git(tmp_path, "checkout", "-q", "main")
    commit(tmp_path, {"a.py": CODE.replace("hello", "bye")})
    assert touched(checked(tmp_path, "main...side")) == []
    assert touched(checked(tmp_path, "main..side")) == ["greet"]
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "side")
    result = checked(tmp_path, "HEAD~1..HEAD")
    assert (touched(result), [one.symbol for one in result.undocumented]) == ([], ["shout"])


def test_a_shallow_clone_says_what_to_fetch(tmp_path: Path) -> None:
    source, clone = tmp_path / "source", tmp_path / "clone"
    base = commit(source, {"a.py": CODE})
    commit(source, {"a.py": CODE + "\n"})
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{source}", str(clone))
    with pytest.raises(BadInput, match="the clone is shallow, fetch more of it"):
        checked(clone, f"{base}..HEAD")


def test_a_partial_clone_is_not_completed_from_the_network(tmp_path: Path) -> None:
    source, clone = tmp_path / "source", tmp_path / "clone"
    commit(source, {"a.py": CODE})
    commit(source, {"a.py": CODE.replace("hello", "bye")})
    git(source, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{source}", str(clone))
    with pytest.raises(BadInput, match=r"does not hold the content of a\.py"):
        checked(clone, "HEAD~1..HEAD")


def test_a_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    commit(tmp_path, {name: CODE, "tab\tand\nline.py": CODE.replace("greet", "meet")})
    commit(tmp_path, {name: CODE.replace("hello", "bye")})
    (one,) = checked(tmp_path, "HEAD~1..HEAD").statements
    assert one.before.path == name


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE, "b.py": "x = 1\n"})
    commit(tmp_path, {"b.py": "(" * 4_000})
    (unread,) = checked(tmp_path, "HEAD~1..HEAD").unread
    assert (unread[0], "never closed" in unread[1]) == ("b.py", True)


def test_hundreds_of_files_are_compared_on_every_processor(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {f"p{number}/a.py": CODE for number in range(120)}
    commit(tmp_path, files)
    commit(tmp_path, {name: CODE.replace("hello", f"bye {name}") for name in files})
    assert len(touched(checked(tmp_path, "HEAD~1..HEAD"))) == 120


@pytest.mark.parametrize("span", ["nowhere..HEAD", "HEAD..nowhere", "--help..HEAD", "HEAD:a.py", "main..other..main"])
def test_what_is_no_commit_is_refused(tmp_path: Path, span: str) -> None:
    commit(tmp_path, {"a.py": CODE})
    with pytest.raises(BadInput, match="There is no commit"):
        checked(tmp_path, span)


def test_two_histories_have_no_common_commit(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE})
    git(tmp_path, "checkout", "-q", "--orphan", "other")
    commit(tmp_path, {"a.py": CODE}, "the first of another history")
    with pytest.raises(BadInput, match="have no common commit"):
        checked(tmp_path, "main...other")


def test_a_folder_outside_of_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not in a git repository"):
        GitRepository(tmp_path)


def test_a_repository_cannot_have_a_program_run(tmp_path: Path) -> None:
    commit(tmp_path, {"a.py": CODE, ".gitattributes": "*.py diff=evil filter=evil\n"})
    mark = tmp_path / "ran"
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "filter.evil.smudge", "core.pager"):
        git(tmp_path, "config", key, f"touch {mark}")
    commit_again = CODE.replace("hello", "bye")
    (tmp_path / "a.py").write_text(commit_again)
    checked(tmp_path, "HEAD..HEAD")
    assert not mark.exists()
