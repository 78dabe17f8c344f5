"""Bedrock's batch API over HTTP, through real boto3: each of its answers is one of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import pytest

from agents.aws.batch_inference import BedrockBatchJobs
from agents.contracts.analysis import AnalystReply
from agents.contracts.batch_inference import BatchJob, JobStatus
from agents.errors import BatchInferenceRefused, ModelThrottled, ModelUnavailable
from bench.stub_batch import MODEL, BatchBehaviour, StubBedrock
from tests.agents.fakes import settings
from tests.agents.models.over_http.asked import SESSION, question, reply

PRICES = f"bedrock:{MODEL}=2/8"
ROLE = "arn:aws:iam::123456789012:role/swarm-test-batch-inference"


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubBedrock]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with StubBedrock() as stub:
        yield stub


def jobs(model: str) -> BedrockBatchJobs:
    environment = settings("SubmitBatchInference", model=model, model_prices=PRICES, batch_inference_role=ROLE)
    return BedrockBatchJobs(environment)


def job(seconds: int = 86_400) -> BatchJob:
    return BatchJob(
        session_id=SESSION,
        execution="execution",
        name=f"swarm-{SESSION}-0123456789abcdef",
        records=1,
        most_usd=1,
        submitted_at=0,
        deadline=seconds,
    )


def test_a_job_is_made_once_whoever_asks_again_and_lies_below_its_session(
    bedrock: StubBedrock,
) -> None:
    port = jobs(bedrock.model)
    assert port.submit(job()) == port.submit(job())
    ((token, made),) = bedrock.jobs.items()
    assert token == made.request["jobName"] == job().name
    assert (made.request["roleArn"], made.request["modelId"]) == (ROLE, MODEL)
    assert made.request["modelInvocationType"] == "Converse"
    below = f"s3://context-bucket/sessions/{SESSION}/batch-inference"
    assert made.request["inputDataConfig"]["s3InputDataConfig"] == {
        "s3InputFormat": "JSONL",
        "s3Uri": f"{below}/input/{job().name}.jsonl",
    }
    assert made.request["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"] == f"{below}/output/"


@pytest.mark.parametrize(("seconds", "hours"), [(60, 24), (86_400, 24), (90_001, 26)])
def test_a_job_gets_at_least_the_day_that_bedrock_gives(bedrock: StubBedrock, seconds: int, hours: int) -> None:
    jobs(bedrock.model).submit(job(seconds))
    (made,) = bedrock.jobs.values()
    assert made.request["timeoutDurationInHours"] == hours


def test_the_endpoint_of_the_environment_serves_as_well(bedrock: StubBedrock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK", bedrock.model.partition("@")[2])
    from agents.aws import clients

    clients.bedrock.cache_clear()
    assert ":model-invocation-job/" in jobs(f"bedrock:{MODEL}").submit(job())
    clients.bedrock.cache_clear()


def test_a_throttled_submit_and_look_are_throttles(bedrock: StubBedrock) -> None:
    bedrock.behaviour = BatchBehaviour(throttled_submits=1, throttled_looks=1)
    port = jobs(bedrock.model)
    with pytest.raises(ModelThrottled):
        port.submit(job())
    arn = port.submit(job())
    with pytest.raises(ModelThrottled):
        port.check(arn)
    assert port.check(arn).status is JobStatus.IN_PROGRESS
    assert bedrock.throttled == 2


def test_a_refused_job_and_an_unknown_one_are_refused_for_good(bedrock: StubBedrock) -> None:
    bedrock.behaviour = BatchBehaviour(refuses=True)
    port = jobs(bedrock.model)
    with pytest.raises(BatchInferenceRefused, match="the stub refuses"):
        port.submit(job())
    with pytest.raises(BatchInferenceRefused, match="no such job"):
        port.check("arn:aws:bedrock:eu-west-1:123456789012:model-invocation-job/0123456789ab")


def test_no_answer_at_all_is_tried_again(bedrock: StubBedrock) -> None:
    port = jobs(f"bedrock:{MODEL}@http://127.0.0.1:1")
    with pytest.raises(ModelUnavailable):
        port.submit(job())
    assert bedrock.jobs == {}


def test_a_running_job_is_stopped_and_one_that_is_over_stays_as_it_is(bedrock: StubBedrock) -> None:
    port = jobs(bedrock.model)
    arn = port.submit(job())
    port.stop(arn)
    assert port.check(arn).status is JobStatus.STOPPED
    port.stop(arn)
    assert bedrock.stopped == [arn]


def test_a_record_costs_at_most_half_of_its_question_in_realtime(bedrock: StubBedrock) -> None:
    record = jobs(bedrock.model).record("abcdefghijk", question())
    assert json.loads(record.line)["recordId"] == "abcdefghijk"
    # Half of 2 and 8 dollars a million: a third of the bytes read, 4,096 tokens answered.
    assert record.most_usd == pytest.approx((-(-len(record.line) // 3) * 1 + 4096 * 4) / 1e6)


def _line(*content: Mapping[str, object], stop: str = "end_turn", usage: object = None) -> bytes:
    output = {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": stop,
        "usage": usage or {"inputTokens": 1000, "outputTokens": 100, "totalTokens": 1100},
    }
    return json.dumps({"recordId": "r1", "modelInput": {}, "modelOutput": output}).encode()


@pytest.mark.parametrize(
    "said",
    ["{reply}", "```json\n{reply}\n```", "Here is the answer:\n{reply}"],
    ids=["alone", "in a code fence", "after a sentence"],
)
def test_a_reply_is_read_and_costs_half(bedrock: StubBedrock, said: str) -> None:
    thought = {"reasoningContent": {"reasoningText": {"text": "Is it {that}?"}}}
    text = {"text": said.replace("{reply}", json.dumps(reply()))}
    result = jobs(bedrock.model).reply(_line(thought, text), AnalystReply)
    assert result is not None
    assert result.reply == AnalystReply.model_validate_json(json.dumps(reply()))
    assert result.usage.requests == 1
    assert result.usage.usd == pytest.approx((1000 * 1 + 100 * 4) / 1e6)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (_line(), "holds no JSON object"),
        (_line({"text": "words"}), "holds no JSON object"),
        (_line({"text": "} and {"}), "holds no JSON object"),
        (_line({"text": '{"files": "nonsense"}'}), "breaks its contract"),
        (_line({"text": '{"files": ['}, stop="max_tokens"), "was cut"),
    ],
)
def test_a_reply_that_nothing_can_be_made_of_is_paid_all_the_same(
    bedrock: StubBedrock, line: bytes, problem: str
) -> None:
    result = jobs(bedrock.model).reply(line, AnalystReply)
    assert result is not None
    assert result.reply is None
    assert problem in result.problem
    assert result.usage.usd > 0


def test_a_records_error_costs_nothing_and_a_line_that_is_none_is_left_out(bedrock: StubBedrock) -> None:
    port = jobs(bedrock.model)
    refused = {"recordId": "r1", "modelInput": {}, "error": {"errorCode": 400, "errorMessage": "bad request"}}
    result = port.reply(json.dumps(refused).encode(), AnalystReply)
    assert result is not None
    assert (result.reply, result.usage.requests) == (None, 0)
    assert "bad request" in result.problem
    assert port.reply(b"no json", AnalystReply) is None
    assert port.reply(b'["no record"]', AnalystReply) is None


def test_a_model_that_answers_no_jobs_is_refused_by_name() -> None:
    with pytest.raises(BatchInferenceRefused, match=r"cohere\.command"):
        jobs("bedrock:cohere.command-r-v1:0").record("r1", question())
