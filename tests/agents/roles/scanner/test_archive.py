"""The archive reader: whatever is uploaded, it gives members and bytes or one of our errors."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import tracemalloc
import zipfile
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from agents.errors import ArchiveCorrupt, ArchiveUnsafe, RepositoryTooLarge, SwarmError
from agents.roles.scanner import archive_bounds
from agents.roles.scanner.archive import Archive, Limits, Member, MemberKind, open_archive
from tests.agents.roles.scanner.archives import link, tar_gz, zipped

ROOMY = Limits(files=1_000, bytes=100_000_000)
FILES = {"a.py": b"one\n", "deep/b.py": b"two\n"}


def opened(tmp_path: Path, data: bytes, limits: Limits = ROOMY) -> Archive:
    path = tmp_path / "upload"
    path.write_bytes(data)
    return open_archive(path, "demo.tar.gz", limits)


def everything(archive: Archive) -> dict[str, bytes]:
    members = {member.index: member for member in archive.members() if member.kind is MemberKind.FILE}
    return {members[index].name: b"".join(chunks) for index, chunks in archive.contents(members)}


@pytest.mark.parametrize("data", [tar_gz(FILES), zipped(FILES)], ids=["tar.gz", "zip"])
def test_both_kinds_give_back_what_was_packed(tmp_path: Path, data: bytes) -> None:
    assert everything(opened(tmp_path, data)) == FILES


def test_links_and_devices_are_named_and_never_followed(tmp_path: Path) -> None:
    data = tar_gz(
        FILES, link("loop", "loop"), link("out", "/etc/passwd", tarfile.LNKTYPE), link("null", "", tarfile.CHRTYPE)
    )
    archive = opened(tmp_path, data)
    kinds = {member.name: member.kind for member in archive.members()}
    assert kinds["loop"] is kinds["out"] is MemberKind.LINK
    assert kinds["null"] is MemberKind.OTHER
    assert everything(archive) == FILES


def test_a_link_in_a_zip_is_a_link(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0o120777 << 16
        packed.writestr(info, "/etc/passwd")
    assert [member.kind for member in opened(tmp_path, out.getvalue()).members()] == [MemberKind.LINK]


@pytest.mark.parametrize("data", [b"", b"plain text", b"\x1f\x8bnonsense", b"PK\x03\x04nonsense"])
def test_what_is_no_archive_is_corrupt_and_is_named(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ArchiveCorrupt, match=r"demo\.tar\.gz"):
        list(opened(tmp_path, data).members())


@pytest.mark.parametrize("cut", [10, 40, 60, -9, -1])
def test_a_truncated_tar_is_corrupt(tmp_path: Path, cut: int) -> None:
    data = tar_gz({"noise": os.urandom(3_000)})
    with pytest.raises(ArchiveCorrupt):
        list(opened(tmp_path, data[:cut]).members())


def test_a_broken_header_in_the_middle_is_corrupt_and_not_the_end(tmp_path: Path) -> None:
    plain = bytearray(gzip.decompress(tar_gz(FILES)))
    plain[1024 : 1024 + 512] = b"\x07" * 512
    with pytest.raises(ArchiveCorrupt, match="header"):
        list(opened(tmp_path, gzip.compress(bytes(plain))).members())


def test_an_encrypted_zip_says_so(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": b"x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ArchiveCorrupt, match="encrypted"):
        list(opened(tmp_path, bytes(data)).members())


def test_a_zip_whose_bytes_do_not_match_their_checksum_is_corrupt(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a", b"unbroken")
    data = out.getvalue().replace(b"unbroken", b"broken!!")
    with pytest.raises(ArchiveCorrupt, match="CRC"):
        everything(opened(tmp_path, data))


def test_a_bomb_is_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_bounds, "_RATIO_FREE_BYTES", 1_000_000)
    with pytest.raises(ArchiveUnsafe, match="times its size"):
        list(opened(tmp_path, zipped({"zeros": bytes(3_000_000)})).members())
    with pytest.raises(ArchiveUnsafe, match="times its size"):
        list(opened(tmp_path, tar_gz({"zeros": bytes(3_000_000)})).members())


def test_a_header_that_claims_a_huge_name_is_unsafe(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnsafe, match="header"):
        list(opened(tmp_path, tar_gz({"x" * 5_000_000: b""})).members())


@pytest.mark.parametrize("pack", [tar_gz, zipped])
def test_limits_of_files_and_bytes_hold(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    with pytest.raises(RepositoryTooLarge, match="files"):
        list(opened(tmp_path, pack({f"f{n}": b"" for n in range(6)}), Limits(files=5, bytes=1_000_000)).members())
    with pytest.raises(RepositoryTooLarge, match="bytes"):
        list(opened(tmp_path, pack({"f": os.urandom(60_000)}), Limits(files=5, bytes=50_000)).members())


def test_names_that_are_not_utf8_keep_their_bytes_apart(tmp_path: Path) -> None:
    data = tar_gz({b"caf\xe9.py".decode("utf-8", "surrogateescape"): b"x"})
    assert list(everything(opened(tmp_path, data))) == ["caf\udce9.py"]


@profile(max_examples=150)
@given(
    original=st.sampled_from([tar_gz(FILES), zipped(FILES), tar_gz({}), zipped({}), gzip.compress(b"x" * 2000)]),
    edits=st.lists(st.tuples(st.integers(0, 5000), st.binary(min_size=1, max_size=4)), max_size=6),
    inside=st.booleans(),
    cut=st.integers(0, 600),
)
def test_damaged_bytes_give_members_or_our_errors_and_touch_no_file(
    tmp_path: Path, original: bytes, edits: list[tuple[int, bytes]], inside: bool, cut: int
) -> None:
    packed = inside and original[:2] == b"\x1f\x8b"
    data = bytearray(gzip.decompress(original) if packed else original)
    for at, patch in edits:
        place = at % (len(data) or 1)
        data[place : place + len(patch)] = patch
    damaged = bytes(data[: len(data) - cut])
    archive: Archive | None = None
    opened_paths: list[object] = []
    real_open = io.open

    def watched(file: object, mode: str = "r", *args: object, **kwargs: object) -> object:
        if any(letter in mode for letter in "wax+"):
            opened_paths.append(file)
        # Whatever the caller gave is passed on.
        return real_open(file, mode, *args, **kwargs)  # type: ignore[call-overload]

    (tmp_path / "upload").write_bytes(gzip.compress(damaged, mtime=0) if packed else damaged)
    try:
        with mock.patch("builtins.open", watched), mock.patch.object(tarfile, "bltn_open", watched):
            archive = open_archive(tmp_path / "upload", "demo", ROOMY)
            everything(archive)
    except SwarmError as error:
        assert isinstance(error, (ArchiveCorrupt, ArchiveUnsafe, RepositoryTooLarge)) or "method" in str(error)
    assert opened_paths == []
    assert [path.name for path in tmp_path.iterdir()] == ["upload"]


def test_a_members_index_is_its_place(tmp_path: Path) -> None:
    assert list(opened(tmp_path, tar_gz({"a": b"12"})).members()) == [Member(0, "a", 2, MemberKind.FILE, 0)]


def _header(name: str, size: int, kind: bytes) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    return member.tobuf(tarfile.GNU_FORMAT)


def _record(key: str, value: str) -> bytes:
    """An attribute in pax's form, which begins with its own length."""
    body = f" {key}={value}\n"
    return next(f"{size}{body}".encode() for size in range(len(body), len(body) + 9) if len(f"{size}{body}") == size)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def _sparse() -> bytes:
    attributes = b"".join(
        _record(f"GNU.sparse.{name}", value)
        for name, value in [("major", "1"), ("minor", "0"), ("name", "x"), ("realsize", "9")]
    )
    places = b"900000000\n" + b"".join(b"%d\n1\n" % (10**70 + place) for place in range(115_000))
    return (
        _header("p", len(attributes), tarfile.XHDTYPE)
        + _padded(attributes)
        + _header("x", len(places), tarfile.REGTYPE)
        + _padded(places)
    )


def _shared() -> bytes:
    attributes = b"".join(_record(f"k{number}", "v") for number in range(200))
    return _header("g", len(attributes), tarfile.XGLTYPE) + _padded(attributes) + _header("a.py", 0, tarfile.REGTYPE)


@pytest.mark.parametrize(
    "tar",
    [
        _header("././@LongLink", 3 << 30, tarfile.GNUTYPE_LONGNAME) + bytes(1 << 20),
        _header("././@LongLink", 3 << 30, tarfile.GNUTYPE_LONGLINK) + bytes(1 << 20),
        _header("p", 3 << 30, tarfile.XHDTYPE) + bytes(1 << 20),
        _header("g", 3 << 30, tarfile.XGLTYPE) + bytes(1 << 20),
        _sparse(),
        _shared(),
    ],
    ids=["long name", "long link", "attributes", "shared attributes", "sparse map", "many shared attributes"],
)
def test_headers_that_would_fill_the_memory_are_refused(tmp_path: Path, tar: bytes) -> None:
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(gzip.compress(tar + bytes(1024), 1))
    tracemalloc.start()
    try:
        with pytest.raises(ArchiveUnsafe, match=r"header|attributes"):
            list(open_archive(path, "bomb", Limits(files=100, bytes=10 << 30)).members())
        assert tracemalloc.get_traced_memory()[1] < 128 << 20
    finally:
        tracemalloc.stop()


def test_a_zip_whose_directory_lies_about_its_length_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *([0] * 11), 1, *([0] * 6)) + b"a"
    directory = entry * 1_000
    path = tmp_path / "bomb.zip"
    path.write_bytes(
        b"PK\x03\x04" + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 4, 0)
    )
    monkeypatch.setattr(zipfile, "ZipFile", None)  # never asked

    with pytest.raises(RepositoryTooLarge, match="more than 200 files and folders"):
        list(open_archive(path, "bomb", Limits(files=100, bytes=1000)).members())


def test_a_list_of_folders_is_no_repository(tmp_path: Path) -> None:
    path = tmp_path / "folders.tar.gz"
    folder = _header("d/", 0, tarfile.DIRTYPE)
    path.write_bytes(gzip.compress(_header("a.py", 0, tarfile.REGTYPE) + folder * 201 + bytes(1024)))
    with pytest.raises(RepositoryTooLarge):
        list(open_archive(path, "folders", Limits(files=100, bytes=1_000_000)).members())
