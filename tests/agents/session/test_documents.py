"""What every agent reads of the session and of stored analyses."""

from __future__ import annotations

import pytest

from agents import keys
from agents.contracts.analysis import AnalysisPointer
from agents.errors import BlobMissing
from agents.session.documents import load_analyses, load_manifest, load_model, save_model
from tests.agents.fakes import SESSION_ID, MemoryBlobs, fake_ports
from tests.agents.roles.reviewer.world import analysis, key_of, manifest, piece, store


class CountingBlobs(MemoryBlobs):
    """Remembers which blobs were read."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []

    def read(self, key: str) -> bytes:
        self.reads.append(key)
        return super().read(key)


def test_should_read_every_blob_once_however_many_analyses_it_holds() -> None:
    ports = fake_ports()
    object.__setattr__(ports, "blobs", CountingBlobs())
    store(ports, "analyses/a.jsonl", analysis(key_of(0)), analysis(key_of(1), piece()))
    store(ports, "analyses/b.jsonl", analysis(key_of(2)))

    found = load_analyses(ports, [key_of(2), key_of(1), key_of(0), key_of(1), key_of(7)])

    assert list(found) == [key_of(2), key_of(1), key_of(0)]
    assert found[key_of(1)].structure.evidence == (piece(),)
    assert isinstance(ports.blobs, CountingBlobs)
    assert sorted(ports.blobs.reads) == ["analyses/a.jsonl", "analyses/b.jsonl"]


def test_should_leave_out_an_analysis_whose_blob_is_gone_or_holds_another_in_its_place() -> None:
    ports = fake_ports()
    store(ports, "analyses/a.jsonl", analysis(key_of(0)))

    def pointer(number: int, blob_key: str, index: int) -> AnalysisPointer:
        return AnalysisPointer(
            analysis_key=key_of(number), blob_key=blob_key, index=index, symbols_total=0, symbols_documented=0
        )

    ports.store.save_analyses(
        [pointer(1, "gone", 0), pointer(2, "analyses/a.jsonl", 5), pointer(3, "analyses/a.jsonl", 0)]
    )

    assert list(load_analyses(ports, map(key_of, range(4)))) == [key_of(0)]


def test_should_keep_separators_inside_a_string_on_their_line() -> None:
    ports = fake_ports()
    store(ports, "analyses/a.jsonl", analysis(key_of(0), piece(excerpt="a\u2028b\x85c")), analysis(key_of(1)))

    assert list(load_analyses(ports, [key_of(0), key_of(1)])) == [key_of(0), key_of(1)]


def test_should_give_back_the_document_that_was_saved() -> None:
    ports = fake_ports()

    save_model(ports, keys.manifest(SESSION_ID), manifest("a.py"))

    assert load_manifest(ports, SESSION_ID) == manifest("a.py")
    with pytest.raises(BlobMissing):
        load_model(ports, "nowhere", type(manifest()))
