#!/usr/bin/env bash
# Deploys dev: its registry where there is none yet, the image where the registry has none of this code, then the release
# that names both, which is stored before it is deployed. The same commands as docs/promotion.md.
set -euo pipefail
RELEASE=$(.venv/bin/python -c 'import json; print(json.load(open("build/release/release.json"))["release"])')
pulumi stack output image_repository_url -s dev >/dev/null 2>&1 || pulumi up -s dev --yes --policy-pack policy_pack
IMAGES=$(pulumi stack output image_repository_url -s dev)
REGION=$(pulumi stack output region -s dev)
digest() {
  aws ecr describe-images --region "$REGION" --repository-name "${IMAGES#*/}" --image-ids "imageTag=$RELEASE" \
    --query 'imageDetails[0].imageDigest' --output text
}
if ! digest >/dev/null 2>&1; then # tags are immutable: a release is pushed once
  aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "${IMAGES%%/*}"
  docker buildx build --platform linux/arm64 --provenance=false -f containers/agent/Dockerfile -t "$IMAGES:$RELEASE" --push .
fi
pulumi config set containerImage "$IMAGES@$(digest)" -s dev
ID=$(.venv/bin/python -m cli release build --publish --stack dev --json |
  .venv/bin/python -c 'import json, sys; print(json.load(sys.stdin)["release"])')
pulumi config set release "$ID" -s dev
pulumi up -s dev --yes --policy-pack policy_pack
