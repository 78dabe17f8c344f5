"""A session that is ready to be published, kept in a folder: one process prepares it, another is measured."""

from __future__ import annotations

import pickle
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.errors import BlobMissing
from agents.ports import Ports
from agents.roles.editor.core import pages
from agents.session.drafts import save_draft
from tests.agents.fakes import SESSION_ID, MemoryBlobs, fake_ports, running_session
from tests.agents.roles.editor.samples import analyses, digest, manifest, material, text_of

_POINTERS = "pointers.pickle"
_ROWS = "analyses/rows.jsonl"


class DiskBlobs(MemoryBlobs):
    """A BlobStore in a folder: what is stored is not in the memory that is measured."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def read(self, key: str) -> bytes:
        try:
            return (self._folder / key).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(key) from error

    # A fake has the port's signature.
    def write(self, key: str, body: bytes, content_type: str = "application/json") -> None:  # noqa: ARG002
        self._place(key).write_bytes(body)

    # A fake has the port's signature.
    def upload(
        self,
        key: str,
        path: Path,
        content_type: str,  # noqa: ARG002  (likewise)
        sha256: str = "",  # noqa: ARG002  (likewise)
        about: Mapping[str, str] | None = None,  # noqa: ARG002  (likewise)
    ) -> None:
        shutil.copyfile(path, self._place(key))

    # A fake has the port's signature.
    def download(self, key: str, path: Path, version: str = "") -> None:  # noqa: ARG002
        shutil.copyfile(self._folder / key, path)

    def _place(self, key: str) -> Path:
        place = self._folder / key
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def prepare(folder: Path, files: int) -> None:
    """Write a session of so many files of one function each."""
    named = {f"pack{n // 100}/m{n:05d}.py": ("python", f"Module {n} of many.", "") for n in range(files)}
    blobs = DiskBlobs(folder)
    with zipfile.ZipFile(folder / "snapshot.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in named:
            archive.writestr(path, text_of(path))
    blobs.upload(keys.snapshot_text(SESSION_ID), folder / "snapshot.zip", "application/zip")
    blobs.write(keys.manifest(SESSION_ID), manifest(named).model_dump_json().encode())
    blobs.write(_ROWS, "\n".join(one.model_dump_json() for one in analyses(named).values()).encode())
    save_draft(replace(fake_ports(), blobs=blobs), SESSION_ID, 1, pages(material(named), {}))
    pointers = {
        digest(path): AnalysisPointer(
            analysis_key=digest(path), blob_key=_ROWS, index=n, symbols_total=1, symbols_documented=1
        )
        for n, path in enumerate(named)
    }
    (folder / _POINTERS).write_bytes(pickle.dumps(pointers))


def ports_of(folder: Path) -> Ports:
    """The session's ports; nothing of it is in memory but where each analysis is."""
    ports = replace(fake_ports(), blobs=DiskBlobs(folder))
    ports.store.claim(running_session())
    ports.store.pointers = pickle.loads((folder / _POINTERS).read_bytes())  # noqa: S301 (written by prepare)
    return ports
