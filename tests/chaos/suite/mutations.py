"""`python -m tests.chaos.suite.mutations`: takes the handling of a fault out of the product; its kind must then fail.

A mutation changes the state machine, the source that functions and tasks run, or the reaper's schedule, of one cloud.
Exit code 1 when a mutation stays unnoticed with every seed it was tried with.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.lambda_ import environment, function_code
from local.lambda_.shared_code import SharedCode
from local.moto import bridge as moto_bridge
from tests.chaos.suite.__main__ import play
from tests.chaos.suite.kinds import BY_NAME
from tests.chaos.suite.world import World
from workflow import definition

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Replacement:
    """Text of a source file, and what stands there instead."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    """What is taken out, and the kind of fault that it handled; `errors`: no Retry and no Catch names them any more."""

    kind: str
    what: str
    errors: tuple[str, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    reaps: bool = True
    announces_tasks: bool = True
    heartbeats: bool = True


_ONE_TRY = (
    Replacement("agents/aws/clients.py", '"total_max_attempts": 4', '"total_max_attempts": 1'),
    Replacement("agents/aws/clients.py", '"total_max_attempts": 3', '"total_max_attempts": 1'),
)
_NO_REPAIR = (Replacement("agents/models/asking.py", "retries=REPAIRS", "retries=0"),)
_NO_CLAIM = (
    Replacement(
        "agents/aws/claims.py",
        '"attribute_not_exists(pk) OR #status',
        '"attribute_exists(pk) OR attribute_not_exists(pk) OR #status',
    ),
)
_STORE = ("StoreThrottled",)
_NO_NAMES = (
    Replacement("agents/models/replies.py", 'raise _ours(error)(f"{model}: {_plain(error)}") from error', "raise"),
)
_NOT_SIGNED_ANEW = (Replacement("agents/aws/failures.py", "_THROTTLES | _SIGNED_TOO_EARLY:", "_THROTTLES:"),)
_NO_RETURN = (Replacement("agents/roles/closer/run.py", "ports.ledger.give_back(session.session_id)", "pass"),)
_TAKEN_OVER = (
    Replacement("agents/roles/intake/opening.py", "elif ports.executions.is_running(holder.execution):", "elif True:"),
)

MUTATIONS = (
    Mutation("model_429_storm", "the retriers of ModelThrottled", ("ModelThrottled",)),
    Mutation("model_503_storm", "the retriers of ModelUnavailable", ("ModelUnavailable",)),
    Mutation("model_outage", "the names of a model's errors", (), _NO_NAMES),
    Mutation(
        "model_slow",
        "the time that an answer may take",
        (),
        (Replacement("agents/models/provider.py", "timeout=access.timeout_seconds,", "timeout=1,"),),
    ),
    Mutation("model_hung", "the retriers of ModelUnavailable", ("ModelUnavailable",)),
    Mutation("model_connection_reset", "the retriers of ModelUnavailable", ("ModelUnavailable",)),
    Mutation("model_malformed_reply", "the repair of a reply", (), _NO_REPAIR),
    Mutation(
        "model_truncated_reply",
        "the second question after a reply that was cut",
        (),
        (*_NO_REPAIR, Replacement("agents/models/provider.py", "if left < 1:", "if left < 9:")),
    ),
    Mutation("model_empty_reply", "the repair of a reply", (), _NO_REPAIR),
    Mutation(
        "model_answer_of_another_protocol",
        "the name of an error that a library did not foresee",
        (),
        (
            Replacement("agents/models/replies.py", "raise _of_unforeseen(error, model) from error", "raise"),
            Replacement("agents/models/replies.py", 'raise _of_unforeseen(error, "the model") from error', "raise"),
        ),
    ),
    Mutation(
        "model_huge_reply",
        "the end of a session whose model bills more than it may",
        (),
        (Replacement("agents/models/metered.py", "if cost.usd > reservation.usd + _ROUNDING:", "if False:"),),
    ),
    Mutation("table_throttled", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation("table_500", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation("table_answer_lost", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation("table_connection_reset", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation(
        "table_transaction_conflict",
        "the ledger's turns, and the retriers of StoreThrottled",
        _STORE,
        (Replacement("agents/aws/item_changes.py", "_LONGEST_PAUSE = 12,", "_LONGEST_PAUSE = 1,"),),
    ),
    Mutation(
        "ledger_answer_lost",
        "the condition of a settlement",
        (),
        (
            Replacement(
                "agents/aws/ledger_changes.py",
                '"attribute_exists(lost)" if lost else _LIVE',
                '""',
            ),
        ),
    ),
    Mutation("s3_write_500", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation("s3_read_503", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation(
        "s3_read_slow",
        "the patience with an answer, and the retries",
        _STORE,
        (
            *_ONE_TRY,
            Replacement(
                "agents/aws/clients.py", "read_timeout=60,\n        retries", "read_timeout=1,\n        retries"
            ),
        ),
    ),
    Mutation("s3_read_cut_off", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation("s3_write_answer_lost", "the retries of botocore and of StoreThrottled", _STORE, _ONE_TRY),
    Mutation("token_expired", "that a signature's age is a reason to try again", (), _NOT_SIGNED_ANEW),
    Mutation("clock_skew", "that a signature's age is a reason to try again", (), _NOT_SIGNED_ANEW),
    Mutation("function_killed", "the retriers and the escalation of Runtime.ExitError", ("Runtime.ExitError",)),
    Mutation("function_killed_twice", "the return of what calls that died have reserved", (), _NO_RETURN),
    Mutation("function_stopped", "the retriers and the escalation of Runtime.ExitError", ("Runtime.ExitError",)),
    Mutation("function_disk_full", "the escalation of Runtime.ExitError", ("Runtime.ExitError",)),
    Mutation(
        "lambda_service_error",
        "the retriers of Lambda's errors",
        ("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.Unknown"),
    ),
    Mutation("lambda_throttled", "the retriers of TooManyRequestsException", ("Lambda.TooManyRequestsException",)),
    Mutation("task_killed", "On-Demand after a killed task", ("TaskKilled",)),
    Mutation("task_stopped_as_spot", "On-Demand after an interruption", ("TaskInterrupted", "TaskKilled")),
    # A caught heartbeat is no gap: what the task has stored before its callback counts.
    Mutation("callback_lost", "the watch over ended tasks, and heartbeats", announces_tasks=False, heartbeats=False),
    Mutation(
        "callback_500",
        "the retries of botocore, the report of a failure, the watch over ended tasks, and heartbeats",
        (),
        (
            *_ONE_TRY,
            Replacement(
                "agents/shells/fargate_task.py", "self.answer.fail(_outward_name(error), _cause(error))", "pass"
            ),
        ),
        announces_tasks=False,
        heartbeats=False,
    ),
    Mutation("event_doubled", "the condition of a claim", (), _NO_CLAIM),
    Mutation("event_late", "the condition of a claim", (), _NO_CLAIM),
    Mutation("two_runs_of_one_snapshot", "the condition of a claim", (), _NO_CLAIM),
    Mutation("execution_stopped", "the reaper", reaps=False),
    Mutation(
        "taken_over_while_closing",
        "the condition of closing",
        (),
        (
            Replacement(
                "agents/aws/claims.py",
                'change, "#execution = :me", values',
                'change, "attribute_exists(pk) OR #execution = :me", values',
            ),
        ),
    ),
    Mutation("cloud_restarted", "taking over from a dead execution", (), _TAKEN_OVER),
    Mutation("command_killed", "taking over from a dead execution", (), _TAKEN_OVER),
)
#: Kinds whose fault no code of ours handles, and why.
NO_MUTATION = {
    "callback_doubled": "Step Functions refuses the second answer of a task token, and a refused task changes nothing",
    "callback_answer_lost": "botocore answers the token again, and Step Functions refuses that, as it does a second one",
    "function_clock_wrong": "what compares the clocks of two machines (a lease's end, the age of an unsent event) only "
    "decides who cleans up, and the ledger counts a call whoever gives its lease back",
}


@contextmanager
def mutated(mutation: Mutation) -> Iterator[World]:
    """A cloud whose product lacks the handling."""
    world = World()
    with pytest.MonkeyPatch.context() as patch:
        unpack = environment.unpack

        def unpack_mutated(code: bytes, folder: Path) -> Path:
            root = unpack(code, folder)
            _replace(mutation, root, again=True)
            return root

        def use_tree(begun: World) -> None:
            tree = begun.folder / "tree"
            if not tree.exists():
                shutil.copytree(ROOT / "agents", tree / "agents", ignore=shutil.ignore_patterns("__pycache__"))
                _replace(mutation, tree)
            moto_bridge.current().code = tree

        # The code that clouds share stays as it is.
        patch.setattr(SharedCode, "of", lambda _: None)
        patch.setattr(function_code, "unpack", unpack_mutated)
        if not mutation.announces_tasks:
            patch.setattr(moto_bridge, "announce_end", lambda _: None)
        world.change = lambda machine: unnamed(machine, mutation.errors, mutation.heartbeats)
        world.on_start = use_tree
        world.reaps = mutation.reaps
        with world:
            yield world


def unnamed(machine: dict[str, Any], errors: tuple[str, ...], heartbeats: bool = True) -> dict[str, Any]:
    """The state machine whose retriers and catchers name these errors no more, and which waits for no heartbeat."""
    for state in definition.states(machine):
        if not heartbeats:
            state.body.pop("HeartbeatSecondsPath", None)
        for kind in ("Retry", "Catch"):
            for rule in state.body.get(kind, []):
                rule["ErrorEquals"] = [name for name in rule["ErrorEquals"] if name not in errors]
            if kind in state.body:
                state.body[kind] = [rule for rule in state.body[kind] if rule["ErrorEquals"]]
    return machine


def _replace(mutation: Mutation, root: Path, again: bool = False) -> None:
    for replacement in mutation.replacements:
        file = root / replacement.file
        text = file.read_text(encoding="utf-8")
        if again and replacement.new in text and replacement.old not in text:
            continue
        assert replacement.old in text, f"{replacement.file} has no more {replacement.old!r}: mend the mutation"
        file.write_text(text.replace(replacement.old, replacement.new), encoding="utf-8")


def main() -> int:
    """Try every mutation, or those of the kinds that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    # A fault may hit a question whose answer has a substitute, as an editor's has: one seed in three, or in four.
    parser.add_argument("--seeds", type=int, default=8, help="seeds to try until the mutation is noticed")
    parser.add_argument("--kinds", default="", help="names, separated by commas; all of them by default")
    options = parser.parse_args()
    chosen = [each for each in MUTATIONS if not options.kinds or each.kind in options.kinds.split(",")]
    unnoticed = 0
    for mutation in chosen:
        with mutated(mutation) as world:
            noticed: list[str] = []
            seed = 0
            while not noticed and seed < options.seeds:
                seed += 1
                noticed = play(world, BY_NAME[mutation.kind], seed).problems
        unnoticed += not noticed
        said = {"kind": mutation.kind, "without": mutation.what, "noticed": bool(noticed), "seeds": seed}
        print(json.dumps({**said, "by": noticed[:1]}), flush=True)
    print(json.dumps({"mutations": len(chosen), "unnoticed": unnoticed, "kinds": len(BY_NAME)}))
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
