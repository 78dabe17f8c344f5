"""What a Task may name as its resource: a call that the service has, waited for in a way that the integration has.

Moto looks at neither before the call is made; AWS refuses the definition. The calls of `aws-sdk` are those of botocore,
whose services bear other names than the Java SDK's that AWS goes by.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import botocore.session
from botocore.utils import EVENT_ALIASES

from local.moto.diagnostics import Diagnostic, wrong
from workflow.definition import State

_SERVICE_CALL = re.compile(
    r"arn:aws[a-z-]*:states:::(?P<sdk>aws-sdk:)?(?P<service>[^:]*):(?P<call>[^.:]*)(?:\.(?P<waiting>.*))?", re.DOTALL
)
_UNKNOWN = (
    "The resource provided {} is not recognized. The value is not a valid resource ARN, or the resource is not "
    "available in this region."
)
_CALLBACK = "waitForTaskToken"
#: The calls that moto integrates, and how the answer of each may be waited for. Others are left to moto.
_INTEGRATED: dict[str, tuple[set[str], set[str]]] = {
    "apigateway": ({"invoke"}, {_CALLBACK}),
    "batch": ({"submitJob"}, {"sync"}),
    "dynamodb": ({"deleteItem", "getItem", "putItem", "updateItem"}, set()),
    "ecs": ({"runTask"}, {"sync", _CALLBACK}),
    "events": ({"putEvents"}, {_CALLBACK}),
    "glue": ({"startJobRun"}, {"sync"}),
    "lambda": ({"invoke"}, {_CALLBACK}),
    "sns": ({"publish"}, {_CALLBACK}),
    "sqs": ({"sendMessage"}, {_CALLBACK}),
    "states": ({"startExecution"}, {"sync", "sync:2", _CALLBACK}),
}


def resource_problems(state: State) -> Iterator[Diagnostic]:
    """A call that the service has not, or that cannot be waited for as the resource says."""
    resource = str(state.body.get("Resource", ""))
    found = _SERVICE_CALL.fullmatch(resource) if state.body.get("Type") == "Task" else None
    if found is None:
        return
    if found["sdk"]:
        fits = _has(found["service"], found["call"]) and found["waiting"] in {None, _CALLBACK}
    elif found["service"] in _INTEGRATED:
        calls, waiting = _INTEGRATED[found["service"]]
        fits = found["call"] in calls and found["waiting"] in {None, *waiting}
    else:
        return
    if not fits:
        yield wrong(_UNKNOWN.format(resource), state.path, "Resource")


def _has(service: str, call: str) -> bool:
    return call[:1].islower() and call.lower() in _calls(service)


@cache
def _calls(service: str) -> frozenset[str]:
    name = _services().get(service)
    model = botocore.session.get_session().get_service_model(name) if name else None
    return frozenset(each.lower() for each in model.operation_names) if model else frozenset()


@cache
def _services() -> dict[str, str]:
    """The services of botocore by the names that the Java SDK gives them."""
    available = botocore.session.get_session().get_available_services()
    names = {EVENT_ALIASES.get(name, name).replace("-", ""): name for name in available}
    return {named.removesuffix("service"): name for named, name in names.items()} | names
