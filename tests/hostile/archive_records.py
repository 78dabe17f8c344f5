"""Archives whose records contradict each other or the format: pax, GNU, directories and descriptors of zip."""

from __future__ import annotations

import bz2
import gzip
import struct
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from tests.agents.roles.scanner.archives import link, tar_gz, zipped
from tests.hostile.archive_tricks import file_of, header_of, summed, tar_of
from tests.hostile.case import CODE, GOOD, INNOCENT, INNOCENT_BODY, Case

_END = bytes(1024)
_SKIPPED, _BROKEN = "skipped: not-a-file", "ArchiveCorrupt"


def records() -> Iterator[Case[bytes]]:
    """Every archive of this table."""
    yield from _attributes()
    yield from _headers()
    yield from _entries()
    yield from _containers()


def _attributes() -> Iterator[Case[bytes]]:
    version_1 = (b"GNU.sparse.major", b"1"), (b"GNU.sparse.minor", b"0"), (b"GNU.sparse.realsize", b"10")
    blocks = (b"GNU.sparse.size", b"99999999999"), (b"GNU.sparse.numblocks", b"1"), (b"GNU.sparse.numbytes", b"x")
    pieces = b",".join(b"%d,1" % (n * 1000) for n in range(50_000))
    for name, outcome, fields, body in (
        ("sparse name that climbs", "ArchiveUnsafe", (*version_1, (b"GNU.sparse.name", b"../../evil.py")), b"0\n"),
        ("sparse map of letters", _BROKEN, version_1, b"abc\n"),
        ("sparse map without an end", _BROKEN, version_1, b"99999999999\n"),
        ("sparse map of 50,000 pieces", _SKIPPED, ((b"GNU.sparse.map", pieces), blocks[0]), CODE),
        ("sparse blocks that are none", _SKIPPED, blocks, CODE),
        ("size below zero", _BROKEN, ((b"size", b"-1"),), CODE),
        ("size that is a word", _BROKEN, ((b"size", b"ten"),), CODE),
        ("size with an exponent", _BROKEN, ((b"size", b"1e18"),), CODE),
        ("size of 5,000 digits", _BROKEN, ((b"size", b"9" * 5_000),), CODE),
        ("times that are no numbers", "documented", ((b"mtime", b"nan"), (b"atime", b"inf")), CODE),
        ("owner of 5,000 digits", "documented", ((b"uid", b"9" * 5_000),), CODE),
        ("100,000 attributes", "documented", tuple((b"k%d" % n, b"v") for n in range(100_000)), CODE),
        ("key of no bytes", "documented", ((b"", b"x"),), CODE),
        ("charset that is none", "documented", ((b"hdrcharset", b"rot13"),), CODE),
    ):
        yield Case(f"attribute: {name}", partial(_with_attributes, _joined(fields), body), outcome, _at(outcome))
    for name, outcome, data in (
        ("length that is padded", "documented", b"0" * 40 + b"19 path=evil.py\n"),
        ("length of 20 digits", _BROKEN, b"99999999999999999999 path=evil.py\n"),
        ("length below zero", "documented", b"-5 path=evil.py\n"),
    ):
        made = Case(f"attribute: {name}", partial(_with_attributes, data, CODE), outcome)
        yield made
    yield Case(
        "attribute of Solaris that climbs",
        lambda: _with_attributes(_joined(((b"path", b"../evil.py"),)), CODE, b"X"),
        "ArchiveUnsafe",
    )
    for name, kind, data in (
        ("attributes of attributes", b"x", _joined(((b"path", b"b.py"),))),
        ("attributes for all, 20,000 times", b"g", _joined(((b"comment", b"b"),))),
        ("long names, 20,000 times", b"L", b"b.py\0"),
    ):
        yield Case(name, partial(_repeated, kind, data), _BROKEN)
    yield Case("long name at the end", lambda: gzip.compress(header_of("a", 5, b"L") + _padded(b"b.py\0")), _BROKEN)


def _at(outcome: str) -> str:
    return "a.py" if outcome.startswith("skipped") else ""


def _headers() -> Iterator[Case[bytes]]:
    hard = tarfile.LNKTYPE
    yield Case(
        "hard link before its file",
        lambda: tar_of([link("b.py", "a.py", kind=hard), file_of("a.py", CODE)]),
        "skipped: link",
        "b.py",
    )
    yield Case(
        "hard link to itself through dots",
        lambda: tar_of([link("a.py", "./x/../a.py", kind=hard), file_of(INNOCENT, INNOCENT_BODY)]),
        "skipped: link",
        "a.py",
    )
    yield Case("symlink with bytes", lambda: gzip.compress(header_of("l", 4, b"2") + _padded(CODE) + _END), _BROKEN)
    for name, field, outcome in (
        ("size of 62 bits", b"\x80" + (1 << 62).to_bytes(11, "big"), _BROKEN),
        ("size of letters", b"zzzzzzzzzzz\0", _BROKEN),
    ):
        yield Case(name, partial(_with_field, 124, field), outcome)
    for name, at, field in (
        ("time of a far year", 136, b"\x80" + (1 << 60).to_bytes(11, "big")),
        ("mode of all bits", 100, b"7777777\0"),
        ("magic of no kind", 257, b"abcdefgh"),
    ):
        made = Case(name, partial(_with_field, at, field, CODE), "documented", "a.py")
        yield made


def _entries() -> Iterator[Case[bytes]]:
    lies = {
        "flags": 8,
        "local": {"crc": 0, "csize": 0, "usize": 0},
        "behind": b"PK\7\x08" + struct.pack("<3L", 1, 2, 3),
    }
    bomb: dict[str, Any] = {"method": 12, "raw": bz2.compress(bytes(20_000_000)), "usize": 100}
    for name, outcome, entry in (
        ("local name that climbs", _BROKEN, {"local": {"name": b"../evil.py"}}),
        ("descriptor that lies", "documented", lies),
        ("one encrypted entry", _BROKEN, {"flags": 1}),
        ("entry of AES", _BROKEN, {"method": 99, "flags": 1}),
        ("name that claims UTF-8", _BROKEN, {"name": b"\xff\xfe.py", "flags": 0x800}),
        ("offset beyond the end", _BROKEN, {"offset": 1 << 30}),
        ("offset into the directory", _BROKEN, {"offset": 150}),
        ("version 25", _BROKEN, {"need": 255}),
        ("field that is cut", _BROKEN, {"extra": b"\1\0\xff\xff"}),
        (
            "zip64 size below zero",
            "ArchiveUnsafe",
            {"extra": struct.pack("<HHQ", 1, 8, (1 << 64) - 1), "usize": 0xFFFFFFFF},
        ),
        ("zip64 offset of 63 bits", _BROKEN, {"extra": struct.pack("<HHQ", 1, 8, 1 << 63), "offset": 0xFFFFFFFF}),
        ("field of 65,532 bytes", "documented", {"extra": struct.pack("<HH", 0x1234, 0) * 16_383}),
        ("Deflate of rubbish", _BROKEN, {"method": 8, "raw": b"\xff" * 50}),
        ("bzip2 of more than it says", "gap: FileUnreadable", bomb),
        ("symlink of a Mac", "skipped: link", {"attributes": 0o120777 << 16, "made": (19 << 8) | 20}),
    ):
        yield Case(f"entry: {name}", partial(_zip, entry), outcome, "a.py" if outcome[0].islower() else "")


def _containers() -> Iterator[Case[bytes]]:
    for name, data in (
        ("zstd", b"\x28\xb5\x2f\xfd" + bytes(100)),
        ("lz4", b"\x04\x22\x4d\x18" + bytes(100)),
        ("cpio", b"070701" + b"0" * 104),
        ("ar", b"!<arch>\n" + bytes(60)),
        ("cabinet", b"MSCF" + bytes(100)),
        ("bundle of git", b"# v2 git bundle\n" + b"0" * 40 + b" HEAD\n\nPACK" + bytes(20)),
        ("page that asks to sign in", b"<!doctype html><title>Sign in</title>"),
        ("answer of an interface", b'{"message":"Not Found"}'),
        ("zip in a gzip", gzip.compress(zipped(GOOD))),
        ("comment of gzip without an end", b"\x1f\x8b\x08\x10" + bytes(6) + b"x" * 1_000_000),
        ("end of a zip alone and cut", b"PK\5\6" + bytes(10)),
        ("locator of zip64 alone", struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1) + b"PK\5\6" + bytes(18)),
    ):
        yield Case(name, partial(bytes, data), _BROKEN)
    for name in ("a\rb.py", "\x1b[31ma.py", "COM1.txt", "a.py.", ".git./config", "git~1/config", "\uff0e\uff0e/a.py"):
        yield Case(f"name {name!a}", partial(tar_gz, {**GOOD, name: CODE}), "documented", INNOCENT)
        yield Case(f"zip name {name!a}", partial(zipped, {**GOOD, name: CODE}), "documented", INNOCENT)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def _joined(fields: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join(_record(key, value) for key, value in fields)


def _record(key: bytes, value: bytes) -> bytes:
    text = b" " + key + b"=" + value + b"\n"
    length = len(text) + 1
    while len(str(length)) + len(text) != length:
        length = len(str(length)) + len(text)
    return str(length).encode() + text


def _with_attributes(data: bytes, body: bytes, kind: bytes = b"x") -> bytes:
    tar = header_of("PaxHeaders/a", len(data), kind) + _padded(data) + header_of("a.py", len(body)) + _padded(body)
    return gzip.compress(tar + _END)


def _repeated(kind: bytes, data: bytes) -> bytes:
    return gzip.compress((header_of("a", len(data), kind) + _padded(data)) * 20_000 + header_of("a.py", 4) + _END)


def _with_field(at: int, value: bytes, body: bytes = b"") -> bytes:
    made = bytearray(header_of("a.py", len(CODE)))
    made[at : at + len(value)] = value
    return gzip.compress(summed(made) + _padded(body) + _END)


def _zip(entry: dict[str, Any]) -> bytes:
    """The innocent file and another one, whose entry in the directory or whose local header lies."""
    out, directory = b"", b""
    entries: list[dict[str, Any]] = [{"name": INNOCENT.encode(), "data": INNOCENT_BODY}, entry]
    for fields in entries:
        data = fields.get("data", CODE)
        raw = fields.get("raw", data)
        so = {
            "name": b"a.py",
            "flags": 0,
            "method": 0,
            "crc": zlib.crc32(data),
            "csize": len(raw),
            "usize": len(data),
            **fields,
        }
        local = {**so, **fields.get("local", {})}
        sizes = [local[key] for key in ("crc", "csize", "usize")]
        head = struct.pack("<5H3L2H", 20, local["flags"], local["method"], 0, 33, *sizes, len(local["name"]), 0)
        name, extra = so["name"], fields.get("extra", b"")
        sizes = [so[key] for key in ("crc", "csize", "usize")]
        entry_head = struct.pack(
            "<6H3L3H",
            fields.get("made", 20),
            fields.get("need", 20),
            so["flags"],
            so["method"],
            0,
            33,
            *sizes,
            len(name),
            len(extra),
            0,
        )
        entry_tail = struct.pack("<2H2L", 0, 0, fields.get("attributes", 0), fields.get("offset", len(out)))
        directory += b"PK\1\2" + entry_head + entry_tail + name + extra
        out += b"PK\3\4" + head + local["name"] + raw + fields.get("behind", b"")
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), len(out), 0)
    return out + directory + end
