"""The record of a session's batch inference job, and how the job is ended when its session is over."""

from __future__ import annotations

from agents import keys
from agents.contracts.batch_inference import BatchJob, JobProgress, JobReservation
from agents.contracts.usage import Usage
from agents.errors import BatchInferenceRefused, BlobMissing
from agents.ports import Ports, Reservation


def job_of(session_id: str, ports: Ports) -> BatchJob | None:
    """The session's job, if it has ever planned one."""
    try:
        return BatchJob.model_validate_json(ports.blobs.read(keys.batch_inference_job(session_id)))
    except BlobMissing:
        return None


def save_job(job: BatchJob, ports: Ports) -> BatchJob:
    """Write the job as it stands now."""
    ports.blobs.write(keys.batch_inference_job(job.session_id), job.model_dump_json().encode())
    return job


def end_job(session_id: str, ports: Ports) -> str:
    """Stop the session's job if it may still run, and settle what was held for it; its ARN, empty if there is none.

    AWS asks money for the records that it has processed; without their tokens, their share of the most is assumed.
    """
    job = job_of(session_id, ports)
    if job is None or job.collected:
        return ""
    progress = stopped(job, ports)
    cost = job.most_usd * min(1.0, progress.processed / job.records) if progress and job.records else 0.0
    settle(job, cost, ports)
    status = progress.status.value if progress else ""
    save_job(job.with_changes(held=None, collected=True, status=status, usd=cost), ports)
    return job.arn


def stopped(job: BatchJob, ports: Ports) -> JobProgress | None:
    """What AWS says of the job, which is asked to stop if it is not over; None where AWS knows no such job."""
    if not job.arn:
        return None
    try:
        progress = ports.jobs.check(job.arn)
        if not progress.status.over:
            ports.jobs.stop(job.arn)
    except BatchInferenceRefused:
        return None
    return progress


def settle(job: BatchJob, usd: float, ports: Ports, usage: Usage = Usage()) -> None:  # noqa: B008 (frozen)
    """Write what the job did cost and give the rest back; a second time changes nothing."""
    if job.held is not None:
        ports.ledger.settle(Reservation(session_id=job.session_id, **job.held.model_dump()), usd, usage)


def reserved(reservation: Reservation) -> JobReservation:
    """A reservation in the job's own record."""
    return JobReservation(lease=reservation.lease, usd=reservation.usd, expires_at=reservation.expires_at)
