"""`make package`: what a release is made of, into build/release, and how large each part is."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from agents.roster import FUNCTIONS, layers_of
from agents.roster_row import LayerName
from releases import layers, packing, vendor
from releases.build import ROOT, build, code_files

RELEASE = Path("build", "release")
#: What one function may carry, its code and its layers together. Lambda itself allows 262 MB unpacked.
ZIPPED_LIMIT = 35_000_000
UNPACKED_LIMIT = 150_000_000
#: Where Lambda unpacks the function and mounts the layers.
FUNCTION_ROOT = "/var/task"
LAYER_ROOT = "/opt/python"

#: Any model on the network: then a function carries the most.
ASKED = "bedrock:any"

Pack = Callable[[Path, Sequence[packing.PackingJob]], list[packing.PackedZip]]
Fill = Callable[[layers.Layer, Path], None]


class PackageTooLarge(RuntimeError):
    """A function would carry more than it may; the message names the largest packages."""


@dataclass(frozen=True)
class Artefact:
    """One zip: its file's name in build/release, SHA-256 in hexadecimal, sizes in bytes."""

    file: str
    sha256: str
    zipped_bytes: int
    unpacked_bytes: int
    files: int


@dataclass(frozen=True)
class Release:
    """Everything `make package` made. The name is a digest of the sources: the same before and after packing."""

    release: str
    python: str
    architecture: layers.Architecture
    function: Artefact
    layers: Mapping[LayerName, Artefact]

    def carried(self, state: str) -> list[Artefact]:
        """What the state's function carries at most."""
        return [self.function, *(self.layers[name] for name in layers_of(state, ASKED))]


def fill(layer: layers.Layer, folder: Path, architecture: layers.Architecture, root: Path = ROOT) -> None:
    """Install a layer's packages into `folder` and take out what it does not need."""
    layers.install(layers.own_pins(layer, root), folder, architecture)
    if layer.name == "site":
        vendor.add_to(folder)
    layers.tidy(folder)


def package(
    architecture: layers.Architecture, pack: Pack, fill: Fill, root: Path = ROOT, out: Path = RELEASE
) -> Release:
    """Make function zip, layers and release.json.

    Raises:
        PackageTooLarge: nothing is written then.
        LayerFailed: a layer's packages could not be installed.
        NpmFailed: the script that the site takes from npm could not be fetched.
    """
    with tempfile.TemporaryDirectory(prefix="swarm-package-") as name:
        work = Path(name)
        for path in code_files(root):
            (work / "function" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / path, work / "function" / path)
        for layer in layers.LAYERS:
            fill(layer, work / layer.name)
        packed = pack(work, list(_jobs(architecture)))
        function, *layer_zips = (_artefact(work, made) for made in packed)
        named = dict(zip((layer.name for layer in layers.LAYERS), layer_zips, strict=True))
        release = Release(build(root).release, layers.PYTHON, architecture, function, named)
        refuse_oversized(release, work)
        _publish(release, work, root / out)
    return release


def _jobs(architecture: layers.Architecture) -> Iterable[packing.PackingJob]:
    yield packing.PackingJob("function", "zips/function.zip", "", FUNCTION_ROOT)
    for layer in layers.LAYERS:
        yield packing.PackingJob(layer.name, f"zips/layer-{layer.name}-{architecture}.zip", "python/", LAYER_ROOT)


def _artefact(work: Path, made: packing.PackedZip) -> Artefact:
    content = (work / made.target).read_bytes()
    return Artefact(
        Path(made.target).name, hashlib.sha256(content).hexdigest(), len(content), made.unpacked_bytes, made.files
    )


def refuse_oversized(release: Release, work: Path) -> None:
    """Hold every function against the limits.

    Raises:
        PackageTooLarge: with each function's size and the largest packages in `work`.
    """
    problems = []
    for state in FUNCTIONS:
        carried = release.carried(state)
        zipped, unpacked = sum(a.zipped_bytes for a in carried), sum(a.unpacked_bytes for a in carried)
        if zipped > ZIPPED_LIMIT or unpacked > UNPACKED_LIMIT:
            problems.append(
                f"{state} carries {zipped / 1e6:.1f} MB zipped (at most {ZIPPED_LIMIT / 1e6:.0f})"
                f" and {unpacked / 1e6:.1f} MB unpacked (at most {UNPACKED_LIMIT / 1e6:.0f})"
            )
    if problems:
        largest = ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in largest_packages(work))
        raise PackageTooLarge("\n".join([*problems, f"the largest packages, without their bytecode: {largest}"]))


def largest_packages(work: Path, count: int = 8) -> list[tuple[str, int]]:
    """The largest top-level packages of all layers with their bytes, as they were installed."""
    sizes: Counter[str] = Counter()
    for layer in layers.LAYERS:
        for path in (work / layer.name).rglob("*"):
            if path.is_file():
                sizes[f"{layer.name}/{path.relative_to(work / layer.name).parts[0]}"] += path.stat().st_size
    return sizes.most_common(count)


def _publish(release: Release, work: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for artefact in (release.function, *release.layers.values()):
        shutil.copyfile(work / "zips" / artefact.file, out / artefact.file)
    (out / "release.json").write_text(json.dumps(asdict(release), indent=2) + "\n", encoding="utf-8")


def table(release: Release) -> str:
    """The artefacts and what each kind of function carries, for a person."""
    rows = [("", "zipped MB", "unpacked MB", "files", "sha256")]
    rows += [(made.file, *_sizes([made]), made.sha256[:16]) for made in (release.function, *release.layers.values())]
    for names in dict.fromkeys(layers_of(state, ASKED) for state in FUNCTIONS):
        of_kind = [state for state in FUNCTIONS if layers_of(state, ASKED) == names]
        who = of_kind[0] if len(of_kind) == 1 else f"each of {len(of_kind)}, such as {of_kind[0]}"
        rows.append((f"{who}: function + {' + '.join(names)}", *_sizes(release.carried(of_kind[0])), ""))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(
            cell.rjust(width) if 0 < at < 4 else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([*lines, f"release {release.release}, Python {release.python}, {release.architecture}"])


def _sizes(made: Sequence[Artefact]) -> tuple[str, str, str]:
    zipped, unpacked = (
        sum(artefact.zipped_bytes for artefact in made),
        sum(artefact.unpacked_bytes for artefact in made),
    )
    return f"{zipped / 1e6:.1f}", f"{unpacked / 1e6:.1f}", f"{sum(artefact.files for artefact in made):,}"
