"""The libraries of the layers. Standard library only: whoever orders their import does so before it imports more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.roster_row import LayerName

#: What the base layer gives every function. Importing them starts no thread and reads no variable, so that a process
#: may be forked afterwards and be given an environment of its own. The runtime client is not among them: its native
#: part reads AWS_LAMBDA_RUNTIME_API when it is loaded.
EVERYWHERE = (
    "boto3",
    "botocore.client",
    "botocore.httpsession",
    "botocore.loaders",
    "pydantic",
    "aws_lambda_powertools",
)
#: Asks models; the clients of their providers take as long again to import.
MODEL_LIBRARY = "pydantic_ai"
OF_LAYER: Mapping[LayerName, tuple[str, ...]] = {
    "structure": ("tree_sitter", "yaml"),
    "models": (
        MODEL_LIBRARY,
        "pydantic_ai.models.bedrock",
        "pydantic_ai.models.openai",
        "pydantic_ai.providers.bedrock",
        "pydantic_ai.providers.openai",
        "openai.resources.chat.completions",
        "anyio._backends._asyncio",
        "genai_prices.data",
    ),
    "signing": ("jwt", "cryptography.hazmat.primitives.asymmetric.rsa"),
    "site": ("mkdocs.commands.build", "material.plugins.search.plugin", "pymdownx", "pygments.lexers"),
}
