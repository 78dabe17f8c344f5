"""The table of resource types and the words its functions share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from local.function_urls.events import UrlAnswer
from local.lambda_.environment import Function
from local.sites.distribution import Distribution

Properties = Mapping[str, Any]


class UnknownResourceType(Exception):
    """The program declares a type that the local cloud cannot make real; the message says where to add it."""


@dataclass(frozen=True)
class Declared:
    """A resource as the program declares it; names of properties are the provider's, in camelCase."""

    type: str
    name: str
    urn: str
    inputs: Properties
    tags: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """A property, or the default where it is absent or null."""
        value = self.inputs.get(name)
        return default if value is None else value

    def named(self, *properties: str) -> str:
        """The physical name: the first of the properties that is set, else the logical name."""
        return str(next((self.inputs[p] for p in properties if self.inputs.get(p)), self.name))

    def chosen(self, **renamed: str) -> dict[str, Any]:
        """Arguments of an API call from those properties that are set: `argument="property"`."""
        return {argument: self.inputs[p] for argument, p in renamed.items() if self.inputs.get(p) is not None}


@dataclass(frozen=True)
class Realised:
    """What a resource became: its physical id and the properties the provider would compute."""

    id: str
    outputs: Properties = field(default_factory=dict)


class CloudBackend(Protocol):
    """Where resources become real."""

    @property
    def region(self) -> str:
        """The region of everything."""

    @property
    def account(self) -> str:
        """The account's number."""

    @property
    def root(self) -> Path:
        """The folder that relative paths in the program start from."""

    def client(self, service: str) -> Any:
        """A boto3 client."""

    def deploy(self, function: Function) -> None:
        """Make a function's code callable."""

    def host(self, distribution: Distribution) -> str:
        """Serve a distribution; the domain under which it is reached."""

    def serve_function(self, name: str) -> str:
        """Serve a function to HTTP requests; the URL, which ends with a slash."""

    def call_by_url(self, name: str, event: Mapping[str, object]) -> tuple[bytes, bool] | UrlAnswer:
        """A function's result and whether it failed, or Lambda's own answer, to a request by its URL."""


Realise = Callable[[Declared, CloudBackend], Realised]
LookUp = Callable[[Properties, CloudBackend], Properties]
_types: dict[str, Realise] = {}
_lookups: dict[str, LookUp] = {}


def realises(*types: str) -> Callable[[Realise], Realise]:
    """Register the decorated function for resource types."""

    def register(function: Realise) -> Realise:
        _types.update(dict.fromkeys(types, function))
        return function

    return register


def answers(token: str) -> Callable[[LookUp], LookUp]:
    """Register the decorated function for a data source."""

    def register(function: LookUp) -> LookUp:
        _lookups[token] = function
        return function

    return register


def realise(declared: Declared, cloud: CloudBackend) -> Realised:
    """Make a declared resource real. Raises UnknownResourceType."""
    function = _types.get(declared.type)
    if function is None:
        raise UnknownResourceType(
            f"{declared.type} cannot be made real on a laptop yet ({declared.urn}): add a function for it to "
            f"local/resources/{_file_for(declared.type)}"
        )
    return function(declared, cloud)


def look_up(token: str, arguments: Properties, cloud: CloudBackend) -> Properties:
    """Answer a data source. Raises UnknownResourceType."""
    function = _lookups.get(token)
    if function is None:
        raise UnknownResourceType(f"{token} is not answered on a laptop yet: add it to local/resources/lookups.py")
    return function(arguments, cloud)


def known_types() -> frozenset[str]:
    """Every type that can be made real."""
    return frozenset(_types)


def known_data_sources() -> frozenset[str]:
    """Every data source that is answered."""
    return frozenset(_lookups)


def _file_for(type_: str) -> str:
    service = type_.split(":")[1].split("/")[0] if ":" in type_ else type_
    return {"lambda": "lambda_.py", "vpc": "ec2.py"}.get(service, f"{service}.py")


def tag_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags in the list form that most APIs take."""
    return [{key: name, value: text} for name, text in tags.items()]
