"""Whether a release may go from one stack to another, and what that changes in the other's file. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from releases.gate.record import GateRecord
from releases.gate.tolerances import FRESH_HOURS
from releases.manifest import ReleaseManifest
from releases.trail import TrailEntry, newest_contract


@dataclass(frozen=True)
class PromotionFacts:
    """All that a promotion is decided by. `now` is in seconds since 1970.

    `stored` are problems with the release in the source's bucket, `dirty` files without a commit, `drift` what either
    stack runs beside its release; `settings` are the keys in the target's file, `target_manifest` is of what it runs.
    """

    source: str
    target: str
    release: str
    manifest: ReleaseManifest | None
    records: Sequence[GateRecord]
    now: int
    stored: Sequence[str] = ()
    dirty: Sequence[str] = ()
    drift: Sequence[str] = ()
    target_release: str = ""
    target_manifest: ReleaseManifest | None = None
    target_trail: Sequence[TrailEntry] = ()
    settings: Sequence[str] = ()


def refusals(facts: PromotionFacts) -> list[str]:
    """Why the release may not be promoted, a sentence each; empty if it may."""
    return [*_of_record(facts), *facts.stored, *_of_working_copy(facts), *facts.drift, *_of_target(facts)]


def _of_record(facts: PromotionFacts) -> Iterator[str]:
    test = f"`swarm release test --stack {facts.source}`"
    if not facts.records:
        yield f"release {facts.release[:12]} was never tested on {facts.source}: {test}"
        return
    last = facts.records[-1]
    if last.release != facts.release or last.stack != facts.source:
        yield f"the record is of release {last.release[:12]} on {last.stack}, not of {facts.release[:12]}: {test}"
        return
    hours = (facts.now - last.at) / 3600
    if hours > FRESH_HOURS:
        yield f"the test is {hours:.0f} hours old, and may be {FRESH_HOURS}: {test}"
    if not last.passed:
        yield f"the test failed: {', '.join(last.problems)}: mend it, then build, deploy and test another release"


def _of_working_copy(facts: PromotionFacts) -> Iterator[str]:
    if facts.dirty:
        yield f"{len(facts.dirty)} files have changes without a commit, such as {facts.dirty[0]}: commit them"


def _of_target(facts: PromotionFacts) -> Iterator[str]:
    manifest = facts.manifest
    if manifest is None:
        return
    ahead = facts.target_manifest is not None and facts.target_manifest.committed_at > manifest.committed_at
    if ahead and facts.target_release != facts.release:
        yield (
            f"{facts.target} is ahead: its release {facts.target_release[:12]} is of a later commit than"
            f" {facts.release[:12]}: `swarm rollback {facts.target}` goes back"
        )
    data = newest_contract(facts.target_trail)
    if data > manifest.contract_version:
        yield (
            f"{facts.target} stores documents of version {data}, and this release reads versions up to"
            f" {manifest.contract_version}: promote a newer one"
        )
    unknown = sorted(set(facts.settings) - set(manifest.settings))
    if unknown:
        yield (
            f"Pulumi.{facts.target}.yaml has settings that the release does not know: {', '.join(unknown)}: remove"
            " them, or promote a release that knows them"
        )


def new_values(
    release: str, manifest: ReleaseManifest, models: Mapping[str, str], image_repository: str
) -> dict[str, str]:
    """The keys of the target's file that must change: release, image, and the models that were tested.

    `models` are the target's present models by role.
    """
    values = {"release": release}
    if manifest.image:
        values["containerImage"] = f"{image_repository}@{manifest.image}"
    if any(models.get(role) != model for role, model in manifest.models.items()):
        common = Counter(manifest.models.values()).most_common(1)[0][0]
        others = sorted((role, model) for role, model in manifest.models.items() if model != common)
        values |= {"model": common, "roleModels": ",".join(f"{role}={model}" for role, model in others)}
    return values
