"""Which language a file is written in, from its name, its place and its first line; readers know the same names.

Pure.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

TEXT: Final = "text"

_BY_NAME: Final = {
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "makefile": "makefile",
    "gnumakefile": "makefile",
    "rakefile": "ruby",
    "gemfile": "ruby",
    "podfile": "ruby",
    "vagrantfile": "ruby",
    "fastfile": "ruby",
    "sconstruct": "python",
    "sconscript": "python",
    "jenkinsfile": "text",
    "pipfile": "toml",
    ".bashrc": "bash",
    ".bash_profile": "bash",
    ".profile": "bash",
    ".zshrc": "bash",
    ".gitlab-ci.yml": "gitlab-ci",
    ".gitlab-ci.yaml": "gitlab-ci",
    ".editorconfig": "ini",
    ".gitconfig": "ini",
    ".gitmodules": "ini",
    ".npmrc": "ini",
    ".flake8": "ini",
    ".pylintrc": "ini",
    ".coveragerc": "ini",
    ".babelrc": "json",
    ".eslintrc": "json",
    ".prettierrc": "json",
    ".clang-format": "yaml",
    ".clang-tidy": "yaml",
    "pkg-info": "text",
}

_SUFFIXES: Final = {
    "python": "py pyi pyw bzl star",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "go": "go",
    "java": "java",
    "kotlin": "kt kts",
    "scala": "scala sc sbt",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp inl tpp cu cuh",
    "csharp": "cs csx",
    "rust": "rs",
    "ruby": "rb rake gemspec ru podspec",
    "php": "php phtml php5",
    "swift": "swift",
    "lua": "lua rockspec",
    "bash": "sh bash zsh ksh bats",
    "sql": "sql ddl dml psql",
    "json": "json jsonc json5 geojson webmanifest avsc",
    "yaml": "yaml yml",
    "toml": "toml",
    "xml": "xml xsd xsl xslt svg wsdl pom csproj vbproj fsproj props targets plist nuspec xaml resx storyboard xib",
    "html": "html htm xhtml",
    "vue": "vue",
    "svelte": "svelte",
    "notebook": "ipynb",
    "cython": "pyx pxd pxi",
    "protobuf": "proto",
    "graphql": "graphql gql graphqls",
    "terraform": "tf tfvars tofu hcl",
    "dart": "dart",
    "elixir": "ex exs",
    "powershell": "ps1 psm1 psd1",
    "asciidoc": "adoc asciidoc asc",
    "css": "css scss sass less",
    "markdown": "md markdown mdx mkd",
    "restructuredtext": "rst rest",
    "dockerfile": "dockerfile",
    "makefile": "mk mak make",
    "ini": "ini cfg conf properties env service desktop",
}
_BY_SUFFIX: Final = {suffix: language for language, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}

_SHEBANG: Final = re.compile(r"^#![ \t]*(?:\S*/)?(?:env[ \t]+(?:-\S+[ \t]+)*)?(?:\S*/)?([A-Za-z]+)")
_INTERPRETERS: Final = {
    "python": "python",
    "pypy": "python",
    "node": "javascript",
    "deno": "typescript",
    "bash": "bash",
    "sh": "bash",
    "dash": "bash",
    "zsh": "bash",
    "ksh": "bash",
    "ruby": "ruby",
    "php": "php",
    "lua": "lua",
    "luajit": "lua",
    "make": "makefile",
    "swift": "swift",
    "kotlin": "kotlin",
    "scala": "scala",
    "elixir": "elixir",
    "pwsh": "powershell",
    "dart": "dart",
}
#: Names and aliases of GitHub Linguist that are not ours: lib/linguist/languages.yml.
_LINGUIST: Final = {
    "c++": "cpp",
    "c#": "csharp",
    "cake": "csharp",
    "cuda": "cpp",
    "js": "javascript",
    "jsx": "javascript",
    "javascript+erb": "javascript",
    "ts": "typescript",
    "golang": "go",
    "py": "python",
    "python3": "python",
    "rust": "rust",
    "rb": "ruby",
    "shell": "bash",
    "sh": "bash",
    "zsh": "bash",
    "hack": "php",
    "html+php": "php",
    "plsql": "sql",
    "plpgsql": "sql",
    "tsql": "sql",
    "sqlpl": "sql",
    "json-with-comments": "json",
    "jsonc": "json",
    "json5": "json",
    "yml": "yaml",
    "svg": "xml",
    "scss": "css",
    "less": "css",
    "sass": "css",
    "rst": "restructuredtext",
    "md": "markdown",
    "gfm": "markdown",
    "docker": "dockerfile",
    "java-properties": "ini",
    "jupyter-notebook": "notebook",
    "protocol-buffer": "protobuf",
    "hcl": "terraform",
    "pyrex": "cython",
}
_WORKFLOW: Final = re.compile(r"(?:^|/)\.github/workflows/[^/]+\.ya?ml$")
#: A C header that says one of these is C++; what may stand in one for C++ alone says nothing else of it.
_CPP_HEADER: Final = re.compile(
    r"^[ \t]*(?:class[ \t]+\w+|namespace[ \t\n{]|template[ \t]*<|using[ \t]+namespace|public:)", re.MULTILINE
)
_CPP_CODE: Final = re.compile(
    r"^[ \t]*(?:private:|protected:|virtual[ \t]|explicit[ \t]+\w|#[ \t]*include[ \t]*<[a-z_]+>)"
    r"|\bstd::\w|\b(?:static|const|reinterpret)_cast<|\)[ \t]*(?:const[ \t]*)?(?:noexcept|override|const)[ \t]*[;{]",
    re.MULTILINE,
)
_NO_HEADER_CODE: Final = re.compile(r"/\*(?:[^*]|\*(?!/))*+\*/|//[^\n]*+|\"(?:[^\"\\\n]|\\.)*+\"")
_FOR_CPP: Final = re.compile(
    r"^[ \t]*#[ \t]*if[^\n]*__cplusplus[^\n]*\n(?:(?![ \t]*#[ \t]*(?:else|elif|endif))[^\n]*\n)*+", re.MULTILINE
)
#: Objective-C has no reader: read as C its headers would be described wrongly.
_OBJECTIVE_C: Final = re.compile(r"^@(?:interface|protocol|class|import|end)\b", re.MULTILINE)
#: Translations of Qt Linguist end as TypeScript does.
_QT_LINGUIST: Final = re.compile(r"\ufeff?\s*<(?:\?xml\b|!DOCTYPE TS\b|TS\b)")
#: A chart's templates are no YAML before they are rendered.
_HELM: Final = re.compile(r"(?:^|/)templates/(?:[^/]+/)*[^/]+\.ya?ml$")
_HEADER_SAMPLE: Final = 20_000


def language_of(path: str, text: str = "") -> str:
    """The file's language, `text` when nothing better is known. `text` is its content, for shebangs and C headers."""
    name = PurePosixPath(path).name.lower()
    if _WORKFLOW.search(path):
        return "github-actions"
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith(("dockerfile.", "containerfile.")):
        return "dockerfile"
    if name.startswith("makefile."):
        return "makefile"
    stem, dot, suffix = name.rpartition(".")
    if dot and suffix in _BY_SUFFIX and (stem or suffix == "env"):
        language = _BY_SUFFIX[suffix]
        if suffix == "h" and _OBJECTIVE_C.search(text[:_HEADER_SAMPLE]):
            return TEXT
        if suffix == "ts" and _QT_LINGUIST.match(text[:_HEADER_SAMPLE]):
            return "xml"
        if language == "yaml" and _HELM.search(path) and "{{" in text:
            return "helm"
        return "cpp" if suffix == "h" and _is_cpp(text) else language
    return _by_shebang(text)


def _is_cpp(header: str) -> bool:
    if not (_CPP_HEADER.search(header) or _CPP_CODE.search(header)):
        return False
    code = _NO_HEADER_CODE.sub("", header)
    return bool(_CPP_HEADER.search(code) or _CPP_CODE.search(_FOR_CPP.sub("", code)))


def language_named(linguist: str) -> str:
    """Our name of the language that GitHub Linguist calls so; `text` for one without a reader, empty for no name."""
    name = linguist.strip().lower().replace("_", "-")
    if not name:
        return ""
    return name if name in _SUFFIXES else _LINGUIST.get(name, TEXT)


def _by_shebang(text: str) -> str:
    match = _SHEBANG.match(text[:200])
    return _INTERPRETERS.get(match.group(1).lower(), TEXT) if match else TEXT
