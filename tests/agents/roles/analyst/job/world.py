"""A session whose plan has batches, and replies as its files would get them."""

from __future__ import annotations

from agents import keys
from agents.contracts.analysis import AnalystReply, FileReply, SymbolNote
from agents.contracts.base import Lines, Statement
from agents.contracts.batch_inference import (
    BatchJob,
    CheckBatchInferenceInput,
    CheckBatchInferenceOutput,
    CollectBatchInferenceInput,
    CollectBatchInferenceOutput,
    SubmitBatchInferenceInput,
    SubmitBatchInferenceOutput,
)
from agents.contracts.snapshot import Manifest, PlannedBatch, Route, SourceFile, Sources
from agents.contracts.usage import Usage
from agents.ports import JobReply
from agents.roles.analyst.job.core import record_id
from agents.roles.analyst.job.run import check, collect, submit
from agents.settings import AgentSettings
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, settings

OUTLINE = "Two folders."
SPENT = Usage(requests=1, input_tokens=10, output_tokens=2, usd=0.25)


def key(number: int) -> str:
    return f"{number:064x}"


def job_settings(**changes: object) -> AgentSettings:
    return settings("SubmitBatchInference", **{"inference": "batch", "batch_inference_minimum_records": 2, **changes})


def world(*batches: tuple[int, ...]) -> FakePorts:
    """Batches of files by number; a number that stands twice is the same bytes at two paths."""
    ports = fake_ports()
    planned = []
    for at, numbers in enumerate(batches):
        batch_id = f"b{at:05}"
        planned.append(PlannedBatch(batch_id=batch_id, route=Route.LAMBDA, reason="small", files=len(numbers), bytes=1))
        files = tuple(
            SourceFile(path=f"{at}_{place}.py", language="python", analysis_key=key(number), text="x = 1\ny = 2\n")
            for place, number in enumerate(numbers)
        )
        sources = Sources(batch_id=batch_id, files=files, outline=OUTLINE)
        ports.blobs.blobs[keys.sources(SESSION_ID, batch_id)] = sources.model_dump_json().encode()
    manifest = Manifest(session_id=SESSION_ID, repository="demo", entries=(), batches=tuple(planned))
    ports.blobs.blobs[keys.manifest(SESSION_ID)] = manifest.model_dump_json().encode()
    return ports


def answered(ports: FakePorts, number: int, path: str, end: int = 1, note: str = "") -> None:
    """The job answers about a file."""
    said = Statement(text="Does it.", lines=Lines(start=1, end=end))
    notes = (SymbolNote(symbol=note, text="Noted."),) if note else ()
    reply = AnalystReply(files=(FileReply(path=path, summary=(said,), notes=notes),))
    _output(ports, JobReply(record_id(key(number)), reply, SPENT))


def failed(ports: FakePorts, number: int) -> None:
    """The job has an error for a file."""
    _output(ports, JobReply(record_id(key(number)), None, Usage(), "refused"))


def _output(ports: FakePorts, reply: JobReply) -> None:
    job = stored_job(ports)
    place = keys.batch_inference_replies(SESSION_ID, job.name, job.arn)
    ports.jobs.replies[reply.record_id] = reply
    ports.blobs.blobs[place] = ports.blobs.blobs.get(place, b"") + reply.record_id.encode() + b"\n"


def stored_job(ports: FakePorts) -> BatchJob:
    return BatchJob.model_validate_json(ports.blobs.blobs[keys.batch_inference_job(SESSION_ID)])


def submitted(ports: FakePorts, execution: str = EXECUTION, **changes: object) -> SubmitBatchInferenceOutput:
    return submit(SubmitBatchInferenceInput(session_id=SESSION_ID, execution=execution), ports, job_settings(**changes))


def checked(ports: FakePorts, polls: int = 0) -> CheckBatchInferenceOutput:
    return check(CheckBatchInferenceInput(session_id=SESSION_ID, polls=polls), ports, job_settings())


def collected(ports: FakePorts) -> CollectBatchInferenceOutput:
    return collect(CollectBatchInferenceInput(session_id=SESSION_ID), ports, job_settings())
