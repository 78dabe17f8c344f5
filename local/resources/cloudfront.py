"""CloudFront: described to moto, which serves nothing; a distribution is served by local/sites."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from local.function_urls.events import UrlAnswer, UrlRequest, answer_of, event_of
from local.resources.registry import CloudBackend, Declared, Realised, realises
from local.sites.distribution import CacheBehaviour, Distribution, HttpAnswer, ServedPage, ViewerRequest

_VIEWER = Path(__file__).resolve().parents[2] / "components" / "site_viewer.js"
_HEADERS_ID = "headers:"
_VIEWER_HOST = "x-viewer-host"


class ViewerUnknown(Exception):
    """A CloudFront function that has no form on a laptop."""


@realises("aws:cloudfront/publicKey:PublicKey")
def public_key(declared: Declared, cloud: CloudBackend) -> Realised:
    """A key that signatures are checked with."""
    name = declared.named("name")
    config = {"CallerReference": name, "Name": name, "EncodedKey": declared.inputs["encodedKey"]}
    return Realised(cloud.client("cloudfront").create_public_key(PublicKeyConfig=config)["PublicKey"]["Id"])


@realises("aws:cloudfront/keyGroup:KeyGroup")
def key_group(declared: Declared, cloud: CloudBackend) -> Realised:
    """The keys that a distribution trusts."""
    config = {"Name": declared.named("name"), "Items": list(declared.inputs["items"])}
    return Realised(cloud.client("cloudfront").create_key_group(KeyGroupConfig=config)["KeyGroup"]["Id"])


@realises("aws:cloudfront/originAccessControl:OriginAccessControl")
def origin_access_control(declared: Declared, cloud: CloudBackend) -> Realised:
    """How a distribution signs its requests to a bucket."""
    client = cloud.client("cloudfront")
    made = client.create_origin_access_control(OriginAccessControlConfig=access_control(declared))
    return Realised(made["OriginAccessControl"]["Id"])


def access_control(declared: Declared) -> dict[str, Any]:
    """An access control's configuration, in the words of CloudFront's API."""
    return {
        "Name": declared.named("name"),
        "SigningProtocol": declared.inputs["signingProtocol"],
        "SigningBehavior": declared.inputs["signingBehavior"],
        "OriginAccessControlOriginType": declared.inputs["originAccessControlOriginType"],
    }


@realises("aws:cloudfront/function:Function")
def function(declared: Declared, cloud: CloudBackend) -> Realised:
    """A function of the edge: no JavaScript runs here, and local/sites/viewer.py is the form of one file.

    Raises:
        ViewerUnknown: it is another file.
    """
    name, code = declared.named("name"), declared.inputs["code"]
    if code != _VIEWER.read_text(encoding="utf-8"):
        raise ViewerUnknown(
            f"{declared.urn}: its code is not that of components/site_viewer.js, the only one known here"
        )
    made = cloud.client("cloudfront").create_function(
        Name=name,
        FunctionConfig={"Comment": declared.get("comment", ""), "Runtime": declared.inputs["runtime"]},
        FunctionCode=code.encode(),
    )
    return Realised(name, {"name": name, "arn": made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]})


@realises("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy")
def response_headers_policy(declared: Declared, cloud: CloudBackend) -> Realised:
    """Headers of every answer: moto knows no such policy, so its id carries them to the distribution that names it."""
    del cloud
    lines = [f"{name}: {value}" for name, value in _headers(declared.inputs)]
    return Realised(_HEADERS_ID + "\n".join(lines))


def _headers(inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    security = inputs.get("securityHeadersConfig") or {}
    if header := security.get("contentSecurityPolicy"):
        yield "Content-Security-Policy", header["contentSecurityPolicy"]
    if "contentTypeOptions" in security:
        yield "X-Content-Type-Options", "nosniff"
    if header := security.get("frameOptions"):
        yield "X-Frame-Options", header["frameOption"]
    if header := security.get("referrerPolicy"):
        yield "Referrer-Policy", header["referrerPolicy"]
    if header := security.get("strictTransportSecurity"):
        subdomains = "; includeSubDomains" if header.get("includeSubdomains") else ""
        yield "Strict-Transport-Security", f"max-age={int(header['accessControlMaxAgeSec'])}{subdomains}"
    for item in (inputs.get("customHeadersConfig") or {}).get("items") or ():
        yield item["header"], item["value"]


@realises("aws:cloudfront/distribution:Distribution")
def distribution(declared: Declared, cloud: CloudBackend) -> Realised:
    """A distribution, served on 127.0.0.1 from now on; its domain's own name leads nowhere here."""
    made = cloud.client("cloudfront").create_distribution(DistributionConfig=described(declared))["Distribution"]
    default, origins = declared.inputs["defaultCacheBehavior"], _origins(declared)
    behaviours = [*(declared.get("orderedCacheBehaviors") or ()), {**default, "pathPattern": "*"}]
    pages = _pages_of(origins[default["targetOriginId"]], cloud)
    served = [_behaviour(behaviour, origins, made["ARN"], cloud) for behaviour in behaviours]
    errors = {int(page["errorCode"]): page["responsePagePath"] for page in declared.get("customErrorResponses") or ()}
    return Realised(made["Id"], {"arn": made["ARN"], "domainName": cloud.host(Distribution(served, pages, errors))})


def described(declared: Declared) -> dict[str, Any]:
    """A distribution's configuration, in the words of CloudFront's API."""
    default = declared.inputs["defaultCacheBehavior"]
    items = [_origin(origin) for origin in declared.inputs["origins"]]
    return {
        "CallerReference": declared.name,
        "Comment": declared.get("comment", ""),
        "Enabled": declared.inputs["enabled"],
        "Origins": {"Quantity": len(items), "Items": items},
        "DefaultCacheBehavior": {
            "TargetOriginId": default["targetOriginId"],
            "ViewerProtocolPolicy": default["viewerProtocolPolicy"],
            "CachePolicyId": default["cachePolicyId"],
        },
    }


def _origin(origin: Mapping[str, Any]) -> dict[str, Any]:
    named = {"Id": origin["originId"], "DomainName": origin["domainName"]}
    custom = origin.get("customOriginConfig")
    if not custom:
        return {**named, "S3OriginConfig": {"OriginAccessIdentity": ""}}
    ports = {"HTTPPort": int(custom["httpPort"]), "HTTPSPort": int(custom["httpsPort"])}
    return {**named, "CustomOriginConfig": {**ports, "OriginProtocolPolicy": custom["originProtocolPolicy"]}}


def _origins(declared: Declared) -> dict[str, str]:
    return {origin["originId"]: str(origin["domainName"]) for origin in declared.inputs["origins"]}


def _behaviour(
    declared: Mapping[str, Any], origins: Mapping[str, str], arn: str, cloud: CloudBackend
) -> CacheBehaviour:
    client, keys = cloud.client("cloudfront"), {}
    for group in declared.get("trustedKeyGroups") or ():
        for key in client.get_key_group(Id=group)["KeyGroup"]["KeyGroupConfig"]["Items"]:
            keys[key] = client.get_public_key(Id=key)["PublicKey"]["PublicKeyConfig"]["EncodedKey"]
    lines = str(declared.get("responseHeadersPolicyId", "")).removeprefix(_HEADERS_ID).splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    name, url, _ = origins[declared["targetOriginId"]].partition(".lambda-url.")
    function = _function(name, arn, cloud) if url else None
    return CacheBehaviour(declared["pathPattern"], keys, headers, function)


def _function(name: str, distribution: str, cloud: CloudBackend) -> Callable[[ViewerRequest], HttpAnswer]:
    """What a function answers to a distribution: its signed request, with everything of the viewer's but the host."""

    def answer(request: ViewerRequest) -> HttpAnswer:
        if not _admitted(name, distribution, cloud):
            return HttpAnswer(403, [("Content-Type", "application/json")], b'{"Message":"Forbidden"}')
        host = urlsplit(request.base).netloc
        sent = [(key, value) for key, value in request.headers if key.lower() not in {"host", _VIEWER_HOST}]
        target = f"{request.path}?{request.query}" if request.query else request.path
        headers = [*sent, (_VIEWER_HOST, host)]  # as components/site_viewer.js adds it
        sent_on = UrlRequest("GET", target, headers, b"", f"{name}.lambda-url.{cloud.region}.on.aws", "127.0.0.1")
        result = cloud.call_by_url(name, event_of(sent_on, str(uuid.uuid4()), time.time()))
        answered = result if isinstance(result, UrlAnswer) else answer_of(result[0], failed=result[1])
        return HttpAnswer(answered.status, answered.headers, answered.body)

    return answer


def _admitted(name: str, distribution: str, cloud: CloudBackend) -> bool:
    """Whether the function's policy lets this distribution do both that AWS demands."""
    try:
        policy = json.loads(cloud.client("lambda").get_policy(FunctionName=name)["Policy"])
    except ClientError:
        return False
    ours = [each for each in policy["Statement"] if distribution in json.dumps(each.get("Condition", {}))]
    return {each["Action"] for each in ours} == {"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}


def _pages_of(domain: str, cloud: CloudBackend) -> Any:
    bucket = domain.partition(".s3.")[0]

    def page(key: str) -> ServedPage | None:
        try:
            answer = cloud.client("s3").get_object(Bucket=bucket, Key=key)
        except ClientError:
            return None
        return ServedPage(answer["Body"].read(), answer["ContentType"], answer.get("CacheControl", "no-cache"))

    return page
