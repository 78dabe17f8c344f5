"""How git is called: no program that a repository names is run, and no variable of a git hook leads elsewhere."""

from __future__ import annotations

import os

#: Options for commands on a repository whose own configuration could name programs.
RUNS_NOTHING = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false")
#: Set inside a git hook, these would make git look into another repository.
_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_TEMPLATE_DIR"})


def git_variables(**own: str) -> dict[str, str]:
    """This process's environment without what a hook has set, with git's messages in English, and `own` on top."""
    inherited = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**inherited, "LC_ALL": "C", **own}
