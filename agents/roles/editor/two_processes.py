"""The API pages of many files, by two processes: the first one asks the model and writes all others beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.contracts.draft import AnyPage, Page, PageLine
from agents.second_process import FEWEST_PAGES, FromBothEnds, beside, two_processors
from agents.session.drafts import stored
from agents.session.spooled_texts import SpooledTexts

#: How few pages are worth a second process where the first one waits for a model on the network.
_FEWEST_WAITING = 12


@contextmanager
def by_two(written: Callable[[str], Page], paths: Sequence[str], waits: bool = False) -> Iterator[Iterator[AnyPage]]:
    """Each path's page, in order, as `map` would give them; those of the second process as they are stored.

    The second process writes from the beginning of the block, from the last page backwards; the first one writes from
    the first page on, once it is asked for them. Where the block `waits` for a model on the network, few pages are
    worth a second process.
    """
    if len(paths) < (_FEWEST_WAITING if waits else FEWEST_PAGES) or not two_processors():
        yield map(written, paths)
        return
    with TemporaryDirectory(prefix="swarm-pages-") as folder, closing(FromBothEnds(len(paths))) as work:
        second = SpooledTexts(Path(folder, "second.texts"))

        def write_second() -> None:
            with second.written() as write:
                for number in work.back():
                    page = written(paths[number])
                    write(page.path, stored(page).decode())

        with ExitStack() as stack:
            stack.enter_context(beside(write_second))

            def in_order() -> Iterator[AnyPage]:
                for number in work.front():
                    yield written(paths[number])
                stack.close()  # now the second process's part is whole
                yield from (PageLine(path, line.encode()) for path, line in reversed(second))

            yield in_order()
