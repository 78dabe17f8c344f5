"""What an agent must be allowed so that Bedrock answers it: a model, or a profile and every model behind it."""

from __future__ import annotations

import re

from agents.settings import PROFILE_GEOGRAPHIES

#: An inference profile's name: a geography, then the model's own.
_PROFILE = re.compile(rf"^({PROFILE_GEOGRAPHIES})\.(?P<model>.+)$")


def model_arns(name: str, partition: str, region: str, account: str) -> tuple[str, ...]:
    """A `bedrock:` model's ARNs; nothing for models outside AWS.

    Behind an inference profile stands a model in every region it may choose: both must be allowed.
    """
    service, _, rest = name.partition(":")
    model = rest.partition("@")[0]
    if service != "bedrock":
        return ()
    if model.startswith("arn:"):
        return (model,) if "foundation-model/" in model else (model, f"arn:{partition}:bedrock:*::foundation-model/*")
    profile = _PROFILE.match(model)
    if profile is None:
        return (f"arn:{partition}:bedrock:{region}::foundation-model/{model}",)
    return (
        f"arn:{partition}:bedrock:{region}:{account}:inference-profile/{model}",
        f"arn:{partition}:bedrock:*::foundation-model/{profile['model']}",
    )
