"""What belongs to a snapshot, and that the same files are the same bytes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from agents.keys import UNREADABLE_MEMBER
from cli.errors import BadInput
from cli.upload import archive as packing
from cli.upload.snapshot import RepositoryPart, repository_name, snapshot_of

ODD_NAMES = [
    "with space.py",
    "quote'\".py",
    "emoji-\U0001f41d.py",
    "new\nline.py",
    "ünïcode.py",
    "-dash.py",
    "back\\slash.py",
]


def write(root: Path, *names: str, text: str = "x = 1\n") -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def members(path: Path, *left_out: Path) -> list[str]:
    with snapshot_of(path, left_out) as snapshot, tarfile.open(snapshot.archive) as archive:
        root, *names = archive.getnames()
    assert root == "."  # so that a repository with one folder keeps it
    return names


def git(root: Path, *arguments: str) -> None:
    identity = {
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b",
    }
    variables = {**os.environ, **identity, "GIT_CONFIG_GLOBAL": os.devnull}
    # A fixed command.
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, env=variables)  # noqa: S607


def test_the_same_files_are_the_same_bytes_whatever_their_times_modes_and_folder(tmp_path: Path) -> None:
    first = write(tmp_path / "one" / "repo", "b.py", "a/c.py")
    second = write(tmp_path / "two" / "repo", "a/c.py", "b.py")
    (second / "b.py").chmod(0o755)
    os.utime(second / "b.py", (1, 1))
    with snapshot_of(first) as one, snapshot_of(second) as two:
        assert one.sha256 == two.sha256
        assert one.archive.read_bytes() == two.archive.read_bytes()
        assert one.bytes == one.archive.stat().st_size
        assert one.files == 2


def test_one_changed_byte_is_another_snapshot(tmp_path: Path) -> None:
    root = write(tmp_path, "a.py")
    with snapshot_of(root) as before:
        pass
    (root / "a.py").write_text("x = 2\n")
    with snapshot_of(root) as after:
        assert after.sha256 != before.sha256


def test_a_checkout_gives_tracked_files_and_untracked_ones_that_are_not_ignored(tmp_path: Path) -> None:
    root = write(tmp_path, "tracked.py", "untracked.py", "ignored.log", "deleted.py", ".hidden/x.py")
    (root / ".gitignore").write_text("*.log\n")
    git(root, "init", "--quiet")
    git(root, "add", "tracked.py", "deleted.py")
    (root / "deleted.py").unlink()
    assert members(root) == [".gitignore", ".hidden/x.py", "tracked.py", "untracked.py"]


def test_a_checkout_gives_the_same_as_a_walk_of_the_same_files(tmp_path: Path) -> None:
    root = write(tmp_path / "checkout", "a.py", "sub/b.py", "sub/skip.tmp", "build/out.py", "keep/build.py")
    (root / ".gitignore").write_text("build/\n*.tmp\n")
    (root / "sub" / ".gitignore").write_text("!skip.tmp\n")
    shutil.copytree(root, tmp_path / "plain")
    git(root, "init", "--quiet")
    assert members(root) == members(tmp_path / "plain")
    assert members(root) == [".gitignore", "a.py", "keep/build.py", "sub/.gitignore", "sub/b.py", "sub/skip.tmp"]


def test_a_folder_that_a_checkout_around_it_ignores_is_walked(tmp_path: Path) -> None:
    root = write(tmp_path, "downloads/package/a.py")
    (root / ".gitignore").write_text("downloads/\n")
    git(root, "init", "--quiet")
    assert members(root / "downloads" / "package") == ["a.py"]


def test_a_checkout_inside_a_checkout_is_part_of_it_without_its_git_folder(tmp_path: Path) -> None:
    root = write(tmp_path, "a.py", "inner/b.py")
    git(root / "inner", "init", "--quiet")
    git(root, "init", "--quiet")
    assert members(root) == ["a.py", "inner/b.py"]


def test_a_submodule_that_nobody_has_fetched_is_empty(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "library")
    library = write(tmp_path / "library", "inner.py")
    git(library, "add", "--all")
    git(library, "commit", "--quiet", "--message", "x")
    root = write(tmp_path / "repo", "a.py")
    git(tmp_path, "init", "--quiet", "repo")
    git(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library), "lib")
    git(root, "commit", "--quiet", "--message", "x")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    assert members(root) == [".gitmodules", "a.py", "lib/inner.py"]
    assert members(tmp_path / "tree") == [".gitmodules"]


def test_a_checkout_without_a_working_tree_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "bare.git")
    with pytest.raises(BadInput, match="without a working tree"), snapshot_of(tmp_path / "bare.git"):
        pass


def test_a_repositorys_own_configuration_starts_no_program(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", "a.py")
    git(root, "init", "--quiet")
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    hook.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(hook))
    assert members(root) == ["a.py"]
    assert not (tmp_path / "ran").exists()


def test_neither_the_output_nor_the_state_folder_is_part_of_it(tmp_path: Path) -> None:
    root = write(tmp_path, "a.py", "swarm-out/site/index.html", "swarm-out-notes.py", "kept/state.db")
    assert members(root, root / "swarm-out", root / "kept") == ["a.py", "swarm-out-notes.py"]


def test_odd_names_are_kept_as_they_are(tmp_path: Path) -> None:
    write(tmp_path, *ODD_NAMES)
    assert set(members(tmp_path)) == set(ODD_NAMES)


@pytest.mark.parametrize("checkout", [False, True])
def test_a_name_that_is_no_utf8_is_kept_byte_for_byte(tmp_path: Path, checkout: bool) -> None:
    name = b"caf\xe9.py"
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x = 1\n")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    if checkout:
        git(tmp_path, "init", "--quiet")
    assert [os.fsencode(member) for member in members(tmp_path)] == [name]


def test_links_are_kept_as_links_and_loops_do_no_harm(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", "a.py")
    (root / "loop").symlink_to(".")
    (root / "dangling").symlink_to("nowhere")
    (root / "outside").symlink_to(tmp_path)
    with snapshot_of(root) as snapshot, tarfile.open(snapshot.archive) as archive:
        kinds = {member.name: member.issym() for member in archive if not member.isdir()}
    assert kinds == {"a.py": False, "loop": True, "dangling": True, "outside": True}


def test_a_pipe_is_left_out_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(write(tmp_path, "a.py") / "pipe")
    assert members(tmp_path) == ["a.py"]


def test_a_file_that_cannot_be_read_is_listed_in_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.py", "secret.py")
    real_add = packing._add

    def refusing(archive: tarfile.TarFile, path: Path, name: str) -> int:
        if name == "secret.py":
            raise PermissionError(13, "Permission denied")
        return real_add(archive, path, name)

    monkeypatch.setattr(packing, "_add", refusing)
    with snapshot_of(tmp_path) as snapshot, tarfile.open(snapshot.archive) as archive:
        listed = archive.extractfile(UNREADABLE_MEMBER)
        assert listed is not None
        assert json.load(listed) == [{"path": "secret.py", "detail": "Permission denied"}]
        assert "secret.py" not in archive.getnames()
    assert snapshot.unreadable == (("secret.py", "Permission denied"),)


def test_a_repository_cannot_forge_the_list_of_unreadable_files(tmp_path: Path) -> None:
    assert members(write(tmp_path, "a.py", UNREADABLE_MEMBER)) == ["a.py"]


def test_nothing_stays_behind_of_a_folders_archive(tmp_path: Path) -> None:
    with snapshot_of(write(tmp_path, "a.py")) as snapshot:
        assert snapshot.archive.exists()
    assert not snapshot.archive.exists()


def test_an_archive_is_used_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "My Project.ZIP"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.py", "x = 1\n")
    with snapshot_of(path) as snapshot:
        assert (snapshot.archive, snapshot.suffix, snapshot.repository) == (path, "zip", "My-Project")


def test_what_an_archive_is_decides_its_content_and_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "misnamed.zip"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(write(tmp_path / "r", "a.py") / "a.py", "a.py")
    with snapshot_of(path) as snapshot:
        assert snapshot.suffix == "tar.gz"


def cut_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.py", "x = 1\n" * 100)
    path.write_bytes(path.read_bytes()[:-30])


def cut_tar(path: Path) -> None:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(__file__, "a.py")
    path.write_bytes(path.read_bytes()[:200])


def empty_zip(path: Path) -> None:
    zipfile.ZipFile(path, "w").close()


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("missing", lambda _: None, "no such file"),
        ("plain.txt", lambda path: path.write_text("hello"), "Not a folder"),
        ("nothing.zip", lambda path: path.write_bytes(b""), "is empty"),
        ("cut.zip", cut_zip, "zip is broken"),
        ("cut.tar.gz", cut_tar, "tar.gz is broken"),
        ("none.zip", empty_zip, "holds no files"),
        ("folder", lambda path: path.mkdir(), "holds no files"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_that_names_it(tmp_path: Path, name: str, make: object, said: str) -> None:
    assert callable(make)
    make(tmp_path / name)
    with pytest.raises(BadInput, match=said) as refused, snapshot_of(tmp_path / name):
        pass
    assert name in str(refused.value)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/x/flask-3.0.tar.gz", "flask-3.0"),
        ("/x/a b\U0001f41d.tgz", "a-b"),
        ("/x/hyperfine-1.19.0.crate", "hyperfine-1.19.0"),
        ("/x/spark-core-2.9.4-sources.jar", "spark-core-2.9.4"),
        ("/x/monolog_2.9.1.orig.tar.gz", "monolog_2.9.1"),
        ("/x/...", "repository"),
        ("/", "repository"),
    ],
)
def test_the_repositorys_name_is_safe_in_a_key(path: str, name: str) -> None:
    assert repository_name(Path(path)) == name


def _of_part(path: Path, part: RepositoryPart) -> list[str]:
    with snapshot_of(path, part=part) as snapshot, tarfile.open(snapshot.archive) as archive:
        return sorted(archive.getnames())


def test_what_a_pattern_excludes_is_not_packed(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", "a.py", "gen/b.py", "deep/gen/c.py", "deep/d.sql")
    found = _of_part(root, RepositoryPart(exclude=("/gen/", "*.sql")))
    assert [name for name in found if name.endswith((".py", ".sql"))] == ["a.py", "deep/gen/c.py"]


def test_one_folder_is_packed_with_the_repositorys_settings(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", "a.py", "api/b.py", "api2/c.py")
    write(root, "swarm.toml", text='title = "T"\n')
    found = _of_part(root, RepositoryPart(folder="api"))
    assert [name for name in found if "." in Path(name).name] == ["api/b.py", "swarm.toml"]


@pytest.mark.parametrize("folder", ["..", "../other", "/etc", "missing", "a.py"])
def test_a_folder_outside_is_refused(tmp_path: Path, folder: str) -> None:
    root = write(tmp_path / "repo", "a.py")
    with pytest.raises(BadInput, match="--path"):
        _of_part(root, RepositoryPart(folder=folder))


def test_a_part_of_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.py", "x = 1\n")
    with pytest.raises(BadInput, match="need a folder"):
        _of_part(tmp_path / "a.zip", RepositoryPart(folder="api"))


def test_unknown_keys_of_swarm_toml_are_refused_before_anything_is_packed(tmp_path: Path) -> None:
    root = write(tmp_path / "repo", "a.py")
    write(root, "swarm.toml", text="colour = 1\n")
    with pytest.raises(BadInput, match="unknown keys: colour"):
        _of_part(root, RepositoryPart())
