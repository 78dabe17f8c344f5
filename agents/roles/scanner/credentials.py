"""Which files hold credentials and nothing to document: they are named as skipped, and neither read nor published.

Pure.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

_NAMES: Final = frozenset(
    [
        ".netrc",
        "_netrc",
        ".pgpass",
        ".my.cnf",
        ".mylogin.cnf",
        ".htpasswd",
        ".dockercfg",
        ".git-credentials",
        ".pypirc",
        ".vault-token",
        ".s3cfg",
        ".boto",
        ".envrc",
        "credentials",
        ".credentials",
        "kubeconfig",
        "master.key",
        ".dev.vars",
        ".yarnrc.token",
        "accesstokens.json",
        "application_default_credentials.json",
        "credentials.json",
        "service-account.json",
        "service_account.json",
        "serviceaccount.json",
        "google-credentials.json",
        "gcp-key.json",
        "secring.gpg",
        "terraform.tfstate",
        "terraform.tfstate.backup",
        "htpasswd",
    ]
)
_PLACES: Final = (
    ".docker/config.json",
    ".kube/config",
    ".aws/credentials",
    ".aws/config",
    ".config/gh/hosts.yml",
    ".cargo/credentials.toml",
)
_SUFFIXES: Final = frozenset(
    [
        "p12",
        "pfx",
        "jks",
        "keystore",
        "bks",
        "kdb",
        "kdbx",
        "ppk",
        "kubeconfig",
        "pkcs12",
        "jceks",
        "tfstate",
        "ovpn",
        "agekey",
    ]
)
_KEY_NAME: Final = re.compile(r"^(?:id|ssh_host)_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk|_key)?(?:[._-][\w-]+)?$")
_ENV: Final = re.compile(r"^(?:\.env(?:[._-].+)?|.+\.env)$")
#: These are written to be copied: their values are fillers, and what is none is hidden as everywhere.
_TO_BE_COPIED: Final = re.compile(
    r"(?:example|sample|template|dist|tmpl|tpl|defaults?|schema|md)(?:\.|$|-|_)", re.IGNORECASE
)

_PRIVATE_KEY: Final = re.compile(
    rb"\A\s*(?:(?:Bag Attributes|[#;]|Comment:)[^\n]*\n\s*){0,20}(?:-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----|---- BEGIN SSH2 [A-Z ]*PRIVATE"
    rb"|PuTTY-User-Key-File|AGE-SECRET-KEY-1)"
)
_ANY_KEY: Final = re.compile(rb"(?m)^\s*-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----\s*$")
_KEY_SUFFIXES: Final = frozenset(["pem", "key", "asc", "gpg", "crt", "cer", "der", "priv", "pk8"])
_NPM_TOKEN: Final = re.compile(rb"(?im)^[^#;\n]*(?:_authToken|_password|_auth)\s*=\s*(?!\s*\$\{)\S")
_SERVICE_ACCOUNT: Final = re.compile(rb'"type"\s*:\s*"(?:service_account|authorized_user)"')
_KUBE: Final = re.compile(rb"(?m)^\s*(?:client-key-data|client-certificate-data|token):\s*\S")


def is_credentials_by_path(path: str) -> bool:
    """Whether the name alone says that the file is there to hold credentials."""
    name = PurePosixPath(path).name.lower()
    if name.endswith(".pub") or _TO_BE_COPIED.search(name):
        return False
    if name in _NAMES or any(f"/{path}".endswith(f"/{place}") for place in _PLACES):
        return True
    return bool(_ENV.match(name) or _KEY_NAME.match(name)) or (name.rpartition(".")[2] in _SUFFIXES and "." in name)


def is_credentials_by_content(path: str, sample: bytes) -> bool:
    """Whether the file is a private key, a service account, a cluster's access, or settings with a registry's token."""
    name = PurePosixPath(path).name.lower()
    suffix = name.rpartition(".")[2]
    if _PRIVATE_KEY.match(sample) or (suffix in _KEY_SUFFIXES and _ANY_KEY.search(sample)):
        return True
    if name in {".npmrc", ".yarnrc", ".yarnrc.yml"}:
        return _NPM_TOKEN.search(sample) is not None
    if suffix == "json":
        return _SERVICE_ACCOUNT.search(sample) is not None and b'"private_key"' in sample
    return suffix in {"yaml", "yml", "conf", name} and b"kind: Config" in sample and _KUBE.search(sample) is not None
