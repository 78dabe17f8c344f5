"""What routes are called and how their paths are joined. Pure."""

import re

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
ANY = "any"
#: The target of a mount that stands before every route of its framework, and before those with a version.
EVERY, VERSIONED = "*", "* with a version"
SYMFONY = "Symfony"
#: The mark of a route of Ktor whose path a class of another file has.
TYPED = "typed"
#: A file or a folder that Symfony imports; other kinds of imports have a class or a service.
RESOURCE = re.compile(r"/|\.(?:php|ya?ml)$")


def joined_path(*parts: str) -> str:
    path = "/".join(part.strip("/") for part in parts if part.strip("/"))
    return f"/{path}" + ("/" if path and parts[-1].endswith("/") and parts[-1] != "/" else "")


def short_controller(handler: str) -> str:
    """A controller's class and method without the namespace."""
    return handler.rpartition("\\")[2]
