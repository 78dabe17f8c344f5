"""A function in moto's books, as the pool runs it: every version has its own code and variables."""

from __future__ import annotations

from typing import Any

from moto.awslambda_simple.models import lambda_simple_backends

from agents.errors import SettingsMissing
from agents.settings import ALIAS
from local.lambda_.environment import LATEST, Function
from local.lambda_.libraries import libraries_of
from local.lambda_.pool import FunctionPool


def version_of(function: Any) -> str:
    """The version of moto's record; the one that no version names is `$LATEST`, which moto numbers 1."""
    parts = str(function.function_arn).split(":")
    return parts[7] if len(parts) == 8 else LATEST


def prepare(functions: FunctionPool, function: Any) -> str:
    """Have the pool run what moto's record says, and return its version.

    A version never changes; `$LATEST` is compared with what the pool runs.
    """
    version, name = version_of(function), str(function.function_name)
    deployed = functions.deployed(name, version)
    if deployed is None or (version == LATEST and not _same(deployed, function)):
        functions.register(_running(function, version))
    return version


def called_by_url(account: str, region: str, name: str) -> Any:
    """What a function's address calls: its alias where it has one, as every function of ours."""
    backend = lambda_simple_backends[account][region]
    aliases = {alias.name for alias in backend.list_aliases(name)}
    return backend.get_function(name, ALIAS if ALIAS in aliases else None)


def _same(deployed: Function, function: Any) -> bool:
    return (deployed.code, deployed.environment) == (function.code_bytes, function.environment_vars)


def _running(function: Any, version: str) -> Function:
    variables = dict(function.environment_vars)
    try:
        libraries = libraries_of(variables)
    except SettingsMissing:  # an older release has other settings; its processes import for themselves
        libraries = ()
    return Function(
        name=function.function_name,
        arn=":".join(function.function_arn.split(":")[:7]),
        code=function.code_bytes,
        handler=function.handler,
        environment=variables,
        timeout_seconds=int(function.timeout),
        memory_mb=int(function.memory_size),
        role=function.role,
        libraries=libraries,
        version=version,
    )
