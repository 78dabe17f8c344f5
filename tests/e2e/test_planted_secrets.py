"""A repository full of planted secrets, run with a model: no request, page, name or log holds one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agents.contracts.session import SessionStatus
from bench.secret_samples import Sample, places, samples
from bench.stub_model import StubModel
from tests.e2e.model_cloud import cloud_asking, run_on, write_package

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

SUFFIXES = {
    "code": "py", "docstring": "py", "comment": "sh", "prose": "md", "fence": "md", "notebook": "ipynb",
    "env": "properties",
    "yaml": "yaml", "json": "json", "xml": "xml", "command": "txt",
}  # fmt: skip


def planted() -> tuple[list[Sample], dict[str, str]]:
    """The samples, and files that hold them all in each place; their names hold what names can hold."""
    chosen = [sample for sample in samples(21) if len(sample.value) > 7]
    texts: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    for sample in chosen:
        for place, text in places(sample):
            if place == "file name":
                if len(files) < 12 and sample.kind.replace(" ", "").isalnum() and ":" not in text:
                    files[text.removesuffix(".txt") + ".py"] = "x = 1\n"
            elif place in {"notebook", "json"}:
                files[f"{place}/{sample.kind.replace(' ', '_').replace('.', '_')}.{SUFFIXES[place]}"] = text
            else:
                texts.setdefault(place, []).append(text)
    for place, pieces in texts.items():
        files[f"planted_{place}.{SUFFIXES[place]}"] = "\n".join(pieces)
    files[".env"] = texts["env"][0]
    files["deploy/id_rsa"] = next(sample.text for sample in chosen if sample.kind == "openssh key")
    return chosen, files


def test_no_planted_secret_leaves_the_repository(tmp_path: Path) -> None:
    chosen, files = planted()
    with StubModel() as stub, cloud_asking(stub, tmp_path / "state") as cloud:
        ran = run_on(cloud, write_package(tmp_path / "planted", 3, **files), tmp_path / "out")
        asked = json.dumps(stub.questions, ensure_ascii=False)
        logs = "\n".join(path.read_text("utf-8", "replace") for path in cloud.workdir.rglob("*.log"))

    assert ran.session.status in {SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS}, ran.session.error
    assert ran.session.gaps == ()
    assert logs
    written = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_text("utf-8", "replace")
        for path in (tmp_path / "out").rglob("*")
        if path.is_file() and "assets" not in path.parts
    }
    texts = {"requests": asked, "names": "\n".join(written), "logs": logs, **written}
    leaked = {
        (sample.kind, name)
        for sample in chosen
        for name, text in texts.items()
        if sample.value in text or json.dumps(sample.value)[1:-1] in text
    }
    assert leaked == set()
    assert not [name for name in written if "id_rsa" in name or name.endswith("/_.env.html")]
    coverage = written["site/coverage.md"]
    assert "deploy/id" in coverage.replace("\\", "")
    assert "made to hold keys or passwords" in coverage
