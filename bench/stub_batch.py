"""Bedrock on this machine, for sessions with `inference: batch`: batch inference jobs, Converse and CountTokens.

    export SWARM_LOCAL_SECRET=$(openssl rand -hex 32)
    python -m bench.stub_batch --s3 http://127.0.0.1:5005 &
    SWARM_LOCAL_PORT=5005 swarm run PATH --out DIR --inference batch --model <what it prints>

Real boto3 talks to it over HTTP. What AWS refuses is refused: values that its API models do not allow, records that are
no request of Converse or name a tool, and too few of them. It reads a job's input from S3 and writes the output there
as Bedrock does, with the key of the role that it was handed, made of the cloud's secret: a permission that the role
lacks fails the job. No model is behind it.
"""

from __future__ import annotations

import argparse
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import boto3
from botocore.config import Config

from bench.bedrock_refusals import converse_problem, job_problem, record_problem, shape_problem
from bench.stub_converse import converse_response, tokens_of
from bench.stub_http import HttpAnswer, Json, JsonServer
from bench.stub_replies import kind_of, material_of, reply_to
from bench.stub_server import token_option
from local.moto import bridge as moto_bridge
from local.privileges.identity import SECRET_VARIABLE, CloudKeys

MODEL = "anthropic.claude-haiku-4-5-20251001-v1:0"
_REGION, _ACCOUNT = "eu-west-1", "123456789012"


@dataclass
class BatchBehaviour:
    """How jobs go. `looks` are answered before a job's end, `refused_every` spoils every n-th record.

    What a question contains of `fails_on` is refused in jobs and by Converse alike.
    """

    outcome: str = "Completed"
    looks: int = 1
    refused_every: int = 0
    nonsense_every: int = 0
    throttled_submits: int = 0
    throttled_looks: int = 0
    refuses: bool = False
    fails_on: str = ""
    minimum_records: int = 1


@dataclass
class BatchJob:
    """A job as it was asked for, and how far it is."""

    arn: str
    request: Json
    records: int = 0
    done: int = 0
    looks: int = 0
    status: str = "Submitted"
    message: str = ""


@dataclass
class StubBedrock(JsonServer):
    """Bedrock's batch jobs and Converse; without `s3`, jobs use the S3 of the local cloud in this process."""

    behaviour: BatchBehaviour = field(default_factory=BatchBehaviour)
    s3: str = ""
    serves: str = MODEL
    jobs: dict[str, BatchJob] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)
    conversed: int = 0
    throttled: int = 0
    asked_about: list[str] = field(default_factory=list)

    @property
    def model(self) -> str:
        """The model's name for `--model`."""
        return f"bedrock:{self.serves}@{self.url}"

    def figures(self) -> Json:
        """How many jobs, records, calls of Converse and throttled calls there were."""
        records = sum(job.done for job in self.jobs.values())
        return {"jobs": len(self.jobs), "records": records, "conversed": self.conversed, "throttled": self.throttled}

    def answer_to(self, method: str, path: str, body: Json) -> HttpAnswer:
        """One request's status and body."""
        with self._lock:
            if path.endswith("/converse"):
                return self._converse(unquote(path.split("/")[-2]), body)
            if path.endswith("/count-tokens"):
                return 200, {"inputTokens": tokens_of(body["input"]["converse"])}
            if path == "/model-invocation-job" and method == "POST":
                return self._create(body)
            arn = unquote(path.removeprefix("/model-invocation-job/"))
            if arn.endswith("/stop"):
                return self._stop(arn.removesuffix("/stop"))
            return self._look(arn)

    def _converse(self, model: str, body: Json) -> HttpAnswer:
        problem = converse_problem(model, body)
        if problem:
            return 400, {"__type": "ValidationException", "message": problem}
        question = _text_of(body["messages"][0]["content"])
        self.conversed += 1
        self.asked_about.append(question)
        if self._poisoned(question):
            return 400, {"__type": "ValidationException", "message": "the stub refuses this file"}
        return 200, _conversed(body)

    def _poisoned(self, question: str) -> bool:
        return bool(self.behaviour.fails_on) and self.behaviour.fails_on in question

    def _create(self, body: Json) -> HttpAnswer:
        if self.behaviour.throttled_submits > 0:
            self.behaviour.throttled_submits -= 1
            return self._throttle()
        if self.behaviour.refuses:
            return 400, {"__type": "ValidationException", "message": "the stub refuses this job"}
        problem = shape_problem("bedrock", "CreateModelInvocationJob", body)
        if problem:
            return 400, {"__type": "ValidationException", "message": problem}
        token = body["clientRequestToken"]
        if token not in self.jobs:
            name = uuid.uuid4().hex[:12]
            arn = f"arn:aws:bedrock:{_REGION}:{_ACCOUNT}:model-invocation-job/{name}"
            self.jobs[token] = BatchJob(arn, body)
        return 200, {"jobArn": self.jobs[token].arn}

    def _look(self, arn: str) -> HttpAnswer:
        if self.behaviour.throttled_looks > 0:
            self.behaviour.throttled_looks -= 1
            return self._throttle()
        job = self._job(arn)
        if job is None:
            return 404, {"__type": "ResourceNotFoundException", "message": "no such job"}
        job.looks += 1
        if job.status in {"Submitted", "InProgress"}:
            job.status = "InProgress"
            if job.looks > self.behaviour.looks:
                self._end(job)
        times = {"submitTime": "2026-01-01T00:00:00Z"}
        plain = {name: job.request[name] for name in ("modelId", "roleArn", "inputDataConfig", "outputDataConfig")}
        counts = {"totalRecordCount": job.records, "processedRecordCount": job.done}
        return 200, {"jobArn": job.arn, "status": job.status, "message": job.message, **plain, **times, **counts}

    def _stop(self, arn: str) -> HttpAnswer:
        job = self._job(arn)
        if job is None:
            return 404, {"__type": "ResourceNotFoundException", "message": "no such job"}
        if job.status not in {"Submitted", "InProgress"}:
            return 409, {"__type": "ConflictException", "message": "the job is over"}
        job.status = "Stopped"
        self.stopped.append(arn)
        return 200, {}

    def _throttle(self) -> HttpAnswer:
        self.throttled += 1
        return 429, {"__type": "ThrottlingException", "message": "Too many requests"}

    def _job(self, arn: str) -> BatchJob | None:
        return next((job for job in self.jobs.values() if job.arn == arn), None)

    def _end(self, job: BatchJob) -> None:
        try:
            lines = self._input(job)
            job.records = len(lines)
            problem = job_problem(lines, self.behaviour.minimum_records)
            if problem:
                job.status, job.message = "Failed", problem
            elif self.behaviour.outcome in {"Completed", "PartiallyCompleted"}:
                self._write(job, lines)
                job.status = self.behaviour.outcome
            else:
                job.status, job.message = self.behaviour.outcome, "the stub's behaviour ends jobs so"
        except Exception as error:  # noqa: BLE001  whatever goes wrong in a job is the job's end, and its message
            job.status, job.message = "Failed", f"{type(error).__name__}: {error}"

    def _client(self, job: BatchJob) -> Any:
        given = os.environ.get(SECRET_VARIABLE)
        keys = CloudKeys(given) if given else moto_bridge.current().keys
        key = keys.of_role(job.request["roleArn"])
        return boto3.session.Session().client(
            "s3",
            region_name=_REGION,
            endpoint_url=self.s3 or f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
            aws_access_key_id=key.id,
            aws_secret_access_key=key.secret,
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def _input(self, job: BatchJob) -> list[Json]:
        bucket, key = _place(job.request["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])
        body = self._client(job).get_object(Bucket=bucket, Key=key)["Body"].read()
        return [json.loads(line) for line in body.split(b"\n") if line]

    def _write(self, job: BatchJob, lines: list[Json]) -> None:
        bucket, prefix = _place(job.request["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"])
        _, key = _place(job.request["inputDataConfig"]["s3InputDataConfig"]["s3Uri"])
        folder = f"{prefix.rstrip('/')}/{job.arn.rpartition('/')[2]}/"
        results = list(self._answered(job, lines))
        errors = sum("error" in result for result in results)
        totals = {"totalRecordCount": len(results), "processedRecordCount": len(results), "errorRecordCount": errors}
        # Bedrock promises no order of a job's output.
        body = "".join(f"{json.dumps(result)}\n" for result in reversed(results)).encode()
        client = self._client(job)
        client.put_object(Bucket=bucket, Key=f"{folder}{key.rpartition('/')[2]}.out", Body=body)
        client.put_object(Bucket=bucket, Key=f"{folder}manifest.json.out", Body=json.dumps(totals).encode())
        job.done = len(results)

    def _answered(self, job: BatchJob, lines: list[Json]) -> Iterator[Json]:
        for number, line in enumerate(lines, start=1):
            request = line.get("modelInput", {})
            problem = record_problem(job.request, request)
            every = self.behaviour.refused_every
            question = "" if problem else _text_of(request["messages"][0]["content"])
            if not problem and (self._poisoned(question) or (every and number % every == 0)):
                problem = "the stub refuses this record"
            if problem:
                yield {**line, "error": {"errorCode": 400, "errorMessage": problem}}
                continue
            spoilt = self.behaviour.nonsense_every and number % self.behaviour.nonsense_every == 0
            reply = {"files": "nonsense"} if spoilt else _answer_to(question)
            yield {**line, "modelOutput": converse_response(request, json.dumps(reply))}


def _answer_to(question: str) -> Json:
    return reply_to(kind_of("", question), material_of(question))


def _text_of(content: list[Json]) -> str:
    return "\n".join(block["text"] for block in content if "text" in block)


def _conversed(body: Json) -> Json:
    return converse_response(body, json.dumps(_answer_to(_text_of(body["messages"][0]["content"]))))


def _place(uri: str) -> tuple[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--s3", required=True, help="where the local cloud's S3 is")
    parser.add_argument("--port", type=int, default=0)
    for name, about in (
        ("looks", "looks at a job before it ends"),
        ("refused-every", "every n-th record fails"),
        ("nonsense-every", "every n-th answer breaks its contract"),
        ("throttled-submits", "submits answered 429 first"),
        ("throttled-looks", "looks answered 429 first"),
    ):
        parser.add_argument(f"--{name}", type=int, default=getattr(BatchBehaviour, name.replace("-", "_")), help=about)
    parser.add_argument("--outcome", default="Completed", help="Completed, PartiallyCompleted, Failed, or Expired")
    token_option(parser)
    options = vars(parser.parse_args())
    where = {name: options.pop(name) for name in ("s3", "port")} | {"secret": options.pop("token")}
    with StubBedrock(BatchBehaviour(**options), **where) as stub:
        stub.serve_until_interrupted()


if __name__ == "__main__":
    main()
