"""The API pages of many files, by two processes: the first one asks the model and writes all others beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.contracts.draft import AnyPage, Page, PageLine
from agents.second_process import FEWEST_PAGES, beside
from agents.session.drafts import stored
from agents.session.spooled_texts import SpooledTexts

#: The first process's part of the files, in percent: questions to the extractive model and other pages take the rest.
_FIRST = 30
#: The same where it waits for a model on the network, and how few pages are worth a second process then.
_FIRST_WAITING, _FEWEST_WAITING = 10, 12


@contextmanager
def by_two(written: Callable[[str], Page], paths: Sequence[str], waits: bool = False) -> Iterator[Iterator[AnyPage]]:
    """Each path's page, in order, as `map` would give them; those of the second process as they are stored.

    The second process writes from the beginning of the block, so that pages which come first cost no time, and almost
    all of them where the block `waits` for a model on the network.
    """
    first, fewest = (_FIRST_WAITING, _FEWEST_WAITING) if waits else (_FIRST, FEWEST_PAGES)
    if len(paths) < fewest:
        yield map(written, paths)
        return
    middle = len(paths) * first // 100
    with TemporaryDirectory(prefix="swarm-pages-") as folder:
        second = SpooledTexts(Path(folder, "second.texts"))

        def write_second() -> None:
            with second.written() as write:
                for path in paths[middle:]:
                    page = written(path)
                    write(page.path, stored(page).decode())

        with ExitStack() as stack:
            stack.enter_context(beside(write_second))

            def in_order() -> Iterator[AnyPage]:
                yield from map(written, paths[:middle])
                stack.close()  # now the second process's part is whole
                yield from (PageLine(path, line.encode()) for path, line in second)

            yield in_order()
