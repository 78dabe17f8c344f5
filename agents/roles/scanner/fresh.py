"""Which files need an analysis under which key, and what an estimate reads about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence

from agents import keys
from agents.codebase.notes import notes_among
from agents.contracts.site_settings import WritingStyle
from agents.costs.facts import FileCosts
from agents.questions.instructions import PLAIN, fingerprint_of
from agents.roles.scanner.core import ExaminedFile
from agents.roles.scanner.plan import FileToPlan
from agents.roles.scanner.reading_costs import asking_order, read_file
from agents.roles.scanner.surroundings import NeighbourIndex
from agents.settings import SharedSettings


def is_readable(file: ExaminedFile) -> bool:
    """Whether there is something to document."""
    return file.skipped is None and file.gap is None


def wanted_keys(
    examined: Iterable[ExaminedFile],
    around: NeighbourIndex,
    model: str,
    style: WritingStyle,
    others: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Analysis keys by path of what is readable; `others` are models by path.

    The extractive model reads a file alone, and repeats its author's words: it has no style.
    """
    files = list(examined)
    digests = {file.path: file.digest for file in files}

    def key(file: ExaminedFile) -> str:
        who = (others or {}).get(file.path, model)
        alone = who == "extractive"
        imports = [] if alone else [digests[path] for path in around.imported_by(file.path)]
        instructions = fingerprint_of("analyst", PLAIN if alone else style)
        return keys.analysis_key(file.digest, file.language, who, instructions, imports)

    return {file.path: key(file) for file in files if is_readable(file)}


def facts_of(
    examined: Sequence[ExaminedFile],
    around: NeighbourIndex,
    wanted: Mapping[str, str],
    stored: Container[str],
    settings: SharedSettings,
) -> list[FileCosts]:
    """The files to document as an estimate takes them; those whose analysis is stored need no batch, notes no model.

    `wanted` are the analysis keys by path.
    """
    notes = notes_among(wanted.keys())
    fresh = [file for file in examined if file.path in wanted and wanted[file.path] not in stored]
    to_plan = [FileToPlan(file.path, file.bytes, file.language) for file in fresh if file.path not in notes]
    order = asking_order(to_plan if around.structures else (), around, settings)
    importers = Counter(path for file in examined if file.path in wanted for path in around.imported_by(file.path))
    return [
        FileCosts(
            file.path,
            file.language,
            file.bytes,
            file.lines,
            fresh=wanted[file.path] not in stored,
            note=file.path in notes,
            imported_by=importers[file.path],
            read=read_file(file.path, around, order),
        )
        for file in examined
        if file.path in wanted
    ]
