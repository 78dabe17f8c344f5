"""Archives that a test writes in a line."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Mapping


def tar_gz(files: Mapping[str, bytes], *extra: tarfile.TarInfo) -> bytes:
    """A tar.gz of these files, then the extra members (links, devices)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
        for info in extra:
            archive.addfile(info)
    return out.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    """A link, or with another type a device."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info
