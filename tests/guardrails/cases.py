"""For each rule about one resource: what it lets pass and what it catches."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from components.guardrails import DeclaredResource
from components.iam.resource_policies import bucket_policy, key_policy
from tests.guardrails.declared import container, invented, policy

BUCKET = "arn:aws:s3:::store"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
TABLE = "aws:dynamodb/table:Table"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
HEADERS = "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"
_STRICT = {
    name: {"override": True} for name in ("contentSecurityPolicy", "contentTypeOptions", "strictTransportSecurity")
}
OPEN_BLOCK = {
    "blockPublicAcls": True,
    "blockPublicPolicy": True,
    "ignorePublicAcls": True,
    "restrictPublicBuckets": True,
}
PROD_TABLE = {"deletionProtectionEnabled": True, "pointInTimeRecovery": {"enabled": True}}


class Case(NamedTuple):
    """One rule, a resource it lets pass, one it catches, and a word of what it then says."""

    rule: str
    passes: DeclaredResource
    caught: DeclaredResource
    says: str


def _trust(principal: Any) -> dict[str, str]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"assumeRolePolicy": json.dumps({"Version": "2012-10-17", "Statement": statement})}


def _encrypted(**default: str) -> dict[str, Any]:
    return {"bucket": "store", "rules": [{"applyServerSideEncryptionByDefault": default}]}


def _ingress(*blocks: str) -> dict[str, Any]:
    return {"ingress": [{"fromPort": 443, "toPort": 443, "cidrBlocks": list(blocks)}]}


def _block(**changes: bool) -> DeclaredResource:
    return invented("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {**OPEN_BLOCK, **changes})


def _distribution(**changes: Any) -> dict[str, Any]:
    good = {
        "origins": [{"originId": "sites", "originAccessControlId": "E1"}],
        "defaultCacheBehavior": {"viewerProtocolPolicy": "redirect-to-https", "responseHeadersPolicyId": "R1"},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
    }
    return {**good, **changes}


def _bucket_policy(inputs: dict[str, str]) -> DeclaredResource:
    return invented("aws:s3/bucketPolicy:BucketPolicy", inputs)


def _rights(**statement: Any) -> DeclaredResource:
    return invented(ROLE_POLICY, policy(**statement))


def _untagged() -> DeclaredResource:
    return DeclaredResource(TABLE, "it", "urn:pulumi:dev::p::aws:dynamodb/table:Table::it", {}, {"project": "p"})


CASES = (
    Case("public-access-blocked", _block(), _block(blockPublicPolicy=False), "blockPublicPolicy"),
    Case(
        "acl-private",
        invented("aws:s3/bucket:Bucket", {"acl": "private"}),
        invented("aws:s3/bucketAclV2:BucketAclV2", {"acl": "public-read"}),
        "public-read",
    ),
    Case(
        "policy-not-public",
        _bucket_policy(policy(Principal={"AWS": "arn:aws:iam::111122223333:root"}, Action="s3:GetObject")),
        _bucket_policy(policy(Sid="Open", Principal="*", Action="s3:GetObject", Resource=f"{BUCKET}/*")),
        "Open allows everybody",
    ),
    Case(
        "policy-not-public",
        invented(
            "aws:sqs/queuePolicy:QueuePolicy",
            policy(Principal={"AWS": "*"}, Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:events:::rule/one"}}),
        ),
        invented("aws:kms/key:Key", policy(Principal={"AWS": ["*"]}, Action="kms:Decrypt")),
        "allows everybody",
    ),
    Case(
        "permission-not-public",
        invented("aws:lambda/permission:Permission", {"principal": "*", "invokedViaFunctionUrl": True}),
        invented("aws:lambda/permission:Permission", {"principal": "*"}),
        "everybody",
    ),
    Case(
        "tls-only",
        _bucket_policy({"policy": bucket_policy(BUCKET)}),
        _bucket_policy({"policy": bucket_policy(BUCKET).replace(f"{BUCKET}/*", BUCKET)}),
        "without TLS",
    ),
    Case(
        "encrypted-at-rest",
        invented("aws:sqs/queue:Queue", {"sqsManagedSseEnabled": True}),
        invented("aws:sqs/queue:Queue", {"sqsManagedSseEnabled": False}),
        "unencrypted",
    ),
    Case(
        "encrypted-at-rest",
        invented(ENCRYPTION, _encrypted(sseAlgorithm="AES256")),
        invented(ENCRYPTION, {"bucket": "store", "rules": []}),
        "no algorithm",
    ),
    Case(
        "encrypted-at-rest",
        invented("aws:sns/topic:Topic", {"kmsMasterKeyId": "key"}, "prod"),
        invented("aws:sns/topic:Topic", {}, "prod"),
        "unencrypted",
    ),
    Case(
        "images-scanned",
        invented("aws:ecr/repository:Repository", {"imageScanningConfiguration": {"scanOnPush": True}}),
        invented("aws:ecr/repository:Repository", {"imageScanningConfiguration": {"scanOnPush": False}}),
        "known vulnerabilities",
    ),
    Case(
        "policy-readable",
        _rights(Action=["s3:GetObject"], Resource=f"{BUCKET}/sessions/*"),
        invented(ROLE_POLICY, {"policy": "{'Version': 1}"}),
        "not a policy document",
    ),
    Case(
        "no-wildcard-action",
        _rights(Action=["s3:GetObject"], Resource=f"{BUCKET}/sessions/*"),
        _rights(Sid="All", Action=["s3:Get*"], Resource=f"{BUCKET}/sessions/*"),
        "All allows s3:Get*",
    ),
    Case(
        "no-wildcard-action",
        invented(
            "aws:kms/key:Key",
            {"policy": key_policy("111122223333", "aws", "eu-west-1", "swarm-prod", hosted=True)},
        ),
        invented(ROLE_POLICY, policy(NotAction="iam:CreateUser", Resource=BUCKET)),
        "NotAction",
    ),
    Case(
        "no-wildcard-resource",
        _rights(Action=["ecr:GetAuthorizationToken"], Resource=["*"]),
        _rights(Sid="Wide", Action=["ecr:GetAuthorizationToken", "s3:GetObject"], Resource="*"),
        "Wide allows s3:GetObject on every resource",
    ),
    Case(
        "no-wildcard-resource",
        _rights(Action="states:StopExecution", Resource="arn:aws:states:eu-west-1:1:execution:swarm:*"),
        _rights(Action="s3:GetObject", Resource="arn:aws:s3:::*"),
        "every resource",
    ),
    Case(
        "trust-named",
        invented("aws:iam/role:Role", _trust({"Service": "lambda.amazonaws.com"})),
        invented("aws:iam/role:Role", _trust({"AWS": "*"})),
        "everybody",
    ),
    Case(
        "no-managed-policy",
        invented("aws:iam/role:Role", {"managedPolicyArns": ["arn:aws:iam::111122223333:policy/ours"]}),
        invented(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            {"policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
        ),
        "AmazonS3FullAccess",
    ),
    Case("no-long-lived-key", invented("aws:iam/role:Role"), invented("aws:iam/user:User"), "never expires"),
    Case(
        "no-open-ingress",
        invented("aws:ec2/securityGroup:SecurityGroup", _ingress("10.20.0.0/20")),
        invented("aws:ec2/securityGroup:SecurityGroup", _ingress("10.20.0.0/20", "0.0.0.0/0")),
        "0.0.0.0/0 may enter at port 443",
    ),
    Case(
        "no-open-ingress",
        invented("aws:ec2/securityGroupRule:SecurityGroupRule", {"type": "egress", "cidrBlocks": ["0.0.0.0/0"]}),
        invented("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {"cidrIpv6": "::/0", "fromPort": 22}),
        "::/0 may enter at port 22",
    ),
    Case(
        "function-url-closed",
        invented(
            "aws:lambda/functionUrl:FunctionUrl",
            {"authorizationType": "NONE", "functionName": "swarm-dev-receive-webhook"},
        ),
        invented("aws:lambda/functionUrl:FunctionUrl", {"authorizationType": "NONE"}),
        "without asking",
    ),
    Case("image-by-digest", invented(TASK, container()), invented(TASK, container(image="agent:latest")), "latest"),
    Case(
        "image-tags-fixed",
        invented("aws:ecr/repository:Repository", {"imageTagMutability": "IMMUTABLE"}),
        invented("aws:ecr/repository:Repository"),
        "moved",
    ),
    Case(
        "root-read-only",
        invented(TASK, container()),
        invented(TASK, container(readonlyRootFilesystem=False)),
        "may write",
    ),
    Case("user-not-root", invented(TASK, container()), invented(TASK, container(user="0:0")), "runs as root"),
    Case("user-not-root", invented(TASK, container()), invented(TASK, container(privileged=True)), "runs as root"),
    Case("task-logs", invented(TASK, container()), invented(TASK, container(logConfiguration=None)), "no log"),
    Case(
        "logs-expire",
        invented("aws:cloudwatch/logGroup:LogGroup", {"retentionInDays": 14}),
        invented("aws:cloudwatch/logGroup:LogGroup"),
        "for ever",
    ),
    Case("mandatory-tags", invented(TABLE), _untagged(), "owner"),
    Case(
        "production-protected",
        invented(TABLE, PROD_TABLE, "prod", protect=True),
        invented(TABLE, PROD_TABLE, "prod", protect=False),
        "pulumi destroy",
    ),
    Case(
        "production-protected",
        invented(TABLE, {}, "dev"),
        invented(TABLE, {**PROD_TABLE, "pointInTimeRecovery": {"enabled": False}}, "prod"),
        "earlier point in time",
    ),
    Case(
        "production-protected",
        invented("aws:s3/bucket:Bucket", {"forceDestroy": True}, "dev"),
        invented("aws:s3/bucket:Bucket", {"forceDestroy": True}, "prod"),
        "all it holds",
    ),
    Case(
        "production-own-key",
        invented(ENCRYPTION, _encrypted(sseAlgorithm="aws:kms", kmsMasterKeyId="key"), "prod"),
        invented(ENCRYPTION, _encrypted(sseAlgorithm="AES256"), "prod"),
        "AWS's key",
    ),
    Case(
        "production-own-key",
        invented(TABLE, {"serverSideEncryption": {"enabled": True, "kmsKeyArn": "key"}}, "prod"),
        invented(TABLE, {}, "prod"),
        "AWS's key",
    ),
    Case(
        "production-logs-own-key",
        invented("aws:cloudwatch/logGroup:LogGroup", {"kmsKeyId": "key"}, "prod"),
        invented("aws:cloudwatch/logGroup:LogGroup", {}, "prod"),
        "AWS's key",
    ),
    Case(
        "key-rotates",
        invented("aws:kms/key:Key", {"enableKeyRotation": True}),
        invented("aws:kms/key:Key"),
        "never changes",
    ),
    Case(
        "site-tls",
        invented(DISTRIBUTION, _distribution()),
        invented(DISTRIBUTION, _distribution(defaultCacheBehavior={"viewerProtocolPolicy": "allow-all"})),
        "serves * in clear",
    ),
    Case(
        "site-tls",
        invented(DISTRIBUTION, _distribution(viewerCertificate={"minimumProtocolVersion": "TLSv1.2_2021"})),
        invented(DISTRIBUTION, _distribution(viewerCertificate={"minimumProtocolVersion": "TLSv1.1_2016"})),
        "older than TLS 1.2",
    ),
    Case(
        "site-origin-private",
        invented(DISTRIBUTION, _distribution()),
        invented(DISTRIBUTION, _distribution(origins=[{"originId": "sites"}])),
        "without origin access control",
    ),
    Case(
        "site-headers",
        invented(DISTRIBUTION, _distribution()),
        invented(DISTRIBUTION, _distribution(orderedCacheBehaviors=[{"pathPattern": "/x"}])),
        "serves /x without security headers",
    ),
    Case(
        "site-headers-strict",
        invented(HEADERS, {"securityHeadersConfig": _STRICT}),
        invented(HEADERS, {"securityHeadersConfig": {**_STRICT, "contentSecurityPolicy": {"override": False}}}),
        "does not set contentSecurityPolicy",
    ),
)
