"""`swarm site-key`: the key pair of a stack whose sites are private."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from agents.aws.failures import code_of
from cli.errors import BadInput, ExitCode
from cli.stack.deployed import DeployedCloud
from cli.stack.site_key import new_key, public_half
from local.configuration import ProgramFailed, configuration
from local.settings import ROOT


def make_site_key(stack: str, replace: bool, profile: str | None, messages: Console, answers: Console) -> ExitCode:
    """Make a key, store its private half in Secrets Manager, print its public half.

    The stack need not be deployed. Raises BadInput if there is a key that is not to be replaced, or none can be stored.
    """
    try:
        project, values = configuration(ROOT, stack, {})
    except ProgramFailed as error:
        raise BadInput(str(error)) from error
    environment, region = (values[f"{project}:{name}"] for name in ("environment", "region"))
    secret, private_key = f"swarm-{environment}-site-key", new_key()
    client = DeployedCloud({"region": region}, profile).client("secretsmanager")
    try:
        if replace:
            client.put_secret_value(SecretId=secret, SecretString=private_key)
        else:
            client.create_secret(
                Name=secret, SecretString=private_key, Tags=[{"Key": "project", "Value": "serverless-swarm"}]
            )
    except ClientError as error:
        match code_of(error):
            case "ResourceExistsException":
                raise BadInput(
                    f"The secret {secret} exists in {region}. --replace makes another key: links of the present one"
                    " end with the next deployment"
                ) from error
            case "ResourceNotFoundException":
                raise BadInput(f"There is no secret {secret} in {region} to replace: leave out --replace") from error
            case _:
                raise BadInput(f"The secret {secret} cannot be written in {region}: {error}") from error
    except BotoCoreError as error:
        raise BadInput(f"The secret {secret} cannot be written in {region}: {error}") from error
    messages.print(
        f"The private half is in the secret {secret} in {region}, and nowhere else. Set the public half in"
        f" Pulumi.{stack}.yaml as sitePublicKey, and deploy:",
        markup=False,
        soft_wrap=True,
    )
    answers.print(public_half(private_key), markup=False, soft_wrap=True)
    return ExitCode.DONE
