"""Archives made to escape, to fill the memory or the disk, or to have two readers see two things."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from tests.agents.roles.scanner.archives import link, tar_gz, zipped
from tests.hostile.case import CODE, GOOD, INNOCENT, Case

#: `repositoryLimitFiles` and the megabytes of the tests' scan.
LIMIT_FILES, LIMIT_BYTES = 60_000, 80_000_000


def archives() -> Iterator[Case[bytes]]:
    """Every archive of the table."""
    yield from _climbing()
    yield from _links()
    yield from _bombs()
    yield from _lies()
    yield from _names()
    yield from _others()


def _climbing() -> Iterator[Case[bytes]]:
    climbers = {
        "parent": "../evil.py", "deep parent": "a/b/../../../evil.py", "parent inside": "a/../evil.py",
        "absolute": "/etc/evil.py", "doubled slash": "//evil.py", "dots and slash": "./../evil.py",
        "parent at the end": "a/..", "only the parent": "..", "home behind the root": "/root/.ssh/evil.py",
    }  # fmt: skip
    for what, name in climbers.items():
        yield Case(f"tar {what}", partial(_with, tar_gz, name), "ArchiveUnsafe")
        yield Case(f"zip {what}", partial(_with, zipped, name), "ArchiveUnsafe")
    backslashes = {
        "backslash parent": "..\\evil.py",
        "backslash deep": "a\\..\\..\\evil.py",
        "mixed": "a/..\\../evil.py",
    }
    for what, name in backslashes.items():
        yield Case(f"zip {what}", partial(_with, zipped, name), "ArchiveUnsafe")
    harmless = {
        "drive letter": ("C:/evil.py", "C:/evil.py"), "drive without slash": ("C:evil.py", "C:evil.py"),
        "percent dots": ("..%2fevil.py", "..%2fevil.py"), "dots of three": (".../evil.py", ".../evil.py"),
        "dots with a space": (".. /evil.py", "_/evil.py"), "device of Windows": ("CON", "CON"),
        "home": ("~/evil.py", "~/evil.py"), "stream of NTFS": ("a.py:stream", "a.py:stream"),
        "trailing dots": ("evil.py...", "evil.py..."), "fullwidth dots": ("\uff0e\uff0e/evil.py", "\uff0e\uff0e/evil.py"),
        "slash that is none": ("..\u2215evil.py", "..\u2215evil.py"), "variable": ("$HOME/evil.py", "$HOME/evil.py"),
    }  # fmt: skip
    for what, (name, path) in harmless.items():
        yield Case(f"tar {what}", partial(_with, tar_gz, name), "documented", path)
    yield Case("zip drive and backslash", lambda: zipped({**GOOD, "C:\\evil.py": CODE}), "documented", "C:/evil.py")
    yield Case("zip share", lambda: zipped({**GOOD, "\\\\host\\share\\evil.py": CODE}), "ArchiveUnsafe")


def _links() -> Iterator[Case[bytes]]:
    def linked(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> bytes:
        return tar_gz(GOOD, link(name, target, kind))

    for what, target in {
        "outside": "/etc/passwd",
        "above": "../../x",
        "self": "l.py",
        "root": "/",
        "innocent": INNOCENT,
    }.items():
        yield Case(f"symlink to {what}", partial(linked, "l.py", target), "skipped: link", "l.py")
    for what, target in {"outside": "/etc/passwd", "above": "../../x", "nothing": "missing.py"}.items():
        yield Case(f"hard link to {what}", partial(linked, "l.py", target, tarfile.LNKTYPE), "skipped: link", "l.py")
    yield Case("hard link to itself", lambda: linked("l.py", "l.py", tarfile.LNKTYPE), "skipped: link", "l.py")
    yield Case("hard link inside", lambda: linked("l.py", INNOCENT, tarfile.LNKTYPE), "documented", "l.py")
    yield Case(
        "file through a symlink",
        lambda: _tar([link("d", "/tmp"), _file("d/evil.py", CODE)]),
        "documented",
        "d/evil.py",
    )
    yield Case(
        "symlink over a file",
        lambda: _tar([_file("a.py", CODE), link("a.py", "/etc/passwd")]),
        "skipped: link",
        "a.py",
    )
    yield Case(
        "file over a symlink", lambda: _tar([link("a.py", "/etc/passwd"), _file("a.py", CODE)]), "documented", "a.py"
    )
    yield Case(
        "hard link to a symlink",
        lambda: _tar([link("s", "/etc/passwd"), link("l.py", "s", tarfile.LNKTYPE)]),
        "skipped: link",
        "l.py",
    )
    kinds = {
        "device": tarfile.CHRTYPE,
        "disk": tarfile.BLKTYPE,
        "pipe": tarfile.FIFOTYPE,
        "contiguous": tarfile.CONTTYPE,
    }
    for what, kind in kinds.items():
        outcome = "skipped: empty" if kind == tarfile.CONTTYPE else "skipped: not-a-file"
        yield Case(f"tar {what}", partial(linked, "n.py", "", kind), outcome, "n.py")
    yield Case("tar of an unknown kind", lambda: linked("n.py", "", b"Z"), "skipped: not-a-file", "n.py")
    for what, mode in {"symlink": 0o120777, "device": 0o020666, "pipe": 0o010644, "socket": 0o140755}.items():
        outcome = "skipped: link" if what == "symlink" else "skipped: not-a-file"
        yield Case(f"zip {what}", partial(_zip_mode, "n.py", mode), outcome, "n.py")
    yield Case("set-user-id file", lambda: _zip_mode("n.py", 0o104755), "documented", "n.py")


def _bombs() -> Iterator[Case[bytes]]:
    yield Case("zip bomb by ratio", lambda: zipped({"zeros": bytes(70_000_000)}), "ArchiveUnsafe")
    yield Case("tar bomb by ratio", lambda: tar_gz({"zeros": bytes(70_000_000)}), "ArchiveUnsafe")
    yield Case("tar bomb behind its end", lambda: gzip.compress(_plain_tar() + bytes(70_000_000), 9), "ArchiveUnsafe")
    yield Case(
        "gzip without end", lambda: gzip.compress(_header("a.py", 1 << 40) + bytes(70_000_000), 9), "ArchiveUnsafe"
    )
    yield Case(
        "zip of a zip bomb",
        lambda: zipped({**GOOD, "in.zip": zipped({"zeros": bytes(70_000_000)})}),
        "skipped: binary",
        "in.zip",
    )
    yield Case("tar in a tar", lambda: tar_gz({**GOOD, "in.tar.gz": tar_gz(GOOD)}), "skipped: binary", "in.tar.gz")
    yield Case("zip nested ten deep", lambda: _nested(10), "skipped: binary", "in.zip")
    yield Case("zip quine of overlapping entries", lambda: _overlapping(300), "ArchiveUnsafe")
    yield Case(
        "zip of many entries", lambda: zipped({f"f{n}.py": b"" for n in range(LIMIT_FILES + 1)}), "RepositoryTooLarge"
    )
    yield Case(
        "tar of 100,000 entries",
        lambda: gzip.compress(b"".join(_header(f"f{n}.py", 0) for n in range(100_000)), 1),
        "RepositoryTooLarge",
    )
    yield Case(
        "tar of 100,000 folders",
        lambda: gzip.compress(_header("d/", 0, tarfile.DIRTYPE) * 130_000, 1),
        "RepositoryTooLarge",
    )
    yield Case(
        "random bytes over the limit",
        lambda: gzip.compress(_header("noise", LIMIT_BYTES + 1) + os.urandom(1 << 20) * 80, 0),
        "RepositoryTooLarge",
    )
    for what, kind in {
        "name": tarfile.GNUTYPE_LONGNAME,
        "link": tarfile.GNUTYPE_LONGLINK,
        "attributes": tarfile.XHDTYPE,
    }.items():
        yield Case(f"tar that claims a long {what}", partial(_claims, kind), "ArchiveUnsafe")
    yield Case(
        "many long names",
        lambda: gzip.compress((_header("x", 512, tarfile.GNUTYPE_LONGNAME) + b"n" * 512) * 50_000, 1),
        "ArchiveCorrupt",
    )
    yield Case(
        "many hard links",
        lambda: tar_gz({"a.py": os.urandom(900_000)}, *(link(f"{n}.py", "a.py", tarfile.LNKTYPE) for n in range(100))),
        "RepositoryTooLarge",
    )
    yield Case("sparse file", lambda: gzip.compress(_sparse(1 << 40) + bytes(1024)), "skipped: not-a-file", "s.py")
    yield Case("two gzips in a row", lambda: tar_gz(GOOD) + gzip.compress(bytes(70_000_000), 9), "ArchiveUnsafe")


def _lies() -> Iterator[Case[bytes]]:
    yield Case("empty", lambda: b"", "ArchiveCorrupt")
    yield Case("text", lambda: b"hello", "ArchiveCorrupt")
    yield Case("zip magic alone", lambda: b"PK\x03\x04", "ArchiveCorrupt")
    yield Case("gzip magic alone", lambda: b"\x1f\x8b", "ArchiveCorrupt")
    yield Case("gzip of text", lambda: gzip.compress(b"hello"), "ArchiveCorrupt")
    yield Case("bzip2", lambda: bz2.compress(_plain_tar()), "ArchiveCorrupt")
    yield Case("xz", lambda: lzma.compress(_plain_tar()), "ArchiveCorrupt")
    yield Case("7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(100), "ArchiveCorrupt")
    yield Case("rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(100), "ArchiveCorrupt")
    yield Case("tar without gzip", _plain_tar, "ArchiveCorrupt")
    yield Case("cut tar", lambda: tar_gz({"n": os.urandom(5_000)})[:-700], "ArchiveCorrupt")
    yield Case("cut zip", lambda: zipped(GOOD)[:-30], "ArchiveCorrupt")
    yield Case(
        "tar with a wrong checksum",
        lambda: gzip.compress(_plain_tar().replace(b"innocent.py", b"innocent.pz")),
        "ArchiveCorrupt",
    )
    yield Case("gzip with a wrong checksum", lambda: _flipped(tar_gz(GOOD), -6), "ArchiveCorrupt")
    yield Case("gzip with a wrong length", lambda: _flipped(tar_gz(GOOD), -2), "ArchiveCorrupt")
    yield Case("negative size", lambda: gzip.compress(_binary_size("a.py", -512) + bytes(1024)), "ArchiveCorrupt")
    yield Case("huge size", lambda: gzip.compress(_binary_size("a.py", 1 << 62) + bytes(1024)), "ArchiveCorrupt")
    yield Case("zip that claims fewer bytes", lambda: _claimed_size(3), "ArchiveCorrupt")
    yield Case("zip that claims more bytes", lambda: _claimed_size(3_000), "documented", INNOCENT)
    yield Case(
        "zip with a wrong checksum", lambda: zipped_stored().replace(b"do no harm", b"do much!!!"), "ArchiveCorrupt"
    )
    yield Case("encrypted zip", lambda: _flagged(0x1), "ArchiveCorrupt")
    yield Case("strongly encrypted zip", lambda: _flagged(0x41), "ArchiveCorrupt")
    yield Case("patched zip", lambda: _flagged(0x20), "ArchiveCorrupt")
    yield Case("zip of an unknown method", lambda: _method(97), "gap: FileUnreadable", INNOCENT)
    yield Case("zip of bzip2", lambda: _method(12), "gap: FileUnreadable", INNOCENT)
    yield Case("zip whose headers disagree", lambda: _flipped(zipped(GOOD), 32), "ArchiveCorrupt")
    yield Case("zip behind a program", lambda: b"PK#!/bin/sh\nexit\n" + zipped(GOOD), "documented", INNOCENT)
    yield Case("zip whose comment is a zip", lambda: _commented(zipped({"other.py": CODE})), "documented", "other.py")
    yield Case("zip with the directory outside", lambda: _patched_end(zipped(GOOD), 16, 1 << 30), "ArchiveCorrupt")
    yield Case("zip with a directory of 4 GB", lambda: _patched_end(zipped(GOOD), 12, (1 << 32) - 2), "ArchiveUnsafe")
    yield Case("zip of several disks", lambda: _flipped(zipped(GOOD), -18), "documented", INNOCENT)
    yield Case(
        "tar with a broken attribute",
        lambda: gzip.compress(_attributes(b"99999 path=x\n") + _plain_tar()),
        "documented",
    )
    yield Case(
        "tar with attributes of zero length",
        lambda: gzip.compress(_attributes(b"0 path=x\n") + _plain_tar()),
        "ArchiveCorrupt",
    )
    yield Case(
        "tar whose attribute climbs",
        lambda: gzip.compress(_attributes(_record("path", "../../evil.py")) + _plain_tar()),
        "ArchiveUnsafe",
    )
    yield Case(
        "tar whose attribute claims a size",
        lambda: gzip.compress(_attributes(_record("size", "-1")) + _plain_tar()),
        "ArchiveCorrupt",
    )
    yield Case("tar of nothing", lambda: gzip.compress(bytes(10_240)), "nothing")
    yield Case("zip of nothing", lambda: zipped({}), "nothing")
    yield Case(
        "tar of folders alone", lambda: gzip.compress(_header("d/", 0, tarfile.DIRTYPE) + bytes(1024)), "nothing"
    )


def _names() -> Iterator[Case[bytes]]:
    yield Case("tar of one name twice", lambda: _tar([_file("a.py", b""), _file("a.py", CODE)]), "documented", "a.py")
    yield Case("zip of one name twice", lambda: _zip([("a.py", b""), ("a.py", CODE)]), "documented", "a.py")
    yield Case(
        "one name in two spellings",
        lambda: _tar([_file("./a.py", b""), _file("a//./b.py", CODE)]),
        "documented",
        "a/b.py",
    )
    yield Case("file and folder of one name", lambda: tar_gz({"a": CODE, "a/b.py": CODE}), "documented", "a~2")
    yield Case("names that differ in case", lambda: tar_gz({"A.py": CODE, "a.py": CODE}), "documented", "A.py")
    yield Case("folders that differ in case", lambda: tar_gz({"A/x.py": CODE, "a/x.py": CODE}), "documented", "a/x.py")
    composed, apart = unicodedata.normalize("NFC", "é.py"), unicodedata.normalize("NFD", "é.py")
    yield Case("composed and apart", lambda: tar_gz({composed: CODE, apart: CODE}), "documented", apart)
    yield Case("sharp s and ss", lambda: tar_gz({"straße.py": CODE, "STRASSE.py": CODE}), "documented", "straße.py")
    yield Case(
        "NUL in a tar's attribute",
        lambda: gzip.compress(_attributes(_record("path", "a\0b.py")) + _plain_tar()),
        "documented",
        "a_b.py",
    )
    yield Case(
        "NUL in a zip's name", lambda: zipped({"aXb.py": CODE}).replace(b"aXb.py", b"a\0b.py"), "documented", "a"
    )
    yield Case("name of 5,000 characters", lambda: tar_gz({"n" * 5_000 + ".py": CODE}), "documented")
    yield Case("path of 300 folders", lambda: tar_gz({"d/" * 300 + "a.py": CODE}), "documented")
    yield Case("path of 30,000 folders", lambda: tar_gz({"d/" * 30_000 + "a.py": CODE}), "documented")
    yield Case(
        "two long names that begin alike",
        lambda: tar_gz({"n" * 300 + "1.py": CODE, "n" * 300 + "2.py": CODE}),
        "documented",
    )
    yield Case("name of no bytes", lambda: tar_gz({**GOOD, "": CODE}), "documented", INNOCENT)
    yield Case("name of spaces", lambda: tar_gz({**GOOD, "   ": CODE}), "documented", "_")
    yield Case(
        "name that is no UTF-8", lambda: tar_gz({os.fsdecode(b"\xff\xfe.py"): CODE}), "documented", "\ufffd\ufffd.py"
    )
    yield Case("zip name in another encoding", lambda: _zip([("\u2554\u2557.py", CODE)], flags=0), "documented")
    yield Case("long name of zip", lambda: zipped({"n" * 60_000 + ".py": CODE}), "documented")
    yield Case("list of unreadable files that climbs", lambda: _unreadable("../../etc/passwd"), "ArchiveUnsafe")
    yield Case(
        "list of unreadable files that is no list",
        lambda: tar_gz({**GOOD, _LIST: b'{"path": 1}'}),
        "documented",
        INNOCENT,
    )
    yield Case(
        "list of unreadable files that is deep",
        lambda: tar_gz({**GOOD, _LIST: b"[" * 100_000}),
        "documented",
        INNOCENT,
    )
    yield Case(
        "list of unreadable files with markup",
        lambda: _unreadable("x<script>.py"),
        "gap: FileUnreadable",
        "x<script>.py",
    )


def _others() -> Iterator[Case[bytes]]:
    yield Case("folders of macOS alone", lambda: tar_gz({"__MACOSX/._a.py": b"\0\5\x16\7"}), "nothing")
    yield Case(
        "git folder with a hook",
        lambda: tar_gz({**GOOD, ".git/hooks/post-checkout": b"#!/bin/sh\n"}),
        "skipped: vendored",
        ".git/hooks/post-checkout",
    )
    yield Case(
        "attributes without end",
        lambda: tar_gz({**GOOD, ".gitattributes": b"*.py " + b"a" * 900_000}),
        "documented",
        INNOCENT,
    )
    yield Case(
        "attributes that hide all",
        lambda: tar_gz({**GOOD, ".gitattributes": b"* linguist-vendored\n"}),
        "skipped: vendored",
        INNOCENT,
    )
    yield Case(
        "attributes that backtrack",
        lambda: tar_gz({"a" * 190 + ".py": CODE, ".gitattributes": b"*a" * 40 + b"*b linguist-vendored\n"}),
        "documented",
    )
    yield Case(
        "attributes of many patterns",
        lambda: tar_gz({**GOOD, ".gitattributes": b"".join(b"p%d* -text\n" % n for n in range(20_000))}),
        "documented",
        INNOCENT,
    )


_LIST = ".swarm-unreadable.json"


def _unreadable(path: str) -> bytes:
    return tar_gz({**GOOD, _LIST: b'[{"path": "%s", "detail": "no"}]' % path.encode()})


def _with(pack: Callable[[Mapping[str, bytes]], bytes], name: str) -> bytes:
    return pack({**GOOD, name: CODE})


def _claims(kind: bytes) -> bytes:
    return gzip.compress(_header("x", 3 << 30, kind) + bytes(1 << 20), 1)


def _file(name: str, body: bytes) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(body)
    return info, body


def _tar(members: list[tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for member in members:
            info, body = member if isinstance(member, tuple) else (member, b"")
            archive.addfile(info, io.BytesIO(body))
    return out.getvalue()


def _plain_tar() -> bytes:
    return gzip.decompress(tar_gz(GOOD))


def _header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def _binary_size(name: str, size: int) -> bytes:
    """A header whose size is a signed number in binary, as GNU writes large ones."""
    header = bytearray(_header(name, 0))
    header[124:136] = (size & ((1 << 96) - 1)).to_bytes(12, "big")
    header[124] |= 0x80
    header[148:156] = b"%06o\0 " % (sum(header) - sum(header[148:156]) + 8 * 32)
    return bytes(header)


def _record(key: str, value: str) -> bytes:
    body = f" {key}={value}\n"
    size = next(size for size in range(len(body), len(body) + 9) if len(f"{size}{body}") == size)
    return f"{size}{body}".encode()


def _attributes(records: bytes) -> bytes:
    return _header("p", len(records), tarfile.XHDTYPE) + records + bytes(-len(records) % 512)


def _sparse(size: int) -> bytes:
    records = b"".join(
        _record(f"GNU.sparse.{key}", value)
        for key, value in (("major", "1"), ("minor", "0"), ("name", "s.py"), ("realsize", str(size)))
    )
    return _attributes(records) + _header("s.py", 512) + b"1\n0\n1\n".ljust(512, b"\0")


def _zip(members: list[tuple[str, bytes]], flags: int | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in members:
            info = zipfile.ZipInfo(name)
            if flags is not None:
                info.flag_bits = flags
            if name in archive.NameToInfo:  # the library warns of what this input is about
                del archive.NameToInfo[name]
            archive.writestr(info, body)
    return out.getvalue()


def _zip_mode(name: str, mode: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, CODE)
    return out.getvalue()


def zipped_stored() -> bytes:
    """A zip whose one file is not compressed."""
    return _zip([(INNOCENT, b"do no harm")])


def _nested(depth: int) -> bytes:
    archive = zipped(GOOD)
    for _ in range(depth):
        archive = zipped({**GOOD, "in.zip": archive})
    return archive


def _flipped(data: bytes, at: int) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 0x01
    return bytes(changed)


def _directory_field(data: bytes, offset: int, form: str, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(form, changed, changed.index(b"PK\x01\x02") + offset, value)
    return bytes(changed)


def _flagged(flags: int) -> bytes:
    data = bytearray(_directory_field(zipped(GOOD), 8, "<H", flags))
    struct.pack_into("<H", data, 6, flags)
    return bytes(data)


def _method(method: int) -> bytes:
    data = bytearray(_directory_field(zipped(GOOD), 10, "<H", method))
    struct.pack_into("<H", data, 8, method)
    return bytes(data)


def _claimed_size(size: int) -> bytes:
    return _directory_field(zipped(GOOD), 24, "<L", size)


def _patched_end(data: bytes, offset: int, value: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into("<L", changed, changed.rindex(b"PK\x05\x06") + offset, value)
    return bytes(changed)


def _commented(comment: bytes) -> bytes:
    out = io.BytesIO(zipped(GOOD))
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = comment
    return out.getvalue()


def _overlapping(entries: int) -> bytes:
    """Entries of a directory that all name the same compressed bytes (the bomb of David Fifield)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(1_000_000)
    data = packer.compress(zeros) + packer.flush()
    fields = (20, 0, 8, 0, 33, zlib.crc32(zeros), len(data), len(zeros), 1, 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + b"a" + data
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *fields[:-1], 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * entries
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, len(directory), len(local), 0)
    return local + directory + end
