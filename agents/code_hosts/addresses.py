"""Where each kind of host has a commit and its archive. Pure.

The base of every address comes from the stack's settings, and nothing of a webhook's payload but names that contracts
have checked. Sources: GitHub's REST API (Repository contents, Commits), GitLab's (Repositories, Commits), Gitea's
(/api/swagger), Bitbucket Cloud's and Bitbucket Data Center's REST APIs.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from agents.contracts.webhook import HostKind

_BITBUCKET_CLOUD = "api.bitbucket.org"
#: Hosts that a host's archive may be redirected to.
_ARCHIVE_HOSTS = {"api.github.com": frozenset({"codeload.github.com"})}


def archive_url(provider: HostKind, base: str, repository: str, commit: str) -> str:
    """The archive of exactly this commit, a tar.gz."""
    name, host = quote(repository), urlsplit(base).hostname
    if provider is HostKind.GITHUB:
        return f"{base}/repos/{name}/tarball/{commit}"
    if provider is HostKind.GITLAB:
        return f"{base}/api/v4/projects/{quote(repository, safe='')}/repository/archive.tar.gz?sha={commit}"
    if provider is HostKind.GITEA:
        return f"{base}/api/v1/repos/{name}/archive/{commit}.tar.gz"
    if provider is HostKind.BITBUCKET and host == _BITBUCKET_CLOUD:
        return f"https://bitbucket.org/{name}/get/{commit}.tar.gz"
    if provider is HostKind.BITBUCKET:
        return f"{_data_center(base, repository)}/archive?at={commit}&format=tar.gz"
    return f"{base}/{name}/{commit}.tar.gz"


def commit_url(provider: HostKind, base: str, repository: str, ref: str) -> str:
    """What a branch or tag points to, as JSON; empty where the host has no such address."""
    name, quoted = quote(repository), quote(ref, safe="")
    if provider is HostKind.GITHUB:
        return f"{base}/repos/{name}/commits/{quoted}"
    if provider is HostKind.GITLAB:
        return f"{base}/api/v4/projects/{quote(repository, safe='')}/repository/commits/{quoted}"
    if provider is HostKind.GITEA:
        return f"{base}/api/v1/repos/{name}/git/commits/{quoted}"
    if provider is HostKind.BITBUCKET and urlsplit(base).hostname == _BITBUCKET_CLOUD:
        return f"{base}/2.0/repositories/{name}/commit/{quoted}"
    if provider is HostKind.BITBUCKET:
        return f"{_data_center(base, repository)}/commits/{quoted}"
    return ""


def commit_field(provider: HostKind, base: str) -> str:
    """The field of that JSON with the commit's hash."""
    if provider is HostKind.BITBUCKET:
        return "hash" if urlsplit(base).hostname == _BITBUCKET_CLOUD else "id"
    return "id" if provider is HostKind.GITLAB else "sha"


def headers_of(provider: HostKind, token: str) -> dict[str, str]:
    """How a token is sent; nothing without one, for a public repository."""
    if not token:
        return {}
    if provider is HostKind.GITLAB:
        return {"PRIVATE-TOKEN": token}
    return {"Authorization": f"token {token}" if provider is HostKind.GITEA else f"Bearer {token}"}


def may_follow(start: str, target: str) -> bool:
    """Whether a download that began at `start` may go on at `target`: the same host, or the host's own of archives."""
    begun, aimed = urlsplit(start), urlsplit(target)
    if aimed.scheme != begun.scheme or aimed.username or aimed.password:
        return False
    if aimed.netloc.lower() == begun.netloc.lower():
        return True
    host = begun.hostname or ""
    # A GitHub Enterprise Server with subdomain isolation serves archives from codeload.HOST.
    allowed = _ARCHIVE_HOSTS.get(host, frozenset({f"codeload.{host}"}))
    return aimed.hostname in allowed and aimed.port in {None, 443}


def _data_center(base: str, repository: str) -> str:
    project, _, slug = repository.partition("/")
    return f"{base}/rest/api/latest/projects/{quote(project)}/repos/{quote(slug)}"
