"""Our provider of aws:* for Pulumi's real engine: gRPC in front of local/resources, on a local cloud.

The engine attaches to it (PULUMI_DEBUG_PROVIDERS); it holds no state but what its provider resource configures.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc  # type: ignore[import-untyped]  # neither brings stubs
from google.protobuf import empty_pb2  # type: ignore[import-untyped]  # the library has no types
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from components.guardrails import DeclaredResource, effective_tags
from local.privileges.deployer import Deployer
from local.resources import CloudBackend, Declared, look_up, realise
from tests.engine import properties
from tests.engine.check import problems
from tests.engine.deletions import delete
from tests.engine.kind import Kind
from tests.engine.kinds import KINDS
from tests.engine.observed import observe
from tests.engine.updates import update

_LIMIT = [("grpc.max_receive_message_length", 64 * 1024 * 1024)]


@dataclass
class Step:
    """What the provider did for one resource."""

    did: str
    kind: str
    name: str


@dataclass
class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """`steps` records what was done, in order; calls change the cloud one at a time, since moto is not thread-safe."""

    cloud: CloudBackend
    deployer: Deployer
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._settings: Mapping[str, Any] = {}

    def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="7.51.1")

    def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        changed = sorted(properties.changed(request.olds, request.news))
        replaces = [name for name in changed if name == "region"]
        return _diff(changed, replaces, delete_first=False)

    def Configure(self, request: Any, context: Any) -> Any:
        self._settings = properties.plain(request.args)
        return provider_pb2.ConfigureResponse(
            acceptSecrets=False, acceptResources=False, supportsPreview=True, acceptOutputs=False
        )

    def Invoke(self, request: Any, context: Any) -> Any:
        asked = properties.python(request.args)
        with self._refusing(context), self._one_at_a_time:
            answer = {**asked, **look_up(request.tok, asked, self.cloud)}
            return provider_pb2.InvokeResponse(**{"return": properties.struct(answer)})

    def Check(self, request: Any, context: Any) -> Any:
        found = problems(_type(request.urn), properties.plain(request.news))
        failures = [provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in found]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def Diff(self, request: Any, context: Any) -> Any:
        kind = _kind(request.urn)
        changed = properties.changed(request.old_inputs, request.news)
        if kind.tagged and properties.plain(request.olds).get("tagsAll") != self._tags(request.news):
            changed |= {"tagsAll"}
        replaces = sorted(name for name in changed if kind.replaces(name))
        # As the bridge of Terraform's providers: a name that is chosen, and stays, can't be had twice.
        delete_first = kind.name != "" and kind.name not in replaces and kind.name in request.news
        return _diff(sorted(changed), replaces, delete_first=delete_first)

    def Create(self, request: Any, context: Any) -> Any:
        if request.preview:
            return provider_pb2.CreateResponse(properties=request.properties)
        declared = self._declared(request.urn, request.properties)
        with self._refusing(context), self._one_at_a_time:
            self.deployer.may("create", _resource(declared))
            made = realise(declared, self.cloud)
            self._note("create", declared)
            outputs = {"tagsAll": dict(declared.tags), **made.outputs}
            return provider_pb2.CreateResponse(id=made.id, properties=properties.merged(request.properties, outputs))
        return None

    def Update(self, request: Any, context: Any) -> Any:
        kind = _kind(request.urn)
        if request.preview:
            return provider_pb2.UpdateResponse(properties=self._planned(kind, request))
        declared = self._declared(request.urn, request.news)
        before = self._declared(request.urn, request.olds)
        with self._refusing(context), self._one_at_a_time:
            self.deployer.may("update", _resource(declared))
            outputs = {"tagsAll": dict(declared.tags), **update(request.id, before, declared, self.cloud)}
            self._note("update", declared)
            merged = properties.merged(properties.outputs_only(request.olds, request.old_inputs), request.news)
            return provider_pb2.UpdateResponse(properties=properties.merged(merged, outputs))
        return None

    def Read(self, request: Any, context: Any) -> Any:
        with self._refusing(context), self._one_at_a_time:
            state = properties.python(request.properties)
            seen = observe(_kind(request.urn), request.id, state, self.cloud)
        if seen is None:
            return provider_pb2.ReadResponse()
        drifted = {name: value for name, value in seen.items() if name in request.inputs}
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=properties.merged(request.properties, drifted),
            inputs=properties.merged(request.inputs, drifted),
        )

    def Delete(self, request: Any, context: Any) -> Any:
        declared = self._declared(request.urn, request.properties)
        with self._refusing(context), self._one_at_a_time:
            self.deployer.may("delete", _resource(declared))
            delete(_kind(request.urn), request.id, declared, self.cloud)
            self._note("delete", declared)
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    def _planned(self, kind: Kind, request: Any) -> Any:
        """What is known before an update: all that AWS computed earlier, but for what this update computes again."""
        kept = properties.outputs_only(request.olds, request.old_inputs)
        merged = properties.merged(kept, request.news)
        return properties.merged(merged, dict.fromkeys(kind.computed, properties.UNKNOWN))

    def _note(self, did: str, declared: Declared) -> None:
        self.steps.append(Step(did, _resource(declared).kind, declared.name))

    def _tags(self, inputs: Any) -> dict[str, str]:
        return effective_tags(self._settings, properties.plain(inputs))

    def _declared(self, urn: str, inputs: Any) -> Declared:
        return Declared(_type(urn), urn.rpartition("::")[2], urn, properties.python(inputs), self._tags(inputs))

    @contextmanager
    def _refusing(self, context: Any) -> Iterator[None]:
        try:
            yield
        except Exception as problem:  # noqa: BLE001  the engine shows it as the resource's error
            context.abort(grpc.StatusCode.UNKNOWN, f"{type(problem).__name__}: {problem}")


def _diff(changed: list[str], replaces: list[str], *, delete_first: bool) -> Any:
    response = provider_pb2.DiffResponse
    return response(
        changes=response.DIFF_SOME if changed else response.DIFF_NONE,
        diffs=changed,
        replaces=replaces,
        deleteBeforeReplace=bool(replaces) and delete_first,
    )


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]


def _kind(urn: str) -> Kind:
    return KINDS[DeclaredResource(_type(urn), "", urn, {}).kind]


def _resource(declared: Declared) -> DeclaredResource:
    return DeclaredResource(declared.type, declared.name, declared.urn, declared.inputs, declared.tags)


@contextmanager
def serving(provider: Provider) -> Iterator[int]:
    """Serve it on a port of 127.0.0.1, whose number it yields."""
    server = grpc.server(ThreadPoolExecutor(max_workers=16), options=_LIMIT)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield port
    finally:
        server.stop(grace=None).wait()
