"""What an earlier session has read of files that are the same today: an analysis's structure is not parsed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from agents.contracts.snapshot import Manifest
from agents.ports import Ports
from agents.roles.scanner.stored_analyses import StoredAnalyses
from agents.roles.scanner.surroundings import MOST_FILES
from agents.session.documents import each_analysis
from agents.session.structures import StructureSpool


def keep_what_was_read(
    structures: StructureSpool, before: Manifest, alone: Mapping[str, str], stored: StoredAnalyses, ports: Ports
) -> None:
    """Put the structures of the earlier session's analyses into the spool.

    `alone` are today's keys of files without their surroundings: where the earlier one is equal, so are the file's
    bytes and the release's way to read it. Files of one analysis have one text, and perhaps are read by their names:
    they are parsed.
    """
    times = Counter(entry.analysis_key for entry in before.documented)
    paths = {
        entry.analysis_key: entry.path
        for entry in before.documented
        if entry.analysis_key and times[entry.analysis_key] == 1 and entry.extractive_key == alone.get(entry.path, "")
    }
    if len(paths) > MOST_FILES:  # then no structure is wanted
        return
    for analysis in each_analysis(ports, stored.among(paths)):
        structures.add(paths[analysis.analysis_key], analysis.structure)
