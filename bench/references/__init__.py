"""Our reader against the languages' own documentation tools, on real projects."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.projects import fetched, unpacked
from bench.references import cython, documents, doxygen, go, grammars, java, ours, python, rust, typescript
from bench.references.rows import Comparison, Convention, Row, compare, total
from bench.references.tools import Missing

#: What each language's share must be at least.
LIMITS = {"symbols": 0.99, "members": 0.98, "precision": 0.99, "docs": 0.98, "signatures": 0.98}


class Project(NamedTuple):
    """A release on a package index; `package` is what the tool is asked for, where it must be named."""

    registry: str
    name: str
    version: str
    package: str = ""


class Reference(NamedTuple):
    """A tool with the projects of its language."""

    tool: str
    languages: frozenset[str]
    rows: Callable[[Path, str], Iterator[Row]]
    convention: Convention
    projects: tuple[Project, ...]


REFERENCES = {
    "python": Reference(
        "griffe, ast",
        python.LANGUAGES,
        python.rows,
        python.CONVENTION,
        (
            Project("pypi", "httpx", "0.28.1", "httpx"),
            Project("pypi", "click", "8.1.8", "click"),
            Project("pypi", "werkzeug", "3.1.3", "werkzeug"),
            Project("pypi", "scrapy", "2.12.0", "scrapy"),
            Project("pypi", "tornado", "6.5.1", "tornado"),
            Project("pypi", "requests", "2.32.3", "requests"),
            Project("pypi", "marshmallow", "3.22.0", "marshmallow"),
            Project("pypi", "starlette", "0.41.3", "starlette"),
            Project("pypi", "jinja2", "3.1.4", "jinja2"),
            Project("pypi", "rich", "13.9.4", "rich"),
            Project("pypi", "anyio", "4.6.2", "anyio"),
            Project("pypi", "joblib", "1.4.2", "joblib"),
            Project("pypi", "pydantic", "2.9.2", "pydantic"),
            Project("pypi", "trio", "0.27.0", "trio"),
            Project("pypi", "aiohttp", "3.11.11", "aiohttp"),
            Project("pypi", "networkx", "3.4.2", "networkx"),
            Project("pypi", "dask", "2024.11.2", "dask"),
            Project("pypi", "celery", "5.4.0", "celery"),
        ),
    ),
    "go": Reference(
        "go/doc",
        go.LANGUAGES,
        go.rows,
        go.CONVENTION,
        (
            Project("go", "github.com/spf13/cobra", "1.8.1"),
            Project("go", "github.com/gin-gonic/gin", "1.10.0"),
            Project("go", "gorm.io/gorm", "1.25.12"),
            Project("go", "github.com/gorilla/mux", "1.8.1"),
            Project("go", "github.com/go-chi/chi/v5", "5.1.0"),
            Project("go", "github.com/sirupsen/logrus", "1.9.3"),
            Project("go", "github.com/julienschmidt/httprouter", "1.3.0"),
            Project("go", "github.com/urfave/cli/v2", "2.27.5"),
            Project("go", "github.com/rs/zerolog", "1.33.0"),
            Project("go", "github.com/prometheus/client_golang", "1.20.5"),
        ),
    ),
    "rust": Reference(
        "rustdoc JSON",
        rust.LANGUAGES,
        rust.rows,
        rust.CONVENTION,
        (
            Project(
                "crates",
                "serde_json",
                "1.0.140",
                "preserve_order,raw_value,unbounded_depth;arbitrary_precision,raw_value",
            ),
            Project("crates", "bytes", "1.10.1"),
            Project("crates", "clap_lex", "0.7.4"),
            Project("crates", "smallvec", "1.13.2"),
            Project("crates", "semver", "1.0.23"),
            Project("crates", "indexmap", "2.6.0"),
            Project("crates", "either", "1.13.0"),
            Project("crates", "itoa", "1.0.11"),
            Project("crates", "uuid", "1.11.0"),
            Project("crates", "chrono", "0.4.39"),
        ),
    ),
    "java": Reference(
        "javadoc",
        java.LANGUAGES,
        java.rows,
        java.CONVENTION,
        (
            Project("maven", "com.google.code.gson:gson", "2.11.0"),
            Project("maven", "commons-codec:commons-codec", "1.18.0"),
            Project("maven", "org.apache.commons:commons-csv", "1.11.0"),
            Project("maven", "org.json:json", "20240303"),
            Project("maven", "commons-cli:commons-cli", "1.9.0"),
            Project("maven", "org.slf4j:slf4j-api", "2.0.16"),
            Project("maven", "com.fasterxml.jackson.core:jackson-annotations", "2.17.2"),
            Project("maven", "org.apache.commons:commons-lang3", "3.17.0"),
            Project("maven", "com.google.guava:guava", "33.3.1-jre"),
            Project("maven", "com.fasterxml.jackson.core:jackson-core", "2.18.2"),
        ),
    ),
    "typescript": Reference(
        "typedoc JSON",
        typescript.LANGUAGES,
        typescript.rows,
        typescript.CONVENTION,
        (
            Project("npm", "@tanstack/query-core", "5.108.4", "src"),
            Project("npm", "rxjs", "7.8.2", "src"),
            Project("npm", "@tanstack/table-core", "8.20.5", "src"),
            Project("npm", "@tanstack/virtual-core", "3.11.2", "src"),
            Project("npm", "immer", "10.1.1", "src"),
            Project("npm", "@tanstack/store", "0.5.5", "src"),
            Project("npm", "@tanstack/form-core", "0.35.0", "src"),
            Project("npm", "@reduxjs/toolkit", "2.3.0", "src"),
            Project("npm", "msw", "2.6.4", "src"),
            Project("npm", "zod", "3.25.76", "src"),
            Project("npm", "@trpc/server", "11.0.0", "src"),
            Project("npm", "@tanstack/router-core", "1.114.25", "src"),
            Project("npm", "fastify", "5.2.1", "types"),
            Project("npm", "type-fest", "4.31.0", "source"),
            Project("npm", "@preact/signals-core", "1.8.0", "src"),
            Project("npm", "viem", "2.21.55", "utils"),
        ),
    ),
    "javascript": Reference(
        "typedoc JSON",
        typescript.JAVASCRIPT,
        typescript.rows_of_javascript,
        typescript.CONVENTION_OF_JAVASCRIPT,
        (
            Project("npm", "luxon", "3.5.0", "src"),
            Project("npm", "ws", "8.18.0", "lib"),
            Project("npm", "preact", "10.24.3", "src"),
        ),
    ),
    "c": Reference(
        "doxygen XML",
        frozenset({"c", "cpp"}),
        doxygen.rows,
        doxygen.CONVENTION,
        (
            Project("debian", "libyaml", "0.2.5-1", "include src"),
            Project("debian", "libevent", "2.1.12-stable-8", "include"),
            Project("debian", "jansson", "2.14-2", "src"),
            Project("debian", "hiredis", "0.14.1-3"),
            Project("debian", "cjson", "1.7.15-1+deb12u4", "cJSON.c cJSON.h cJSON_Utils.c cJSON_Utils.h"),
            Project("debian", "lz4", "1.9.4-1", "lib"),
            Project("debian", "yajl", "2.1.0-3+deb12u2", "src"),
            Project("debian", "glfw3", "3.3.8-1", "include src"),
            Project("debian", "portaudio19", "19.6.0-1.2", "include src/common"),
            Project("debian", "nghttp2", "1.52.0-1+deb12u3", "lib"),
        ),
    ),
    "cpp": Reference(
        "doxygen XML",
        frozenset({"c", "cpp"}),
        doxygen.rows,
        doxygen.CONVENTION_OF_CPP,
        (
            Project("debian", "tinyxml2", "9.0.0+dfsg-3.1", "tinyxml2.h"),
            Project("debian", "fmtlib", "9.1.0+ds1-2", "include"),
            Project("debian", "pugixml", "1.13-0.2", "src"),
            Project("debian", "yaml-cpp", "0.7.0+dfsg-8", "include"),
            Project("debian", "libjsoncpp", "1.9.5-4", "include src/lib_json"),
            Project("debian", "double-conversion", "3.2.1-1", "double-conversion"),
            Project("debian", "cli11", "2.1.2+ds-1", "include"),
        ),
    ),
}


#: Languages without a grammar in the product: names alone, where the grammar understands the whole file.
_OWN_READERS = {
    "elixir": (Project("debian", "elixir-lang", "1.14.0.dfsg-2"),),
    "sql": (Project("pypi", "procrastinate", "2.14.1"), Project("debian", "pdns", "4.7.3-2")),
    "powershell": (Project("pypi", "ansible-core", "2.18.3"),),
    "terraform": (Project("go", "github.com/gruntwork-io/terratest", "0.47.2"),),
    "graphql": (Project("crates", "graphql_client", "0.14.0"), Project("crates", "apollo-compiler", "1.25.0")),
    "dart": (Project("crates", "flutter_rust_bridge_codegen", "2.7.0"),),
}
REFERENCES |= {
    language: Reference(
        grammar.requirement,
        frozenset({language}),
        grammars.rows(grammar),
        grammars.PARTIAL if grammar.partial else grammars.CONVENTION,
        _OWN_READERS[language],
    )
    for language, grammar in grammars.GRAMMARS.items()
}
REFERENCES["protobuf"] = Reference(
    "protoc",
    frozenset({"protobuf"}),
    grammars.protobuf,
    grammars.CONVENTION,
    (Project("pypi", "googleapis-common-protos", "1.66.0"),),
)

REFERENCES["cython"] = Reference(
    "Cython",
    frozenset({"cython"}),
    cython.rows,
    cython.CONVENTION,
    (Project("pypi", "uvloop", "0.21.0"), Project("pypi", "lxml", "5.3.0")),
)

_DOCUMENTS = {
    "vue": (
        "vue-docgen-api",
        documents.COMPONENTS,
        (Project("npm", "vitepress", "1.5.0"), Project("npm", "primevue", "4.2.5")),
    ),
    "svelte": (
        "svelte/compiler",
        documents.COMPONENTS,
        (Project("npm", "carbon-components-svelte", "0.86.1"), Project("npm", "bits-ui", "2.21.0")),
    ),
    "asciidoc": (
        "asciidoctor.js",
        documents.TITLES,
        (Project("go", "github.com/bytesparadise/libasciidoc", "0.8.0"),),
    ),
}
REFERENCES |= {
    language: Reference(tool, frozenset({language}), documents.rows(language), convention, projects)
    for language, (tool, convention, projects) in _DOCUMENTS.items()
}
REFERENCES["notebook"] = Reference(
    "nbformat, IPython, ast",
    frozenset({"notebook"}),
    documents.notebooks,
    documents.DEFINITIONS,
    (Project("pypi", "nbclient", "0.10.0"), Project("pypi", "papermill", "2.6.0")),
)

#: Projects that nobody looked at while writing the rules.
UNSEEN = {
    "python": (
        Project("pypi", "packaging", "24.2", "packaging"),
        Project("pypi", "tenacity", "9.0.0", "tenacity"),
    ),
    "go": (
        Project("go", "github.com/google/uuid", "1.6.0"),
        Project("go", "github.com/fatih/color", "1.18.0"),
        Project("go", "github.com/stretchr/testify", "1.9.0"),
        Project("go", "github.com/spf13/viper", "1.19.0"),
        Project("go", "go.uber.org/zap", "1.27.0"),
    ),
    "rust": (
        Project("crates", "arrayvec", "0.7.6"),
        Project("crates", "textwrap", "0.16.1"),
        Project("crates", "anyhow", "1.0.95"),
        Project("crates", "fastrand", "2.3.0"),
        Project("crates", "httparse", "1.9.5"),
        Project("crates", "hashbrown", "0.15.2"),
    ),
    "java": (
        Project("maven", "commons-io:commons-io", "2.18.0"),
        Project("maven", "org.hamcrest:hamcrest", "3.0"),
        Project("maven", "org.jsoup:jsoup", "1.18.3"),
        Project("maven", "com.squareup:javapoet", "1.13.0"),
        Project("maven", "org.apache.commons:commons-collections4", "4.4"),
    ),
    "typescript": (
        Project("npm", "redux", "5.0.1", "src"),
        Project("npm", "mobx", "6.13.5", "src"),
    ),
    "c": (
        Project("debian", "libmicrohttpd", "0.9.75-6", "src/include src/microhttpd"),
        Project("debian", "libconfig", "1.5-0.4", "lib"),
        Project("debian", "libuv1", "1.44.2-1+deb12u1", "include"),
        Project("debian", "c-ares", "1.18.1-3", "include"),
        Project("debian", "libssh2", "1.10.0-3", "include src"),
        Project("debian", "expat", "2.5.0-1+deb12u2", "expat/lib"),
        Project(
            "debian",
            "zlib",
            "1:1.2.13.dfsg-1",
            "zlib.h zconf.h deflate.h inftrees.h inflate.h deflate.c inflate.c",
        ),
    ),
    "cpp": (
        Project("debian", "leveldb", "1.23-4", "include util"),
        Project("debian", "spdlog", "1:1.10.0+ds-0.4", "include"),
        Project("debian", "googletest", "1.12.1-0.2", "googletest/include googlemock/include"),
        Project("debian", "nlohmann-json3", "3.11.2-2", "include"),
        Project("debian", "rapidjson", "1.1.0+dfsg2-7.1", "include"),
        Project("debian", "re2", "20220601+dfsg-1", "re2 util"),
        Project("debian", "snappy", "1.1.9-3"),
        Project("debian", "doctest", "2.4.9~ds-1", "doctest/parts"),
        Project("debian", "abseil", "20220623.1-1+deb12u2", "absl/strings absl/time absl/container absl/types"),
        Project("debian", "flatbuffers", "2.0.8+dfsg1-2", "include/flatbuffers"),
    ),
}


def figures(show: int = 0, only: str = "", unseen: bool = False) -> Iterator[dict[str, Any]]:
    """For each project pairs of [equal, all], for each language the shares; `show` lists differences.

    With `unseen` the other projects are compared, and no limit holds.
    """
    for language, reference in REFERENCES.items():
        if only and language != only:
            continue
        compared: list[Comparison] = []
        for project in UNSEEN.get(language, ()) if unseen else reference.projects:
            named = {"language": language, "project": f"{project.name} {project.version}", "tool": reference.tool}
            try:
                one = _compared(reference, project)
            except Missing as missing:
                yield {**named, "skipped": str(missing)}
                continue
            compared.append(one)
            yield {**named, **one.figure(show)}
        if compared:
            shares = total(compared)
            below = [key for key, share in shares.items() if share is not None and share < LIMITS[key]]
            yield {"language": language, **shares, "below": below, "within": unseen or not below}


def _compared(reference: Reference, project: Project) -> Comparison:
    archive = fetched(project.registry, project.name, project.version)
    if archive is None:
        raise Missing(f"the client of {project.registry} is not installed")
    print(f"{project.name}: {reference.tool}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder:
        top = unpacked(archive, Path(folder) / "sources")
        theirs = list(reference.rows(top, project.package))
    read = ours.read(archive)
    # A session documents no generated and no vendored file, and says so; the tools do not know which are.
    documented = [row for row in theirs if row.path not in read.left_out]
    return compare(
        documented, ours.rows(read.structures, reference.languages, reference.convention.ignored), reference.convention
    )
