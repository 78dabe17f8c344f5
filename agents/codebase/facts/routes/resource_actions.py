"""The routes that one declared resource stands for, where only some of them are declared. Tables first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

#: Action, HTTP method, what stands behind the path of all of them or of one.
_MANY = (
    ("index", "GET", ""),
    ("new", "GET", "/new"),
    ("create", "POST", ""),
    ("show", "GET", "/:id"),
    ("edit", "GET", "/:id/edit"),
    ("update", "PATCH, PUT", "/:id"),
    ("destroy", "DELETE", "/:id"),
)


def chosen_actions(
    only: Collection[str],
    hidden: Collection[str],
    *,
    single: bool = False,
    parameter: str = "id",
    removes: str = "destroy",
) -> Iterator[tuple[str, str, str]]:
    """Action, method and end of the path of each chosen action.

    `single` is a resource that has no id; `removes` is what the framework calls the action that removes one.
    """
    for action, method, end in _MANY:
        name = removes if action == "destroy" else action
        if (name in only if only else name not in hidden) and not (single and action == "index"):
            yield name, method, end.replace("/:id", "") if single else end.replace(":id", f":{parameter}")
