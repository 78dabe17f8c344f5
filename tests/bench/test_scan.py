"""`python -m bench scan` scans and plans every file, in a process whose memory it measures."""

from __future__ import annotations

from bench import scan


def test_every_file_is_scanned_and_planned_in_a_process_of_its_own() -> None:
    (figures,) = scan.figures(files=120)
    assert (figures["exit"], figures["files"]) == (0, 120)
    assert figures["batches"] > 0
    assert 10_000_000 < figures["peak_bytes"] < figures["goals"]["peak_bytes"]
