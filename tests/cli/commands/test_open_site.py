"""swarm open: a site from this machine's store or a stack's, its public address, or a link to a private one."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from moto import mock_aws

from agents import keys
from agents.aws.blob_store import S3BlobStore
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.session import SessionStatus
from agents.contracts.site import SiteVersion
from cli.stack.outputs_source import FoundOutputs
from cli.stack.site_key import new_key, public_half
from tests.agents.fakes import FakeClock
from tests.cli.commands.test_sessions import DONE, LIVE, REGION, UNKNOWN, _fill, _keep, swarm
from tests.components.mocked_cloud import ROOT

SECRET = "swarm-prod-site-key"
PAGE = "<!doctype html><title>demo</title>"


@cache
def _key() -> str:
    return new_key()


def _store() -> DynamoDbSessionItems:
    return DynamoDbSessionItems(boto3.client("dynamodb", region_name=REGION), "context", FakeClock())


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stack with one published session, whose site is stored and hosted in two versions."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        _fill()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("index.html", PAGE)
        S3BlobStore(boto3.client("s3", region_name=REGION), "blobs").write(keys.site(DONE), packed.getvalue())
        for number, name in enumerate(("abc123-1", "def456-2")):
            _store().save_site_version(_version(name, number))
        yield


def _version(name: str, published_at: int) -> SiteVersion:
    return SiteVersion(
        session_id=DONE,
        repository=_store().session(DONE).repository,
        name=name,
        snapshot=name[:6],
        status=SessionStatus.PUBLISHED,
        model="extractive",
        published_at=published_at,
        readable_until=4_000_000_000,
    )


def _deployed(monkeypatch: pytest.MonkeyPatch, access: str, **changes: str) -> None:
    outputs: dict[str, Any] = {
        "region": REGION,
        "environment": "prod",
        "context_bucket": "blobs",
        "context_table": "context",
        "site_access": access,
        "site_bucket": "",
        "site_domain": "docs.example.com",
        "site_key_id": "K1",
        "site_key_secret": SECRET,
        "site_public_key": public_half(_key()) if access == "private" else "",
    }
    found = FoundOutputs(outputs | changes, "a test")
    monkeypatch.setattr("cli.stack.outputs_source.find_outputs", lambda _: found)


def _keep_secret(text: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name=SECRET, SecretString=text)


@pytest.mark.usefixtures("aws")
def test_a_public_site_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    _deployed(monkeypatch, "public")
    folder = keys.site_folder(_store().session(DONE).repository)
    opened = swarm("open", "--stack", "prod", "--print")
    assert (opened.exit_code, opened.stdout.strip()) == (0, f"https://docs.example.com/{folder}latest/")
    assert swarm("open", "--stack", "prod", "--version", "abc").stdout.strip().endswith(f"/{folder}abc123-1/")
    assert swarm("open", DONE, "--stack", "prod").stdout.strip().endswith("/def456-2/")


@pytest.mark.usefixtures("aws")
def test_a_private_site_has_a_link_for_its_repository_and_so_many_hours(monkeypatch: pytest.MonkeyPatch) -> None:
    _deployed(monkeypatch, "private")
    _keep_secret(_key())
    opened = swarm("open", "--stack", "prod", "--hours", "2")
    query = parse_qs(urlsplit(opened.stdout.strip()).query)
    assert opened.exit_code == 0
    assert opened.stdout.startswith("https://docs.example.com/open?to=/sites/")
    assert query["key"] == ["K1"]
    assert "-----" not in opened.stdout + opened.stderr


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (None, f"There is no secret {SECRET}: `swarm site-key --stack prod`"),
        ("nonsense", "holds no private key"),
        ("another", "not the other half of the stack's sitePublicKey"),
    ],
)
def test_a_key_that_is_missing_or_another_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, stored: str | None, said: str
) -> None:
    _deployed(monkeypatch, "private")
    if stored is not None:
        _keep_secret(new_key() if stored == "another" else stored)
    opened = swarm("open", "--stack", "prod")
    assert opened.exit_code == 2
    assert said in opened.stderr


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "No site of nothing is published in stack prod"),
        ([UNKNOWN], f"There is no session {UNKNOWN}"),
        ([LIVE], f"Session {LIVE} is RUNNING: it has no site"),
        (["--version", "zzz"], f"No published version is zzz; there are {DONE}"),
        (["--hours", "1000"], "--hours"),
        ([""], "it is empty"),
    ],
)
def test_what_is_not_published_is_one_sentence(monkeypatch: pytest.MonkeyPatch, words: list[str], said: str) -> None:
    _deployed(monkeypatch, "none")
    opened = swarm("open", *words, "--stack", "prod")
    assert opened.exit_code == 2
    assert said in opened.stderr


def _status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 (of this machine)
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


@pytest.mark.local
@pytest.mark.usefixtures("aws")
def test_without_hosting_this_machine_shows_the_site_until_it_is_interrupted(tmp_path: Path) -> None:
    _keep(tmp_path / "state")
    command = [sys.executable, "-m", "cli", "open", "--state", str(tmp_path / "state"), "--print"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 (of this machine)
            page, headers = answer.read().decode(), answer.headers
        assert page == PAGE
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert _status(address.rpartition("/")[0] + "/none.html") == 403
        assert _status("/".join([*address.split("/")[:3], "index.html"])) == 403
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert "Ctrl-C ends it" in said


@pytest.mark.usefixtures("aws")
def test_erasing_a_session_erases_its_hosted_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    _deployed(monkeypatch, "public", site_bucket="sites")
    s3 = boto3.client("s3", region_name=REGION)
    s3.create_bucket(Bucket="sites", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="sites", VersioningConfiguration={"Status": "Enabled"})
    repository = _store().session(DONE).repository
    other = _version("other-3", 5).with_changes(session_id=LIVE)
    _store().save_site_version(other)
    for name in ("abc123-1", "def456-2", "other-3", "latest"):
        s3.put_object(Bucket="sites", Key=f"{keys.site_version(repository, name)}index.html", Body=b"x")

    assert swarm("erase", DONE, "--yes", "--stack", "prod").exit_code == 0

    left = {
        one["Key"].removeprefix(keys.site_folder(repository)) for one in s3.list_objects_v2(Bucket="sites")["Contents"]
    }
    assert left == {"other-3/index.html", "latest/index.html", "index.html"}
    index = s3.get_object(Bucket="sites", Key=f"{keys.site_folder(repository)}index.html")["Body"].read().decode()
    assert "other-3/" in index
    assert "abc123-1" not in index
    assert [one.name for one in _store().site_versions(repository)] == ["other-3"]


@pytest.mark.usefixtures("aws")
def test_a_key_is_made_once_and_replaced_only_when_asked() -> None:
    secrets = boto3.client("secretsmanager", region_name="eu-west-1")  # the region of the stack's file
    made = swarm("site-key", "--stack", "prod")
    assert made.exit_code == 0
    assert public_half(secrets.get_secret_value(SecretId=SECRET)["SecretString"]) == made.stdout.strip()
    again = swarm("site-key", "--stack", "prod")
    assert (again.exit_code, "--replace" in again.stderr) == (2, True)
    replaced = swarm("site-key", "--stack", "prod", "--replace")
    assert replaced.exit_code == 0
    assert replaced.stdout.strip() != made.stdout.strip()
    assert swarm("site-key", "--stack", "nowhere").exit_code == 2
