"""The structures of many files, by two processes: each parses half of what no earlier session has read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from agents.contracts.structure import Structure
from agents.roles.scanner.surroundings import Readable, TakeStructure, read_by_one
from agents.second_process import beside, two_processors
from agents.session.spooled_texts import SpooledTexts
from agents.session.structures import StructureSpool

#: Half of fewer bytes is parsed in less time than a second process costs.
FEWEST_BYTES = 40_000


def read_by_two(
    spool: StructureSpool, text_of: Callable[[str], str], files: Sequence[Readable], take: TakeStructure
) -> None:
    """Read files into the spool, as `read_by_one` would; the second process calls `text_of` as well."""
    unread = [file for file in files if file.path not in spool]
    if not two_processors() or sum(file.bytes for file in unread) < FEWEST_BYTES:
        read_by_one(spool.read, text_of, files, take)
        return
    # What reads is loaded with the first file: the second process finds it there.
    first = min(unread, key=lambda file: file.bytes)
    second = half_of(file for file in unread if file is not first)
    with TemporaryDirectory(prefix="swarm-structures-") as folder:
        rows = SpooledTexts(Path(folder, "second.texts"))

        def read_second() -> None:
            with rows.written() as write:

                def take_second(path: str, structure: Structure) -> None:
                    write(path, structure.model_dump_json())

                read_by_one(spool.parse, text_of, [file for file in unread if file.path in second], take_second)

        read_by_one(spool.read, text_of, [first], take)
        with beside(read_second):
            others = [file for file in files if file is not first and file.path not in second]
            read_by_one(spool.read, text_of, others, take)
        for path, row in rows:
            spool.add_json(path, row)
            take(path, Structure.model_validate_json(row))


def half_of(files: Iterable[Readable]) -> set[str]:
    """The paths of half of the bytes of each language: how long a byte takes differs between languages."""
    first = second = 0
    paths = set()
    for file in sorted(files, key=lambda file: (file.language, -file.bytes)):
        if second < first:
            second += file.bytes
            paths.add(file.path)
        else:
            first += file.bytes
    return paths
