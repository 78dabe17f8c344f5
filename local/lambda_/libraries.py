"""What workers find imported already: the libraries of a function's layers; and which of them begin before a call."""

from __future__ import annotations

from collections.abc import Mapping

from agents.roster import FUNCTIONS, ROSTER, layers_of
from agents.roster_row import LayerName
from agents.settings import PREFIX, AgentSettings

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
#: The states that every session of a small repository passes: their processes are worth starting at once.
OF_EVERY_SESSION: frozenset[str] = frozenset(s for s in FUNCTIONS if ROSTER[s].when == "every session")
_OF_LAYER: Mapping[LayerName, tuple[str, ...]] = {
    "structure": ("tree_sitter", "yaml"),
    "models": (
        "pydantic_ai",
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


def libraries_of(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The libraries in the layers of an agent with these variables; a function that is no agent of ours has none."""
    if f"{PREFIX}STATE" not in variables:
        return ()
    settings = AgentSettings.from_variables(variables)
    models = [settings.model, *settings.models_by_role().values()]
    model = next((name for name in models if name != "extractive"), "extractive")
    return tuple(library for layer in layers_of(settings.state, model) for library in _OF_LAYER.get(layer, ()))


def begins_warm(variables: Mapping[str, str]) -> bool:
    """Whether a function with these variables will be called in every session."""
    return variables.get(f"{PREFIX}STATE") in OF_EVERY_SESSION
