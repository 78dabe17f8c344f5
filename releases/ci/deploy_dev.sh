#!/usr/bin/env bash
# Deploys dev: the stack with this release, then its image where the registry has none of this release, then the rest.
# The same commands as docs/deploy.md, steps 3 and 4.
set -euo pipefail
RELEASE=$(.venv/bin/python -c 'import json; print(json.load(open("build/release/release.json"))["release"])')
pulumi config set release "$RELEASE" -s dev
pulumi up -s dev --yes --policy-pack policy_pack
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
pulumi up -s dev --yes --policy-pack policy_pack
aws s3 cp build/release "s3://$(pulumi stack output release_bucket -s dev)/releases/$RELEASE/" --recursive
