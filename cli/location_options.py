"""The options that say where sessions are, written once: a command takes them as its parameter `where`."""

from __future__ import annotations

import functools
import inspect
import shlex
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from cli.options import DeployedStack, Outputs, Profile, Region, State

if TYPE_CHECKING:
    from cli.stack.location import Location

#: The default of an option or argument that must be given.
REQUIRED: Any = inspect.Parameter.empty


class LocationOf(Protocol):
    """The location that a command's options name."""

    @property
    def options(self) -> str:
        """The options as they were given, with a space before each: they lead another command to the same place."""

    def __call__(self) -> Location:
        """Raises BadInput for options that would be ignored: to be called where the command's errors are caught."""


class _Given:
    """A LocationOf."""

    def __init__(self, place: Mapping[str, Any]) -> None:
        self._place = place

    @property
    def options(self) -> str:
        return "".join(
            f" --{name} {shlex.quote(str(value))}" for name, value in self._place.items() if value is not None
        )

    def __call__(self) -> Location:
        from cli.stack.location import Location  # commands without a location start faster without it

        return Location(**self._place)


def located(
    stack: Any = DeployedStack, default: str | None = None, state: Any = State
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a location in place of its parameter `where`, a LocationOf.

    `stack` and `state` are annotations for typer, `default` is the stack's; without `state` it is always a stack.
    """
    options = [("stack", stack, default), ("outputs", Outputs, None), ("state", state, None)]
    options += [("profile", Profile, None), ("region", Region, None)]
    own = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=value, annotation=annotation)
        for name, annotation, value in options
        if annotation is not None
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        parameters: list[inspect.Parameter] = []
        for parameter in signature.parameters.values():
            replaced = parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            parameters += own if parameter.name == "where" else [replaced]

        @functools.wraps(command)
        def with_location(**given: Any) -> None:
            place = {option.name: given.pop(option.name) for option in own}

            command(where=_Given(place), **given)

        # typer reads a command's parameters from these two.
        with_location.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # as inspect documents it
        with_location.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return with_location

    return decorate
