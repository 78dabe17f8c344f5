"""What routes are called and how their paths are joined. Pure."""

VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
ANY = "any"
#: The target of a mount that stands before every route of its framework, and before those with a version.
EVERY, VERSIONED = "*", "* with a version"


def joined_path(*parts: str) -> str:
    path = "/".join(part.strip("/") for part in parts if part.strip("/"))
    return f"/{path}" + ("/" if path and parts[-1].endswith("/") and parts[-1] != "/" else "")
