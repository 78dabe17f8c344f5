"""`python -m tests.corpus.recorded FILE`: recorded executions of AWS, one JSON case a line, on the laptop's engine.

The recordings of others are no part of this repository, so their file is named. A case is run when its services'
answers are recorded and one task at most is called; the rest are counted with the reason. Prints JSON lines: the
counts, then each case that the laptop answers otherwise.
"""

from __future__ import annotations

import argparse
import json
import re
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agents.contracts.base import Contract
from tests.corpus.cases import Answer, Case, Expected
from tests.corpus.engine import answer_of, engine
from workflow import definition

_SECONDS = 20
#: Values that the recording had replaced, or that name an account: these are compared by nobody.
_REPLACED = re.compile(r"<[\w-]+(?::\d+)?>|\.\.\.|arn:aws:states:")


class Compared(Contract):
    """One recorded run beside the laptop's."""

    case: str
    uses: tuple[str, ...] = ()
    skipped: str = ""
    differs: str = ""


def compared(path: Path) -> Iterator[Compared]:
    """Every run of the file."""
    with engine():
        for line in path.read_text(encoding="utf-8").splitlines():
            recorded = json.loads(line)
            runs = recorded.get("runs") or [recorded]
            for number, run in enumerate(runs):
                yield _one(
                    recorded, {**recorded, **run}, f"{recorded['id']}#{number}" if len(runs) > 1 else recorded["id"]
                )


def _one(recorded: dict[str, Any], run: dict[str, Any], name: str) -> Compared:
    uses = tuple(map(str, recorded.get("uses", ())))
    why = _unfit(recorded, run)
    if why:
        return Compared(case=name, uses=uses, skipped=why)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_SECONDS)
    try:
        seen = answer_of(_case(recorded, run))
    except Exception as error:  # noqa: BLE001 (whatever the engine does is its answer)
        return Compared(case=name, uses=uses, differs=f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        signal.alarm(0)
    return Compared(case=name, uses=uses, differs="; ".join(_differences(run["expected"], seen)))


def _unfit(recorded: dict[str, Any], run: dict[str, Any]) -> str:
    if recorded["kind"] != "execution" or not isinstance(recorded.get("definition"), dict):
        return f"no execution: {recorded['kind']}"
    if recorded.get("choiceRuns") or "status" not in run.get("expected", {}):
        return "no status was recorded"
    if recorded.get("setup"):
        return "needs objects in S3"
    if any(str(use).endswith((".sync", ".waitForTaskToken")) for use in recorded.get("uses", ())):
        return "waits for a service: the local cloud's tests hold it"
    tasks = [state for state in definition.states(recorded["definition"]) if state.body["Type"] == "Task"]
    given = run.get("given")
    if tasks and (len(tasks) > 1 or not isinstance(given, list)):
        return "the answers of several tasks, or none, were recorded"
    return ""


def _case(recorded: dict[str, Any], run: dict[str, Any]) -> Case:
    tasks = [state.name for state in definition.states(recorded["definition"]) if state.body["Type"] == "Task"]
    answers = tuple(_answer(event) for event in run["given"]) if tasks else ()
    return Case.model_validate(
        {
            "name": "Recorded", "promise": "What AWS answered is answered here.", "definition": recorded["definition"],
            "input": run.get("input"), "tasks": dict.fromkeys(tasks, answers), "expected": Expected(status="SUCCEEDED"),
            "aws": "recorded by others",
        }
    )  # fmt: skip


def _answer(event: dict[str, Any]) -> Answer:
    if "error" in event or "cause" in event:
        cause = event.get("cause")
        return Answer(
            error=event.get("error"), cause=cause if cause is None or isinstance(cause, str) else json.dumps(cause)
        )
    return Answer(result=event.get("output"))


def _differences(expected: dict[str, Any], seen: Expected) -> Iterator[str]:
    if expected["status"] != seen.status:
        yield f"{seen.status} ({seen.error}) instead of {expected['status']} ({expected.get('error')})"
    elif seen.status == "FAILED" and expected.get("error") != seen.error:
        yield f"error {seen.error} instead of {expected.get('error')}"
    elif (
        "output" in expected
        and not _REPLACED.search(json.dumps(expected["output"]))
        and expected["output"] != seen.output
    ):
        yield f"output {json.dumps(seen.output)[:120]} instead of {json.dumps(expected['output'])[:120]}"


def _too_long(*_: object) -> None:
    raise TimeoutError(f"no end after {_SECONDS} s")


def main() -> None:
    """Compare the file that is named, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    results = list(compared(parser.parse_args().file))
    skipped = Counter(result.skipped for result in results if result.skipped)
    run = [result for result in results if not result.skipped]
    differ = [result for result in run if result.differs]
    print(json.dumps({"runs": len(results), "compared": len(run), "agree": len(run) - len(differ), "skipped": skipped}))
    for result in differ:
        print(result.model_dump_json(exclude={"skipped"}))


if __name__ == "__main__":
    main()
