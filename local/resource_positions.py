"""Pulumi's record of where each resource is declared, switched off: no engine is there that shows it.

Reading the stack for it takes a sixth of the processor time of a run of the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pulumi.runtime import resource
from pulumi.runtime.proto import source_pb2


@contextmanager
def without_positions() -> Iterator[None]:
    """Register resources without looking at the stack, until the block is left."""
    as_before = resource._get_stack_trace  # Pulumi has no setting for it
    resource._get_stack_trace = source_pb2.StackTrace
    try:
        yield
    finally:
        resource._get_stack_trace = as_before
