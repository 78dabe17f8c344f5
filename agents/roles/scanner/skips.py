"""Which files are left out on purpose, and why: not the repository's own work, or nothing to read. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import PurePosixPath
from typing import Final

from agents.codebase.files.attributes import NO_ATTRIBUTES, FileAttributes
from agents.codebase.files.encoding import wide_encoding
from agents.codebase.files.generated import is_signed_as_generated
from agents.codebase.paths import folders_above
from agents.contracts.snapshot import SkipReason
from agents.roles.scanner.credentials import is_credentials_by_content, is_credentials_by_path

#: How much of a file decides whether it is binary, generated or minified.
SAMPLE_BYTES: Final = 8_192


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VENDORED: Final = _words(
    """node_modules bower_components site-packages dist-packages .venv venv virtualenv .tox .nox third_party third-party
    thirdparty vendored _vendor Godeps Pods Carthage .bundle jspm_packages .yarn __pycache__ .git .svn .hg .gradle .idea
    .terraform .eggs .mypy_cache .pytest_cache .ruff_cache .next .nuxt"""
)
#: `vendor/` is where these languages keep other people's code; as a Python or Java package it is the author's own.
_VENDOR_SUFFIXES: Final = _words("go php rb js mjs cjs ts css scss less c h cc cpp hpp rs mod sum")
_METADATA_FOLDERS: Final = (".egg-info", ".dist-info")

_LOCK_FILES: Final = _words(
    """package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock poetry.lock pdm.lock uv.lock pipfile.lock
    conda-lock.yml cargo.lock gemfile.lock composer.lock go.sum go.work.sum mix.lock pubspec.lock podfile.lock
    cartfile.resolved package.resolved packages.lock.json gradle.lockfile flake.lock .terraform.lock.hcl deno.lock
    paket.lock stack.yaml.lock module.bazel.lock"""
)

_BINARY: Final = _words(
    """png jpg jpeg gif bmp ico webp tif tiff psd avif heic pdf doc docx xls xlsx ppt pptx odt ods odp zip gz tgz bz2 xz
    zst 7z rar tar jar war ear whl egg class pyc pyo pyd so dll dylib exe o a lib obj bin dat db sqlite sqlite3 mp3 mp4
    wav ogg flac avi mov mkv webm woff woff2 ttf otf eot wasm npy npz pkl pickle parquet h5 hdf5 onnx pt safetensors
    gguf keystore jks p12 pfx der mo nupkg deb rpm dmg iso apk aab ipa swf fla blend glb ktx dds"""
)

_MINIFIED_NAME: Final = re.compile(r"[.-]min\.(?:js|mjs|cjs|css)$|\.bundle\.js$|\.(?:js|css|mjs)\.map$")
_MINIFIABLE: Final = frozenset({"js", "mjs", "cjs", "css", "html", "htm", "json", "svg"})
#: Above this mean line length, in bytes, a page's code is a build's output and nobody's writing.
_MINIFIED_LINE_BYTES: Final = 1_000

_GENERATED_NAME: Final = re.compile(
    r"(?:_pb2(?:_grpc)?\.pyi?|\.pb\.(?:go|cc|h)|\.pb\.gw\.go|\.g\.dart|\.(?:designer|g)\.cs|[._]generated\.\w+)$",
    re.IGNORECASE,
)
_LFS_POINTER: Final = re.compile(rb"version https?://(?:git-lfs|hawser)\.github\.com/spec/\S+\n(?:ext-|oid )")
_LFS_POINTER_BYTES: Final = 1_024
_CONTROLS: Final = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_WRITTEN: Final = frozenset({"md", "rst", "txt", "markdown"})


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower().lstrip(".")


def skip_by_path(
    path: str, vendored: Collection[str] = (), attributes: FileAttributes = NO_ATTRIBUTES
) -> SkipReason | None:
    """Whether the name, or what the repository says of the file, is enough to leave it out.

    `vendored` are the repository's folders named vendor that hold other people's code.
    """
    name = path.rpartition("/")[2].lower()
    if attributes.vendored or (attributes.vendored is None and _is_vendored(path, vendored)):
        return SkipReason.VENDORED
    if is_credentials_by_path(path):
        return SkipReason.CREDENTIALS
    if name in _LOCK_FILES:
        return SkipReason.LOCK_FILE
    if _suffix(path) in _BINARY:
        return SkipReason.BINARY
    if attributes.generated is not None:
        return SkipReason.GENERATED if attributes.generated else None
    if _MINIFIED_NAME.search(name):
        return SkipReason.MINIFIED
    return SkipReason.GENERATED if _GENERATED_NAME.search(name) else None


def _is_vendored(path: str, vendored: Collection[str]) -> bool:
    folders = path.split("/")[:-1]
    if any(folder in _VENDORED or folder.endswith(_METADATA_FOLDERS) for folder in folders):
        return True
    if _suffix(path) not in _VENDOR_SUFFIXES:
        return False
    return any(folder in vendored for folder in folders_above(path))


def skip_by_content(
    path: str, sample: bytes, size: int, newlines: int, attributes: FileAttributes = NO_ATTRIBUTES
) -> SkipReason | None:
    """Whether the content says so: `sample` is its beginning, `size` its bytes, `newlines` how many it has."""
    if size == 0 or not sample.strip():
        return SkipReason.EMPTY if size <= len(sample) else None
    if is_credentials_by_content(path, sample):
        return SkipReason.CREDENTIALS
    if is_lfs_pointer(sample, size):
        return SkipReason.LFS_POINTER
    if is_binary(sample):
        return SkipReason.BINARY
    if attributes.generated is not None:
        return None
    suffix = _suffix(path)
    if suffix in _MINIFIABLE and size > 4 * _MINIFIED_LINE_BYTES and size / (newlines + 1) > _MINIFIED_LINE_BYTES:
        return SkipReason.MINIFIED if suffix not in {"json", "svg"} else SkipReason.GENERATED
    head = sample.decode(wide_encoding(sample) or "utf-8", "replace")
    # Cargo writes the manifest of a published crate anew, with all that its author wrote in it.
    is_manifest = path.rpartition("/")[2] == "Cargo.toml"
    if suffix not in _WRITTEN and not is_manifest and is_signed_as_generated(head):
        return SkipReason.GENERATED
    return None


def is_lfs_pointer(sample: bytes, size: int) -> bool:
    """Whether Git LFS put these bytes in the place of a file (docs/spec.md of git-lfs: at most 1,024 bytes)."""
    return size <= _LFS_POINTER_BYTES and _LFS_POINTER.match(sample) is not None


def is_binary(sample: bytes) -> bool:
    """Whether the bytes are not text: a NUL outside UTF-16 and UTF-32, or mostly control characters."""
    if wide_encoding(sample):
        return False
    if b"\x00" in sample:
        return True
    head = sample[:1024]
    return (len(head) - len(head.translate(None, _CONTROLS))) * 10 > len(head) * 3
