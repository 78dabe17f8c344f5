"""An HTTPS address of a function, open to everybody: the function itself checks who asks."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from agents.settings import ALIAS

#: What AWS demands of a caller of a function URL since October 2025 ("Control access to Lambda function URLs").
CALL_ACTIONS = {"url": "lambda:InvokeFunctionUrl", "function": "lambda:InvokeFunction"}


@dataclass(frozen=True)
class FunctionUrlArgs:
    """The function and the alias that the address calls."""

    function_name: pulumi.Input[str]
    alias: str


def webhook_url(function_name: pulumi.Output[str] | None, opts: pulumi.ResourceOptions) -> pulumi.Output[str]:
    """The address that receives webhooks; empty, and no address, where no function receives any."""
    if function_name is None:
        return pulumi.Output.from_input("")
    return FunctionUrl("webhook", FunctionUrlArgs(function_name, ALIAS), opts).url


class FunctionUrl(pulumi.ComponentResource):
    """The address and both permissions; the condition on the second lets nobody call it by Lambda's own API."""

    url: pulumi.Output[str]

    def __init__(self, name: str, args: FunctionUrlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:function_url:FunctionUrl", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        address = aws.lambda_.FunctionUrl(
            f"{name}-url",
            function_name=args.function_name,
            qualifier=args.alias,
            authorization_type="NONE",
            opts=child,
        )
        aws.lambda_.Permission(
            f"{name}-by-url",
            function=args.function_name,
            qualifier=args.alias,
            statement_id="by-url",
            action=CALL_ACTIONS["url"],
            principal="*",
            function_url_auth_type="NONE",
            opts=child,
        )
        aws.lambda_.Permission(
            f"{name}-through-url",
            function=args.function_name,
            qualifier=args.alias,
            statement_id="through-url",
            action=CALL_ACTIONS["function"],
            principal="*",
            invoked_via_function_url=True,
            opts=child,
        )
        self.url = address.function_url
        self.register_outputs({"url": self.url})
