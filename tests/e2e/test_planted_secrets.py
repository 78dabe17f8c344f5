"""A repository full of planted secrets, run with a model: no request, page, name, log, item, blob or span holds one."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from rich.console import Console

from agents.contracts.session import SessionStatus
from bench.secret_forms import Form, forms
from bench.secret_samples import Sample, places, samples
from bench.stub_model import StubModel
from cli.commands.ask import AskRequest, ask
from local.cloud import LocalCloud
from tests.e2e.model_cloud import cloud_asking, run_on, write_package

pytestmark = [pytest.mark.local, pytest.mark.timeout(600)]

SUFFIXES = {
    "code": "py", "docstring": "py", "comment": "sh", "prose": "md", "fence": "md", "notebook": "ipynb",
    "env": "properties",
    "yaml": "yaml", "json": "json", "xml": "xml", "command": "txt",
}  # fmt: skip


#: Each is asked of the finished site, whose passages are the answer.
QUESTIONS = ("password of the database", "api key", "client secret token", "connection string address", "private key")


#: Copies of what was uploaded (docs/secrets.md): the texts that the analysts read, by session and by batch.
IS_REPOSITORY = re.compile(r"^sessions/[^/]+/(snapshot\.zip|sources/)")


def planted() -> tuple[list[Sample], dict[str, str]]:
    """The samples, and files that hold them all in each place; their names hold what names can hold."""
    chosen = [sample for sample in samples(21) if len(sample.value) > 7]
    texts: dict[str, list[str]] = {}
    files: dict[str, str] = {}
    cells: list[object] = []
    for sample in chosen:
        for place, text in places(sample):
            if place == "file name":
                if len(files) < 12 and sample.kind.replace(" ", "").isalnum() and ":" not in text:
                    files[text.removesuffix(".txt") + ".py"] = "x = 1\n"
            elif place == "notebook":
                cells += json.loads(text)["cells"]
            else:
                texts.setdefault(place, []).append(text)
    for place, pieces in texts.items():
        whole = "[" + ",\n".join(pieces) + "]" if place == "json" else "\n".join(pieces)
        files[f"planted_{place}.{SUFFIXES[place]}"] = whole
    files["planted_notebook.ipynb"] = json.dumps({"cells": cells}, indent=1)
    files[".env"] = texts["env"][0]
    files |= written_files()
    files["deploy/id_rsa"] = next(sample.text for sample in chosen if sample.kind == "openssh key")
    return chosen, files


def written_forms() -> list[Form]:
    """The files as people write them."""
    return list(forms(21))


def written_files() -> dict[str, str]:
    """One file for each folder and suffix of the forms: each form in a file of its own is tried without a session."""
    together: dict[str, list[str]] = {}
    for form in written_forms():
        folder, _, suffix = form.path.partition("/")
        together.setdefault(f"{folder}/all.{suffix.rpartition('.')[2]}", []).append(form.text)
    return {path: "---\n".join(texts) for path, texts in together.items()}


def answers_about(site: Path) -> str:
    """What `swarm ask` answers."""
    out = io.StringIO()
    for question in QUESTIONS:
        ask(AskRequest(question, site, json=True), Console(file=out))
    return out.getvalue()


def stored(cloud: LocalCloud) -> dict[str, str]:
    """Every item and object of a cloud but copies of the repository itself; what is packed is unpacked."""
    table, buckets = str(cloud.outputs["context_table"]), cloud.client("s3")
    pages = cloud.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    texts = {"items": json.dumps([item for page in pages for item in page["Items"]], default=str, ensure_ascii=False)}
    uploads = str(cloud.outputs["upload_bucket"])
    names = [bucket["Name"] for bucket in buckets.list_buckets()["Buckets"] if bucket["Name"] != uploads]
    for bucket in names:
        for page in buckets.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for each in page.get("Contents", ()):
                if not IS_REPOSITORY.search(each["Key"]):
                    body = buckets.get_object(Bucket=bucket, Key=each["Key"])["Body"].read()
                    texts[f"{bucket}/{each['Key']}"] = unpacked(body)
    return texts


def unpacked(body: bytes) -> str:
    """The text of a blob, of a gzip file, or of every member of a zip."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\0".join(unpacked(archive.read(name)) for name in archive.namelist())
    return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode("utf-8", "replace")


def leaks(values: Iterable[tuple[str, str]], texts: Mapping[str, str]) -> set[tuple[str, str]]:
    """The kinds of the values that a text holds, as they are or written as JSON or HTML, and the text's name.

    All texts are looked through at once first: there are hundreds of values, each in three forms, and of texts.
    """
    whole = "\0".join(texts.values())
    found = set()
    for kind, value in values:
        forms = {value, json.dumps(value)[1:-1], html.escape(value)}
        if any(form in whole for form in forms):
            found |= {(kind, name) for name, text in texts.items() if any(form in text for form in forms)}
    return found


def test_a_leak_is_found_in_each_form() -> None:
    texts = {"plain": 'a"<b', "json": 'x a\\"<b', "page": "a&quot;&lt;b", "none": "ab"}
    assert leaks([("key", 'a"<b'), ("other", "zz")], texts) == {("key", name) for name in ("plain", "json", "page")}


def test_no_planted_secret_leaves_the_repository(tmp_path: Path) -> None:
    chosen, files = planted()
    with StubModel() as stub, cloud_asking(stub, tmp_path / "state") as cloud:
        ran = run_on(cloud, write_package(tmp_path / "planted", 3, **files), tmp_path / "out")
        asked = json.dumps(stub.questions, ensure_ascii=False)
        logs = "\n".join(path.read_text("utf-8", "replace") for path in cloud.workdir.rglob("*.log"))
        kept = stored(cloud)
    traces = "\n".join(path.read_text("utf-8") for path in (tmp_path / "state" / "traces").rglob("*") if path.is_file())

    assert ran.session.status in {SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS}, ran.session.error
    assert ran.session.gaps == ()
    assert logs and traces and len(kept) > 20
    written = {
        path.relative_to(tmp_path / "out").as_posix(): path.read_text("utf-8", "replace")
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert {"session.json", "report.html", "history.json", "site/llms-full.txt"} <= set(written)
    assert [name for name in written if "search" in name]
    texts = {"requests": asked, "names": "\n".join(written), "logs": logs, "answers": answers_about(tmp_path / "out")}
    values = [(sample.kind, sample.value) for sample in chosen]
    values += [(form.name, value) for form in written_forms() for value in form.values]
    assert len({kind for kind, _ in values}) >= 60
    leaked = leaks(values, texts | written | kept | {"traces": traces})
    assert leaked == set()
    assert not [name for name in written if "id_rsa" in name or name.endswith("/_.env.html")]
    coverage = written["site/coverage.md"]
    assert "deploy/id" in coverage.replace("\\", "")
    assert "made to hold keys or passwords" in coverage
