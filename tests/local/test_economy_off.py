"""`SWARM_LOCAL_ECONOMY=off` leaves out what only saves time, and a run comes to the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.moto.economy import ECONOMY_VARIABLE, economy_is_on

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import json
from botocore.loaders import JSONFileLoader
from local.cloud import LocalCloud
from local.moto.repairs import replacements
from tests.local.clouds import SMALL, run

with LocalCloud(program=SMALL) as cloud:
    s3, dynamodb = cloud.client("s3"), cloud.client("dynamodb")
    s3.put_object(Bucket="small-uploads", Key="plan.json", Body=json.dumps([{"n": n} for n in range(5)]))
    key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    values = {":one": {"N": "1"}, ":data": {"B": b"x"}}
    change = {"TableName": "small-context", "Key": key, "UpdateExpression": "SET d = :data ADD n :one"}
    dynamodb.transact_write_items(TransactItems=[{"Update": change | {"ExpressionAttributeValues": values}}])
    query = {"KeyConditionExpression": "pk = :a", "ExpressionAttributeValues": {":a": {"S": "a"}}}
    result = {
        "map": run(cloud, path="map", key="plan.json")["output"],
        "lambda": run(cloud, path="lambda", item={"n": 7})["output"],
        "caught": json.loads(run(cloud, path="lambda", item={"poison": "bad"})["output"])["failure"]["Error"],
        "items": repr(dynamodb.query(TableName="small-context", **query)["Items"]),
    }
    in_place = [
        each.name for each in replacements()
        if each.only_saves_time and getattr(each.owner, each.attribute) is each.replaced_by
    ]
from moto.ec2.models.instance_types import INSTANCE_TYPES
figures = {"result": result, "machine_types": len(INSTANCE_TYPES)}
print(json.dumps(figures | {"in_place": in_place, "loader": JSONFileLoader.load_file.__module__}))
"""


def run_with(economy: str) -> dict[str, Any]:
    environment = os.environ | {ECONOMY_VARIABLE: economy}
    done = subprocess.run(
        [sys.executable, "-c", RUN], cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=200
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.local
@pytest.mark.slow  # half a minute: two clouds and two runs
@pytest.mark.timeout(420)
def test_a_run_without_the_economy_has_the_same_result() -> None:
    economical, plain = run_with("on"), run_with("off")

    assert (len(economical["in_place"]), plain["in_place"]) == (30, [])
    assert economical["loader"].startswith("local.")
    assert plain["loader"].startswith("botocore.")
    assert (economical["machine_types"], plain["machine_types"] > 100) == (0, True)
    assert plain["result"] == economical["result"]


@pytest.mark.parametrize(("value", "on"), [("", True), ("on", True), ("off", False)])
def test_the_variable_is_on_or_off(value: str, on: bool) -> None:
    assert economy_is_on({ECONOMY_VARIABLE: value}) is on


def test_another_value_of_the_variable_is_refused_in_one_sentence() -> None:
    command = [sys.executable, "-m", "cli", "local", "status"]
    ended = subprocess.run(
        command, env={**os.environ, ECONOMY_VARIABLE: "no"}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == f"{ECONOMY_VARIABLE}=no: set it to `on` or `off`, or unset it\n"
