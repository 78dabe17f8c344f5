"""The scanner and the readers count lines alike: citations are checked against the one and made from the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.codebase.files.encoding import decoded
from agents.codebase.structure.reader import TreeSitterReader
from agents.roles.scanner.core import examine

_ENDINGS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
_TEXTS = st.lists(st.sampled_from([*_ENDINGS, "x = 1", "# y", "\ufeff", "é"])).map("".join)


def counted(language: str, suffix: str, data: bytes) -> tuple[int, int]:
    scanned = examine(f"a.{suffix}", [data], 1_000_000)
    read = TreeSitterReader().read(f"a.{suffix}", language, decoded(data))
    return scanned.lines, read.line_count


@pytest.mark.parametrize(("language", "suffix"), [("python", "py"), ("text", "txt"), ("yaml", "yml"), ("c", "c")])
@given(text=_TEXTS)
def test_scanner_and_reader_count_lines_alike(language: str, suffix: str, text: str) -> None:
    plain = "x = 1  # enough plain text that the rest does not make it a binary\n" * 8
    scanned, read = counted(language, suffix, (plain + text).encode())
    assert scanned == read >= 8


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a", 1),
        (b"a\n", 1),
        (b"a\nb", 2),
        (b"a\r\nb\r\n", 2),
        (b"a\rb\r", 2),
        (b"a\x0cb\n", 1),
        ("a\u2028b\n".encode(), 1),
        ("a\nb\n".encode("utf-16"), 2),
        (b"\xef\xbb\xbfa\n", 1),
        (b"\xff\n\xfe", 2),
    ],
)
def test_a_line_feed_ends_a_line_and_a_carriage_return_where_there_is_no_line_feed(data: bytes, lines: int) -> None:
    assert counted("python", "py", data) == (lines, lines)
