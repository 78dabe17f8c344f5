"""Folders as modules: a readable number of them, each file in exactly one. Pure."""

from __future__ import annotations

import heapq
import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from agents.codebase.paths import folders_above
from agents.questions.limits import MOST_MODULES


def fold(paths: Iterable[str], most: int = MOST_MODULES) -> dict[str, list[str]]:
    """Files by folder, the root as an empty name; the smallest leaves join their parents until `most` are left."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in sorted(paths):
        folders[posixpath.dirname(path)].append(path)
    below = Counter(parent for folder in folders for parent in folders_above(folder))
    heap = [
        (len(files), -folder.count("/"), folder) for folder, files in folders.items() if folder and not below[folder]
    ]
    heapq.heapify(heap)
    while len(folders) > most and heap:
        size, _, folder = heapq.heappop(heap)
        if folder not in folders or len(folders[folder]) != size or below[folder]:
            continue
        for parent in folders_above(folder):
            below[parent] -= 1
        parent = posixpath.dirname(folder)
        if parent not in folders:
            for above in folders_above(parent):
                below[above] += 1
        folders[parent] += folders.pop(folder)
        if parent and not below[parent]:
            heapq.heappush(heap, (len(folders[parent]), -parent.count("/"), parent))
    return {folder: sorted(files) for folder, files in sorted(folders.items())}


def named(folders: Mapping[str, Sequence[str]], repository: str) -> dict[str, tuple[str, ...]]:
    """The same by module name: the root takes the repository's, made distinct from a folder of that name."""
    root = repository or "root"
    if root in folders:
        root = f"{root} (root)"
    return {folder or root: tuple(files) for folder, files in folders.items()}
