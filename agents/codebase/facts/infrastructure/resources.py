"""Infrastructure that programs declare: Pulumi and the AWS CDK."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.calls import QUERIES, every_call
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import literal, read_call
from agents.contracts.facts import Fact, FactKind

_TYPE = re.compile(r"^[A-Z]\w+$")
_LANGUAGES = frozenset({"python", "typescript", "javascript"})
_GO_MAKES = re.compile(r"^New(?=[A-Z])")
_FILLED = re.compile(r"^(?:[fF]([\"'])(.*)\1|`(.*)`)$")


def _name(text: str) -> str:
    """A literal text; one that holds expressions as it is written, `{name}-logs`."""
    filled = _FILLED.match(text.strip())
    return literal(text) or ((filled[2] or filled[3] or "") if filled else "")


def resources(file: ParsedCode) -> Iterator[Fact]:
    """The resources that a file declares: `aws.s3.Bucket("logs")`, `s3.Bucket(self, "Logs")`, Go's `s3.NewBucket`."""
    if file.language == "go":
        yield from _go(file)
    if file.language not in _LANGUAGES or file.language not in QUERIES:
        return
    is_pulumi, is_cdk = file.holds(b"pulumi"), file.holds(b"aws_cdk", b"aws-cdk")
    if not is_pulumi and not is_cdk:
        return
    for call in every_call(file.language, file.root, file.source):
        if not _TYPE.match(call.method) or not call.receiver or not call.positional:
            continue
        at = 1 if is_cdk and call.positional[0] in {"self", "this", "scope", "stack"} else 0 if is_pulumi else -1
        name = _name(call.value(at)) if at >= 0 and len(call.positional) > at else None
        if name and (at == 1 or "." in call.receiver or call.receiver.startswith("pulumi")):
            yield Fact(
                kind=FactKind.RESOURCE,
                name=name,
                source="AWS CDK" if at else "Pulumi",
                lines=place(call),
                type=call.name,
                symbol=file.symbol_at(call.line),
            )


def _go(file: ParsedCode) -> Iterator[Fact]:
    """Pulumi's `s3.NewBucket(ctx, "logs", …)` and the CDK's `awss3.NewBucket(stack, jsii.String("Logs"), …)`."""
    is_pulumi, is_cdk = file.holds(b"pulumi/pulumi"), file.holds(b"aws-cdk-go")
    if not is_pulumi and not is_cdk:
        return
    for call in every_call("go", file.root, file.source):
        if not _GO_MAKES.match(call.method) or not call.receiver or len(call.positional) < 2:
            continue
        inner = read_call(call.value(1))
        name = inner.text(0) if inner.name == "jsii.String" else call.text(1)
        if name and (is_cdk or call.value(0) == "ctx"):
            yield Fact(
                kind=FactKind.RESOURCE,
                name=name,
                source="AWS CDK" if is_cdk else "Pulumi",
                lines=place(call),
                type=f"{call.receiver}.{_GO_MAKES.sub('', call.method)}",
                symbol=file.symbol_at(call.line),
            )
