"""Orders files so that what is imported comes before what imports it, in a few waves. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

#: Each wave costs the state machine a turn of its Distributed Map, about a second.
MOST_WAVES = 4
#: Fewer files than this are not worth a wave of their own; inside a batch, files are in order anyway.
SMALLEST_WAVE = 40


def levels(files: Iterable[str], imports: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Each file's level: 0 imports nothing of the others, every other is above all it imports but for its cycle's."""
    ordered = sorted(set(files))
    known = set(ordered)
    wanted = {path: sorted(known.intersection(imports.get(path, ())) - {path}) for path in ordered}
    level: dict[str, int] = {}
    for component in _components(ordered, wanted):
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
    for one in sorted(sizes):
        wave_of[one] = wave
        in_wave += sizes[one]
        if wave < groups - 1 and in_wave * (groups - wave) >= left:
            left -= in_wave
            wave, in_wave = wave + 1, 0
    return {path: wave_of[of_file] for path, of_file in level.items()}


def _components(ordered: list[str], wanted: Mapping[str, list[str]]) -> list[list[str]]:
    """Strongly connected components, imported ones first."""
    search = _Search(wanted)
    for path in ordered:
        if path not in search.number:
            search.visit(path)
    return search.found


class _Search:
    """Tarjan's algorithm, with a stack of its own: imports may be chained deeper than Python recurses."""

    def __init__(self, wanted: Mapping[str, list[str]]) -> None:
        self.wanted = wanted
        self.number: dict[str, int] = {}
        self.low: dict[str, int] = {}
        self.open: dict[str, None] = {}
        self.found: list[list[str]] = []

    def visit(self, root: str) -> None:
        """Find the components of everything that the root leads to."""
        work = [(root, iter(self._entered(root)))]
        while work:
            path, targets = work[-1]
            following = next((one for one in targets if self._is_new(path, one)), None)
            if following is not None:
                work.append((following, iter(self._entered(following))))
                continue
            work.pop()
            if work:
                above = work[-1][0]
                self.low[above] = min(self.low[above], self.low[path])
            if self.low[path] == self.number[path]:
                self._close(path)

    def _entered(self, path: str) -> list[str]:
        self.number[path] = self.low[path] = len(self.number)
        self.open[path] = None
        return self.wanted[path]

    def _is_new(self, path: str, target: str) -> bool:
        if target in self.open:
            self.low[path] = min(self.low[path], self.number[target])
        return target not in self.number

    def _close(self, path: str) -> None:
        component = [self.open.popitem()[0]]
        while component[-1] != path:
            component.append(self.open.popitem()[0])
        self.found.append(sorted(component))
