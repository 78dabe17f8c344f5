"""The account as the bootstrap finds and changes it: IAM, KMS and S3."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from cli.bootstrap.aws_calls import code, patiently, sentences, unless_missing
from cli.bootstrap.plan import KEY_ALIAS, AccountPlace, Step, Thing
from cli.bootstrap.trust import AUDIENCE, Trust, caller, provider_arn
from cli.errors import BadInput

#: Not the stacks' tag `project`: the deployer may change what bears that.
TAGS = {"managed-by": "swarm bootstrap"}
_DESCRIPTION = "Encrypts Pulumi's state and its secrets (swarm bootstrap)"
_INLINE = "deploy"
#: IAM keeps so many versions of a managed policy.
_VERSIONS = 5
#: What the call that creates a thing sets already.
_MADE_WITH_THING = ("audience", "trust", "document")


class BootstrapAccount:
    """One AWS account, in one region."""

    def __init__(self, profile: str | None, region: str | None) -> None:
        """Ask who we are. Raises BadInput."""
        import boto3  # half a second of imports: bad input is refused before

        with sentences("Finding the account"):
            session = boto3.session.Session(profile_name=profile, region_name=region)
            if not session.region_name:
                raise BadInput("No region is set: give --region, such as --region eu-west-1")
            clients: Mapping[str, Any] = {name: session.client(name) for name in ("iam", "kms", "s3", "sts")}
            self._iam, self._kms, self._s3, sts = clients.values()
            self.caller_arn = str(sts.get_caller_identity()["Arn"])
            _, partition, _, _, account, _ = self.caller_arn.split(":", 5)
            if session.get_partition_for_region(session.region_name) != partition:
                raise BadInput(f"{session.region_name} is not a region of {partition}, to which the account belongs")
        self.place = AccountPlace(partition, account, session.region_name)
        self._owner = {"Bucket": self.place.bucket, "ExpectedBucketOwner": account}
        self._key = ""

    def trust_of_caller(self) -> Trust:
        """Whoever runs this. Raises BadInput, TrustRefused."""
        role = ""
        with sentences("Finding the role of these credentials"):
            if ":assumed-role/" in self.caller_arn:
                name = self.caller_arn.split("/")[1]
                role = str(self._iam.get_role(RoleName=name)["Role"]["Arn"])
        return caller(self.caller_arn, role)

    def has_role(self, name: str) -> bool:
        """Whether the role exists."""
        with sentences(f"Reading role {name}"):
            return unless_missing(lambda: self._iam.get_role(RoleName=name)) is not None

    def find(self, thing: Thing) -> Mapping[str, Any] | None:
        """What the account has of it, by aspect; None is nothing. Raises BadInput."""
        with sentences(f"Reading {thing}"):
            match thing.kind:
                case "OIDC provider":
                    return self._find_provider(thing.name)
                case "role":
                    return self._find_role(thing.name)
                case "policy":
                    return self._find_policy(thing.name)
                case "key":
                    return self._find_key()
            return self._find_bucket()

    def carry_out(self, step: Step) -> None:
        """Create the thing if it is missing, and set what differs. Raises CommandError."""
        thing = step.thing
        with sentences(f"Making {thing}"):
            if not step.exists:
                self._create(thing, step.changes)
            with_it = () if step.exists else _MADE_WITH_THING
            for aspect, value in step.changes.items():
                if aspect in with_it:
                    continue
                # mypy cannot give a lambda with defaults a type.
                patiently(lambda aspect=aspect, value=value: self._set(thing, aspect, value))  # type: ignore[misc]

    def _find_provider(self, host: str) -> Mapping[str, Any] | None:
        arn = provider_arn(host, self.place.partition, self.place.account)
        provider = unless_missing(lambda: self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn))
        return None if provider is None else {"audience": AUDIENCE in provider.get("ClientIDList", [])}

    def _find_role(self, name: str) -> Mapping[str, Any] | None:
        role = unless_missing(lambda: self._iam.get_role(RoleName=name))
        if role is None:
            return None
        inline = unless_missing(lambda: self._iam.get_role_policy(RoleName=name, PolicyName=_INLINE))
        attached = self._iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
        ours = [policy["PolicyName"] for policy in attached if _is_part(policy["PolicyName"], name)]
        return {
            "trust": role["Role"]["AssumeRolePolicyDocument"],
            "permissions": inline and inline["PolicyDocument"],
            # An earlier release gave the deployer one inline policy: it differs until that one is gone.
            "policies": [*ours, *([f"inline {_INLINE}"] if inline else [])],
        }

    def _find_policy(self, name: str) -> Mapping[str, Any] | None:
        arn = self._policy_arn(name)
        policy = unless_missing(lambda: self._iam.get_policy(PolicyArn=arn))
        if policy is None:
            return None
        version = self._iam.get_policy_version(PolicyArn=arn, VersionId=policy["Policy"]["DefaultVersionId"])
        return {"document": version["PolicyVersion"]["Document"]}

    def _policy_arn(self, name: str) -> str:
        return f"arn:{self.place.partition}:iam::{self.place.account}:policy/{name}"

    def _set_document(self, name: str, text: str) -> None:
        """Make it the policy's default version; the oldest one goes when there are as many as IAM keeps."""
        arn = self._policy_arn(name)
        versions = self._iam.list_policy_versions(PolicyArn=arn)["Versions"]
        spare = sorted(
            (version for version in versions if not version["IsDefaultVersion"]),
            key=lambda version: version["CreateDate"],
        )
        if len(versions) >= _VERSIONS:
            self._iam.delete_policy_version(PolicyArn=arn, VersionId=spare[0]["VersionId"])
        self._iam.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

    def _attach(self, role: str, names: list[str]) -> None:
        """Attach these policies to the role; then remove those of an earlier release, and its inline policy."""
        for name in names:
            self._iam.attach_role_policy(RoleName=role, PolicyArn=self._policy_arn(name))
        for policy in self._iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
            if _is_part(policy["PolicyName"], role) and policy["PolicyName"] not in names:
                self._iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
                self._delete_policy(policy["PolicyArn"])
        unless_missing(lambda: self._iam.delete_role_policy(RoleName=role, PolicyName=_INLINE))

    def _delete_policy(self, arn: str) -> None:
        """Delete a policy with its versions. Raises ClientError while anybody else has it attached."""
        for version in self._iam.list_policy_versions(PolicyArn=arn)["Versions"]:
            if not version["IsDefaultVersion"]:
                self._iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
        self._iam.delete_policy(PolicyArn=arn)

    def _find_key(self) -> Mapping[str, Any] | None:
        named = unless_missing(lambda: self._kms.describe_key(KeyId=KEY_ALIAS))
        key = named["KeyMetadata"] if named is not None else self._key_without_alias()
        if key is None:
            return None
        if key["KeyState"] != "Enabled":
            raise BadInput(
                f"The key of {KEY_ALIAS} is {key['KeyState']}: enable it, or cancel its deletion, in the KMS console"
            )
        self._key = key["Arn"]
        return {
            "alias": named is not None,
            "rotation": self._kms.get_key_rotation_status(KeyId=self._key)["KeyRotationEnabled"],
            "policy": json.loads(self._kms.get_key_policy(KeyId=self._key, PolicyName="default")["Policy"]),
        }

    def _key_without_alias(self) -> Any:
        """The key of a bootstrap that was interrupted before it named it."""
        for page in self._kms.get_paginator("list_keys").paginate():
            for key in page["Keys"]:
                metadata = self._kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
                if metadata.get("Description") == _DESCRIPTION and metadata["KeyState"] == "Enabled":
                    return metadata
        return None

    def _find_bucket(self) -> Mapping[str, Any] | None:
        bucket, region = self.place.bucket, self.place.region
        try:
            if unless_missing(lambda: self._s3.head_bucket(**self._owner)) is None:
                return None
        except ClientError as error:
            if code(error) != "403":
                raise
            raise BadInput(
                f"The bucket {bucket} is another account's, or these credentials may not see it: it is not touched"
            ) from error
        there = self._s3.get_bucket_location(**self._owner)["LocationConstraint"] or "us-east-1"
        there = {"EU": "eu-west-1"}.get(there, there)
        if there != region:
            raise BadInput(
                f"The bucket {bucket} is in {there}: run again with --region {there}; it serves every region"
            )
        encryption = unless_missing(lambda: self._s3.get_bucket_encryption(**self._owner))
        public = unless_missing(lambda: self._s3.get_public_access_block(**self._owner))
        policy = unless_missing(lambda: self._s3.get_bucket_policy(**self._owner))
        rules = encryption["ServerSideEncryptionConfiguration"]["Rules"] if encryption else [{}]
        return {
            "versioning": self._s3.get_bucket_versioning(**self._owner).get("Status"),
            "public access block": public and public["PublicAccessBlockConfiguration"],
            "encryption": rules[0].get("ApplyServerSideEncryptionByDefault"),
            "policy": policy and json.loads(policy["Policy"]),
        }

    def _create(self, thing: Thing, changes: Mapping[str, Any]) -> None:
        tags = [{"Key": key, "Value": value} for key, value in TAGS.items()]
        match thing.kind:
            case "OIDC provider":
                self._iam.create_open_id_connect_provider(
                    Url=f"https://{thing.name}", ClientIDList=[AUDIENCE], Tags=tags
                )
            case "role":
                trust = json.dumps(changes["trust"])
                patiently(lambda: self._iam.create_role(RoleName=thing.name, AssumeRolePolicyDocument=trust, Tags=tags))
            case "policy":
                document = json.dumps(changes["document"], separators=(",", ":"))
                self._iam.create_policy(PolicyName=thing.name, PolicyDocument=document, Tags=tags)
            case "key":
                kms_tags = [{"TagKey": key, "TagValue": value} for key, value in TAGS.items()]
                self._key = self._kms.create_key(Description=_DESCRIPTION, Tags=kms_tags)["KeyMetadata"]["Arn"]
            case _:
                # us-east-1 is the one region that S3 refuses by name.
                inside = {"CreateBucketConfiguration": {"LocationConstraint": self.place.region}}
                self._s3.create_bucket(Bucket=thing.name, **({} if self.place.region == "us-east-1" else inside))

    def _set(self, thing: Thing, aspect: str, value: Any) -> None:
        text = json.dumps(value)
        setters: Mapping[tuple[str, str], Callable[[], object]] = {
            ("OIDC provider", "audience"): lambda: self._iam.add_client_id_to_open_id_connect_provider(
                OpenIDConnectProviderArn=provider_arn(thing.name, self.place.partition, self.place.account),
                ClientID=AUDIENCE,
            ),
            ("role", "trust"): lambda: self._iam.update_assume_role_policy(RoleName=thing.name, PolicyDocument=text),
            ("role", "policies"): lambda: self._attach(thing.name, value),
            ("policy", "document"): lambda: self._set_document(thing.name, json.dumps(value, separators=(",", ":"))),
            ("role", "permissions"): lambda: self._iam.put_role_policy(
                RoleName=thing.name, PolicyName=_INLINE, PolicyDocument=json.dumps(value, separators=(",", ":"))
            ),
            ("key", "alias"): lambda: self._kms.create_alias(AliasName=thing.name, TargetKeyId=self._key),
            ("key", "rotation"): lambda: self._kms.enable_key_rotation(KeyId=self._key),
            ("key", "policy"): lambda: self._kms.put_key_policy(KeyId=self._key, PolicyName="default", Policy=text),
            ("bucket", "versioning"): lambda: self._s3.put_bucket_versioning(
                **self._owner, VersioningConfiguration={"Status": value}
            ),
            ("bucket", "public access block"): lambda: self._s3.put_public_access_block(
                **self._owner, PublicAccessBlockConfiguration=value
            ),
            ("bucket", "encryption"): lambda: self._s3.put_bucket_encryption(
                **self._owner,
                ServerSideEncryptionConfiguration={
                    "Rules": [{"ApplyServerSideEncryptionByDefault": value, "BucketKeyEnabled": True}]
                },
            ),
            ("bucket", "policy"): lambda: self._s3.put_bucket_policy(**self._owner, Policy=text),
        }
        setters[thing.kind, aspect]()


def _is_part(policy: str, role: str) -> bool:
    """Whether the policy is one that the bootstrap made for the role; an administrator may have attached others."""
    return re.fullmatch(rf"{re.escape(role)}-\d+", policy) is not None
