"""How the library asks one question: the reply's form, the bounds, the prompt cache and the service tier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext, ToolOutput

from agents.bedrock import caches_for_an_hour, takes_tier
from agents.contracts.base import Contract
from agents.models.access import ModelAccess
from agents.models.names import parse_name
from agents.ports import Question, ReplyT
from agents.questions.prompt import Prompt
from agents.questions.prompt_cache import cacheable

if TYPE_CHECKING:
    from pydantic_ai.models import Model
    from pydantic_ai.settings import ModelSettings
    from pydantic_ai.usage import UsageLimits

#: A reply that breaks its contract, that was cut, or that the role objects to, is asked for once more with the reason.
REPAIRS = 1


class Asking:
    """Asks questions of a model with this name, through whichever library model is handed in."""

    def __init__(self, name: str, access: ModelAccess) -> None:
        self._name = name
        self._parsed = parse_name(name)
        self._access = access
        self._agents: dict[type[Contract], Agent[Question[Any], Any]] = {}

    def tier_of(self, role: str) -> str:
        """The role's service tier; empty where the model has none, such as an economy model that stands in."""
        tier = self._access.tier_of(role)
        return tier if takes_tier(self._name, tier) else ""

    async def reply(
        self, question: Question[ReplyT], prompt: Prompt, model: Model, limits: UsageLimits | None = None
    ) -> ReplyT:
        """The reply; errors are the library's."""
        result = await self._agent(question.reply_type).run(
            prompt.user,
            deps=question,
            model=model,
            instructions=prompt.system,
            model_settings=cast("ModelSettings", self._settings(question, prompt)),
            usage_limits=limits,
        )
        return result.output

    def _settings(self, question: Question[Any], prompt: Prompt) -> dict[str, Any]:
        settings: dict[str, Any] = {
            "max_tokens": question.max_output_tokens,
            "request_timeout": self._access.timeout_seconds,
        }
        if cacheable(self._name, prompt.system):
            # The only cache point of a request. Were there others, those after it might live no longer.
            settings["bedrock_cache_instructions"] = "1h" if caches_for_an_hour(self._name) else True
        if tier := self.tier_of(question.role):
            settings["bedrock_service_tier"] = {"type": tier}
        return settings

    def _agent(self, reply_type: type[ReplyT]) -> Agent[Question[Any], ReplyT]:
        """One agent for each reply type: building it takes more processor time than a question."""
        if reply_type not in self._agents:
            # Servers such as llama.cpp's follow a JSON schema, and do not support tools.
            compatible = self._parsed.provider == "openai" and self._parsed.base_url
            output: Any = NativeOutput(reply_type) if compatible else ToolOutput(reply_type)
            agent = Agent(deps_type=Question[Any], output_type=output, retries=REPAIRS)
            agent.output_validator(_with_objections)
            self._agents[reply_type] = agent
        return self._agents[reply_type]


def _with_objections(context: RunContext[Question[Any]], reply: Contract) -> Contract:
    """Send a reply back once with the objections to it; the role drops what is wrong in the second."""
    question = context.deps
    objections = question.objections(reply) if question.objections and not context.last_attempt else ()
    if objections:
        raise ModelRetry("These claims are wrong: " + "; ".join(objections) + ". Answer again without them.")
    return reply
