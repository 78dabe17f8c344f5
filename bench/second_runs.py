"""`swarm estimate` back-tested after changes: what it says of a second run, beside what that run's stub counted.

The stub words every answer anew, as a model does when its question changed: an answer that came back word for word
would leave the questions about its module as they were.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.backtest import CountingStub, compare
from bench.estimate import at_length, estimate_and_run
from bench.projects import fetched, unpacked
from bench.stub_http import Json
from bench.stub_model import Behaviour

RELEASES = (("pypi", "httpx", "0.28.1"), ("pypi", "flask", "3.1.3"))
#: How far the tokens of all second runs together may be from the metered ones.
TOKENS_LIMIT = 0.20


def figures(only: str | None = None) -> Iterator[dict[str, Any]]:
    """A line a change, and one for all of them; `only` names a release."""
    pairs: list[tuple[float, float]] = []
    outside = 0
    for registry, name, version in RELEASES:
        archive = fetched(registry, name, version) if only in {None, name} else None
        if archive is None:
            continue
        for change, line in _after_changes(archive):
            print(f"second_runs: {name}, {change}", file=sys.stderr)
            tokens = [sum(line["total"][kind][side] for kind in ("input_tokens", "output_tokens")) for side in (0, 1)]
            above = [figure for figure in line["total"].items() if figure[1][1] > line["high"][figure[0]]]
            if change != "first run":
                pairs.append((tokens[0], tokens[1]))
                outside += len(above)
            ratio = round(tokens[0] / tokens[1], 3)
            yield {"release": f"{name} {version}", "change": change, "tokens_ratio": ratio, "above": above, **line}
    likely, metered = (sum(pair[side] for pair in pairs) for side in (0, 1))
    ratio = round(likely / metered, 3) if metered else None
    within = ratio is not None and abs(ratio - 1) <= TOKENS_LIMIT and not outside
    yield {"runs": len(pairs), "tokens_ratio": ratio, "above": outside, "within": within}


def _after_changes(archive: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as name, CountingStub(_rewording()) as stub:
        folder = Path(name)
        repository = unpacked(archive, folder / "release")
        for change, make in CHANGES.items():
            make(repository)
            stub.by_role.clear()
            estimated, _ = estimate_and_run(stub, repository, folder)
            line = compare(estimated, {role: dict(counted) for role, counted in stub.by_role.items()})
            high = {kind: estimated[kind]["high"] for kind in line["total"]}
            load = round(os.getloadavg()[0], 1)
            yield change, {"load": load, "files_to_read": estimated["files_to_read"], "high": high, **line}


def _rewording() -> Behaviour:
    numbers = itertools.count()

    def reworded(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("text"), str):
                value["text"] = f"{value['text'].rstrip('.')} in case {next(numbers)}."
            value = list(value.values())
        for part in value if isinstance(value, list) else ():
            reworded(part)

    def rewrite(kind: str, reply: Json) -> Json:
        reply = at_length(kind, reply)
        if kind != "CriticReply":
            reworded(reply)
        return reply

    return Behaviour(rewrite=rewrite)


def _sources(repository: Path) -> list[Path]:
    return sorted(path for path in repository.rglob("*.py") if path.stat().st_size > 1_500 and "test" not in str(path))


def _some(sources: list[Path], count: int) -> list[Path]:
    return random.Random(count).sample(sources, count)  # noqa: S311 (the same files each time are the point)


def _change(path: Path, number: int) -> None:
    added = f'\n\ndef added_{number}(value: int) -> int:\n    """Return the value plus {number}."""\n    return value\n'
    path.write_text(path.read_text() + added)


def _one(repository: Path) -> None:
    sources = _sources(repository)
    _change(sources[len(sources) // 2], 1)


def _three(repository: Path) -> None:
    for number, path in enumerate(_some(_sources(repository), 3), start=2):
        _change(path, number)


def _fifth(repository: Path) -> None:
    sources = _sources(repository)
    for number, path in enumerate(_some(sources, max(5, len(sources) // 5)), start=10):
        _change(path, number)


def _new_folder(repository: Path) -> None:
    (repository / "newpart").mkdir()
    for number, path in enumerate(_sources(repository)[:4]):
        shutil.copy(path, repository / "newpart" / f"copy{number}.py")
        _change(repository / "newpart" / f"copy{number}.py", 100 + number)


def _remove(repository: Path) -> None:
    _sources(repository)[-1].unlink()


#: One after the other, each with a run.
CHANGES: Mapping[str, Callable[[Path], None]] = {
    "first run": lambda _: None,
    "one file": _one,
    "three files": _three,
    "a fifth of the files": _fifth,
    "a new folder": _new_folder,
    "a file removed": _remove,
}
