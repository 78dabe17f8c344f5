"""Hosts the sites of published sessions: a bucket of their own, read by one CloudFront distribution and by nobody else.

The bucket is apart from the context bucket, so that no mistake in a path or a policy shows a session's sources to the
internet: the distribution can reach nothing but what is published.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from agents import keys
from agents.pages.content_policy import HEADER_POLICY
from components.account import Account
from components.iam.resource_policies import site_reader
from components.private_bucket import PrivateBucketArgs, lifecycle_rule, private_bucket
from components.site_sign_in import EVERYTHING_BUT_HOST, NEEDED_PAGE, ORIGIN, PATHS, SiteSignIn

_VIEWER_CODE = Path(__file__).with_name("site_viewer.js")
#: AWS's managed cache policies "CachingOptimized" and "CachingDisabled": the same ids in every account.
#: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
_CACHING, _NO_CACHING = "658327ea-f89d-4fab-a63d-7e88639e58f6", "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_ORIGIN = "sites"
_TWO_YEARS = 2 * 365 * 24 * 3600
_READING = ["GET", "HEAD"]


@dataclass(frozen=True)
class SiteHostingArgs:
    """`public_key` is the readers' key in base64, empty for everybody; `certificate` is that of `domain`, or empty.

    `sign_in` makes what signs readers in, from the key's id, which its function must know; None where nobody signs in.
    """

    stem: str
    account: Account
    retention_days: int
    deletable: bool
    key_arn: pulumi.Input[str] | None
    public_key: str
    domain: str
    certificate: str
    sign_in: Callable[[pulumi.Output[str]], SiteSignIn] | None = None


class SiteHosting(pulumi.ComponentResource):
    """Serves published sites over HTTPS."""

    bucket: pulumi.Output[str]
    bucket_arn: pulumi.Output[str]
    domain: pulumi.Output[str]
    key_id: pulumi.Output[str]

    def __init__(self, name: str, args: SiteHostingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:site_hosting:SiteHosting", name, {}, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self.key_id = pulumi.Output.from_input("")
        groups = [self._readers().id] if args.public_key else []
        sign_in = args.sign_in(self.key_id) if args.sign_in else None
        # CloudFront does not look for the bucket, so its policy can name the distribution.
        bucket_name = args.account.bucket_name(f"{args.stem}-sites")
        distribution = self._create_distribution(bucket_name, groups, sign_in)
        if sign_in:
            sign_in.admit(distribution.arn)
        bucket_arn = pulumi.Output.concat("arn:", args.account.partition, ":s3:::", bucket_name)
        bucket = private_bucket(
            name,
            PrivateBucketArgs(
                bucket=bucket_name,
                lifecycle=[lifecycle_rule(keys.SITES, args.retention_days)],
                deletable=args.deletable,
                key_arn=args.key_arn,
                writers=pulumi.Output.all(bucket_arn, distribution.arn).apply(lambda arns: [site_reader(*arns)]),
            ),
            self,
        ).bucket
        self.bucket, self.bucket_arn = bucket.bucket, bucket.arn
        self.domain = pulumi.Output.from_input(args.domain) if args.domain else distribution.domain_name
        self.register_outputs({"bucket": self.bucket, "domain": self.domain})

    def _readers(self) -> aws.cloudfront.KeyGroup:
        """Whose signatures open the site. A new key has a new name: both exist while one replaces the other."""
        written = self._args.public_key
        pem = "\n".join(["-----BEGIN PUBLIC KEY-----", *textwrap.wrap(written, 64), "-----END PUBLIC KEY-----", ""])
        key = aws.cloudfront.PublicKey(
            f"{self._name}-key",
            name=f"{self._args.stem}-site-{hashlib.sha256(written.encode()).hexdigest()[:8]}",
            encoded_key=pem,
            opts=self._child,
        )
        self.key_id = key.id
        return aws.cloudfront.KeyGroup(
            f"{self._name}-readers", name=f"{self._args.stem}-site-readers", items=[key.id], opts=self._child
        )

    def _create_distribution(
        self, bucket_name: pulumi.Output[str], groups: list[pulumi.Output[str]], sign_in: SiteSignIn | None
    ) -> aws.cloudfront.Distribution:
        args = self._args
        access = aws.cloudfront.OriginAccessControl(
            f"{self._name}-access",
            name=f"{args.stem}-site",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self._child,
        )
        viewer = aws.cloudfront.Function(
            f"{self._name}-viewer",
            name=f"{args.stem}-site-viewer",
            runtime="cloudfront-js-2.0",
            code=_VIEWER_CODE.read_text(encoding="utf-8"),
            publish=True,
            opts=self._child,
        )
        headers = self._headers()
        opening = self._uncached("/open", _ORIGIN, viewer, headers)
        signing_in = self._uncached(PATHS, ORIGIN, viewer, headers, EVERYTHING_BUT_HOST)
        reading = aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
            target_origin_id=_ORIGIN,
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=_READING,
            cached_methods=_READING,
            cache_policy_id=_CACHING,
            compress=True,
            response_headers_policy_id=headers.id,
            trusted_key_groups=groups,
            function_associations=[
                aws.cloudfront.DistributionDefaultCacheBehaviorFunctionAssociationArgs(
                    event_type="viewer-request", function_arn=viewer.arn
                )
            ],
        )
        origin = aws.cloudfront.DistributionOriginArgs(
            origin_id=_ORIGIN,
            domain_name=pulumi.Output.concat(bucket_name, f".s3.{args.account.region}.amazonaws.com"),
            origin_access_control_id=access.id,
        )
        return aws.cloudfront.Distribution(
            f"{self._name}-distribution",
            comment=f"{args.stem}: sites of published sessions",
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class="PriceClass_100",
            aliases=[args.domain] if args.domain else [],
            origins=[origin, sign_in.origin] if sign_in else [origin],
            default_cache_behavior=reading,
            ordered_cache_behaviors=[*([opening] if groups else []), *([signing_in] if sign_in else [])],
            custom_error_responses=[_offer()] if sign_in else [],
            restrictions=aws.cloudfront.DistributionRestrictionsArgs(
                geo_restriction=aws.cloudfront.DistributionRestrictionsGeoRestrictionArgs(restriction_type="none")
            ),
            viewer_certificate=self._certificate(),
            opts=self._child,
        )

    def _uncached(
        self,
        pattern: str,
        origin: str,
        viewer: aws.cloudfront.Function,
        headers: aws.cloudfront.ResponseHeadersPolicy,
        forwarding: str | None = None,
    ) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
        """A path that brings cookies to a browser, and so asks for none and is never cached."""
        return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
            path_pattern=pattern,
            target_origin_id=origin,
            viewer_protocol_policy="https-only",  # a link must not travel in clear, not even once
            allowed_methods=_READING,
            cached_methods=_READING,
            cache_policy_id=_NO_CACHING,
            origin_request_policy_id=forwarding,
            response_headers_policy_id=headers.id,
            function_associations=[
                aws.cloudfront.DistributionOrderedCacheBehaviorFunctionAssociationArgs(
                    event_type="viewer-request", function_arn=viewer.arn
                )
            ],
        )

    def _certificate(self) -> aws.cloudfront.DistributionViewerCertificateArgs:
        """For a domain of CloudFront's own AWS chooses the TLS versions, and takes no setting for them."""
        if not self._args.certificate:
            return aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True)
        return aws.cloudfront.DistributionViewerCertificateArgs(
            acm_certificate_arn=self._args.certificate,
            ssl_support_method="sni-only",
            minimum_protocol_version="TLSv1.2_2021",
        )

    def _headers(self) -> aws.cloudfront.ResponseHeadersPolicy:
        cf = aws.cloudfront
        return cf.ResponseHeadersPolicy(
            f"{self._name}-headers",
            name=f"{self._args.stem}-site",
            security_headers_config=cf.ResponseHeadersPolicySecurityHeadersConfigArgs(
                content_security_policy=cf.ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs(
                    content_security_policy=HEADER_POLICY, override=True
                ),
                content_type_options=cf.ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs(override=True),
                frame_options=cf.ResponseHeadersPolicySecurityHeadersConfigFrameOptionsArgs(
                    frame_option="SAMEORIGIN", override=True
                ),
                referrer_policy=cf.ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs(
                    referrer_policy="same-origin", override=True
                ),
                strict_transport_security=cf.ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs(
                    access_control_max_age_sec=_TWO_YEARS, include_subdomains=True, override=True
                ),
            ),
            custom_headers_config=cf.ResponseHeadersPolicyCustomHeadersConfigArgs(
                items=[
                    cf.ResponseHeadersPolicyCustomHeadersConfigItemArgs(header=name, value=value, override=True)
                    for name, value in (
                        ("Cross-Origin-Opener-Policy", "same-origin"),
                        ("Cross-Origin-Resource-Policy", "same-origin"),
                        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
                    )
                ]
            ),
            opts=self._child,
        )


def _offer() -> aws.cloudfront.DistributionCustomErrorResponseArgs:
    """The page for whoever may not read: CloudFront checks cookies before our code runs, so nothing redirects."""
    return aws.cloudfront.DistributionCustomErrorResponseArgs(
        error_code=403, response_code=403, response_page_path=NEEDED_PAGE, error_caching_min_ttl=0
    )
