"""Which files need an analysis under which key, and what an estimate reads about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence

from agents import keys
from agents.costs.facts import FileCosts
from agents.questions.instructions import fingerprint_of
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.surroundings import NeighbourIndex


def is_readable(file: ExaminedFile) -> bool:
    """Whether there is something to document."""
    return file.skipped is None and file.gap is None


def wanted_keys(
    examined: Iterable[ExaminedFile], around: NeighbourIndex, model: str, others: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Analysis keys by path of what is readable; `others` are models by path. The extractive one reads a file alone."""
    files = list(examined)
    digests = {file.path: file.digest for file in files}

    def key(file: ExaminedFile) -> str:
        who = (others or {}).get(file.path, model)
        neighbours = () if who == "extractive" else around.imported_by(file.path)
        imports = [digests[path] for path in neighbours]
        return keys.analysis_key(file.digest, file.language, who, fingerprint_of("analyst"), imports)

    return {file.path: key(file) for file in files if is_readable(file)}


def facts_of(
    examined: Sequence[ExaminedFile], around: NeighbourIndex, model: str, stored: Container[str]
) -> list[FileCosts]:
    """The files to document as an estimate takes them; those whose analysis is stored need no model any more."""
    wanted = wanted_keys(examined, around, model)
    importers = Counter(path for file in examined if file.path in wanted for path in around.imported_by(file.path))
    return [
        FileCosts(
            file.path,
            file.language,
            file.bytes,
            file.lines,
            fresh=wanted[file.path] not in stored,
            imported_by=importers[file.path],
        )
        for file in examined
        if file.path in wanted
    ]
