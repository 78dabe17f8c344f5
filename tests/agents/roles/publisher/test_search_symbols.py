"""A browser can load the search index of any repository."""

from __future__ import annotations

import pytest

from agents.roles.publisher.theme.hooks.search_symbols import _shorten


def pages(*lengths: int) -> list[list[dict[str, str]]]:
    return [[{"location": f"{page}#{n}"} for n in range(length)] for page, length in enumerate(lengths)]


@pytest.mark.parametrize(
    ("lengths", "most", "left"),
    [
        ((3, 4, 5), 12, (3, 4, 5)),
        ((3, 4, 5), 11, (3, 4, 4)),
        ((1, 1, 100), 12, (1, 1, 10)),
        ((50, 50), 21, (10, 10)),
        ((5, 5, 5), 2, (1, 1, 1)),
    ],
)
def test_every_page_stays_and_the_longest_give_up_symbols(
    lengths: tuple[int, ...], most: int, left: tuple[int, ...]
) -> None:
    found = pages(*lengths)
    _shorten(found, most)
    assert tuple(len(page) for page in found) == left
    assert [page[0]["location"] for page in found] == [f"{n}#0" for n in range(len(lengths))]
