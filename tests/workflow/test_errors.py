"""The error names of the state machine and the classes of agents/errors.py are the same names."""

from __future__ import annotations

from agents import errors
from workflow import definition

#: Names that AWS gives, by prefix; everything else must be a class of ours.
AWS_PREFIXES = ("States.", "Lambda.", "Runtime.", "Sandbox.", "ECS.", "AmazonECS.", "DynamoDB.")
#: Errors that a state of the file raises itself, not code of ours.
RAISED_BY_STATES = {"GapUnrecorded": "the Fail state of a child execution: not even the gap could be written"}
#: Classes that the file does not name, and what becomes of them.
UNNAMED = {
    errors.GapError: "AnalyseBatch's States.ALL leads to RecordGap, or the agent records the gap of one file itself",
    errors.StoppedError: "States.ALL leads to FailSession, which keeps the name",
    errors.InternalError: "caught inside the process",
}
#: Leaves of groups that the file should name, which it does not.
UNNAMED_LEAVES = {
    errors.BatchInferenceRefused: "a verdict of submitting; a look that meets it leads by States.ALL to collecting",
    errors.ModelContextExceeded: "a batch that does not fit is halved by no one yet: States.ALL leads to RecordGap",
}


def _leaves(base: type[errors.SwarmError]) -> set[type[errors.SwarmError]]:
    below = base.__subclasses__()
    return {base} if not below else set().union(*(_leaves(child) for child in below))


def _names(rules: str) -> set[str]:
    found = definition.states(definition.load())
    return {error for state in found for rule in state.body.get(rules, []) for error in rule["ErrorEquals"]}


def _custom(names: set[str]) -> set[str]:
    return {name for name in names if not name.startswith(AWS_PREFIXES)}


def test_every_custom_error_name_is_a_leaf_class() -> None:
    leaves = {leaf.__name__ for leaf in _leaves(errors.SwarmError)}
    assert _custom(_names("Retry") | _names("Catch")) <= leaves


def test_every_error_a_state_raises_is_a_class_or_explained() -> None:
    leaves = {leaf.__name__ for leaf in _leaves(errors.SwarmError)}
    raised = set()
    for state in definition.states(definition.load()):
        sources = (state.body, state.body.get("Result", {}), state.body.get("Parameters", {}))
        raised |= {source["Error"] for source in sources if "Error" in source}
    assert raised - leaves == set(RAISED_BY_STATES)
    assert {"RevisionLimitReached", "TaskNotStarted", "TaskOutOfMemory", "TaskExited"} <= raised


#: Errors of functions that the state machine does not call.
RETRIED_BY_LAMBDA = {"CodeHostUnavailable": "FetchSnapshot is called asynchronously: Lambda calls it again, twice"}


def test_every_retried_error_is_retried() -> None:
    retried = {leaf.__name__ for leaf in _leaves(errors.RetriedError)} - set(RETRIED_BY_LAMBDA)
    assert retried <= _names("Retry")


def test_every_routed_error_is_named_or_explained() -> None:
    routed = _leaves(errors.RoutedError) - set(UNNAMED_LEAVES)
    assert {leaf.__name__ for leaf in routed} <= _names("Retry") | _names("Catch")


def test_no_explanation_outlives_its_reason() -> None:
    named = _custom(_names("Retry") | _names("Catch"))
    unnamed = set().union(*(_leaves(base) for base in UNNAMED)) | set(UNNAMED_LEAVES)
    assert named & {leaf.__name__ for leaf in unnamed} == set()


def test_the_drawn_tree_shows_every_class() -> None:
    drawn = errors.__doc__ or ""
    assert [leaf.__name__ for leaf in _leaves(errors.SwarmError) if leaf.__name__ not in drawn] == []
