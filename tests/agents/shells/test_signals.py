"""Every line of the agents' own loggers says which call of which session it is of."""

from __future__ import annotations

import ast

from tests.architecture.source import modules, syntax_tree


def test_every_logger_of_the_agents_is_the_one_whose_lines_name_the_session() -> None:
    """Lambda writes the lines of any other logger as plain text, which no search for a session finds."""
    names = [
        (module, ast.unparse(node.args[0]))
        for module, path in modules().items()
        if module.startswith("agents.")
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "logging.getLogger"
    ]
    others = {(module, name) for module, name in names if name != "'swarm'"}
    # The site builder's chatter is switched off, not written.
    assert others == {("agents.roles.publisher.site", "'mkdocs'")}
