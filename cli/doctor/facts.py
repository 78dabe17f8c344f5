"""Asks AWS about the resources of a stack, for `swarm doctor`. A refusal is an answer like any other."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from agents.settings import ALIAS, ECR_IMAGE, PROFILE_GEOGRAPHIES
from cli.doctor.check_result import MISSING, Facts
from cli.stack.clients import Cloud
from components.outputs import StackOutputs

#: AWS's code of the quota `Fargate On-Demand vCPU resource count`, and of the one for Spot.
FARGATE_QUOTAS = {"On-Demand": "L-3032A538", "Spot": "L-36FBB829"}
#: Error codes of services for a resource that does not exist.
_NOT_THERE = re.compile(r"NotFound|NoSuch|DoesNotExist|NonExistent|^404$")
#: Models behind an inference profile; access is granted to the model, not to the profile.
_PROFILE = re.compile(rf"^({PROFILE_GEOGRAPHIES})\.|:inference-profile/|:application-inference-profile/")


@dataclass(frozen=True)
class Gathered:
    """All answers of AWS, by resource."""

    credentials: Facts
    state_machine: Facts
    alias: Facts
    functions: Mapping[str, Facts]
    buckets: Mapping[str, Mapping[str, Facts]]
    rule: Facts
    targets: Facts
    table: Facts
    backups: Facts
    cluster: Facts
    dead_letters: Facts
    alarms: Facts
    subscriptions: Facts
    lambda_account: Facts
    fargate: Mapping[str, Facts]
    models: Mapping[str, Facts]
    model_key: Facts
    image: Facts


def answer_of(call: Callable[..., Any], **parameters: Any) -> Facts:
    """The answer of the call; if AWS refuses, the name and the text of its error."""
    try:
        answer: Facts = call(**parameters)
    except ClientError as error:
        code, message = error.response["Error"].get("Code", "?"), error.response["Error"].get("Message", "")
        return {"error": MISSING if _NOT_THERE.search(code) else code, "message": message}
    except BotoCoreError as error:
        return {"error": type(error).__name__, "message": str(error)}
    return answer


def who(cloud: Cloud) -> Facts:
    """The identity behind the credentials. It is asked for first: without credentials no other call works."""
    return answer_of(cloud.client("sts").get_caller_identity)


def gather(cloud: Cloud, outputs: StackOutputs, credentials: Facts) -> Gathered:
    """Make all calls, one after the other."""
    states, dynamodb = cloud.client("stepfunctions"), cloud.client("dynamodb")
    lambda_, events, quotas = cloud.client("lambda"), cloud.client("events"), cloud.client("service-quotas")
    kinds = [kind for kind in FARGATE_QUOTAS if kind != "Spot" or outputs.fargate_spot]
    return Gathered(
        credentials=credentials,
        state_machine=answer_of(states.describe_state_machine, stateMachineArn=outputs.state_machine_arn),
        alias=answer_of(states.describe_state_machine_alias, stateMachineAliasArn=outputs.state_machine_alias_arn),
        functions={
            name: answer_of(lambda_.get_function_configuration, FunctionName=name, Qualifier=ALIAS)
            for name in outputs.function_names
        },
        buckets=_buckets(cloud.client("s3"), outputs),
        rule=answer_of(events.describe_rule, Name=outputs.upload_rule),
        targets=answer_of(events.list_targets_by_rule, Rule=outputs.upload_rule),
        table=answer_of(dynamodb.describe_table, TableName=outputs.context_table),
        backups=answer_of(dynamodb.describe_continuous_backups, TableName=outputs.context_table),
        cluster=answer_of(cloud.client("ecs").describe_clusters, clusters=[outputs.cluster_arn]),
        dead_letters=answer_of(
            cloud.client("sqs").get_queue_attributes,
            QueueUrl=outputs.dead_letter_queue_url,
            AttributeNames=["ApproximateNumberOfMessages"],
        ),
        alarms=answer_of(cloud.client("cloudwatch").describe_alarms, AlarmNames=list(outputs.alarm_names)),
        subscriptions=_subscriptions(cloud, outputs),
        lambda_account=answer_of(lambda_.get_account_settings),
        fargate={
            kind: answer_of(quotas.get_service_quota, ServiceCode="fargate", QuotaCode=FARGATE_QUOTAS[kind])
            for kind in kinds
        },
        models={name: _model(cloud, name) for name in outputs.network_models},
        model_key=_model_key(cloud, outputs),
        image=_image(cloud, outputs),
    )


def _buckets(s3: Any, outputs: StackOutputs) -> dict[str, dict[str, Facts]]:
    names = {"upload": outputs.upload_bucket, "context": outputs.context_bucket, "release": outputs.release_bucket}
    return {
        purpose: {
            "versioning": answer_of(s3.get_bucket_versioning, Bucket=name),
            "notification": answer_of(s3.get_bucket_notification_configuration, Bucket=name),
        }
        for purpose, name in names.items()
    }


def _subscriptions(cloud: Cloud, outputs: StackOutputs) -> Facts:
    if not outputs.alarm_topic_arn:
        return {}
    return answer_of(cloud.client("sns").list_subscriptions_by_topic, TopicArn=outputs.alarm_topic_arn)


def _model_key(cloud: Cloud, outputs: StackOutputs) -> Facts:
    if not outputs.model_key_secret:
        return {}
    return answer_of(cloud.client("secretsmanager").describe_secret, SecretId=outputs.model_key_secret)


def _model(cloud: Cloud, model_name: str) -> Facts:
    provider, _, name = model_name.partition(":")
    if provider != "bedrock":
        return {}
    bedrock = cloud.client("bedrock")
    if _PROFILE.search(name):
        profile = answer_of(bedrock.get_inference_profile, inferenceProfileIdentifier=name)
        if "error" in profile or not profile.get("models"):
            return profile
        name = str(profile["models"][0]["modelArn"]).rpartition("/")[2]
    return answer_of(bedrock.get_foundation_model_availability, modelId=name)


def _image(cloud: Cloud, outputs: StackOutputs) -> Facts:
    image = ECR_IMAGE.match(outputs.container_image)
    if image is None:
        return {}
    return answer_of(
        cloud.client("ecr").describe_images,
        registryId=image["account"],
        repositoryName=image["name"],
        imageIds=[{"imageDigest": image["digest"]}],
    )
