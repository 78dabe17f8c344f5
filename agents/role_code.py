"""Imports a role's code when one of its states runs: no function loads what it does not need."""

from __future__ import annotations

from agents.roster_row import Run


def intake() -> Run:
    """OpenSession."""
    from agents.roles.intake.run import run

    return run


def scanner() -> Run:
    """Scan."""
    from agents.roles.scanner.run import run

    return run


def batch_submission() -> Run:
    """SubmitBatchInference."""
    from agents.roles.analyst.job.run import submit

    return submit


def batch_check() -> Run:
    """CheckBatchInference."""
    from agents.roles.analyst.job.run import check

    return check


def batch_collection() -> Run:
    """CollectBatchInference."""
    from agents.roles.analyst.job.run import collect

    return collect


def analyst() -> Run:
    """AnalyseBatch and WarmPromptCache."""
    from agents.roles.analyst.run import run

    return run


def security_reviewer() -> Run:
    """SecurityAgent."""
    from agents.roles.reviewer.run import review_security

    return review_security


def performance_reviewer() -> Run:
    """PerformanceAgent."""
    from agents.roles.reviewer.run import review_performance

    return review_performance


def synthesizer() -> Run:
    """Synthesize."""
    from agents.roles.synthesizer.run import run

    return run


def editor() -> Run:
    """Edit."""
    from agents.roles.editor.run import run

    return run


def critic() -> Run:
    """Critique."""
    from agents.roles.critic.run import run

    return run


def approval_request() -> Run:
    """AwaitApproval."""
    from agents.roles.approval.run import ask

    return ask


def approval_expiry() -> Run:
    """ExpireApproval."""
    from agents.roles.approval.run import expire

    return expire


def approval_page() -> Run:
    """DecideApproval."""
    from agents.roles.approval.answering import answer

    return answer


def publisher() -> Run:
    """Publish."""
    from agents.roles.publisher.run import run

    return run


def closer() -> Run:
    """CloseSession and FailSession."""
    from agents.roles.closer.run import run

    return run


def reaper() -> Run:
    """Reap."""
    from agents.roles.closer.reap import run

    return run


def canary() -> Run:
    """DecideCanary."""
    from agents.roles.canary.run import run

    return run


def webhook() -> Run:
    """ReceiveWebhook."""
    from agents.roles.webhook.run import run

    return run


def fetcher() -> Run:
    """FetchSnapshot."""
    from agents.roles.fetcher.run import run

    return run


def sign_in() -> Run:
    """SignIn."""
    from agents.roles.sign_in.run import run

    return run


def task_end() -> Run:
    """ReportTaskEnd."""
    from agents.roles.task_end.run import run

    return run
