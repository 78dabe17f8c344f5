"""Bedrock's batch inference jobs, through boto3."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFailed

from agents import keys
from agents.aws import clients
from agents.aws.failures import code_of
from agents.bedrock import supports_batch_inference
from agents.contracts.base import Contract
from agents.contracts.batch_inference import BatchJob, JobProgress, JobStatus
from agents.contracts.usage import Usage
from agents.errors import BatchInferenceRefused, ModelReplyInvalid, ModelThrottled, ModelUnavailable
from agents.models import converse
from agents.models.names import parse_name
from agents.models.prices import batch_price_of
from agents.ports import JobRecord, JobReply, Question
from agents.questions.prompt import prompt_of
from agents.settings import AgentSettings

if TYPE_CHECKING:
    from types_boto3_bedrock import BedrockClient

    from agents.models.prices import TokenPrice

_THROTTLED = frozenset({"ThrottlingException", "ServiceQuotaExceededException", "TooManyRequestsException", "429"})
_DOWN = frozenset({"InternalServerException", "ServiceUnavailableException", "500", "502", "503", "504"})
#: Bedrock gives a job a day at least and a week at most.
_SHORTEST_HOURS, _LONGEST_HOURS = 24, 168
_MESSAGE_LIMIT = 300


class BedrockBatchJobs:
    """A BatchInference for the analyst's model. Nothing is built before the first question: few states ask any."""

    def __init__(self, settings: AgentSettings) -> None:
        self._settings = settings
        self._name = settings.model_of("analyst")

    @cached_property
    def _client(self) -> BedrockClient:
        return clients.bedrock(parse_name(self._name).base_url)

    @cached_property
    def _price(self) -> TokenPrice:
        if not supports_batch_inference(self._name):
            raise BatchInferenceRefused(f"{self._name}: AWS's list names no batch inference for this model")
        return batch_price_of(self._name, self._settings.model_prices)

    def record(self, record_id: str, question: Question[Contract]) -> JobRecord:
        """The question as a line of the job's input."""
        price, prompt, most = self._price, prompt_of(question), question.max_output_tokens
        line = converse.record_of(record_id, prompt.system, prompt.user, question.reply_type, most)
        return JobRecord(line, price.at_most(len(line), most))

    def submit(self, job: BatchJob) -> str:
        """Ask for the job; its ARN. Raises ModelThrottled, ModelUnavailable, or BatchInferenceRefused."""
        bucket = f"s3://{self._settings.context_bucket}/"
        hours = math.ceil((job.deadline - job.submitted_at) / 3600)
        with _our_errors(job.name):
            answer = self._client.create_model_invocation_job(
                jobName=job.name,
                clientRequestToken=job.name,
                roleArn=self._settings.batch_inference_role,
                modelId=parse_name(self._name).model,
                modelInvocationType=converse.INVOCATION_TYPE,
                inputDataConfig={
                    "s3InputDataConfig": {
                        "s3InputFormat": "JSONL",
                        "s3Uri": bucket + keys.batch_inference_input(job.session_id, job.name),
                    }
                },
                outputDataConfig={
                    "s3OutputDataConfig": {"s3Uri": bucket + keys.batch_inference_output(job.session_id)}
                },
                timeoutDurationInHours=min(_LONGEST_HOURS, max(_SHORTEST_HOURS, hours)),
            )
        return answer["jobArn"]

    def check(self, arn: str) -> JobProgress:
        """Where the job stands. Raises as submit."""
        with _our_errors(arn):
            answer = self._client.get_model_invocation_job(jobIdentifier=arn)
        return JobProgress(
            status=JobStatus(answer["status"]),
            message=answer.get("message", "")[:_MESSAGE_LIMIT],
            processed=answer.get("processedRecordCount", 0),
        )

    def stop(self, arn: str) -> None:
        """Ask AWS to stop the job; one that is over stays as it is. Raises as submit."""
        try:
            with _our_errors(arn):
                self._client.stop_model_invocation_job(jobIdentifier=arn)
        except BatchInferenceRefused as error:
            cause = error.__cause__
            if not isinstance(cause, ClientError) or code_of(cause) != "ConflictException":
                raise

    def reply(self, line: bytes, reply_type: type[Contract]) -> JobReply | None:
        """A line of the job's output; None if it is not even that."""
        try:
            answer = json.loads(line)
            record_id = str(answer["recordId"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
        output = answer.get("modelOutput")
        if not isinstance(output, dict):
            return JobReply(record_id, None, Usage(), f"{answer.get('error')}"[:_MESSAGE_LIMIT])
        usage = converse.usage_of(output, self._price)
        try:
            return JobReply(record_id, converse.reply_of(output, reply_type), usage)
        except ModelReplyInvalid as problem:
            return JobReply(record_id, None, usage, f"{problem}")


@contextmanager
def _our_errors(what: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        message = f"{what}: {error}"[:_MESSAGE_LIMIT]
        if code_of(error) in _THROTTLED:
            raise ModelThrottled(message) from error
        if code_of(error) in _DOWN:
            raise ModelUnavailable(message) from error
        raise BatchInferenceRefused(message) from error
    except (ConnectionFailed, HTTPClientError) as error:
        raise ModelUnavailable(f"{what}: {error}"[:_MESSAGE_LIMIT]) from error
