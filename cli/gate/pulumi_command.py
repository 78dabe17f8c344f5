"""Asks the `pulumi` command what changed behind its back, what a deployment changes, and which guardrails break."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cli.errors import BadInput

_PATIENCE_SECONDS = 900
_QUIET = ("--non-interactive", "--suppress-progress", "--suppress-outputs", "--color", "never")
PACK = ("--policy-pack", "policy_pack")
#: A resource that changes, or a line of the summary; not a policy pack's list of rules.
_CHANGE = re.compile(r"^ *[+~-]{1,2} |^ +\d+ (unchanged|changes)")


@dataclass(frozen=True)
class PulumiAnswer:
    """What a command of pulumi ended with."""

    code: int
    output: str
    errors: str

    @property
    def reason(self) -> str:
        """Its last line, which names what is wrong."""
        lines = (self.errors.strip() or self.output.strip()).splitlines()
        return lines[-1].strip() if lines else f"exit code {self.code}"


def ask_pulumi(folder: Path | None, *arguments: str) -> PulumiAnswer | None:
    """Run the command in the folder; None if it is not on PATH."""
    program = shutil.which("pulumi")
    if program is None:
        return None
    done = subprocess.run(
        [program, *arguments, *_QUIET],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
    return PulumiAnswer(done.returncode, done.stdout, done.stderr)


def pulumi_drift(stack: str) -> str:
    """What Pulumi finds changed behind its back, in a sentence; empty if nothing, or if Pulumi is not here to ask."""
    # A refresh compares the stack's state with AWS and runs no program: each stack has another release's.
    answer = ask_pulumi(None, "refresh", "--preview-only", "--expect-no-changes", "--stack", stack)
    if answer is None or answer.code == 0:
        return ""
    return f"`pulumi refresh --preview-only --expect-no-changes -s {stack}` found changes ({answer.reason})"


def previewed(folder: Path, stack: str, stack_file: str) -> list[str]:
    """The resources that a deployment changes, from a stack's file that is not written yet.

    Raises:
        BadInput: the program refuses, with its reason.
    """
    with tempfile.TemporaryDirectory(prefix="swarm-preview-") as name:
        file = Path(name) / f"Pulumi.{stack}.yaml"
        file.write_text(stack_file, "utf-8")
        answer = ask_pulumi(folder, "preview", "--stack", stack, "--config-file", str(file))
    if answer is None:
        return [f"not shown, because the pulumi command is not on PATH: `pulumi preview -s {stack}` shows them"]
    if answer.code:
        raise BadInput(f"`pulumi preview -s {stack}` of the release fails, and nothing is changed: {answer.reason}")
    return [line.rstrip() for line in answer.output.splitlines() if _CHANGE.match(line)]


def guardrails(folder: Path, stack: str) -> str | None:
    """The guardrails that the stack's program breaks, empty if none; None if they could not be applied."""
    answer = ask_pulumi(folder, "preview", "--stack", stack, *PACK)
    if answer is None:
        return None
    broken = sorted(set(re.findall(r"\[mandatory\]\s+(?:\S+@\S+\s+)?([a-z][a-z-]+)", answer.output)))
    if broken or answer.code == 0:
        return ", ".join(broken)
    return None
