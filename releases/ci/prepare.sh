#!/usr/bin/env bash
# Prepares a job of CI: the project's packages, the pulumi command by version and checksum, and an hour of $ROLE.
# GitHub runs it; GitLab sources it, so that its variables reach the lines below.
set -euo pipefail
: "${ROLE:?the role to assume: docs/deploy.md, From CI}" "${AWS_REGION:?}" "${PULUMI_BACKEND_URL:?}"
: "${PULUMI_SHA256:?the SHA-256 of the Linux archive of Pulumi $PULUMI_VERSION: docs/deploy.md, From CI}"
make -s PYTHON="$(command -v python3.11 || command -v python3)" .venv/.dev
case "$(uname -m)" in aarch64) processor=arm64 ;; *) processor=x64 ;; esac
curl -fsSL -o pulumi.tar.gz "https://get.pulumi.com/releases/sdk/pulumi-v$PULUMI_VERSION-linux-$processor.tar.gz"
echo "$PULUMI_SHA256  pulumi.tar.gz" | sha256sum --check --strict
mkdir -p build/ci && tar -xzf pulumi.tar.gz -C build/ci && rm pulumi.tar.gz
export PATH="$PWD/build/ci/pulumi:$PATH"
if [ -z "${OIDC_TOKEN:-}" ]; then
  OIDC_TOKEN=$(curl -fsS -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \
    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=sts.amazonaws.com" |
    .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["value"])')
fi
credentials=$(OIDC_TOKEN=$OIDC_TOKEN .venv/bin/python - <<'PYTHON'
import os, boto3
from botocore import UNSIGNED
from botocore.config import Config
sts = boto3.client("sts", config=Config(signature_version=UNSIGNED))
made = sts.assume_role_with_web_identity(
    RoleArn=os.environ["ROLE"], RoleSessionName="ci", WebIdentityToken=os.environ["OIDC_TOKEN"])["Credentials"]
print(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
PYTHON
)
read -r AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN <<<"$credentials"
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
if [ -n "${GITHUB_ENV:-}" ]; then
  printf '::add-mask::%s\n' "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"
  printf '%s\n' "AWS_ACCESS_KEY_ID=$AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY=$AWS_SECRET_ACCESS_KEY" \
    "AWS_SESSION_TOKEN=$AWS_SESSION_TOKEN" >>"$GITHUB_ENV"
  echo "$PWD/build/ci/pulumi" >>"$GITHUB_PATH"
fi
