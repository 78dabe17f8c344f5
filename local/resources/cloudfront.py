"""CloudFront: described to moto, which serves nothing; a distribution is served by local/sites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.resources.registry import CloudBackend, Declared, Realised, realises
from local.sites.distribution import CacheBehaviour, Distribution, ServedPage

_VIEWER = Path(__file__).resolve().parents[2] / "components" / "site_viewer.js"
_HEADERS_ID = "headers:"


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
    (origin,), default = declared.inputs["origins"], declared.inputs["defaultCacheBehavior"]
    behaviours = [*(declared.get("orderedCacheBehaviors") or ()), {**default, "pathPattern": "*"}]
    domain = cloud.host(
        Distribution([_behaviour(behaviour, cloud) for behaviour in behaviours], _pages_of(origin["domainName"], cloud))
    )
    return Realised(made["Id"], {"arn": made["ARN"], "domainName": domain})


def described(declared: Declared) -> dict[str, Any]:
    """A distribution's configuration, in the words of CloudFront's API."""
    (origin,), default = declared.inputs["origins"], declared.inputs["defaultCacheBehavior"]
    item = {
        "Id": origin["originId"],
        "DomainName": origin["domainName"],
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }
    return {
        "CallerReference": declared.name,
        "Comment": declared.get("comment", ""),
        "Enabled": declared.inputs["enabled"],
        "Origins": {"Quantity": 1, "Items": [item]},
        "DefaultCacheBehavior": {
            "TargetOriginId": default["targetOriginId"],
            "ViewerProtocolPolicy": default["viewerProtocolPolicy"],
            "CachePolicyId": default["cachePolicyId"],
        },
    }


def _behaviour(declared: Mapping[str, Any], cloud: CloudBackend) -> CacheBehaviour:
    client, keys = cloud.client("cloudfront"), {}
    for group in declared.get("trustedKeyGroups") or ():
        for key in client.get_key_group(Id=group)["KeyGroup"]["KeyGroupConfig"]["Items"]:
            keys[key] = client.get_public_key(Id=key)["PublicKey"]["PublicKeyConfig"]["EncodedKey"]
    lines = str(declared.get("responseHeadersPolicyId", "")).removeprefix(_HEADERS_ID).splitlines()
    headers = dict(line.split(": ", 1) for line in lines)
    return CacheBehaviour(declared["pathPattern"], keys, headers)


def _pages_of(domain: str, cloud: CloudBackend) -> Any:
    bucket = domain.partition(".s3.")[0]

    def page(key: str) -> ServedPage | None:
        try:
            answer = cloud.client("s3").get_object(Bucket=bucket, Key=key)
        except ClientError:
            return None
        return ServedPage(answer["Body"].read(), answer["ContentType"], answer.get("CacheControl", "no-cache"))

    return page
