"""`make package` writes what a release is made of: the same twice, within the limits, and listed by digest."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from releases import layers, packing
from releases import package as subject
from releases.build import build
from releases.layers import Layer
from releases.package import Artefact, PackageTooLarge, Release, package, refuse_oversized, table
from tests.releases.tiny_wheels import wheel

FILES = ["function.zip", "layer-base-arm64.zip", "layer-models-arm64.zip", "layer-signing-arm64.zip"]
FILES += ["layer-site-arm64.zip", "layer-structure-arm64.zip", "release.json"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, text in {
        "agents/__init__.py": "",
        "agents/core.py": "x = 1\n",
        "agents/instructions.md": "Write.\n",
        "workflow/documentation.asl.json": "{}",
        "vendor/package-lock.json": "{}",
        "vendor/python/package-lock.json": "{}",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "requirements").mkdir()
    for requirements, packages in {
        "agents.txt": ["shared", "tree-sitter-tiny"],
        "models.txt": ["shared", "asks"],
        "site.txt": ["shared", "builds"],
        "signing.txt": ["shared", "signs"],
    }.items():
        pins = [
            wheel(root / "wheels", name.replace("-", "_"), {f"{name.replace('-', '_')}.py": "y = 2\n"})
            for name in packages
        ]
        lines = [pin.replace("tree_sitter_tiny", "tree-sitter-tiny") for pin in pins]
        (root / "requirements" / requirements).write_text("\n".join(lines) + "\n")
    return root


def _pack(folder: Path, jobs: Sequence[packing.PackingJob]) -> list[packing.PackedZip]:
    here = [replace(job, source=str(folder / job.source), target=str(folder / job.target)) for job in jobs]
    return [replace(packing.pack(inner), target=job.target) for inner, job in zip(here, jobs, strict=True)]


def _package(root: Path, out: Path) -> Release:
    def fill(layer: Layer, folder: Path) -> None:
        offline = ["--no-index", "--find-links", str(root / "wheels"), "--no-cache"]
        layers.install(layers.own_pins(layer, root), folder, "arm64", offline)
        layers.tidy(folder)

    return package("arm64", _pack, fill, root=root, out=out)


def test_should_write_the_same_bytes_into_another_folder_from_another_folder(project: Path, tmp_path: Path) -> None:
    first = _package(project, tmp_path / "first")
    copy = Path(shutil.copytree(project, tmp_path / "elsewhere"))
    second = _package(copy, tmp_path / "second")
    assert first == second
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == FILES
    for name in FILES:
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes()


def test_should_list_each_artefact_with_its_digest_and_sizes(project: Path, tmp_path: Path) -> None:
    release = _package(project, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "release.json").read_text())
    assert written["release"] == release.release
    for entry in (written["function"], *written["layers"].values()):
        content = (tmp_path / "out" / entry["file"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(content).hexdigest()
        assert entry["zipped_bytes"] == len(content)


def test_should_bear_the_name_that_the_laptop_gives_the_same_sources(project: Path, tmp_path: Path) -> None:
    assert _package(project, tmp_path / "out").release == build(project).release


def test_should_refuse_what_is_too_large_naming_the_function_and_the_largest_packages(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subject, "UNPACKED_LIMIT", 0)
    with pytest.raises(PackageTooLarge, match=r"Publish carries .*(?s:.)*site/builds"):
        _package(project, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def _release(base: int, site: int) -> Release:
    def of(size: int) -> Artefact:
        return Artefact("a.zip", "0" * 64, size, size, 1)

    named = {"base": of(base), "structure": of(1), "models": of(1), "site": of(site), "signing": of(1)}
    # A part that this test does not read.
    return Release("name", "3.13", "arm64", of(1), named)  # type: ignore[arg-type]


def test_should_hold_each_function_against_the_limit_with_its_own_layers_only(tmp_path: Path) -> None:
    refuse_oversized(_release(base=20_000_000, site=10_000_000), tmp_path)
    with pytest.raises(PackageTooLarge) as refused:
        refuse_oversized(_release(base=20_000_000, site=16_000_000), tmp_path)
    assert "Publish carries" in str(refused.value)
    assert "Scan carries" not in str(refused.value)


def test_should_show_a_person_what_each_kind_of_function_carries() -> None:
    shown = table(_release(base=20_000_000, site=10_000_000))
    assert "Publish: function + base + site" in shown
    assert "AnalyseBatch: function + base + structure + models" in shown
    assert "30.0" in shown
