"""What moto still reads otherwise than the language wants it: each test takes a repair out, and its case fails."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from local.moto.repairs import replacements, without
from tests.corpus.cases import Case, cases
from tests.corpus.compared import differences
from tests.corpus.engine import answer_of, engine
from tests.local.still import still_needs

BY_NAME = {case.name: case for case in cases()}
#: Each repair, by the end of its name, and a case that moto fails without it.
SHOWN = {
    "Preprocessor._inner_string_of": "Names, a state's name in quotes",
    "from_string_literal": "Function, of a written text beyond the basic plane",
    "Preprocessor.visitString_intrinsic_function": "Function, ArrayRange downwards",
    "Preprocessor.visitChoice_rule_comparison_variable": "Variables, of a rule",
    "ChoiceRule._eval_body": "Variables, of a rule",
    "AssignTemplateBindingStringExpressionSimple._field_name": "Map, no source of its items",
    "StringVariableSample._eval_body": "Variables, a path into one",
    "ComparisonFuncValue._eval_body": "Choice, an escaped star",
    "ComparisonFuncStringVariableSample._eval_body": "Variables, in a Choice",
    "Timestamp._from_timestamp_string": "Wait, a written timestamp with its offset",
    "Timestamp._get_wait_seconds": "Wait, a timestamp with its offset",
    "Error._eval_body": "Fail, a number for its error",
    "Cause._eval_body": "Fail, an object for its cause",
    "InputPath._eval_body": "Path, how far an InputPath got",
    "OutputPath._eval_body": "Path, the last name of an OutputPath",
    "ResultWriter._eval_body": "Distributed Map, the writer reads the input",
    "ContextObject.__init__": "Path, a redrive count",
    "TimeoutSecondsPath._eval_seconds": "Task, TimeoutSecondsPath to zero",
    "HeartbeatSecondsPath._eval_seconds": "Task, HeartbeatSecondsPath to zero",
    "MaxConcurrencyPath._eval_max_concurrency": "Map, MaxConcurrencyPath to a fraction",
    "ToleratedFailureCountPath._eval_tolerated_failure_count": "Distributed Map, ToleratedFailureCountPath to true",
    "ToleratedFailurePercentagePath._eval_tolerated_failure_percentage": (
        "Distributed Map, ToleratedFailurePercentagePath to true"
    ),
}


@pytest.fixture(autouse=True)
def repaired() -> Iterator[None]:
    with engine():
        yield


def read_anew(case: Case, reason: str) -> Case:
    """The case with a comment: what was read of a definition is remembered by its text."""
    return case.model_copy(update={"own": {**(case.own or {}), "Comment": reason}})


def differs(case: Case) -> bool:
    """Whether the engine does otherwise; what is no answer at all differs too."""
    try:
        return differences(case.expected, answer_of(case)) != []
    except ValueError:
        return True


@still_needs(*SHOWN)
@pytest.mark.parametrize(("repair", "name"), SHOWN.items())
def test_moto_still_reads_the_language_otherwise(repair: str, name: str) -> None:
    case = BY_NAME[name]
    (full_name,) = (each.name for each in replacements() if each.name in {repair, f"{each.owner.__name__}.{repair}"})

    assert not differs(read_anew(case, f"with {repair}"))
    with without(full_name):
        assert differs(read_anew(case, f"without {repair}"))


WITHOUT_LANGUAGE: dict[str, object] = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Parameters": {"a.$": "$.b"}, "End": True}},
}
IN_TWO_LANGUAGES: dict[str, object] = {
    "QueryLanguage": "JSONata",
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": True}},
}


@still_needs("Preprocessor.__init__")
def test_a_definition_that_is_refused_leaves_its_query_language_to_nobody() -> None:
    """moto reads every later definition of the process in the language of the one that it refused."""

    def read(definition: dict[str, object], reason: str) -> None:
        AmazonStateLanguageParser.parse(json.dumps({**WITHOUT_LANGUAGE, **definition, "Comment": reason}))

    with pytest.raises(ValueError, match="Cannot downgrade"):
        read(IN_TWO_LANGUAGES, "with the repair")
    read(WITHOUT_LANGUAGE, "with the repair")

    with without("Preprocessor.__init__"):
        with pytest.raises(ValueError, match="Cannot downgrade"):
            read(IN_TWO_LANGUAGES, "without the repair")
        try:
            with pytest.raises(ValueError, match="Unsupported declaration"):
                read(WITHOUT_LANGUAGE, "without the repair")
        finally:
            forget_languages()


def forget_languages() -> None:
    (begin,) = (each for each in replacements() if each.name == "Preprocessor.__init__")
    begin.owner._query_language_per_scope.clear()


ENTERED = {"Type": "Pass", "Parameters": {"at.$": "$$.State.EnteredTime"}, "OutputPath": "$.at", "End": True}


@still_needs("StateData")
def test_the_time_of_a_state_has_milliseconds_and_a_z() -> None:
    case = BY_NAME["Pass, nothing"].model_copy(update={"own": ENTERED})
    form = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
    (full_name,) = (each.name for each in replacements() if each.name.endswith(".StateData"))

    assert form.fullmatch(str(answer_of(case).output))
    with without(full_name):
        assert not form.fullmatch(str(answer_of(case).output))
