"""Hosted sites: they come from a private bucket, over TLS, with headers that bind the browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from components.guardrails.model import DeclaredResource, ResourceRule, Rule

_DISTRIBUTION = frozenset({"cloudfront:Distribution"})
_WITH_TLS = frozenset({"https-only", "redirect-to-https"})


def _behaviours(distribution: DeclaredResource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "*", distribution.get("defaultCacheBehavior") or {}
    for behaviour in distribution.get("orderedCacheBehaviors") or ():
        yield str(behaviour.get("pathPattern")), behaviour


def _speaks_tls(distribution: DeclaredResource) -> Iterator[str]:
    for path, behaviour in _behaviours(distribution):
        if behaviour.get("viewerProtocolPolicy") not in _WITH_TLS:
            yield f"serves {path} in clear"
    certificate = distribution.get("viewerCertificate") or {}
    # For a domain of CloudFront's own AWS chooses the versions, whatever is asked for.
    own = not certificate.get("cloudfrontDefaultCertificate")
    if own and not str(certificate.get("minimumProtocolVersion")).startswith(("TLSv1.2", "TLSv1.3")):
        yield f"speaks {certificate.get('minimumProtocolVersion') or 'any version of TLS'}, which is older than TLS 1.2"


def _reads_privately(distribution: DeclaredResource) -> Iterator[str]:
    for origin in distribution.get("origins") or ():
        if not origin.get("customOriginConfig") and "originAccessControlId" not in origin:
            yield f"reads {origin.get('originId')} without origin access control, so its bucket would have to be public"


def _sends_headers(distribution: DeclaredResource) -> Iterator[str]:
    for path, behaviour in _behaviours(distribution):
        if "responseHeadersPolicyId" not in behaviour:
            yield f"serves {path} without security headers"


def _binds_the_browser(headers: DeclaredResource) -> Iterator[str]:
    security = headers.get("securityHeadersConfig") or {}
    for name in ("contentSecurityPolicy", "contentTypeOptions", "strictTransportSecurity"):
        if not (security.get(name) or {}).get("override"):
            yield f"does not set {name}"


RULES: tuple[Rule, ...] = (
    ResourceRule(
        "site-tls",
        "Pages about source code and signed cookies are confidential, so they travel over TLS only.",
        _speaks_tls,
        _DISTRIBUTION,
    ),
    ResourceRule(
        "site-origin-private",
        "If the distribution need not sign its requests to the bucket, everybody can read the bucket.",
        _reads_privately,
        _DISTRIBUTION,
    ),
    ResourceRule(
        "site-headers",
        "If text of the repository reaches a page as markup, the policy in the headers stops it from running.",
        _sends_headers,
        _DISTRIBUTION,
    ),
    ResourceRule(
        "site-headers-strict",
        "The origin must not be able to replace the security headers.",
        _binds_the_browser,
        frozenset({"cloudfront:ResponseHeadersPolicy"}),
    ),
)
