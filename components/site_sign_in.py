"""Puts the function that signs readers in behind a distribution, which alone may call it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import pulumi
import pulumi_aws as aws

from components.function_url import CALL_ACTIONS

ORIGIN = "sign-in"
PATHS, NEEDED_PAGE = "/sign-in*", "/sign-in/needed"
#: AWS's managed origin request policy "AllViewerExceptHostHeader": a function URL answers to its own host alone.
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
EVERYTHING_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"


@dataclass(frozen=True)
class SiteSignInArgs:
    """`function_name` is the function that answers the paths of a sign-in."""

    stem: str
    function_name: pulumi.Output[str]
    alias_arn: pulumi.Output[str]


class SiteSignIn(pulumi.ComponentResource):
    """The function's URL as an origin of a distribution."""

    origin: aws.cloudfront.DistributionOriginArgs

    def __init__(self, name: str, args: SiteSignInArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:site_sign_in:SiteSignIn", name, {}, opts)
        self._name, self._args = name, args
        child = pulumi.ResourceOptions(parent=self)
        address = aws.lambda_.FunctionUrl(
            f"{name}-url",
            function_name=args.function_name,
            qualifier=self._alias(),
            authorization_type="AWS_IAM",
            opts=child,
        )
        access = aws.cloudfront.OriginAccessControl(
            f"{name}-access",
            name=f"{args.stem}-sign-in",
            origin_access_control_origin_type="lambda",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=child,
        )
        self.origin = aws.cloudfront.DistributionOriginArgs(
            origin_id=ORIGIN,
            domain_name=address.function_url.apply(lambda url: urlsplit(url).netloc),
            origin_access_control_id=access.id,
            custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
                http_port=80, https_port=443, origin_protocol_policy="https-only", origin_ssl_protocols=["TLSv1.2"]
            ),
        )
        self.register_outputs({})

    def admit(self, distribution_arn: pulumi.Output[str]) -> None:
        """Let this distribution call the function, by its URL and in no other way."""
        for word, action in CALL_ACTIONS.items():
            aws.lambda_.Permission(
                f"{self._name}-by-{word}",
                function=self._args.function_name,
                qualifier=self._alias(),
                statement_id=f"cloudfront-{word}",
                action=action,
                principal="cloudfront.amazonaws.com",
                source_arn=distribution_arn,
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _alias(self) -> pulumi.Output[str]:
        """Out of the alias's ARN, so that the alias exists first."""
        return self._args.alias_arn.apply(lambda arn: arn.rpartition(":")[2])
