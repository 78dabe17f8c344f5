"""Reads the names of a zip's members, of which older programs do not say in which encoding they are. Pure."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Final

from agents.codebase.files.encoding import east_asian_encoding

_IS_UTF8: Final = 0x800
#: zipfile's reading of a name whose encoding is not given; each byte is a character, so the bytes can be had back.
_BYTES: Final = "cp437"
#: Info-ZIP's Unicode path: version, checksum of the name it stands for, name (appnote.txt of PKWARE, 4.6.9).
_UNICODE_PATH: Final = 0x7075
_FIELD: Final = struct.Struct("<HH")


def zip_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Each member's name with forward slashes: as UTF-8 where it fits, else as all names together suggest."""
    names = [_known_name(info) for info in infos]
    unknown = b"\n".join(info.filename.encode(_BYTES) for info, name in zip(infos, names, strict=True) if name is None)
    encoding = east_asian_encoding(unknown) if unknown else ""
    return [
        (name if name is not None else _in_encoding(info.filename, encoding)).replace("\\", "/")
        for info, name in zip(infos, names, strict=True)
    ]


def _known_name(info: zipfile.ZipInfo) -> str | None:
    """The name where it says its encoding or is UTF-8; None for other bytes."""
    if info.flag_bits & _IS_UTF8:
        return info.filename
    try:
        data = info.filename.encode(_BYTES)
    except UnicodeEncodeError:  # a newer zipfile has read the Unicode path itself
        return info.filename
    try:
        return _unicode_path(info.extra, data) or data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _unicode_path(extra: bytes, name: bytes) -> str:
    at = 0
    while at + _FIELD.size <= len(extra):
        kind, size = _FIELD.unpack_from(extra, at)
        field = extra[at + _FIELD.size : at + _FIELD.size + size]
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            (checksum,) = struct.unpack_from("<I", field, 1)
            return field[5:].decode("utf-8") if checksum == zlib.crc32(name) else ""
        at += _FIELD.size + size
    return ""


def _in_encoding(filename: str, encoding: str) -> str:
    # A path's separator is a byte of some characters in these encodings: zipfile may have read one as such.
    try:
        return filename.encode(_BYTES).decode(encoding) if encoding else filename
    except UnicodeError:
        return filename
