"""What is spooled comes back as it was, in its order, whatever characters it holds."""

from __future__ import annotations

from pathlib import Path

from agents.session.spooled_texts import SpooledTexts

TEXTS = [
    ("a b/ü.md", "one\ntwo\r\n\x85three"),
    ("12 3\n", ""),
    ("bees", "\ud800 a lone surrogate, \U0001f41d"),
    ("a", "1 2\n"),
]


def test_texts_come_back_as_often_as_one_likes(tmp_path: Path) -> None:
    spool = SpooledTexts(tmp_path / "spool")

    with spool.written() as write:
        for name, text in TEXTS:
            write(name, text)

    assert list(spool) == TEXTS
    assert list(reversed(spool)) == TEXTS[::-1]
    assert list(spool) == TEXTS


def test_a_spool_that_is_written_again_holds_nothing_of_before(tmp_path: Path) -> None:
    spool = SpooledTexts(tmp_path / "spool")
    for texts in (TEXTS, TEXTS[:1]):
        with spool.written() as write:
            for name, text in texts:
                write(name, text)
    assert list(spool) == TEXTS[:1]
