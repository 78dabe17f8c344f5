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
    """Strongly connected components, imported ones first (Tarjan's algorithm without recursion)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in ordered:
        if root in number:
            continue
        work = [(root, 0)]
        while work:
            path, at = work.pop()
            if at == 0:
                number[path] = low[path] = len(number)
                stack.append(path)
                on_stack.add(path)
            targets = wanted[path]
            while at < len(targets):
                target = targets[at]
                at += 1
                if target not in number:
                    work += [(path, at), (target, 0)]
                    break
                if target in on_stack:
                    low[path] = min(low[path], number[target])
            else:
                if low[path] == number[path]:
                    component = [stack.pop()]
                    while component[-1] != path:
                        component.append(stack.pop())
                    on_stack.difference_update(component)
                    found.append(sorted(component))
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[path])
    return found
