"""The key that signs readers' cookies: made here, its private half in Secrets Manager, its public half a setting."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError

from agents.aws.failures import code_of
from agents.roles.sign_in.cookies import KEY, POLICY, SIGNATURE, loaded_key, reader_cookies
from cli.disk_errors import explained
from cli.errors import BadInput
from cli.stack.clients import Cloud
from local.configuration import ProgramFailed, configuration
from local.private_files import make_private_file, make_private_folder
from local.settings import ROOT

if TYPE_CHECKING:
    from datetime import datetime

#: The client secret at the provider that signs readers in to the sites of a laptop.
SIGN_IN_VARIABLE: Final = "SWARM_SIGN_IN_SECRET"
_NAMESPACE: Final = "serverless-swarm"
#: CloudFront takes RSA keys of this size.
_KEY_BITS: Final = 2048


def new_key() -> str:
    """A private key, PEM."""
    from cryptography.hazmat.primitives import serialization  # a second of imports: few commands need a key
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65_537, key_size=_KEY_BITS)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def public_half(private_key: str) -> str:
    """The setting sitePublicKey of a private key. Raises ValueError for what is no RSA key."""
    from cryptography.hazmat.primitives import serialization

    public = loaded_key(private_key).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def signed_link(base: str, folder: str, key_id: str, private_key: str, page: str, until: datetime) -> str:
    """A link that opens every page of a folder of sites until then, beginning with `page`; both without a first slash.

    CloudFront's cookies can be set by its own domain only, so the link brings them there (components/site_viewer.js).
    """
    cookies = reader_cookies(f"{base}/{folder}*", key_id, private_key, int(until.timestamp()))
    carried = {"policy": POLICY, "signature": SIGNATURE, "key": KEY}
    return f"{base}/open?" + urlencode(
        {"to": f"/{page}", **{name: cookies[of] for name, of in carried.items()}},
        safe="/",  # CloudFront's functions see values as they were sent
    )


def key_of_stack(cloud: Cloud, name: str) -> str:
    """The private half of the stack's key.

    Raises:
        BadInput: it may not be read, there is none, or it is not the half of the stack's public one.
    """
    secret = str(cloud.outputs["site_key_secret"])
    remedy = f"`swarm site-key --stack {name}` makes a key and says where its public half belongs"
    try:
        private = str(cloud.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            raise BadInput(f"There is no secret {secret}: {remedy}") from error
        raise BadInput(
            f"The secret {secret} cannot be read ({code_of(error)}): whoever hands out links needs"
            " secretsmanager:GetSecretValue on it"
        ) from error
    except BotoCoreError as error:
        raise BadInput(f"The secret {secret} cannot be read: {error}") from error
    try:
        same = public_half(private) == cloud.outputs["site_public_key"]
    except ValueError as error:
        raise BadInput(f"The secret {secret} holds no private key: {remedy}") from error
    if not same:
        raise BadInput(
            f"The secret {secret} is not the other half of the stack's sitePublicKey: set the public half that"
            f" `swarm site-key` printed, and deploy; or {remedy}"
        )
    return private


def with_laptops_key(settings: Mapping[str, str], stack: str, folder: Path) -> dict[str, str]:
    """The settings; where they make sites private, with the key of the state folder: a laptop has no other's."""
    with suppress(ProgramFailed):  # reading the settings reports it
        _, values = configuration(ROOT, stack, settings)
        if values.get(f"{_NAMESPACE}:siteAccess") == "private":
            return {**settings, "sitePublicKey": public_half(_laptops_key(folder))}
    return dict(settings)


def keep_laptops_key(cloud: Any, folder: Path) -> None:
    """Store the private half where `swarm open` looks for it, and the secret of sign-ins out of the environment."""
    if secret := cloud.outputs.get("site_key_secret"):
        cloud.client("secretsmanager").create_secret(Name=secret, SecretString=_laptops_key(folder))
    if secret := cloud.outputs.get("sign_in_secret"):
        given = os.environ.get(SIGN_IN_VARIABLE, "")
        cloud.client("secretsmanager").create_secret(Name=secret, SecretString=given or "none")


def _laptops_key(folder: Path) -> str:
    """The private key of the state folder, made at its first use. Raises BadInput."""
    file = folder / "site-key.pem"
    with explained(f"--state {folder}"):
        with suppress(FileNotFoundError):
            return file.read_text(encoding="ascii")
        make_private_folder(folder)
        made = folder / f".site-key-{os.getpid()}.pem"
        make_private_file(made)
        made.write_text(new_key(), encoding="ascii")
        with suppress(FileExistsError):  # another command was faster
            os.link(made, file)
        made.unlink()
        return file.read_text(encoding="ascii")
