"""Many things of the same kind, by two processes: the first one asks the model and does all else beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pydantic import TypeAdapter

from agents.codebase.guides.reading import Guide
from agents.contracts.draft import AnyPage, Page, PageLine
from agents.roles.editor.guides import Guides
from agents.second_process import FEWEST_PAGES, FromBothEnds, beside, two_processors
from agents.session.drafts import stored
from agents.session.spooled_texts import SpooledTexts

_MadeT = TypeVar("_MadeT")
_ReadT = TypeVar("_ReadT")

#: How few pages are worth a second process where the first one waits for a model on the network.
_FEWEST_WAITING = 12
#: How few guides are worth a second process: docutils takes up to a tenth of a second for one.
_FEWEST_GUIDES = 12


@contextmanager
def by_two(written: Callable[[str], Page], paths: Sequence[str], waits: bool = False) -> Iterator[Iterator[AnyPage]]:
    """Each path's page, in order, as `map` would give them; those of the second process as they are stored.

    Where the block `waits` for a model on the network, few pages are worth a second process.
    """
    fewest = _FEWEST_WAITING if waits else FEWEST_PAGES
    with _made_by_two(written, paths, fewest, _line_of, _page_line) as pages:
        yield pages


def _line_of(page: Page) -> tuple[str, str]:
    return page.path, stored(page).decode()


def _page_line(path: str, line: str) -> PageLine:
    return PageLine(path, line.encode())


@contextmanager
def guides_by_two(guides: Guides) -> Iterator[Iterator[Guide]]:
    """The guides of all pages, parsed, in order, for `Guides.pages`."""
    with _made_by_two(guides.of_page, guides.paths, _FEWEST_GUIDES, _as_texts, _from_texts) as parsed:
        yield parsed


def _as_texts(guide: Guide) -> tuple[str, str]:
    return guide.path, _guide_json().dump_json(guide).decode()


def _from_texts(_: str, text: str) -> Guide:
    return _guide_json().validate_json(text)


@cache
def _guide_json() -> TypeAdapter[Guide]:
    return TypeAdapter(Guide)


@contextmanager
def _made_by_two(
    make: Callable[[str], _MadeT],
    names: Sequence[str],
    fewest: int,
    dump: Callable[[_MadeT], tuple[str, str]],
    load: Callable[[str, str], _ReadT],
) -> Iterator[Iterator[_MadeT | _ReadT]]:
    """What is made of each name, in order, as `map` would give it; what the second process has made as `load` gives it.

    The second process begins with the block, at the last name; the first one at the first name, once it is asked. Fewer
    names than `fewest` are worth no second process. `dump` gives what is made two texts, and `load` takes them.
    """
    if len(names) < fewest or not two_processors():
        yield map(make, names)
        return
    with TemporaryDirectory(prefix="swarm-made-") as folder, closing(FromBothEnds(len(names))) as work:
        second = SpooledTexts(Path(folder, "second.texts"))

        def make_second() -> None:
            with second.written() as write:
                for number in work.back():
                    write(*dump(make(names[number])))

        with ExitStack() as stack:
            stack.enter_context(beside(make_second))

            def in_order() -> Iterator[_MadeT | _ReadT]:
                for number in work.front():
                    yield make(names[number])
                stack.close()  # now the second process's part is whole
                for texts in reversed(second):
                    yield load(*texts)

            yield in_order()
