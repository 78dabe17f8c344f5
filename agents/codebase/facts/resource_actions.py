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
    ("delete", "DELETE", "/:id"),
)


def chosen_actions(
    only: Collection[str], hidden: Collection[str], *, single: bool = False, parameter: str = "id"
) -> Iterator[tuple[str, str, str]]:
    """Action, method and end of the path of each chosen action; `single` is a resource that has no id."""
    removes = "delete" if "delete" in only or "delete" in hidden else "destroy"
    unknown = {"destroy", "delete"} - {removes} | ({"index"} if single else set())
    for action, method, end in _MANY:
        if action not in unknown and (action in only if only else action not in hidden):
            yield action, method, end.replace("/:id", "") if single else end.replace(":id", f":{parameter}")
