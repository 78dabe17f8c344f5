"""What workers find imported already: the libraries of a function's layers, imported once for all of them."""

from __future__ import annotations

from collections.abc import Mapping

from agents.environment import PREFIX, AgentEnvironment, LayerName, layers_of

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
_OF_LAYER: Mapping[LayerName, tuple[str, ...]] = {
    "structure": ("tree_sitter", "yaml"),
    "models": (
        "pydantic_ai",
        "pydantic_ai.models.bedrock",
        "pydantic_ai.models.openai",
        "pydantic_ai.providers.bedrock",
        "pydantic_ai.providers.openai",
    ),
    "site": ("mkdocs.commands.build", "material.plugins.search.plugin", "pymdownx", "pygments.lexers"),
}


def libraries_of(variables: Mapping[str, str]) -> tuple[str, ...]:
    """The libraries in the layers of an agent with these variables; a function that is no agent of ours has none."""
    if f"{PREFIX}STATE" not in variables:
        return ()
    settings = AgentEnvironment.from_variables(variables)
    asked = [settings.model, *settings.models_by_role().values()]
    model = next((name for name in asked if name != "extractive"), "extractive")
    return tuple(library for layer in layers_of(settings.state, model) for library in _OF_LAYER.get(layer, ()))
