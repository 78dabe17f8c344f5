"""Every DynamoDB key and every S3 key, in one place.

Context table: partition key `pk`, sort key `sk`, both strings; `expires_at` is its TTL attribute (seconds since 1970).
Context bucket: `sessions/` holds what one session wrote, `analyses/` what every session may reuse.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import NamedTuple

from agents.contracts.base import CONTRACT_VERSION

SESSIONS = "sessions/"
ANALYSES = "analyses/"
JOB_ANALYSES = f"{ANALYSES}batch-inference/"
UPLOADS = "uploads/"
DELIVERIES = "deliveries"  # the partition of the context table in which deliveries of webhooks are remembered
LEASES = "lease#"  # how the sort keys of reservations begin
DAY_SECONDS = 86_400  # retention, daily caps, the dates of leases and the life of hosted versions count in days of UTC
SITES = "sites/"  # in the bucket of hosted sites, whose addresses are its keys
#: A member that `swarm run` adds to an archive: JSON list of {path, detail}, files it could not read. The scanner turns
#: each into a FileUnreadable gap and lists no other trace of this member.
UNREADABLE_MEMBER = ".swarm-unreadable.json"


def stack_parameter(environment: str) -> str:
    """The parameter of Systems Manager that has a stack's outputs."""
    return f"/swarm/{environment}/outputs"


def site_key_secret(environment: str) -> str:
    """The secret with the private key that signs readers' cookies."""
    return f"swarm-{environment}-site-key"


def sign_in_secret(environment: str) -> str:
    """The secret with the client secret at the provider that signs readers in."""
    return f"swarm-{environment}-site-sign-in"


class ItemKey(NamedTuple):
    """A primary key of the context table."""

    pk: str
    sk: str


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def fingerprint(*parts: str | bytes) -> str:
    """A short content hash of instructions or settings, 16 hexadecimal digits."""
    joined = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        joined.update(len(data).to_bytes(8, "big") + data)
    return joined.hexdigest()[:16]


def session_id(archive_identity: str, model: str, instructions: str, release: str) -> str:
    """A session's id: the snapshot's identity (checksum) and all that decides what is written about it.

    The release's code makes the pages: another release makes them anew, from the analyses that are stored.
    """
    return "s" + _digest(archive_identity, model, instructions, CONTRACT_VERSION, release)[:20]


def analysis_key(file_digest: str, language: str, model: str, instructions: str, imports: Iterable[str] = ()) -> str:
    """An analysis's key: bytes differ with their language; `imports` are digests of imports that a model sees."""
    return _digest(file_digest, language, model, instructions, CONTRACT_VERSION, *sorted(set(imports)))


def event_id(execution: str, status: str, revision: int | None = None) -> str:
    """An event's id: each status of an execution has one, and each of its drafts that wait."""
    return "e" + _digest(execution, status, str(revision or ""))[:20]


def unsent_event_item(event: str) -> ItemKey:
    """An event that is written down and not known to have been sent; an empty name is the beginning of every one."""
    return ItemKey("unsent-events", f"event#{event}")


def fetched_item(provider: str, repository: str, ref: str) -> ItemKey:
    """Which commit of a branch or tag was fetched last; `ref` begins with its kind."""
    return ItemKey(f"fetched#{provider}#{repository}", f"ref#{ref}")


def session_item(session: str) -> ItemKey:
    """The session itself."""
    return ItemKey(f"session#{session}", "session")


def plan_item(session: str) -> ItemKey:
    """The plan, read by the state LoadPlan without any code of ours."""
    return ItemKey(f"session#{session}", "plan")


def batch_item(session: str, batch_id: str) -> ItemKey:
    """What became of a batch."""
    return ItemKey(f"session#{session}", f"batch#{batch_id}")


def lost_batch_item(session: str, batch_id: str) -> ItemKey:
    """A batch that RecordGap wrote down without any code of ours."""
    return ItemKey(f"session#{session}", f"lost#{batch_id}")


def failure_item(session: str, execution: str) -> ItemKey:
    """Why a task without a token failed in this execution; the state ReadScanFailure reads it without code of ours."""
    return ItemKey(f"session#{session}", f"failure#{execution}")


def version_item(version: int, opened_at: int = 0, session: str = "") -> ItemKey:
    """What a closed session says about the version of the state machine that it ran on, by the time of its opening."""
    return ItemKey(f"version#{version}", f"{opened_at:012d}#{session}")


def pace_item(model: str, language: str) -> ItemKey:
    """How fast files of a language were analysed with a model."""
    return ItemKey(f"pace#{model}", f"language#{language}")


def running_item(session: str) -> ItemKey:
    """A session that may be RUNNING: the reaper's list. Without an index it could only read the whole table."""
    return ItemKey("running", f"session#{session}")


def usage_item(session: str, role: str) -> ItemKey:
    """What a role other than the analyst spent."""
    return ItemKey(f"session#{session}", f"usage#{role}")


def batch_inference_job(session: str) -> str:
    """The session's batch inference job, JSON."""
    return f"{SESSIONS}{session}/batch-inference/job.json"


def batch_inference_input(session: str, job: str) -> str:
    """What the job's records ask, JSON lines."""
    return f"{SESSIONS}{session}/batch-inference/input/{job}.jsonl"


def batch_inference_output(session: str) -> str:
    """The prefix below which Bedrock writes, in a folder of each job's own."""
    return f"{SESSIONS}{session}/batch-inference/output/"


def batch_inference_replies(session: str, job: str, arn: str) -> str:
    """What the job answered, JSON lines, as Bedrock names the file."""
    return f"{batch_inference_output(session)}{arn.rpartition('/')[2]}/{job}.jsonl.out"


def approval_item(session: str, revision: int | str) -> ItemKey:
    """The request for a person's decision about one draft, and the decision; without a revision, all of them."""
    return ItemKey(f"session#{session}", f"approval#{revision}")


def step_item(session: str, name: str) -> ItemKey:
    """A step of the ladder that a session took near its cap."""
    return ItemKey(f"session#{session}", f"step#{name}")


def dropped_claims_item(session: str, role: str) -> ItemKey:
    """The number of claims dropped from a role's answers."""
    return ItemKey(f"session#{session}", f"dropped-claims#{role}")


def turn_item(session: str, role: str, question: str) -> ItemKey:
    """One question to a model; `question` is the hash of all that was asked."""
    return ItemKey(f"session#{session}", f"turn#{role}#{question}")


def answer_item(question: str) -> ItemKey:
    """A model's answer, for every session that asks exactly the same again."""
    return ItemKey(f"answer#{question}", "answer")


def repository_item(repository: str) -> ItemKey:
    """Which session scanned a repository of this name last."""
    return ItemKey(f"repository#{repository}", "last")


def branch_item(repository: str, ref: str) -> ItemKey:
    """Which session documents the newest commit of a branch or tag; a ref may be longer than a key."""
    return ItemKey(f"branch#{_digest(repository, ref)}", "head")


def ledger_item(session: str) -> ItemKey:
    """What the session may spend on models: the account whose shards have the figures."""
    return ItemKey(f"ledger#{session}", "ledger")


def day_ledger_item(environment: str, day: int) -> ItemKey:
    """The same for all sessions of an environment on one day, in days since 1970."""
    return ItemKey(f"ledger#{environment}", f"day#{day}")


def ledger_shard_item(account: ItemKey, shard: int) -> ItemKey:
    """A shard of a session's or a day's account, in a partition of its own."""
    return ItemKey(f"{account.pk}#{account.sk}#{shard}", "shard")


def lease_item(session: str, shard: int, expires_at: int, lease: str) -> ItemKey:
    """A reservation, beside the session's shard that it is taken from."""
    return ItemKey(ledger_shard_item(ledger_item(session), shard).pk, f"{LEASES}{expires_at}#{lease}")


def analysis_item(key: str) -> ItemKey:
    """Where an analysis is stored."""
    return ItemKey(f"analysis#{key}", "analysis")


def upload(repository: str, sha256: str, suffix: str) -> str:
    """Where an archive is put; `suffix` is `zip` or `tar.gz`."""
    return f"{UPLOADS}{repository}/{sha256}.{suffix}"


def manifest(session: str) -> str:
    """The manifest, JSON."""
    return f"{SESSIONS}{session}/manifest.json"


def expected_spend(session: str) -> str:
    """What the scanner expected the session to spend, JSON; only where a role asks a model."""
    return f"{SESSIONS}{session}/expected-spend.json"


def plan(session: str, wave: int = 0) -> str:
    """The planned batches of one wave, a JSON array: the Distributed Map's items."""
    return f"{SESSIONS}{session}/plan-{wave}.json"


def sources(session: str, batch_id: str) -> str:
    """The files of one batch, JSON."""
    return f"{SESSIONS}{session}/sources/{batch_id}.json"


def structures(session: str, batch_id: str) -> str:
    """What the scanner has read of a batch's files, so that the analyst need not; lines of path and JSON, deflated."""
    return f"{SESSIONS}{session}/structures/{batch_id}.lines.z"


def snapshot_text(session: str) -> str:
    """The decoded text of every documented file (planned or reused) by path, a deflated zip written by the scanner.

    It also holds the pictures that guides may show, each under `image://` and its path. The publisher's source view and
    the critic read it; sources() holds only what this session still had to analyse.
    """
    return f"{SESSIONS}{session}/snapshot.zip"


def batch_analyses(keys: list[str]) -> str:
    """The analyses of one batch as JSON lines, named by the keys they answer."""
    return f"{ANALYSES}{_digest(*keys)}.jsonl"


def job_analyses(keys: list[str]) -> str:
    """The same of a batch inference job: by their place, analysts know whose work they find."""
    return f"{JOB_ANALYSES}{_digest(*keys)}.jsonl"


def review(session: str, topic: str) -> str:
    """A review, JSON; `topic` is security or performance."""
    return f"{SESSIONS}{session}/reviews/{topic}.json"


def turn(session: str, role: str, question: str) -> str:
    """A turn's messages and reply, JSON."""
    return f"{SESSIONS}{session}/turns/{role}/{question}.json"


def turns(session: str, role: str, content: str) -> str:
    """Several turns that were written together, one after another; `content` is their hash, so none is overwritten."""
    return f"{SESSIONS}{session}/turns/{role}/{content}.jsonl"


def synthesis(session: str) -> str:
    """The merged picture, JSON."""
    return f"{SESSIONS}{session}/synthesis.json"


def questions(session: str, role: str) -> str:
    """The questions of a role that the next session compares its own with, JSON."""
    return f"{SESSIONS}{session}/asked/{role}.json"


def draft(session: str, revision: int) -> str:
    """The pages of one revision, JSON."""
    return f"{SESSIONS}{session}/drafts/{revision}.json"


def critique(session: str, revision: int) -> str:
    """The critique of one revision, JSON."""
    return f"{SESSIONS}{session}/critiques/{revision}.json"


def draft_report(session: str, revision: int) -> str:
    """What a person sees before deciding about a draft, JSON."""
    return f"{SESSIONS}{session}/approvals/{revision}.json"


def site(session: str) -> str:
    """The built site, a zip."""
    return f"{SESSIONS}{session}/site.zip"


def site_source(session: str) -> str:
    """The site's Markdown and configuration, a zip."""
    return f"{SESSIONS}{session}/site-src.zip"


def reruns(session: str) -> str:
    """What was done again, and why, JSON."""
    return f"{SESSIONS}{session}/reruns.json"


def record(session: str) -> str:
    """The session's record, JSON: session.json without what only the history knows."""
    return f"{SESSIONS}{session}/session.json"


def history(session: str) -> str:
    """The history of the execution that documented the session, JSON; archived by the command line."""
    return f"{SESSIONS}{session}/history.json"


def map_run_results(execution: str, map_run: str) -> str:
    """Which files list what became of each item of a Distributed Map, JSON; its ResultWriter writes it at the end.

    `execution` is the execution's name, `map_run` the last part of the map run's ARN.
    """
    return f"map-runs/{execution}/{map_run}/manifest.json"


def site_name(text: str) -> str:
    """The text as one part of an address: a text with other characters is cleaned, and its digest makes it unique.

    One that looks as if it had a digest gets its own, so that nobody can take another's name.
    """
    if re.fullmatch(r"(?!.*-[0-9a-f]{8}$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}", text):
        return text
    cleaned = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-_")[:60]
    return f"{cleaned or 'repository'}-{_digest(text)[:8]}"


def site_folder(repository: str) -> str:
    """The folder of a repository's hosted versions."""
    return f"{SITES}{site_name(repository)}/"


def site_version(repository: str, version: str) -> str:
    """The folder of one hosted version; `latest` is the one that leads to the newest."""
    return f"{site_folder(repository)}{version}/"


def site_version_item(repository: str, version: str) -> ItemKey:
    """A hosted version of a repository's site."""
    return ItemKey(f"site#{site_name(repository)}", f"version#{version}")
