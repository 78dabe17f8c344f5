"""The API pages of many files, written by two processes: each takes the files of one half."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.contracts.draft import AnyPage, Page, PageLine
from agents.second_process import FEWEST_PAGES, beside
from agents.session.drafts import stored


def in_halves(written: Callable[[str], Page], paths: Sequence[str]) -> Iterator[AnyPage]:
    """Each path's page, in order, as `map` would give them; those of the second half as they are stored."""
    if len(paths) < FEWEST_PAGES:
        yield from map(written, paths)
        return
    middle = len(paths) // 2
    with TemporaryDirectory(prefix="swarm-pages-") as folder:
        file = Path(folder, "second-half.jsonl")

        def write_second() -> None:
            with file.open("wb") as lines:
                for path in paths[middle:]:
                    page = written(path)
                    lines.write(page.path.encode("utf-8", "surrogatepass") + b"\n" + stored(page) + b"\n")

        with beside(write_second):
            yield from map(written, paths[:middle])
        with file.open("rb") as lines:
            for path in lines:
                yield PageLine(path.decode("utf-8", "surrogatepass").rstrip("\n"), lines.readline().rstrip(b"\n"))
