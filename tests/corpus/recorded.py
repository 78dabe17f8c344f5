"""`python -m tests.corpus.recorded FILE`: recorded executions of AWS, one JSON case a line, on the laptop's engine.

The recordings of others are no part of this repository, so their file is named. A case is run when its services'
answers are recorded; the rest are counted with the reason. Prints JSON lines: the
counts, then each case that the laptop answers otherwise, then those of which the README says nothing.
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

from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from agents.contracts.base import Contract
from tests.corpus.cases import Expected
from tests.corpus.engine import ROLE, answer_of, engine
from tests.corpus.recorded_forms import case_of, runs_of, why_not

_SECONDS = 20
PAGE = Path(__file__).with_name("aws_recorded") / "README.md"
#: Values that the recording had replaced, or that name an account: these are compared by nobody.
_REPLACED = re.compile(r"<[\w-]+(?::\d+)?>|\.\.\.|arn:aws:states:")
_WHERE = re.compile(r"^An error occurred while executing the state '[^']*' \(entered at the event id #\w+\)\. ")
_NESTED = {"Map", "Parallel", "Succeed"}


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
            for name, run in runs_of(json.loads(line)):
                yield _one(name, run)


def _one(name: str, run: dict[str, Any]) -> Compared:
    uses = tuple(map(str, run.get("uses", ())))
    why = why_not(run)
    if why:
        return Compared(case=name, uses=uses, skipped=why)
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_SECONDS)
    try:
        if run["kind"] == "validate":
            return Compared(case=name, uses=uses, differs=_refused_otherwise(run))
        seen = answer_of(case_of(run))
    except Exception as error:  # noqa: BLE001 (whatever the engine does is its answer)
        return Compared(case=name, uses=uses, differs=f"{type(error).__name__}: {str(error)[:200]}")
    finally:
        signal.alarm(0)
    return Compared(case=name, uses=uses, differs="; ".join(_differences(run, seen)))


def _refused_otherwise(run: dict[str, Any]) -> str:
    refused = refusal_of(run["definition"])
    expected = run["expected"]["result"] != "OK"
    if expected == bool(refused):
        return ""
    return f"refused: {refused[:200]}" if refused else f"accepted instead of {run['expected'].get('cause', '')[:120]}"


def refusal_of(machine: dict[str, Any]) -> str:
    """Why CreateStateMachine of the laptop refuses the definition; nothing where it accepts it."""
    backend = StepFunctionsParserBackend("eu-west-1", "111122223333")
    try:
        backend.create_state_machine(name="recorded", definition=json.dumps(machine), roleArn=ROLE)
    except AWSError as refusal:
        return refusal.message or "refused"
    return ""


def _differences(run: dict[str, Any], seen: Expected) -> Iterator[str]:
    expected = run["expected"]
    if expected["status"] != seen.status:
        yield f"{seen.status} ({seen.error}: {seen.cause}) instead of {expected['status']} ({expected.get('error')})"
        return
    if seen.status == "FAILED" and expected.get("error") != seen.error:
        yield f"error {seen.error} instead of {expected.get('error')}"
    if seen.status == "FAILED" and isinstance(expected.get("cause"), str):
        wanted, real = (_comparable(cause or "") for cause in (expected["cause"], seen.cause))
        if not real.startswith(wanted):
            yield f"cause {seen.cause!r} instead of {expected['cause']!r}"
    if "output" in expected and not _agree(expected["output"], seen.output):
        yield f"output {json.dumps(seen.output)[:120]} instead of {json.dumps(expected['output'])[:120]}"
    left, kinds = expected.get("statesLeft"), {state["Type"] for state in run["definition"]["States"].values()}
    if seen.status == "SUCCEEDED" and left and not _NESTED & kinds and tuple(left) != seen.path:
        yield f"path {seen.path} instead of {left}"


def _agree(expected: Any, seen: Any) -> bool:
    """Whether they are equal, but for the texts that the recording had replaced."""
    if isinstance(expected, str) and _REPLACED.search(expected):
        return isinstance(seen, str)
    if isinstance(expected, dict) and isinstance(seen, dict):
        return expected.keys() == seen.keys() and all(_agree(inner, seen[name]) for name, inner in expected.items())
    if isinstance(expected, list) and isinstance(seen, list):
        return len(expected) == len(seen) and all(map(_agree, expected, seen))
    return type(expected) is type(seen) and bool(expected == seen)


def _comparable(cause: str) -> str:
    """Without what a run puts before a state's own cause, and up to where the recording is shortened."""
    return _REPLACED.split(_WHERE.sub("", cause))[0].strip()


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
    page = PAGE.read_text(encoding="utf-8")
    for case in sorted({result.case.partition("#")[0] for result in results if result.skipped or result.differs}):
        if f"`{case}`" not in page:
            print(json.dumps({"unaccounted": case}))


if __name__ == "__main__":
    main()
