"""swarm estimate: the whole cost before a single call, and every bad input a sentence that says what to give."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.models import override_allow_model_requests
from typer.testing import CliRunner, Result

from agents import keys
from agents.contracts.asked import AskedQuestion, AskedQuestions
from agents.contracts.draft import EditorBrief
from agents.questions.instructions import fingerprint_of
from bench.stub_converse import StubConverse, tokens_of
from cli.app import app
from cli.errors import ExitCode
from local.state.database import StateFile

BEDROCK = "bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "mill"
    (folder / "tests").mkdir(parents=True)
    for number in range(4):
        (folder / f"part{number}.py").write_text(f'"""Part {number}."""\n' + "x = 1\n" * 80)
        (folder / "tests" / f"test_part{number}.py").write_text(f'"""Tests {number}."""\n' + "y = 1\n" * 80)
    (folder / "picture.png").write_bytes(b"\x89PNG")
    return folder


def swarm(repository: Path, *arguments: str) -> Result:
    state = str(repository.parent / "state")
    return CliRunner().invoke(app, ["estimate", str(repository), "--state", state, *arguments])


def estimated(repository: Path, *arguments: str) -> dict[str, Any]:
    result = swarm(repository, *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_offline_model_costs_nothing(repository: Path) -> None:
    one = estimated(repository)
    assert (one["files"], one["files_to_read"]) == (8, 8)
    assert one["usd"] == {"low": 0, "likely": 0, "high": 0}
    assert one["share_of_cap"] == 0
    assert "no model is called" in swarm(repository).stdout


def test_what_aws_charges_is_the_sum_of_its_lines_and_more_with_a_model(repository: Path) -> None:
    silent, asked = (estimated(repository, *options)["aws"] for options in ((), ("--model", "openai:gpt-5-mini")))
    for aws in (silent, asked):
        assert aws["usd"]["likely"] == pytest.approx(sum(line["usd"] for line in aws["lines"].values()), abs=1e-5)
        assert 0 < aws["usd"]["low"] < aws["usd"]["likely"] < aws["usd"]["high"]
        assert {"Lambda, time", "Lambda, requests", "State transitions", "Items written"} <= aws["lines"].keys()
    assert asked["lines"]["Lambda, time"]["units"] > 1.5 * silent["lines"]["Lambda, time"]["units"]
    assert asked["lines"]["State transitions"] == silent["lines"]["State transitions"]
    people = swarm(repository).stdout
    assert f"likely ${silent['usd']['likely']:.4f}, where the stack is deployed" in people
    assert "State transitions" in people


def test_a_persons_note_is_read_by_a_batch_and_asks_nothing(repository: Path) -> None:
    before = estimated(repository, "--model", "openai:gpt-5-mini")
    notes = repository / "docs" / "notes"
    notes.mkdir(parents=True)
    (notes / "part0.py.md").write_text("Why this part exists.\n")
    after = estimated(repository, "--model", "openai:gpt-5-mini")
    assert after["files_to_read"] == after["files"] == 9
    assert after["roles"]["analyst"]["requests"] == before["roles"]["analyst"]["requests"]
    assert after["aws"]["lines"]["Items written"]["units"] > before["aws"]["lines"]["Items written"]["units"]
    assert "stored by earlier runs" not in swarm(repository).stdout


def test_a_repository_for_fargate_is_charged_as_tasks(repository: Path) -> None:
    lines = estimated(repository, "--setting", "repositoryLambdaMegabytes=0")["aws"]["lines"]
    assert lines["Fargate, CPU"]["units"] > 0
    assert "Fargate, CPU" not in estimated(repository)["aws"]["lines"]


def test_a_quota_of_bedrocks_is_waited_for(repository: Path) -> None:
    free, bound = (
        estimated(repository, "--model", BEDROCK, *options) for options in ((), ("--tokens-per-minute", "5,000"))
    )
    least = bound["roles"]["analyst"]["input_tokens"]["likely"] / 5_000 * 60
    assert bound["seconds"]["likely"] > max(least, free["seconds"]["likely"])
    assert bound["usd"] == free["usd"]


@pytest.mark.parametrize("quota", ["none", "0", "-5", "nan", "inf"])
def test_a_quota_that_is_none_is_refused(repository: Path, quota: str) -> None:
    result = swarm(repository, f"--tokens-per-minute={quota}")
    assert (result.exit_code, "such as 2,000,000" in result.stderr) == (ExitCode.BAD_INPUT, True)


def test_the_model_stands_in_the_table_only_where_roles_differ(repository: Path) -> None:
    alike = swarm(repository, "--model", BEDROCK).stdout
    assert f"model: {BEDROCK}" in alike
    assert alike.count("haiku") == 2  # the note that nobody can be asked for counts names it, too
    differing = swarm(repository, "--model", "openai:gpt-5-mini", "--model", "critic=openai:gpt-5").stdout
    assert "model: " not in differing
    assert differing.splitlines()[2].split()[:2] == ["role", "model"]


def test_every_role_has_its_figures_and_the_whole_is_their_sum(repository: Path) -> None:
    one = estimated(repository, "--model", "openai:gpt-5-mini", "--model", "critic=openai:gpt-5")
    assert one["roles"]["critic"]["model"] == "openai:gpt-5"
    assert one["usd"]["likely"] == pytest.approx(sum(role["usd"]["likely"] for role in one["roles"].values()), abs=1e-5)
    assert one["roles"]["analyst"]["requests"]["low"] == 8
    people = swarm(repository, "--model", "openai:gpt-5-mini").stdout
    assert "synthesizer" in people
    assert "nothing exceeds it" in people


def test_an_estimate_says_where_the_states_run_that_read_the_whole_repository(repository: Path) -> None:
    assert estimated(repository)["repository_states"]["route"] == "lambda"
    assert "Fargate" not in swarm(repository).stdout
    setting = ("--setting", "repositoryLambdaMegabytes=0")
    assert estimated(repository, *setting)["repository_states"]["route"] == "fargate"
    assert "more than the 0 bytes that the settings allow Lambda" in " ".join(
        swarm(repository, *setting).stdout.split()
    )


def test_batch_inference_halves_the_analysts_alone(repository: Path) -> None:
    now = estimated(repository, "--model", BEDROCK)
    later = estimated(repository, "--model", BEDROCK, "--inference", "batch")
    analyst, critic = later["roles"]["analyst"], later["roles"]["critic"]
    assert analyst["usd"]["likely"] == pytest.approx(now["roles"]["analyst"]["usd"]["likely"] / 2, rel=0.01)
    assert critic == now["roles"]["critic"]
    assert later["seconds"]["high"] > 86_400


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubConverse]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with override_allow_model_requests(True), StubConverse() as stub:
        yield stub


def _priced(stub: StubConverse) -> list[str]:
    return ["--model", stub.model, "--setting", f"modelPrices={BEDROCK}=1.1/5.5"]


def test_bedrock_counts_the_input_tokens_of_a_bounded_sample(repository: Path, bedrock: StubConverse) -> None:
    asked: list[Any] = []

    def count(request: dict[str, Any]) -> int:
        asked.append(request)
        return tokens_of(request)

    bedrock.counted = count
    one = estimated(repository, *_priced(bedrock))
    # A call for each of six roles and each of six files; no question is asked.
    assert one["token_counts"] == {"calls": 12, "problems": {}}
    assert (len(asked), bedrock.questions) == (12, [])
    assert "CountTokens counts them: 12 calls" in swarm(repository, *_priced(bedrock)).stdout


@pytest.mark.parametrize("tokens_of_a_kilobyte", [150, 250, 400])
def test_the_files_own_tokens_lie_within_the_band_however_the_model_counts(
    repository: Path, bedrock: StubConverse, tokens_of_a_kilobyte: int
) -> None:
    for one in (*repository.glob("part[123].py"), *repository.glob("tests/*")):
        one.unlink()
    counted: list[int] = []

    def count(request: dict[str, Any]) -> int:
        tokens = len(json.dumps(request)) * tokens_of_a_kilobyte // 1000
        counted.append(tokens if "File: part0.py" in json.dumps(request) else 0)
        return tokens

    bedrock.counted = count
    analyst = estimated(repository, *_priced(bedrock))["roles"]["analyst"]["input_tokens"]
    assert analyst["low"] <= sum(counted) <= analyst["high"]
    assert analyst["likely"] == pytest.approx(sum(counted), rel=0.15)


def test_what_bedrock_does_not_count_is_estimated_and_the_reason_given(repository: Path, bedrock: StubConverse) -> None:
    usual = estimated(repository, "--model", "openai:gpt-5")["roles"]["analyst"]["input_tokens"]
    bedrock.counted = None
    one = estimated(repository, *_priced(bedrock))
    assert one["token_counts"]["calls"] == 1
    (problem,) = one["token_counts"]["problems"].values()
    assert "doesn't support counting tokens" in problem
    assert one["roles"]["analyst"]["input_tokens"] == usual
    people = " ".join(swarm(repository, *_priced(bedrock)).stdout.split())
    assert "estimated by length: bedrock:eu.anthropic" in people


def test_without_credentials_the_estimate_is_the_usual_one(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(repository / "none"))
    with override_allow_model_requests(True):
        one = estimated(repository, "--model", BEDROCK)
    assert "NoCredentialsError" in one["token_counts"]["problems"][BEDROCK]
    assert one["usd"]["likely"] > 0


def test_a_role_is_priced_in_its_service_tier(repository: Path) -> None:
    nova = "bedrock:eu.amazon.nova-pro-v1:0"
    usual = estimated(repository, "--model", nova)
    tiers = ["--setting", "serviceTiers=analyst=flex,critic=priority"]
    one = estimated(repository, "--model", nova, *tiers)
    for role, factor in (("analyst", 0.5), ("critic", 1.75), ("editor", 1)):
        likely = usual["roles"][role]["usd"]["likely"]
        assert one["roles"][role]["usd"]["likely"] == pytest.approx(likely * factor, rel=0.01, abs=2e-6)
    assert [one["roles"][role]["tier"] for role in ("analyst", "critic", "editor")] == ["flex", "priority", ""]
    assert "(flex)" in "".join(swarm(repository, "--model", nova, *tiers).stdout.split())
    reserved = swarm(repository, "--model", BEDROCK, "--setting", "serviceTiers=reserved").stdout
    assert "AWS bills the reservation by the month" in " ".join(reserved.split())


def test_a_cap_that_is_too_low_shows_the_steps(repository: Path) -> None:
    one = estimated(repository, "--model", "openai:gpt-5", "--cap-usd", "0.05")
    assert one["ladder"][-1]["step"] == "extractive"
    assert one["share_of_cap"] > 1
    assert "step down" in swarm(repository, "--model", "openai:gpt-5", "--cap-usd", "0.05").stdout
    assert estimated(repository, "--model", "openai:gpt-5", "--cap-usd", "50")["ladder"] == []


def test_what_an_earlier_run_has_kept_costs_nothing(repository: Path) -> None:
    digest = hashlib.sha256((repository / "part0.py").read_bytes()).hexdigest()
    key = keys.analysis_item(keys.analysis_key(digest, "python", "openai:gpt-5", fingerprint_of("analyst")))
    file = StateFile(repository.parent / "state")
    file.put_item("t", json.dumps({"pk": {"S": key.pk}, "sk": {"S": key.sk}}, sort_keys=True), "{}")
    file.close()
    assert estimated(repository, "--model", "openai:gpt-5")["files_to_read"] == 7


def test_what_the_last_run_on_this_machine_has_asked_is_not_counted(repository: Path) -> None:
    options = ("--model", "openai:gpt-5")
    before = estimated(repository, *options)["roles"]["editor"]["requests"]
    page = AskedQuestion(about="index.md", brief=EditorBrief(page="index.md", title="mill", statements=()))
    record = AskedQuestions(model="openai:gpt-5", instructions=fingerprint_of("editor"), questions=(page,))
    last = keys.repository_item("mill")
    file = StateFile(repository.parent / "state")
    file.put_item(
        "t",
        json.dumps({"pk": {"S": last.pk}, "sk": {"S": last.sk}}, sort_keys=True),
        json.dumps({"session_id": {"S": "s1"}}),
    )
    file.put_object("b", keys.questions("s1", "editor"), "{}", record.model_dump_json().encode(), 0.0)
    file.close()

    after = estimated(repository, *options)["roles"]["editor"]["requests"]

    assert after["likely"] < before["likely"]
    assert after["high"] == before["high"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--model", "openai:unheard-of"], "--setting modelPrices=openai:unheard-of="),
        (["--model", "gpt"], "unknown model 'gpt'"),
        (["--model", "openai:x", "--setting", "modelPrices=openai:x=free"], "is not model="),
        (["--inference", "tomorrow"], "inference"),
        (["--model", "openai:gpt-5", "--inference", "batch"], "no batch inference job asks it"),
        (["--setting", "capDollars=3"], "capDollars"),
        (["--setting", "economyModel=openai:unheard-of"], "modelPrices=openai:unheard-of="),
        (["--stack", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_is_a_sentence_and_2(repository: Path, arguments: list[str], says: str) -> None:
    result = swarm(repository, *arguments)
    assert result.exit_code == ExitCode.BAD_INPUT
    assert says in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = swarm(tmp_path / "missing")
    assert result.exit_code == ExitCode.BAD_INPUT
    assert "missing" in result.stderr.replace("\n", "")
