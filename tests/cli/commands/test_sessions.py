"""swarm sessions, show and erase: the same against a stack and against what this machine has kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from agents import keys
from agents.aws.blob_store import S3BlobStore
from agents.aws.conversation import StoredConversation
from agents.aws.ledger import DynamoDbLedger
from agents.aws.session_items import DynamoDbSessionItems
from agents.contracts.analysis import AnalysisPointer
from agents.contracts.conversation import Turn
from agents.contracts.ladder import LadderStep, Rung
from agents.contracts.session import BatchOutcome, SessionStatus
from agents.contracts.snapshot import Gap, Route
from agents.contracts.usage import Usage
from cli import app as border
from cli.errors import ExitCode
from cli.stack.outputs_source import FoundOutputs
from local.state.database import StateFile
from tests.agents.fakes import FakeClock, running_session
from tests.cli.samples import record

DONE, LIVE, UNKNOWN = "s" + "a" * 20, "s" + "b" * 20, "s" + "c" * 20
SHARED = "d" * 64
REGION: Final = "eu-central-1"


@pytest.fixture(params=["kept", "stack"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The options that lead to a store with two sessions in it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        _fill()
        if request.param == "kept":
            _keep(tmp_path / "state")
            yield ["--state", str(tmp_path / "state")]
        else:
            outputs = {"region": REGION, "context_bucket": "blobs", "context_table": "context"}
            found = FoundOutputs(outputs, "Pulumi")
            monkeypatch.setattr("cli.stack.outputs_source.find_outputs", lambda _: found)
            yield ["--stack", "dev"]


def _fill() -> None:
    dynamodb, s3 = boto3.client("dynamodb", region_name=REGION), boto3.client("s3", region_name=REGION)
    dynamodb.create_table(
        TableName="context",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    s3.create_bucket(Bucket="blobs", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="blobs", VersioningConfiguration={"Status": "Enabled"})
    clock, blobs = FakeClock(), S3BlobStore(s3, "blobs")
    store = DynamoDbSessionItems(dynamodb, "context", clock)
    for name, opened in ((DONE, 1_800_000_000), (LIVE, 1_800_000_900)):
        store.claim(running_session(name, opened_at=opened, model="openai:any", repository="de\x1b[31mmo"))
        conversation = StoredConversation(name, dynamodb, "context", blobs, clock, 90)
        for role, text in (("analyst", "What is \x1b[2Jthis?"), ("critic", "Is it good?")):
            turn = Turn(
                role=role,
                model="openai:any",
                instructions="0" * 16,
                question=f"{role}-1",
                asked_at=opened + (role == "critic"),
                usage=Usage(requests=1, input_tokens=10, output_tokens=5, usd=0.002),
            )
            conversation.keep(turn, ["Be brief.", text], '{"said": "yes"}')
        # The first to ask shares its answer; the other session asked the critic's question first.
        conversation.share("critic-1" if name == LIVE else "analyst-1", '{"said": "yes"}')
    store.save_batch(
        DONE, BatchOutcome(batch_id="b00000", route=Route.LAMBDA, analysed=2, usage=Usage(requests=2, usd=0.004))
    )
    store.save_usage(DONE, "critic-2", Usage(requests=1, usd=0.002))
    step = LadderStep(rung=Rung.EXTRACTIVE, planned=True, role="analyst", answers=3, detail="3 files", taken_at=1)
    store.save_step(DONE, step)
    ledger = DynamoDbLedger(dynamodb, "context", clock, "test", (1.0, 9.0))
    ledger.settle(ledger.reserve(DONE, 0.5), 0.25)
    store.close(store.session(DONE), SessionStatus.PUBLISHED_WITH_FINDINGS)
    written = record(Gap(path="a.py", reason="FileTooLarge", detail="too large"))
    blobs.write(keys.record(DONE), written.model_dump_json(by_alias=True).encode())
    blobs.write(keys.record(DONE), written.model_dump_json(by_alias=True).encode())
    blobs.write(keys.batch_analyses([SHARED]), b"{}")
    store.save_analyses(
        [AnalysisPointer(analysis_key=SHARED, blob_key="analyses/x", index=0, symbols_total=0, symbols_documented=0)]
    )


def _keep(folder: Path) -> None:
    """What moto holds, as a run keeps it."""
    dynamodb, s3 = boto3.client("dynamodb", region_name=REGION), boto3.client("s3", region_name=REGION)
    file = StateFile(folder)
    for item in dynamodb.scan(TableName="context")["Items"]:
        file.put_item("context", json.dumps({"pk": item["pk"], "sk": item["sk"]}, sort_keys=True), json.dumps(item))
    for found in s3.list_objects_v2(Bucket="blobs")["Contents"]:
        body = s3.get_object(Bucket="blobs", Key=found["Key"])["Body"].read()
        file.put_object("blobs", found["Key"], "{}", body, 1.0)
    file.close()


def swarm(*arguments: str) -> Result:
    return CliRunner().invoke(border.app, list(arguments))


def json_of(*arguments: str) -> Any:
    result = swarm(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_sessions_are_listed_newest_first(place: list[str]) -> None:
    found = json_of("sessions", *place)
    assert [one["session_id"] for one in found] == [LIVE, DONE]
    assert found[1]["status"] == "PUBLISHED_WITH_FINDINGS"
    assert (found[1]["usd"], found[1]["model"]) == (0.25, "openai:any")
    people = swarm("sessions", *place)
    assert LIVE in people.stdout
    assert "\x1b" not in people.stdout


def test_a_limit_says_how_many_are_left(place: list[str]) -> None:
    assert len(json_of("sessions", "--limit", "1", *place)) == 1
    assert "1 older" in swarm("sessions", "--limit", "1", *place).stdout


def test_show_tells_figures_usage_by_role_and_steps(place: list[str]) -> None:
    shown = json_of("show", DONE, *place)
    assert shown["usage_by_role"]["analyst"]["usd"] == 0.004
    assert shown["usage_by_role"]["critic"]["requests"] == 1
    assert (shown["spent_usd"], shown["held_usd"]) == (0.25, 0.0)
    assert [step["rung"] for step in shown["steps"]] == ["extractive"]
    assert "turns" not in shown
    people = swarm("show", DONE, *place)
    assert "3 files" in people.stdout
    assert "$0.2500" in people.stdout
    assert "a.py  FileTooLarge: too large" in people.stdout


def test_show_breaks_no_name_that_somebody_copies(place: list[str]) -> None:
    shown = swarm("show", DONE, *place).stdout.splitlines()
    execution = json_of("show", DONE, *place)["session"]["execution"]
    assert len(f"execution  {execution}") > 80
    assert next(line for line in shown if line.startswith("execution")).endswith(f"  {execution}")
    assert next(line for line in shown if line.startswith("files")).endswith(", 1 gap")


def test_turns_come_in_their_order_and_by_role(place: list[str]) -> None:
    assert [turn["role"] for turn in json_of("show", DONE, "--turns", *place)["turns"]] == ["analyst", "critic"]
    assert [turn["role"] for turn in json_of("show", DONE, "--role", "critic", *place)["turns"]] == ["critic"]
    people = swarm("show", DONE, "--turns", *place).stdout
    assert people.index("analyst") < people.index("critic-1")
    assert "instructions 0000000000000000" in people


def test_full_turns_have_their_words_without_terminal_escapes(place: list[str]) -> None:
    people = swarm("show", DONE, "--turns", "--full", *place).stdout
    assert "What is this?" in people
    assert '{"said": "yes"}' in people
    assert "\x1b" not in people
    full = json_of("show", DONE, "--full", *place)["turns"][0]
    assert full["messages"] == ["Be brief.", "What is this?"]


def test_an_unknown_session_or_role_is_a_sentence_and_2(place: list[str]) -> None:
    for arguments, says in (
        (("show", UNKNOWN), "There is no session"),
        (("show", "nonsense"), "not a session id"),
        (("show", DONE, "--role", "cook"), "There is no role cook"),
        (("erase", "../x", "--yes"), "not a session id"),
    ):
        result = swarm(*arguments, *place)
        assert result.exit_code == ExitCode.BAD_INPUT
        assert says in " ".join(result.stderr.split())


def test_erase_takes_everything_of_the_session_and_nothing_else(place: list[str]) -> None:
    result = swarm("erase", DONE, "--yes", *place)
    assert result.exit_code == 0, result.stderr
    assert "Erased session" in result.stdout
    assert "shared by content and stay" in " ".join(result.stdout.split())
    assert [one["session_id"] for one in json_of("sessions", *place)] == [LIVE]
    assert len(json_of("show", LIVE, "--full", *place)["turns"]) == 2
    assert _of(place, DONE) == []
    assert any(SHARED in name for name in _of(place, ""))
    assert [name for name in _of(place, "answer#") if "analyst-1" in name] == []
    assert [name for name in _of(place, "answer#") if "critic-1" in name] != []


def test_erasing_again_is_nothing(place: list[str]) -> None:
    swarm("erase", DONE, "--yes", *place)
    again = swarm("erase", DONE, "--yes", *place)
    assert again.exit_code == 0
    assert "is stored" in again.stdout


def test_a_running_session_is_not_erased(place: list[str]) -> None:
    result = swarm("erase", LIVE, "--yes", *place)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "RUNNING" in result.stderr
    assert len(json_of("show", LIVE, "--turns", *place)["turns"]) == 2


def test_nothing_is_erased_without_a_yes(place: list[str]) -> None:
    result = CliRunner().invoke(border.app, ["erase", DONE, *place], input="n\n")
    assert result.exit_code == 0
    assert "Nothing was erased" in result.stdout
    assert json_of("show", DONE, *place)["session"]["session_id"] == DONE


def _of(place: list[str], session: str) -> list[str]:
    """Names of everything that is stored and has this in it, every version included."""
    if place[0] == "--state":
        file = StateFile(Path(place[1]))
        names = [name for name, _ in file.items_from("")] + [name for name, _, _ in file.objects("blobs")]
        file.close()
    else:
        dynamodb, s3 = boto3.client("dynamodb", region_name=REGION), boto3.client("s3", region_name=REGION)
        names = [
            json.dumps(item["pk"]) + json.dumps(item["sk"]) for item in dynamodb.scan(TableName="context")["Items"]
        ]
        versions = s3.list_object_versions(Bucket="blobs")
        # The fake, or the tree at hand, has it.
        names += [one["Key"] for kind in ("Versions", "DeleteMarkers") for one in versions.get(kind, [])]  # type: ignore[attr-defined]
    return [name for name in names if session in name]


@pytest.mark.parametrize("command", [["sessions"], ["show", DONE], ["erase", DONE, "--yes"]])
def test_a_folder_in_which_nothing_was_kept_is_named(command: list[str], tmp_path: Path) -> None:
    result = swarm(*command, "--state", str(tmp_path / "nowhere"))
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "nowhere" in result.stderr.replace("\n", "")
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_bytes(b"no database at all, though it is as long as one" * 40)
    result = swarm("sessions", "--state", str(tmp_path))
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "swarm local reset" in " ".join(result.stderr.split())
