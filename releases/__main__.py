"""`python -m releases package` and `python -m releases image`: see docs/packaging.md."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from releases import image, pinned_python
from releases.layers import PLATFORMS, LayerFailed
from releases.package import RELEASE, PackageTooLarge, fill, package, table
from releases.vendor import NpmFailed


def main(arguments: list[str]) -> int:
    """Make what was asked for; 1 with a sentence when it cannot be made."""
    parser = argparse.ArgumentParser(prog="python -m releases")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("package", help="the function zip and the dependency layers")
    verb.add_argument("--architecture", choices=PLATFORMS, default="arm64", help="Lambda's; arm64 without it")
    verb.add_argument("--out", type=Path, default=RELEASE, help="folder to write to; build/release without it")
    verbs.add_parser("image", help="the agents' container image, for this machine's architecture")
    options = parser.parse_args(arguments)
    try:
        if options.verb == "image":
            sys.stdout.write(image.build() + "\n")
            return 0
        pinned_python.fetch()
        filled = partial(fill, architecture=options.architecture)
        made = package(options.architecture, pinned_python.pack, filled, out=options.out)
    except (image.ImageFailed, LayerFailed, NpmFailed, PackageTooLarge, pinned_python.PackingFailed) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 1
    sys.stdout.write(table(made) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
