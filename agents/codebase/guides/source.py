"""What a guide may bring in from the repository: other files' texts and titles. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from agents.codebase.guides import markup

#: Endings by which a guide names another one without saying so.
_ENDINGS = ("", ".md", ".rst", ".adoc", ".txt", "/index.md", "/index.rst", "/README.md")
_LANGUAGES = {"py": "python", "js": "javascript", "ts": "typescript", "rs": "rust", "rb": "ruby", "sh": "bash",
              "yml": "yaml", "kt": "kotlin", "cs": "csharp", "md": "markdown", "cfg": "ini"}  # fmt: skip
#: Of a file that a guide shows whole.
_LONGEST_INCLUDE = 60_000


def _nothing(_path: str) -> str:
    return ""


@dataclass(frozen=True)
class Repository:
    """The repository as its guides see it. `read` gives a file's text as pages show it: without secrets."""

    paths: Collection[str] = ()
    read: Callable[[str], str] = field(default=_nothing)

    def resolve(self, target: str, guide: str) -> str:
        """The path that an address in a guide means; empty when it leads to no file of the repository."""
        plain = target.strip()
        if not plain:
            return ""
        folder = "" if plain.startswith("/") else posixpath.dirname(guide)
        path = posixpath.normpath(posixpath.join(folder, plain.lstrip("/")))
        rooted = posixpath.normpath(plain.lstrip("/"))
        top = guide.partition("/")[0] if "/" in guide else ""
        for base in dict.fromkeys((path, rooted, posixpath.join(top, rooted))):
            if base in self.paths:
                return base
        stem = path.removesuffix(".html").removesuffix("/")
        return next((stem + ending for ending in _ENDINGS if stem + ending in self.paths), "")

    def text(self, target: str, guide: str) -> str:
        """The text of a file that a guide brings in; empty when there is none."""
        path = self.resolve(target, guide)
        return self.read(path) if path and path != guide else ""


def code_of_file(target: str, guide: str, repository: Repository) -> str:
    """A file of the repository as a code block of HTML; one that is not there is named."""
    text = repository.text(target, guide)
    if not text:
        return f"<p><code>{markup.escaped(target)}</code></p>"
    ending = posixpath.splitext(target)[1].lstrip(".").lower()
    language = _LANGUAGES.get(ending, ending)
    excerpt = text[:_LONGEST_INCLUDE]
    cut = f"<p>The rest of <code>{markup.escaped(target)}</code> is on its own page.</p>" if excerpt != text else ""
    return f'<pre><code class="language-{markup.escaped(language)}">{markup.escaped(excerpt)}</code></pre>{cut}'
