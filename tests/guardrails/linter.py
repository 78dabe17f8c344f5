"""Parliament, asked about one policy document, and the findings that are muted with their reasons."""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import ModuleType
from typing import Any, NamedTuple

from components.guardrails import DeclaredResource
from components.guardrails.documents import documents

_ANSWERS_A_TOKEN = (
    "AWS checks these against the state machine that issued the token, as its refusals name it (aws-cdk PR 8486 tried"
    " both; NOAA-OWP/hydrovis issue 837 quotes the refusal); the reference that parliament reads lists no resource"
)
_EXECUTION = (
    "the executions of standard state machines are a resource; parliament's table knows those of express ones only"
)


class Muted(NamedTuple):
    """What parliament says that we do not follow, where, and why."""

    kind: str
    issue: str
    about: str
    reason: str


#: Every muted finding. `about` is an action in the finding's detail, or a part of it. A test holds that each is needed.
MUTED = (
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:SendTaskSuccess", _ANSWERS_A_TOKEN),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:SendTaskFailure", _ANSWERS_A_TOKEN),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:SendTaskHeartbeat", _ANSWERS_A_TOKEN),
    Muted("iam:RolePolicy", "RESOURCE_MISMATCH", "states:DescribeExecution", _EXECUTION),
    Muted(
        "kms:Key",
        "RESOURCE_STAR",
        "kms:Decrypt",
        "a key's policy is about that key: AWS has no other form than `*` for its resource",
    ),
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
        return next((m for m in MUTED if (m.kind, m.issue, m.about) == (self.kind, self.issue, self.about)), None)


def findings(resource: DeclaredResource) -> Iterator[Finding]:
    """What parliament says of every document in the resource."""
    for document in documents(resource):
        # Parliament reads identity policies; a role's trust is about the role, so it has no Resource. Give it one.
        text = _with_resource(document.text) if document.property == "assumeRolePolicy" else document.text
        for found in _parliament().analyze_policy_string(text, resource.urn).findings:
            for about in _about(found.detail):
                yield Finding(resource.kind, resource.urn, found.issue, about)


def _with_resource(text: str) -> str:
    body: dict[str, Any] = json.loads(text)
    statements = [body["Statement"]] if isinstance(body["Statement"], Mapping) else body["Statement"]
    return json.dumps({**body, "Statement": [{**one, "Resource": "*"} for one in statements]})


def _about(detail: Any) -> list[str]:
    if isinstance(detail, list) and detail:
        return [one["action"] if isinstance(one, Mapping) else str(one) for one in detail]
    return [str(detail)]


@cache
def _parliament() -> ModuleType:
    # Parliament 1.6.4 asks for setuptools' pkg_resources, which is no longer there, to find two files of its own.
    if "pkg_resources" not in sys.modules:
        found = ModuleType("pkg_resources")
        found.resource_filename = lambda package, name: str(resources.files(package) / name)  # type: ignore[attr-defined]
        sys.modules["pkg_resources"] = found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its regular expressions are written without r"", its files are left open
        import parliament  # noqa: PLC0415

    return parliament  # type: ignore[no-any-return]
