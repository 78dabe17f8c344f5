"""What one session costs on AWS beside the model: a pure function of its figures."""

from __future__ import annotations

from dataclasses import dataclass

from agents.costs.aws_prices import CostLine, Prices, prices

#: Fargate's disk is free up to here, in GB.
FREE_DISK_GIGABYTES = 20


@dataclass(frozen=True)
class RunFigures:
    """What was used.

    `lambda_gb_seconds` is memory in GB times billed seconds, over every invocation, retries included. `transitions`
    are the states entered, in the parent and in every child of the Distributed Map. `fargate_seconds` are the
    tasks' seconds together, each task at least 60, and the sizes are one task's. `public_address` is dev's way out.
    """

    lambda_gb_seconds: float
    lambda_requests: int
    transitions: int
    fargate_seconds: float = 0
    fargate_vcpus: float = 2
    fargate_memory_gigabytes: float = 8
    fargate_disk_gigabytes: float = 21
    public_address: bool = False
    item_writes: int = 0
    item_reads: int = 0
    object_writes: int = 0
    object_reads: int = 0
    log_gigabytes: float = 0
    traces: int = 1


def transitions(parent_states: int, batches: int, states_of_a_batch: int = 3) -> int:
    """State transitions of a session: the parent's, and those of one child execution (three states) for each batch."""
    return parent_states + batches * states_of_a_batch


def run_lines(run: RunFigures, table: Prices | None = None) -> tuple[CostLine, ...]:
    """The session's lines; those with nothing in them are left out."""
    price = (table or prices()).price
    hours = run.fargate_seconds / 3600
    disk = max(0.0, run.fargate_disk_gigabytes - FREE_DISK_GIGABYTES)
    used = (
        ("Lambda, time", run.lambda_gb_seconds, "lambda_gb_second"),
        ("Lambda, requests", run.lambda_requests, "lambda_request"),
        ("State transitions", run.transitions, "state_transition"),
        ("Fargate, CPU", hours * run.fargate_vcpus, "fargate_cpu"),
        ("Fargate, memory", hours * run.fargate_memory_gigabytes, "fargate_memory"),
        ("Fargate, disk", hours * disk, "fargate_disk"),
        ("Public addresses", hours if run.public_address else 0, "public_address"),
        ("Items written", run.item_writes, "item_write"),
        ("Items read", run.item_reads, "item_read"),
        ("Objects written", run.object_writes, "object_write"),
        ("Objects read", run.object_reads, "object_read"),
        ("Logs taken in", run.log_gigabytes, "log_ingestion"),
        ("Traces", run.traces, "trace"),
    )
    return tuple(CostLine(what=what, units=units, price=price[name]) for what, units, name in used if units)
