"""Archives that play with the formats themselves: zip64, sparse files, chains of links, names in several places."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TypeAlias

from tests.agents.roles.scanner.archives import link, tar_gz, zipped
from tests.hostile.case import CODE, GOOD, INNOCENT, INNOCENT_BODY, Case

_Member: TypeAlias = "tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]"


def tricks() -> Iterator[Case[bytes]]:
    """Every archive of this table."""
    yield from _zips()
    yield from _tars()
    yield from _chains()
    yield from _names()
    yield from _streams()


def _zips() -> Iterator[Case[bytes]]:
    yield Case("zip64 that is needless", _needless_zip64, "documented", INNOCENT)
    yield Case("zip64 of a trillion entries", lambda: _zip64_end(entries=1 << 40), "documented", INNOCENT)
    yield Case("zip64 whose directory is elsewhere", lambda: _zip64_end(offset=1 << 50), "ArchiveCorrupt")
    yield Case("zip64 whose directory is huge", lambda: _zip64_end(size=1 << 50), "ArchiveUnsafe")
    yield Case("zip64 entry of a terabyte", _zip64_entry, "ArchiveUnsafe")
    yield Case("zip of LZMA with a dictionary of 4 GB", _lzma_dictionary, "gap: FileUnreadable", INNOCENT)
    yield Case("zip with a second name in a field", _unicode_path, "ArchiveUnsafe")
    yield Case("zip of quoted local headers", _quoted_overlap, "ArchiveUnsafe")
    yield Case(
        "zip folder with bytes", lambda: _zip_of({**GOOD, "d/": b"x" * 100, "d/a.py": CODE}), "documented", "d/a.py"
    )
    yield Case("zip of a day that is none", _no_day, "documented", INNOCENT)
    yield Case("zip that was streamed", _streamed, "documented", "a.py")
    yield Case(
        "tar in a zip", lambda: zipped({**GOOD, "in.tar": gzip.decompress(tar_gz(GOOD))}), "skipped: binary", "in.tar"
    )
    yield Case("zip in a tar", lambda: tar_gz({**GOOD, "in.zip": zipped(GOOD)}), "skipped: binary", "in.zip")
    yield Case("zip that is a picture, too", lambda: b"GIF89a" + zipped(GOOD), "ArchiveCorrupt")


def _tars() -> Iterator[Case[bytes]]:
    yield Case(
        "sparse file of old GNU",
        lambda: gzip.compress(_old_sparse(1 << 40) + bytes(1024)),
        "skipped: not-a-file",
        "s.py",
    )
    yield Case("sparse file whose map lies", lambda: gzip.compress(_lying_sparse() + bytes(1024)), "ArchiveCorrupt")
    yield Case(
        "prefix that is absolute", lambda: gzip.compress(_prefixed("/etc", "evil.py") + bytes(1024)), "ArchiveUnsafe"
    )
    yield Case("prefix that climbs", lambda: gzip.compress(_prefixed("..", "evil.py") + bytes(1024)), "ArchiveUnsafe")
    yield Case("long name that climbs", lambda: _long_named("a/" * 60 + "../" * 80 + "evil.py"), "ArchiveUnsafe")
    yield Case("long name with NULs", lambda: _long_named("n" * 150 + "\0" * 40 + "evil.py"), "documented")
    yield Case("long name of a long name", _doubled_long_name, "documented")
    yield Case("attributes for all that climb", lambda: _global(path="../../evil.py"), "ArchiveUnsafe")
    yield Case("attributes for all that link", lambda: _global(linkpath="/etc/passwd"), "documented", INNOCENT)
    yield Case("attribute of another encoding", lambda: _own(hdrcharset="BINARY", path="\u00e9.py"), "documented")
    yield Case("owner, group and time below zero", _below_zero, "documented", "a.py")
    yield Case(
        "volume's label",
        lambda: gzip.compress(header_of("label", 0, b"V") + gzip.decompress(tar_gz(GOOD))),
        "documented",
        INNOCENT,
    )
    yield Case(
        "folder with a size", lambda: gzip.compress(header_of("d/", 1 << 40, tarfile.DIRTYPE) + bytes(1024)), "nothing"
    )


def _chains() -> Iterator[Case[bytes]]:
    chain: list[_Member] = [link("a", "b"), link("b", "c"), link("c", "/"), file_of("a/etc/evil.py", CODE)]
    yield Case("file through a chain of symlinks", lambda: tar_of(chain), "documented", "a/etc/evil.py")
    yield Case(
        "chain of 1,000 symlinks",
        lambda: tar_of([*(link(f"l{n}", f"l{n + 1}") for n in range(1_000)), file_of(INNOCENT, INNOCENT_BODY)]),
        "documented",
        INNOCENT,
    )
    hard = partial(link, kind=tarfile.LNKTYPE)
    yield Case(
        "chain of hard links",
        lambda: tar_of([file_of("a.py", CODE), hard("b.py", "a.py"), hard("c.py", "b.py"), hard("d.py", "c.py")]),
        "documented",
        "d.py",
    )
    yield Case(
        "round of hard links",
        lambda: tar_of([file_of(INNOCENT, INNOCENT_BODY), hard("a.py", "b.py"), hard("b.py", "a.py")]),
        "skipped: link",
        "a.py",
    )
    yield Case(
        "symlink whose target is a megabyte", lambda: tar_gz(GOOD, link("l", "x/" * 500_000)), "skipped: link", "l"
    )
    yield Case(
        "folder that becomes a symlink",
        lambda: tar_of([file_of("d/a.py", CODE), link("d", "/etc"), file_of("d/b.py", CODE)]),
        "documented",
        "d/b.py",
    )


def _names() -> Iterator[Case[bytes]]:
    composed, apart = unicodedata.normalize("NFC", "\u00e9/a.py"), unicodedata.normalize("NFD", "\u00e9/a.py")
    yield Case("folders composed and apart", lambda: tar_gz({composed: CODE, apart: CODE}), "documented", apart)
    yield Case(
        "file and folder that differ in case", lambda: tar_gz({"A": CODE, "a/b.py": CODE}), "documented", "a/b.py"
    )
    yield Case(
        "turned names that look alike", lambda: tar_gz({"ab\u202ecod.py": CODE, "ab\u2066cod.py": CODE}), "documented"
    )
    yield Case("names of marks alone", lambda: tar_gz({"\u200d.py": CODE, "\u2060.py": CODE}), "documented")
    yield Case(
        "dots alone",
        lambda: tar_of([_folder("./"), file_of("./.", CODE), file_of(INNOCENT, INNOCENT_BODY)]),
        "documented",
        INNOCENT,
    )
    yield Case("drive in the middle", lambda: tar_gz({**GOOD, "a/C:/evil.py": CODE}), "documented", "a/C:/evil.py")
    yield Case("share of Windows in a tar", lambda: tar_gz({**GOOD, "\\\\?\\C:\\evil.py": CODE}), "documented")
    yield Case(
        "names of one letter more",
        lambda: tar_gz({"a" * n + ".py": b"" for n in range(1, 500)}),
        "skipped: empty",
        "a.py",
    )


def _streams() -> Iterator[Case[bytes]]:
    yield Case("gzip that names a path", _gzip_name, "documented", INNOCENT)
    yield Case(
        "10,000 empty gzips in front", lambda: gzip.compress(b"") * 10_000 + tar_gz(GOOD), "documented", INNOCENT
    )
    yield Case("rubbish behind the end", lambda: tar_gz(GOOD) + b"rubbish" * 100, "ArchiveCorrupt")
    yield Case("tar cut between two files", _cut_between, "documented", INNOCENT)


def _needless_zip64() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open(INNOCENT, "w", force_zip64=True) as file:
        file.write(INNOCENT_BODY)
    return out.getvalue()


def _zip64_end(entries: int = 1, size: int = 0, offset: int = 0) -> bytes:
    data = zipped(GOOD)
    at = data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    record = struct.pack(
        "<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, entries, entries, size or at - start, offset or start
    )
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:at] + record + locator + end


def _zip64_entry() -> bytes:
    """The size of the one file stands in a field of 64 bits."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.py")
        info.extra = struct.pack("<2H2Q", 1, 16, 1 << 40, 1 << 40)
        archive.writestr(info, CODE)
    data = bytearray(out.getvalue())
    struct.pack_into("<2L", data, data.index(b"PK\x01\x02") + 20, 0xFFFFFFFF, 0xFFFFFFFF)
    return bytes(data)


def _lzma_dictionary() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(INNOCENT, INNOCENT_BODY * 50)
    data = bytearray(out.getvalue())
    # Behind the name: version, size of the properties, their first byte; then the dictionary's size.
    struct.pack_into("<L", data, 30 + len(INNOCENT) + 5, 0xFFFFFFFF)
    return bytes(data)


def _unicode_path() -> bytes:
    other = b"../../evil.py"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("a.py")
        info.extra = struct.pack("<2HBL", 0x7075, 5 + len(other), 1, zlib.crc32(b"a.py")) + other
        archive.writestr(info, CODE)
    return out.getvalue()


def _quoted_overlap() -> bytes:
    """Each entry's data hold the next entry's local header, in a block that is not compressed, up to one kernel."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(1_000_000)
    data = packer.compress(zeros) + packer.flush()
    checksum, size = zlib.crc32(zeros), len(zeros)
    entries, body = [], data
    text = zeros
    for number in range(100):
        name = b"%03d" % number
        local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, checksum, len(body), size, len(name), 0) + name
        entries.append((name, checksum, len(body), size, len(body) + len(local)))
        body = struct.pack("<BHH", 0, len(local), len(local) ^ 0xFFFF) + local + body
        text = local + text
        checksum, size = zlib.crc32(text), len(text)
    whole = body[5:]
    directory = b"".join(
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            33,
            crc,
            packed,
            full,
            len(name),
            0,
            0,
            0,
            0,
            0,
            len(whole) - back,
        )
        + name
        for name, crc, packed, full, back in reversed(entries)
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), len(whole), 0)
    return whole + directory + end


def _zip_of(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            archive.writestr(zipfile.ZipInfo(name), body)
    return out.getvalue()


def _no_day() -> bytes:
    data = bytearray(zipped(GOOD))
    for at in (10, data.index(b"PK\x01\x02") + 12):
        struct.pack_into("<2H", data, at, 0xFFFF, 0)
    return bytes(data)


def _streamed() -> bytes:
    class Pipe(io.RawIOBase):
        """What cannot be sought: sizes stand behind the data."""

        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]  # the base takes any buffer
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        archive.writestr("a.py", CODE)
    return pipe.data


def header_of(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def summed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def _old_sparse(size: int) -> bytes:
    header = bytearray(header_of("s.py", 512, b"S"))
    header[386:410] = b"%011o\0%011o\0" % (0, 512)
    header[483:495] = b"\x80" + size.to_bytes(11, "big")
    return summed(header) + b"x" * 512


def _lying_sparse() -> bytes:
    header = bytearray(header_of("s.py", 512, b"S"))
    header[386:410] = b"%011o\0%011o\0" % (1 << 30, 1 << 30)
    header[482:483] = b"\x01"  # more of the map follows
    header[483:495] = b"%011o\0" % 10
    return summed(header) + b"\x01" * 512


def _prefixed(prefix: str, name: str) -> bytes:
    header = bytearray(tarfile.TarInfo(name).tobuf(tarfile.USTAR_FORMAT))
    header[345 : 345 + len(prefix)] = prefix.encode()
    return summed(header)


def _long_named(name: str) -> bytes:
    text = name.encode() + b"\0"
    head = header_of("././@LongLink", len(text), tarfile.GNUTYPE_LONGNAME) + text + bytes(-len(text) % 512)
    return gzip.compress(head + header_of("short.py", len(CODE)) + CODE.ljust(512, b"\0") + bytes(1024))


def _doubled_long_name() -> bytes:
    def named(name: bytes) -> bytes:
        return header_of("././@LongLink", len(name), tarfile.GNUTYPE_LONGNAME) + name.ljust(512, b"\0")

    return gzip.compress(
        named(b"first.py\0")
        + named(b"second.py\0")
        + header_of("short.py", len(CODE))
        + CODE.ljust(512, b"\0")
        + bytes(1024)
    )


def _global(**fields: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers=fields) as archive:
        archive.addfile(_info(INNOCENT, INNOCENT_BODY), io.BytesIO(INNOCENT_BODY))
    return out.getvalue()


def _own(**fields: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        info = _info("a.py", CODE)
        info.pax_headers = fields
        archive.addfile(info, io.BytesIO(CODE))
    return out.getvalue()


def _below_zero() -> bytes:
    header = bytearray(header_of("a.py", len(CODE)))
    for at, width in ((108, 8), (116, 8), (136, 12)):
        header[at : at + width] = b"\xff" * width
    return gzip.compress(summed(header) + CODE.ljust(512, b"\0") + bytes(1024))


def _info(name: str, body: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = len(body)
    return info


def file_of(name: str, body: bytes) -> tuple[tarfile.TarInfo, bytes]:
    return _info(name, body), body


def _folder(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = tarfile.DIRTYPE
    return info


def tar_of(members: list[_Member]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for member in members:
            info, body = member if isinstance(member, tuple) else (member, b"")
            archive.addfile(info, io.BytesIO(body))
    return out.getvalue()


def _gzip_name() -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile("../../../../tmp/evil.tar", "wb", fileobj=out) as file:
        file.write(gzip.decompress(tar_gz(GOOD)))
    return out.getvalue()


def _cut_between() -> bytes:
    """Without the blocks that end a tar."""
    return gzip.compress(header_of(INNOCENT, len(INNOCENT_BODY)) + INNOCENT_BODY.ljust(512, b"\0"))
