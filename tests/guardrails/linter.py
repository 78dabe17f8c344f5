"""Parliament, asked about one policy document, and the findings that are muted with their reasons."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from components.guardrails import DeclaredResource
from components.guardrails.documents import documents

_ANSWERS_A_TOKEN = (
    "AWS checks these against the state machine that issued the token, as its refusals name it (aws-cdk PR 8486 tried"
    " both; NOAA-OWP/hydrovis issue 837 quotes the refusal); the reference that parliament reads lists no resource"
)
_LISTS_TASKS = (
    "tasks without instances are listed by cluster, as the statement's condition says (AWS's own example: 'List and"
    " describe Amazon ECS tasks'); parliament's table wants the container instance that they do not have"
)
_EXECUTION = (
    "the executions of standard state machines are a resource; parliament's table knows those of express ones only"
)
#: A role's trust and a key's policy are about the role and the key: AWS wants no Resource there, or `*`, and
#: parliament, which reads identity policies, wants its name.
_ITSELF = {
    "iam:Role": "arn:aws:iam::111122223333:role/it",
    "kms:Key": "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000",
}


class Muted(NamedTuple):
    """What parliament says that we do not follow, where, and why."""

    kind: str
    issue: str
    about: str
    reason: str


_LISTS_EXECUTIONS = (
    "parliament wants a map run as well, whose children are listed; a state machine's executions are not"
)
ANYTHING = "*"
#: Every muted finding. `about` is an action that the finding names. A test holds that each is needed.
MUTED = (
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:SendTaskSuccess", _ANSWERS_A_TOKEN),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:SendTaskFailure", _ANSWERS_A_TOKEN),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:SendTaskHeartbeat", _ANSWERS_A_TOKEN),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:DescribeExecution", _EXECUTION),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:ListExecutions", _LISTS_EXECUTIONS),
    Muted("iam:RolePolicy", "RESOURCE_STAR", "ecs:ListTasks", _LISTS_TASKS),
    Muted("kms:Key", "RESOURCE_MISMATCH", ANYTHING, "`kms:*` of the account's root takes in actions that touch no key"),
)


class Finding(NamedTuple):
    """One thing that parliament says of one document; `about` is an action where the detail names some."""

    kind: str
    urn: str
    issue: str
    about: str

    @property
    def muted_by(self) -> Muted | None:
        """The entry of MUTED that covers it."""
        same = (muted for muted in MUTED if (muted.kind, muted.issue) == (self.kind, self.issue))
        return next((muted for muted in same if muted.about in {self.about, ANYTHING}), None)


def findings(resource: DeclaredResource) -> Iterator[Finding]:
    """What parliament says of every document in the resource."""
    for document in documents(resource):
        text = _written_out(document.text, _ITSELF[resource.kind]) if resource.kind in _ITSELF else document.text
        for found in _parliament().analyze_policy_string(text, resource.urn).findings:
            for about in _about(found.detail):
                yield Finding(resource.kind, resource.urn, found.issue, about)


def _written_out(text: str, itself: str) -> str:
    body: dict[str, Any] = json.loads(text)
    statements = [body["Statement"]] if isinstance(body["Statement"], Mapping) else body["Statement"]
    return json.dumps({**body, "Statement": [{**one, "Resource": itself} for one in statements]})


def _about(detail: Any) -> list[str]:
    if isinstance(detail, list) and detail:
        return [one["action"] if isinstance(one, Mapping) else str(one) for one in detail]
    return [str(detail)]


@cache
def _parliament() -> ModuleType:
    with warnings.catch_warnings():
        # Parliament 1.6.4 imports pkg_resources (requirements/dev.in keeps it there), leaves its files open and
        # writes regular expressions without r"".
        warnings.simplefilter("ignore")
        import parliament

    return parliament  # type: ignore[no-any-return]  # the library has no types
