"""Every file of an archive is examined once, under the path that a person knows it by."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from agents.contracts.snapshot import SkipReason
from agents.errors import RepositoryTooLarge
from agents.roles.scanner.archive import Limits, open_archive
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.examination import examine_all
from tests.agents.fakes import settings
from tests.agents.roles.scanner.archives import link, tar_gz, zipped

CASES = Path(__file__).parents[3] / "cases"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4" * 64 + b"\nsize 12345\n"


def examined(folder: Path, archive: bytes, limits: Limits | None = None) -> dict[str, ExaminedFile]:
    path = folder / "archive"
    path.write_bytes(archive)
    opened = open_archive(path, "demo", limits or Limits(files=1_000, bytes=10_000_000))
    return {file.path: file for file in examine_all(opened, folder / "snapshot.zip", settings("Scan"))}


def text_of(folder: Path, path: str) -> str:
    with zipfile.ZipFile(folder / "snapshot.zip") as texts:
        return texts.read(path).decode()


def test_a_hard_link_is_a_file_with_the_same_bytes(tmp_path: Path) -> None:
    links = [link("demo/b.py", "demo/a.py", tarfile.LNKTYPE), link("demo/c.txt", "./demo/b.py", tarfile.LNKTYPE)]
    found = examined(tmp_path, tar_gz({"demo/a.py": b"x = 1\n"}, *links))
    assert {(path, file.language, file.skipped) for path, file in found.items()} == {
        ("a.py", "python", None), ("b.py", "python", None), ("c.txt", "text", None),
    }  # fmt: skip
    assert found["b.py"].digest == found["a.py"].digest
    assert text_of(tmp_path, "b.py") == text_of(tmp_path, "c.txt") == "x = 1\n"


def test_a_hard_link_to_what_is_too_large_or_unreadable_is_a_gap_of_its_own(tmp_path: Path) -> None:
    body = b"x = 1\n" * 1_000_000
    found = examined(tmp_path, tar_gz({"a.py": body}, link("b.py", "a.py", tarfile.LNKTYPE)))
    assert [file.gap and (file.gap.path, file.gap.reason) for file in found.values()] == [
        ("a.py", "FileTooLarge"), ("b.py", "FileTooLarge"),
    ]  # fmt: skip


@pytest.mark.parametrize("target", ["missing.py", "../../etc/passwd", "/etc/passwd", "folder"])
def test_a_hard_link_to_nothing_in_the_archive_is_left_out(tmp_path: Path, target: str) -> None:
    found = examined(tmp_path, tar_gz({"a.py": b"x = 1\n"}, link("b.py", target, tarfile.LNKTYPE)))
    assert found["b.py"].skipped is SkipReason.LINK


def test_hard_links_count_their_bytes(tmp_path: Path) -> None:
    links = [link(f"{number}.py", "a.py", tarfile.LNKTYPE) for number in range(100)]
    with pytest.raises(RepositoryTooLarge):
        examined(tmp_path, tar_gz({"a.py": os.urandom(50_000)}, *links), Limits(files=1_000, bytes=1_000_000))


def test_a_zip_of_macos_has_the_files_alone(tmp_path: Path) -> None:
    found = examined(tmp_path, (CASES / "27-archives" / "finder.zip").read_bytes())
    assert {path for path, file in found.items() if file.skipped is None} == {"README.md", "src/a.py"}


def test_a_tar_of_macos_has_the_files_alone(tmp_path: Path) -> None:
    members = {"proj/._a.py": b"\x00\x05\x16\x07", "proj/a.py": b"x = 1\n", "proj/._own.py": b"y = 1\n"}
    assert set(examined(tmp_path, tar_gz(members))) == {"a.py", "._own.py"}


def test_names_of_a_zip_are_read_in_their_encoding(tmp_path: Path) -> None:
    found = examined(tmp_path, (CASES / "27-archives" / "sjis.zip").read_bytes())
    assert "設計図.py" in found


@pytest.mark.parametrize(
    ("name", "encoding"), [("读取配置.py", "gbk"), ("사용자 설정 파일.py", "cp949"), ("Größe.py", "cp437")]
)
def test_names_of_other_old_zips_are_too(tmp_path: Path, name: str, encoding: str) -> None:
    data = zipped({"a.py": b"x = 1\n", "src/" + "n" * len(name.encode(encoding)): b"y = 2\n"})
    old = data.replace(b"n" * len(name.encode(encoding)), name.encode(encoding))
    assert f"src/{name}" in examined(tmp_path, old)


def test_a_pointer_of_git_lfs_is_left_out_under_its_name(tmp_path: Path) -> None:
    found = examined(tmp_path, zipped({"a.py": b"x = 1\n", "data.csv": LFS, "model.bin": LFS, "about.md": b"A " + LFS}))
    assert {path: file.skipped for path, file in found.items()} == {
        "a.py": None, "data.csv": SkipReason.LFS_POINTER, "model.bin": SkipReason.LFS_POINTER, "about.md": None,
    }  # fmt: skip


def repository(case: str) -> Mapping[str, bytes]:
    root = CASES / case
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("pack", [zipped, tar_gz])
def test_generated_and_vendored_are_what_strong_signs_and_the_repository_say(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    found = examined(tmp_path, pack(repository("22-generated-false")))
    assert {path: file.skipped for path, file in found.items() if file.skipped} == {
        "dist/bundle.py": SkipReason.GENERATED, "src/really.go": SkipReason.GENERATED,
    }  # fmt: skip
    assert {"app/models/vendor/invoice.rb", "internal/vendor/vendor.go", "src/settings.py", "src/report.js"} <= set(
        found
    )


def test_an_archive_without_attributes_is_read_twice_at_most(tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(tar_gz({"a.py": b"x = 1\n"}))
    archive = open_archive(tmp_path / "archive", "demo", Limits(files=10, bytes=1_000_000))
    passes = []
    contents = archive.contents
    archive.contents = lambda wanted: passes.append(wanted) or contents(wanted)  # type: ignore[method-assign, func-returns-value]  # counts the passes

    examine_all(archive, tmp_path / "snapshot.zip", settings("Scan"))

    assert len(passes) == 1


def test_an_unreadable_gitattributes_is_a_gap_and_no_failure(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.py", b"x = 1\n")
        archive.writestr(".gitattributes", b"*.py linguist-generated\n", compress_type=zipfile.ZIP_LZMA)
    found = examined(tmp_path, out.getvalue())
    assert found["a.py"].skipped is None
    assert found[".gitattributes"].gap is not None
