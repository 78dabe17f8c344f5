"""Orders files so that what is imported comes before what imports it, in a few waves. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from agents.codebase.graph import strongly_connected

#: Each wave costs the state machine a turn of its Distributed Map, about a second.
MOST_WAVES = 4
#: Fewer files than this are not worth a wave of their own; inside a batch, files are in order anyway.
SMALLEST_WAVE = 40


def levels(files: Iterable[str], imports: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Each file's topological level. Level 0 imports no other file; any other is one above its highest import.

    Files of one cycle share a level.
    """
    ordered = sorted(set(files))
    all_paths = set(ordered)
    wanted = {path: sorted(all_paths.intersection(imports.get(path, ())) - {path}) for path in ordered}
    level: dict[str, int] = {}
    for component in strongly_connected(ordered, wanted):
        members = set(component)
        below = [level[target] for path in component for target in wanted[path] if target not in members]
        level.update(dict.fromkeys(component, max(below, default=-1) + 1))
    return level


def waves(level: Mapping[str, int], most: int = MOST_WAVES, smallest: int = SMALLEST_WAVE) -> dict[str, int]:
    """Each file's wave, from 0: neighbouring levels squashed into `most` waves of about the same size at most."""
    sizes: dict[int, int] = {}
    for of_file in level.values():
        sizes[of_file] = sizes.get(of_file, 0) + 1
    groups = max(1, min(most, len(sizes), len(level) // smallest))
    wave_of: dict[int, int] = {}
    wave, in_wave, left = 0, 0, len(level)
    for path in sorted(sizes):
        wave_of[path] = wave
        in_wave += sizes[path]
        if wave < groups - 1 and in_wave * (groups - wave) >= left:
            left -= in_wave
            wave, in_wave = wave + 1, 0
    return {path: wave_of[of_file] for path, of_file in level.items()}
