"""What the gate records of a scan of packages and of an image, and what it cannot check."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cli.errors import BadInput
from cli.gate import checks as subject
from cli.gate.checks import read_files
from tests.releases.test_promotion import MANIFEST

BILL = json.dumps({"components": [{"purl": "pkg:pypi/pyyaml@6.0", "name": "pyyaml", "version": "6.0"}]})
_PACKAGE = {"ecosystem": "PyPI", "name": "PyYAML"}
ADVISORY = {"id": "X-1", "affected": [{"package": _PACKAGE, "versions": ["6.0"]}]}
SAFE = {"id": "X-2", "affected": [{"package": _PACKAGE, "versions": ["5.0"]}]}


def found(bill: str = BILL) -> Any:
    bucket = SimpleNamespace(part=lambda *_: bill.encode())
    return SimpleNamespace(bucket=bucket, outputs=SimpleNamespace(release="a" * 64))


@pytest.mark.parametrize(
    ("advisory", "outcome"), [(ADVISORY, "failed: pyyaml 6.0 (X-1)"), (SAFE, "passed")], ids=["named", "not named"]
)
def test_packages_are_compared_with_the_advisories_that_are_given(
    tmp_path: Path, advisory: dict[str, Any], outcome: str
) -> None:
    (tmp_path / "osv.json").write_text(json.dumps(advisory))
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("X-1.json", json.dumps(advisory))
    for given in (tmp_path / "osv.json", tmp_path / "all.zip", tmp_path):
        assert subject._dependency_scan(found(), MANIFEST, given) == outcome


def test_without_advisories_packages_are_said_not_to_be_scanned() -> None:
    assert subject._dependency_scan(found(), MANIFEST, None).startswith("not run: give advisories")


def test_advisories_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "osv.json").write_text("no")
    for given in (tmp_path / "osv.json", tmp_path / "none.json"):
        with pytest.raises(BadInput, match="cannot be read"):
            list(read_files(given))


class Registry:
    """ECR's answers about the scan of an image."""

    def __init__(self, status: str = "COMPLETE", **counts: int) -> None:
        self.outputs: dict[str, Any] = {}
        self._status, self._counts = status, counts

    def client(self, _: str) -> Registry:
        return self

    def describe_image_scan_findings(self, **_: Any) -> dict[str, Any]:
        if not self._status:
            raise ClientError({"Error": {"Code": "ScanNotFoundException"}}, "DescribeImageScanFindings")
        findings = {"findingSeverityCounts": self._counts}
        return {"imageScanStatus": {"status": self._status}, "imageScanFindings": findings}


@pytest.mark.parametrize(
    ("registry", "outcome"),
    [
        (Registry(), "passed"),
        (Registry(LOW=3), "passed"),
        (Registry(HIGH=2, CRITICAL=1, LOW=3), "failed: 1 CRITICAL, 2 HIGH"),
        (Registry("ACTIVE", HIGH=1), "failed: 1 HIGH"),
        (Registry("IN_PROGRESS"), "not run: the scan is IN_PROGRESS"),
        (Registry(""), "not run: ECR answers ScanNotFoundException"),
    ],
)
def test_the_image_s_scan_is_what_ecr_recorded(registry: Registry, outcome: str) -> None:
    outputs: Any = SimpleNamespace(image_repository="swarm-dev-agent")
    assert subject._image_scan(registry, outputs, MANIFEST) == outcome
    without = MANIFEST.model_copy(update={"image": ""})
    assert subject._image_scan(registry, outputs, without) == "not run: the release has no image"


def test_guardrails_are_not_said_to_pass_for_another_program(tmp_path: Path) -> None:
    assert subject._guardrails("dev", MANIFEST, tmp_path).startswith("not run: this checkout has another program")
