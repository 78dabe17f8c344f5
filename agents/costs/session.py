"""An environment's settings as an estimate reads them: who answers which role at which price, and what may be spent."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from agents.bedrock import takes_tier
from agents.contracts.expected import ExpectedSpend
from agents.contracts.usage import MAX_OUTPUT_TOKENS
from agents.costs.degradation import Descent, step_down
from agents.costs.estimate import NOTHING_STANDS, Speed, estimate
from agents.costs.facts import Estimate, FileCosts, RoleModel
from agents.costs.questions import ExpectedQuestions
from agents.models.prices import TokenPriceUnknown, batch_price_of, price_of
from agents.questions.instructions import FILES
from agents.settings import AgentSettings

#: However dear the other roles are, the analysts may plan with this share of what is left.
_ANALYSTS_SHARE = 0.4
#: A margin for the other roles, whose briefs are known only when the files are read.
_OTHERS_MARGIN = 1.2


def models_of(settings: AgentSettings) -> dict[str, RoleModel]:
    """Every role's model and price; in a batch inference job the analyst's is lower.

    Raises TokenPriceUnknown, and ValueError where there can be no such model, or none in a job.
    """
    models = {role: model_named(settings.model_of(role), settings, role) for role in FILES}
    analyst = models["analyst"]
    if settings.inference == "batch" and analyst.takes_tokens:
        models["analyst"] = RoleModel(analyst.name, batch_price_of(analyst.name, settings.model_prices))
    return models


def model_named(name: str, settings: AgentSettings, role: str) -> RoleModel:
    """A model with its price in the role's service tier. Raises TokenPriceUnknown."""
    tier = settings.tier_of(role)
    return RoleModel(name, price_of(name, settings.model_prices, tier if takes_tier(name, tier) else ""))


def speed_of(settings: AgentSettings) -> Speed:
    """How much happens side by side."""
    is_job = settings.inference == "batch" and settings.model_of("analyst") != "extractive"
    return Speed(settings.analyst_concurrency, settings.model_calls_at_once, settings.batch_target_files, is_job)


def descend(
    files: Collection[FileCosts],
    settings: AgentSettings,
    spent_usd: float,
    again: Mapping[str, ExpectedQuestions] = NOTHING_STANDS,
) -> Descent:
    """The steps of the ladder that this session has to take, with what it has spent already; none if it fits."""
    if settings.model_of("analyst") == "extractive":
        return Descent()
    try:
        models = models_of(settings)
        economy = model_named(settings.economy_model, settings, "analyst") if settings.economy_model else None
    except TokenPriceUnknown:  # the first question will say so; nothing can be planned with a price that nobody knows
        return Descent()
    whole = estimate(files, models, settings.cap_usd, again=again)
    return step_down(files, analysts_budget(whole, models, settings.cap_usd - spent_usd), models["analyst"], economy)


def expected_spend(
    files: Collection[FileCosts], settings: AgentSettings, again: Mapping[str, ExpectedQuestions] = NOTHING_STANDS
) -> ExpectedSpend | None:
    """What the session will likely spend; None where no model is asked, or nobody knows the price of one."""
    try:
        models = models_of(settings)
    except ValueError:  # among them TokenPriceUnknown
        return None
    if not any(model.takes_tokens for model in models.values()):
        return None
    return expected(estimate(files, models, settings.cap_usd, speed_of(settings), again=again))


def expected(whole: Estimate) -> ExpectedSpend:
    """An estimate in short."""
    return ExpectedSpend(
        usd_low=whole.usd.low,
        usd_likely=whole.usd.likely,
        usd_high=whole.usd.high,
        requests=whole.requests.likely,
        seconds=whole.seconds.likely,
        cap_usd=whole.cap_usd,
    )


def analysts_budget(whole: Estimate, models: Mapping[str, RoleModel], left_usd: float) -> float:
    """What the analysts may plan with: what is left, less the other roles' likely cost and one call's reservation."""
    others = _OTHERS_MARGIN * sum(role.usd.likely for role in whole.roles if role.role != "analyst")
    reservation = models["analyst"].price.at_most(0, MAX_OUTPUT_TOKENS)
    return max(left_usd - others, left_usd * _ANALYSTS_SHARE) - reservation
