"""The container's command as a real process, against moto on 127.0.0.1."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

import boto3
import pytest
from moto.server import ThreadedMotoServer

from agents import keys
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.snapshot import Manifest
from agents.settings import REQUEST_VARIABLE
from agents.shells.fargate_task import DONE, FAILED
from tests.agents.fakes import SESSION_ID, FakeClock, running_session, settings
from tests.agents.roles.scanner.archives import tar_gz

REGION: Final = "eu-central-1"
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.local


@pytest.fixture
def variables() -> Iterator[dict[str, str]]:
    """The task's environment variables, with an AWS behind it that has a claimed session."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    aws = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
    }
    # moto keeps its state in this process, whichever server or mock asks for it.
    urlopen(Request(f"{aws['AWS_ENDPOINT_URL']}/moto-api/reset", method="POST")).close()  # noqa: S310 (loopback)
    configured = settings("Scan")
    table = _session().client("dynamodb", endpoint_url=aws["AWS_ENDPOINT_URL"])
    table.create_table(
        TableName=configured.context_table,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    s3 = _session().client("s3", endpoint_url=aws["AWS_ENDPOINT_URL"])
    for bucket in (configured.context_bucket, configured.upload_bucket):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    DynamoDbSessionItems(table, configured.context_table, FakeClock()).claim(running_session())
    yield aws | configured.variables() | {REQUEST_VARIABLE: SESSION_ID, "PATH": ""}
    server.stop()


def _session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=REGION)


def task(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agents.shells.fargate_task"]
    return subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_scan_task_writes_the_manifest_and_exits_with_zero(variables: dict[str, str]) -> None:
    s3 = _session().client("s3", endpoint_url=variables["AWS_ENDPOINT_URL"])
    s3.put_object(Bucket="upload-bucket", Key=running_session().archive_key, Body=tar_gz({"a.py": b"x = 1\n"}))
    ended = task(variables)
    assert (ended.returncode, ended.stderr) == (DONE, "")
    body = s3.get_object(Bucket="context-bucket", Key=keys.manifest(SESSION_ID))["Body"].read()
    assert [entry.path for entry in Manifest.model_validate_json(body).entries] == ["a.py"]


def test_a_scan_task_that_fails_says_so_in_one_line_and_its_exit_code(variables: dict[str, str]) -> None:
    ended = task(variables)
    assert ended.returncode == FAILED
    assert ended.stderr.startswith("ArchiveCorrupt: ")
    assert ended.stderr.count("\n") == 1
