"""What `swarm estimate` says beside what a run's ledger metered: plain, every answer repaired once, three drafts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.stub_http import Json
from bench.stub_model import Behaviour, StubModel

ROOT = Path(__file__).resolve().parent.parent
#: Dollars per million tokens of the stub.
PRICE = "openai:stub=1/5"
#: The likely figures, as a share of the metered ones; the high ones may never be below the metered.
BAND = (0.5, 2.0)
_SENTENCE = "Keeps what the caller has asked for, and raises an error when it cannot."
MEASURED = ("requests", "input_tokens", "output_tokens", "usd")


def figures() -> Iterator[dict[str, Any]]:
    """A line a case."""
    for case, behaviour in (
        ("plain", Behaviour(rewrite=at_length)),
        ("every answer repaired once", Behaviour(intercept=broken_first, rewrite=at_length)),
        ("three drafts", Behaviour(rewrite=never_content())),
    ):
        print(f"estimate: {case}", file=sys.stderr)
        with tempfile.TemporaryDirectory(prefix="swarm-bench-") as folder, StubModel(behaviour) as stub:
            repository = Path(folder, "repository")
            for part in ("cli", "releases"):
                shutil.copytree(ROOT / part, repository / part, ignore=shutil.ignore_patterns("__pycache__"))
            yield {"case": case, **compare(stub, repository, Path(folder), plain=case == "plain")}


def compare(stub: StubModel, repository: Path, folder: Path, *, plain: bool = True) -> dict[str, Any]:
    """Estimate, run, and put the two side by side; only a plain run is held to the band."""
    estimated, session = estimate_and_run(stub, repository, folder)
    return comparison(estimated, session["usage"], plain=plain)


def estimate_and_run(stub: StubModel, repository: Path, folder: Path) -> tuple[Json, Json]:
    """What `swarm estimate` prints, then session.json of a run with the same options; state and site go to `folder`."""
    options = ("--model", stub.model, "--setting", f"modelPrices={PRICE}", "--state", str(folder / "state"), "--json")
    estimated = json.loads(_swarm("estimate", str(repository), *options))
    return estimated, json.loads(_swarm("run", str(repository), "--out", str(folder / "out"), *options))


def comparison(estimated: Json, metered: Json, *, plain: bool = True) -> dict[str, Any]:
    """Ratios of likely to metered, and whether they are within the band and the high end was never passed."""
    ratios = {name: round(estimated[name]["likely"] / metered[name], 2) for name in MEASURED if metered[name]}
    high = {name: round(estimated[name]["high"] / metered[name], 2) for name in MEASURED if metered[name]}
    in_band = all(BAND[0] <= ratio <= BAND[1] for ratio in ratios.values()) or not plain
    return {
        "metered": {name: metered[name] for name in MEASURED},
        "likely_to_metered": ratios,
        "high_to_metered": high,
        "within": in_band and all(ratio >= 1 for ratio in high.values()),
    }


def at_length(kind: str, reply: Json) -> Json:
    """Analysts' answers as long as their instructions ask for: the stub's own are a few words."""
    if kind == "AnalystReply":
        for file in reply["files"]:
            places = ("First", "Second", "Third")
            texts = (f"{place} of `{file['path']}`: {' '.join([_SENTENCE] * 2)}" for place in places)
            file["summary"] = [{**file["summary"][-1], "text": text} for text in texts]
            for note in file["notes"]:
                note["text"] = _SENTENCE
    return reply


def broken_first(request: Json) -> tuple[int, Json] | None:
    """The first answer to each question breaks its contract; what comes after an answer of the model's is a repair."""
    if any(message["role"] == "assistant" for message in request["messages"]):
        return None
    content = '{"nothing": "of what was asked"}'
    tokens = (
        len(json.dumps(request.get("response_format", ""))) + sum(len(str(m["content"])) for m in request["messages"])
    ) // 4
    message = {"role": "assistant", "content": content}
    return 200, {
        "id": "stub",
        "object": "chat.completion",
        "created": 0,
        "model": request["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 8, "total_tokens": tokens + 8},
    }


def never_content() -> Any:
    """A critic who scores a little better each time and finds something wrong with every page of prose."""
    scores = iter(range(30, 80, 10))

    def rewrite(kind: str, reply: Json) -> Json:
        if kind != "CriticReply":
            return reply
        score = next(scores, 79)
        pages = ("index.md", "architecture.md", "modules/cli.md", "modules/releases.md")
        findings = [{"page": page, "problem": "The stub wants more.", "blocking": False} for page in pages]
        return dict.fromkeys(("completeness", "truthfulness", "helpfulness", "consistency"), score) | {
            "findings": findings
        }

    return rewrite


def _swarm(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(done.stderr)
    return done.stdout
