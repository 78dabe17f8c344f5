"""What an uploaded object is called, whether it can be documented, and where its scan runs. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

from pydantic import ValidationError

from agents import keys
from agents.contracts.base import clean_text
from agents.contracts.session import Origin
from agents.contracts.snapshot import Route
from agents.errors import ArchiveUnsupported

SUPPORTED = (".zip", ".tar.gz", ".tgz")


def repository_name(key: str) -> str:
    """The repository's full name: the object's folders under the uploads, or its file name without the suffix.

    It is a name and no path: it is compared as it is, and `keys.site_name` makes one part of an address of it.

    Raises:
        ArchiveUnsupported: the object is not an archive that the scanner reads.
    """
    suffix = next((suffix for suffix in SUPPORTED if key.lower().endswith(suffix)), None)
    if suffix is None:
        name = clean_text(key)[:200]
        raise ArchiveUnsupported(
            f"{name} is not a {', '.join(SUPPORTED[:-1])} or {SUPPORTED[-1]}: pack the repository as one"
        )
    folder, _, file = key.removeprefix(keys.UPLOADS).rpartition("/")
    name = folder or file[: -len(suffix)]
    return clean_text(name).replace("\n", " ").strip() or "repository"


def origin(about: Mapping[str, str]) -> Origin:
    """Where the snapshot comes from, as FetchSnapshot wrote it into the object's metadata; empty where nobody did."""
    kind, _, ref = unquote(about.get("ref", "")).partition("/")
    full = f"refs/{'tags' if kind == 'tag' else 'heads'}/{ref}" if ref else ""
    try:
        return Origin(repository=about.get("repository", ""), ref=full, commit=about.get("commit", ""))
    except ValidationError:  # metadata of an uploader's own
        return Origin()


def scan_route(archive_bytes: int, lambda_bytes: int) -> Route:
    """Fargate for an archive above what a Lambda function's disk and time allow."""
    return Route.FARGATE if archive_bytes > lambda_bytes else Route.LAMBDA
