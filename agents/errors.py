"""Every error an agent raises. The class name is the ASL error name, so only leaf classes are raised.

What the workflow does with each, sorted by what happens next:

    SwarmError
    ├── RetriedError: the state's retrier tries again, with backoff and jitter
    │   ├── ModelThrottled            the model's service asked us to slow down
    │   ├── ModelUnavailable          the model's service is down or timed out
    │   ├── StoreThrottled            DynamoDB or S3 asked us to slow down
    │   └── CodeHostUnavailable       a code host is down, slow, or asked us to slow down
    ├── RoutedError: the state machine chooses another path
    │   ├── BatchTooLong              Lambda's time is nearly up: escalate once to Fargate, finished files are stored
    │   ├── TaskInterrupted           Fargate Spot ended the task: once more, from the checkpoint
    │   ├── TaskKilled                a container was killed outright, not for its memory: the same
    │   ├── TaskNotStarted            a task's container never ran: once more, a scan fails its session
    │   ├── TaskOutOfMemory           a task's container was killed for its memory: a batch once more with more memory
    │   ├── ModelContextExceeded      the batch does not fit the model: its files become gaps
    │   └── BatchInferenceRefused     Bedrock takes no such job: its files are asked about in realtime
    ├── GapError: the file or batch becomes a named gap, the session goes on
    │   ├── ModelReplyInvalid         the model's answer could not be repaired
    │   ├── FileUnreadable            the file cannot be read out of the snapshot
    │   ├── FileTooLarge              the file is above the largest size an analyst reads
    │   ├── FileUnparseable           the reader failed on this file
    │   └── AnalysisMissing           no analysis and no recorded reason: the batch was lost
    ├── StoppedError: FailSession records the session, the execution ends as Failed
    │   ├── UploadError: the upload itself is the cause, so that a second run of it ends the same
    │   │   ├── ArchiveUnsupported    the upload is neither a zip nor a tar.gz
    │   │   ├── ArchiveCorrupt        the archive cannot be read to its end
    │   │   ├── ArchiveUnsafe         the archive unpacks to far more than it may
    │   │   ├── RepositoryEmpty       there is nothing in it that an analyst can read
    │   │   └── RepositoryTooLarge    more files or bytes than one session documents
    │   ├── PlanMissing               the scan's plan is not stored any more: it expired, or was erased
    │   ├── TooManyGaps               the share of gaps is above the tolerated one
    │   ├── ModelAccessDenied         the account may not use this model
    │   ├── ModelRedirected           the model's server sends questions to another host, and none went there
    │   ├── BudgetExhausted           the next call does not fit under the cap
    │   ├── CallOverspent             a call cost more than was reserved for it: the provider ignores maxTokens
    │   ├── RevisionLimitReached      three drafts were not good enough and the policy says fail
    │   ├── CitationUnresolved        a finished page cites a line that does not exist
    │   ├── TaskExited                a task's container ended without telling why: gaps, or a scan's session fails
    │   ├── SettingsMissing           a function's environment lacks a setting: release and stack differ
    │   ├── CodeHostRefused           a code host has no such commit for our token, or redirects to a strange host
    │   ├── ExecutionLost             the execution ended without closing its session; the reaper did
    │   ├── SessionTaken              another execution has claimed the session, and closes it
    │   ├── Superseded                a newer commit of the same branch was pushed
    │   └── Cancelled                 a person cancelled the session
    └── InternalError: never leaves a shell as it is; listed so that every class is in one place
        ├── BlobMissing               no blob under this key: the caller knows what that means
        ├── SessionUnknown            no session under this id
        ├── TaskTokenRejected         the execution no longer waits for this task: end at once
        ├── ProviderFailed            the provider that signs readers in is not reached, or not as its setting says
        └── SecretUnreadable          a secret of Secrets Manager is missing, or may not be read
"""

from __future__ import annotations


class SwarmError(Exception):
    """The root; never raised, never named in the state machine."""


class RetriedError(SwarmError):
    """The state's retrier tries again; never raised itself."""


class RoutedError(SwarmError):
    """The state machine chooses another path; never raised itself."""


class GapError(SwarmError):
    """The file or batch becomes a named gap; never raised itself."""


class StoppedError(SwarmError):
    """The session fails with this name; never raised itself."""


class InternalError(SwarmError):
    """Caught by its caller inside the same process; never raised itself."""


class ModelThrottled(RetriedError):
    """The model's service asked us to slow down."""


class ModelUnavailable(RetriedError):
    """The model's service is down, or did not answer in time."""


class StoreThrottled(RetriedError):
    """DynamoDB or S3 asked us to slow down."""


class CodeHostUnavailable(RetriedError):
    """A code host is down, slow, or asked us to slow down: Lambda calls again, then the call is a dead letter."""


class BatchTooLong(RoutedError):
    """Lambda's time is nearly up; finished files are stored, the rest needs a Fargate task."""


class TaskInterrupted(RoutedError):
    """The task was asked to stop (Fargate Spot, SIGTERM); finished files are stored."""


class TaskKilled(RoutedError):
    """A task's container was killed from outside, and not for its memory; our name for what ECS reports."""


class TaskNotStarted(RoutedError):
    """A task's container never ran: image, registry or network; our name for what ECS reports."""


class TaskOutOfMemory(RoutedError):
    """A task's container used more memory than its task has; our name for what ECS reports."""


class ModelContextExceeded(RoutedError):
    """The batch does not fit the model's context window."""


class BatchInferenceRefused(RoutedError):
    """Bedrock refuses the batch inference job for good, or does not know it."""


class ModelReplyInvalid(GapError):
    """The model's answer broke its contract and could not be repaired."""


class FileUnreadable(GapError):
    """The file cannot be read out of the snapshot."""


class FileTooLarge(GapError):
    """The file is above the largest size an analyst reads."""


class FileUnparseable(GapError):
    """The structure reader failed on this file."""


class AnalysisMissing(GapError):
    """There is neither an analysis nor a recorded reason."""


class UploadError(StoppedError):
    """A second run of the same upload ends the same; never raised itself."""


class ArchiveUnsupported(UploadError):
    """The upload is neither a zip nor a tar.gz."""


class ArchiveCorrupt(UploadError):
    """The archive cannot be read to its end."""


class ArchiveUnsafe(UploadError):
    """The archive would unpack to far more than its size allows, or outside its folder."""


class RepositoryEmpty(UploadError):
    """There is nothing in the repository that an analyst can read."""


class RepositoryTooLarge(UploadError):
    """More files or bytes than one session documents."""


class CodeHostRefused(StoppedError):
    """A code host has no such commit for our token, or redirects to a host that is not its own."""


class PlanMissing(StoppedError):
    """The plan of the session's scan is not stored any more; a state of the file raises it."""


class TooManyGaps(StoppedError):
    """The share of files without documentation is above the tolerated one."""


class ModelAccessDenied(StoppedError):
    """The account or key may not use this model."""


class ModelRedirected(StoppedError):
    """The model's server answers with a redirect to another host; the question was not sent there."""


class CallOverspent(StoppedError):
    """A call cost more than was reserved for it; no further call of the session is allowed."""


class BudgetExhausted(StoppedError):
    """The next model call does not fit under the cap; `fits_later` if pending reservations may be released for it."""

    def __init__(self, message: str = "", fits_later: bool = False) -> None:
        super().__init__(message)
        self.fits_later = fits_later


class RevisionLimitReached(StoppedError):
    """Three drafts were not good enough, and the policy is to fail."""


class CitationUnresolved(StoppedError):
    """A finished page cites a file or line that the snapshot does not have."""


class TaskExited(StoppedError):
    """A task's container ended without an error of ours; our name for what ECS reports."""


class SettingsMissing(StoppedError):
    """The environment of a function or task lacks a setting, or holds an unreadable one."""


class ExecutionLost(StoppedError):
    """The execution ended without closing its session."""


class SessionTaken(StoppedError):
    """Another execution has claimed the session, which only that one closes."""


class Superseded(StoppedError):
    """A newer commit of the same branch was pushed: the session ends as SUPERSEDED."""


class Cancelled(StoppedError):
    """A person cancelled the session."""


class BlobMissing(InternalError):
    """There is no blob under this key."""


class SessionUnknown(InternalError):
    """There is no session under this id."""


class TaskTokenRejected(InternalError):
    """The execution no longer waits for this task; its process should end at once."""


class ProviderFailed(InternalError):
    """The OpenID Connect provider cannot be reached, or does not answer as its settings say."""


class SecretUnreadable(InternalError):
    """A secret of Secrets Manager cannot be read."""
