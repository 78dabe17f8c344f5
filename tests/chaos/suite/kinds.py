"""The kinds of fault: name, where it strikes, how it is injected, and how a run that met it may end.

The moment is a number of events that the seed chooses (the n-th question, write, read, request, callback); no clock.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bench.stub_server import Fault
from tests.chaos.suite import command, hands, model, tap
from tests.chaos.suite.tap import Armed, Effect, Seen
from tests.chaos.suite.world import Run, World

Chance: TypeAlias = random.Random
#: Errors by which an agent says that what it needs failed again and again.
STORE = frozenset({"StoreThrottled", "ClientError"})
_MODULES, _FEW_LINES, _MANY_LINES = 4, 3, 70


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    `whole`: the run must end published without a gap. `fails`: it must end FAILED. `errors`: the names that a failure or
    a gap may have. `once`: no question may be paid twice. `unanswered`: what a call costs is not known, and the ledger
    counts all that was reserved for it.
    """

    name: str
    where: str
    stage: Callable[[World, Chance], tuple[Run, int]]
    whole: bool = True
    fails: bool = False
    errors: frozenset[str] = frozenset()
    once: bool = False
    unanswered: bool = False


def _asks(
    what: Fault | str, window: tuple[int, int], times: tuple[int, int] = (1, 1)
) -> Callable[[World, Chance], tuple[Run, int]]:
    """A fault of the model at a question of the window."""

    def stage(world: World, chance: Chance) -> tuple[Run, int]:
        world.model.begin(0.02)
        world.model.armed = model.ModelFault(what, chance.randint(*window), chance.randint(*times))
        run = world.run(world.repository(_MODULES, _FEW_LINES))
        return run, world.model.armed.fired

    return stage


def _requests(
    matches: Callable[[Seen], bool],
    effect: Effect,
    window: tuple[int, int],
    times: tuple[int, int] = (1, 1),
    on_task: bool = False,
) -> Callable[[World, Chance], tuple[Run, int]]:
    """A fault of the cloud at a request of the window; `on_task` needs batches that run on Fargate."""

    def stage(world: World, chance: Chance) -> tuple[Run, int]:
        world.model.begin(0.02)
        repository = world.repository(_MODULES, _MANY_LINES if on_task else _FEW_LINES)
        world.tap.armed = armed = Armed(matches, effect, chance.randint(*window), chance.randint(*times))
        try:
            return world.run(repository), len(armed.fired)
        finally:
            world.tap.armed = None

    return stage


def _of(*operations: str) -> Callable[[Seen], bool]:
    return lambda seen: seen.by_agent and seen.operation in operations


def _writes_of(service: str) -> Callable[[Seen], bool]:
    return lambda seen: seen.by_agent and seen.writes and seen.operation.startswith(service)


def _settles(seen: Seen) -> bool:
    return (
        seen.by_agent and seen.operation == "dynamodb.TransactWriteItems" and b'"Delete"' in seen.body
    )  # of a reservation


def _of_function(seen: Seen) -> bool:
    return seen.by_agent and not _of_task(seen)


def _of_task(seen: Seen) -> bool:
    return seen.by_agent and seen.signer.endswith("-task") and "batch" in seen.signer


def _any_service(seen: Seen) -> bool:
    return seen.by_agent and seen.operation.startswith(("dynamodb.", "s3."))


def _calls(seen: Seen) -> bool:
    return seen.operation == "lambda.Invoke" and seen.signer.endswith("-documentation")


_THROTTLED = tap.refuses("400 Bad Request", "ProvisionedThroughputExceededException")
_CONFLICT = tap.refuses(
    "400 Bad Request",
    "TransactionCanceledException",
    "Transaction cancelled, please refer cancellation reasons for specific reasons [TransactionConflict]",
    CancellationReasons=[{"Code": "TransactionConflict"}, {"Code": "None"}],
)
_EXPIRED = tap.refuses(
    "400 Bad Request", "ExpiredTokenException", "The security token included in the request is expired"
)
_SKEWED = tap.refuses(
    "403 Forbidden", "RequestTimeTooSkewed", "The difference between the request time and ours is too large"
)
_EXIT = frozenset({"Runtime.ExitError"})

KINDS = (
    # A state tries 8 times more: a storm of 8 refusals is ridden out wherever it begins, an outage is not.
    Kind("model_429_storm", "model", _asks(Fault.THROTTLED, (1, 10), (4, 8)), once=True),
    Kind("model_503_storm", "model", _asks(Fault.UNAVAILABLE, (1, 10), (4, 8)), once=True),
    Kind(
        "model_outage",
        "model",
        _asks(Fault.UNAVAILABLE, (1, 10), (40, 60)),
        whole=False,
        errors=frozenset({"ModelUnavailable", "TooManyGaps"}),
    ),
    Kind("model_slow", "model", _asks(Fault.SLOW, (1, 10), (1, 3)), once=True),
    Kind("model_hung", "model", _asks(model.HUNG, (1, 10)), unanswered=True),
    Kind("model_connection_reset", "model", _asks(model.RESET, (1, 10), (1, 3)), unanswered=True),
    Kind("model_malformed_reply", "model", _asks(Fault.MALFORMED, (1, 10))),
    Kind("model_truncated_reply", "model", _asks(Fault.TRUNCATED, (1, 10))),
    Kind("model_empty_reply", "model", _asks(Fault.EMPTY, (1, 10))),
    Kind(
        "model_answer_of_another_protocol",
        "model",
        _asks(model.NONSENSE, (1, 10)),
        whole=False,
        errors=frozenset({"ModelReplyInvalid"}),
        unanswered=True,
    ),
    Kind(
        "model_huge_reply",
        "model",
        _asks(model.HUGE, (1, 10)),
        whole=False,
        fails=True,
        errors=frozenset({"CallOverspent"}),
    ),
    Kind("table_throttled", "DynamoDB", _requests(_writes_of("dynamodb"), _THROTTLED, (1, 20), (1, 9))),
    Kind(
        "table_500",
        "DynamoDB",
        _requests(
            _writes_of("dynamodb"), tap.refuses("500 Internal Server Error", "InternalServerError"), (1, 20), (1, 9)
        ),
    ),
    Kind(
        "table_transaction_conflict",
        "DynamoDB",
        _requests(_of("dynamodb.TransactWriteItems"), _CONFLICT, (1, 8), (1, 6)),
    ),
    Kind("table_answer_lost", "DynamoDB", _requests(_writes_of("dynamodb"), tap.loses_answer, (1, 25))),
    Kind("ledger_answer_lost", "DynamoDB", _requests(_settles, tap.loses_answer, (1, 8))),
    Kind("table_connection_reset", "DynamoDB", _requests(_writes_of("dynamodb"), tap.resets, (1, 25), (1, 6))),
    Kind(
        "s3_write_500",
        "S3",
        _requests(_of("s3.PutObject"), tap.refuses("500 Internal Server Error", "InternalError"), (1, 8), (1, 9)),
    ),
    Kind(
        "s3_read_503", "S3", _requests(_of("s3.GetObject"), tap.refuses("503 Slow Down", "SlowDown"), (1, 12), (1, 9))
    ),
    Kind("s3_read_slow", "S3", _requests(_of("s3.GetObject"), tap.slow(1.5), (1, 12), (1, 3)), once=True),
    Kind("s3_read_cut_off", "S3", _requests(_of("s3.GetObject"), tap.halves, (1, 12))),
    Kind("s3_write_answer_lost", "S3", _requests(_of("s3.PutObject"), tap.loses_answer, (1, 8))),
    Kind("token_expired", "IAM", _requests(_any_service, _EXPIRED, (1, 60)), errors=STORE),
    Kind("clock_skew", "S3", _requests(_of("s3.PutObject", "s3.GetObject"), _SKEWED, (1, 15)), errors=STORE),
    Kind("function_clock_wrong", "Lambda", hands.wrong_clock),
    Kind("function_killed", "Lambda", _requests(_of_function, hands.kills, (1, 60))),
    Kind(
        "function_killed_twice",
        "Lambda",
        _requests(_of_function, hands.kills, (1, 60), (2, 2)),
        whole=False,
        errors=_EXIT | {"TaskExited"},  # the second may be the task that took over from the first
    ),
    Kind("function_stopped", "Lambda", _requests(_of_function, hands.terminates, (1, 60))),
    Kind(
        "function_disk_full",
        "Lambda",
        hands.full_disk,
        whole=False,
        errors=frozenset({"OSError"}),  # a process that ends for it is followed by a task with a disk of its own
    ),
    Kind(
        "lambda_service_error",
        "Lambda",
        _requests(_calls, tap.refuses("500 Internal Server Error", "ServiceException"), (1, 7), (1, 4)),
    ),
    Kind(
        "lambda_throttled",
        "Lambda",
        _requests(_calls, tap.refuses("429 Too Many Requests", "TooManyRequestsException"), (1, 7), (1, 3)),
    ),
    Kind("task_killed", "Fargate", _requests(_of_task, hands.kills, (1, 20), on_task=True)),
    Kind("task_stopped_as_spot", "Fargate", _requests(_of_task, hands.interrupts, (1, 20), on_task=True)),
    Kind(
        "callback_lost", "Step Functions", _requests(_of("states.SendTaskSuccess"), tap.swallows, (1, 2), on_task=True)
    ),
    Kind(
        "callback_doubled",
        "Step Functions",
        _requests(_of("states.SendTaskSuccess"), tap.doubles, (1, 2), on_task=True),
        once=True,
    ),
    Kind(
        "callback_answer_lost",
        "Step Functions",
        _requests(_of("states.SendTaskSuccess"), tap.loses_answer, (1, 2), on_task=True),
        once=True,
    ),
    Kind(
        "callback_500",
        "Step Functions",
        _requests(
            _of("states.SendTaskSuccess"),
            tap.refuses("500 Internal Server Error", "InternalFailure"),
            (1, 2),
            (1, 2),
            on_task=True,
        ),
        once=True,
    ),
    Kind("event_doubled", "EventBridge", hands.doubled_event, once=True),
    Kind("event_late", "EventBridge", hands.late_event, once=True),
    Kind("two_runs_of_one_snapshot", "Step Functions", hands.two_runs, once=True),
    Kind(
        "execution_stopped",
        "Step Functions",
        hands.stopped_execution,
        whole=False,
        errors=frozenset({"ExecutionLost", "Chaos"}),
    ),
    Kind("taken_over_while_closing", "Step Functions", hands.taken_over),
    Kind("cloud_restarted", "laptop", hands.restarted),
    Kind("command_killed", "laptop", command.killed_command),
)
BY_NAME = {kind.name: kind for kind in KINDS}
