"""A model on the network as a LanguageModel: pydantic-ai asks, our contracts validate, failures become our errors.

Import it only where a model is called: the library takes most of a second to import.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic_ai.exceptions import OutputTokenLimitExceeded
from pydantic_ai.messages import ModelMessagesTypeAdapter
from pydantic_ai.usage import UsageLimits

from agents.contracts.usage import Usage
from agents.errors import ModelReplyInvalid, SwarmError
from agents.models.access import ModelAccess
from agents.models.asking import REPAIRS, Asking
from agents.models.bounds import read_bounded
from agents.models.event_loop import wait_for
from agents.models.metered import Budget, MeteredModel
from agents.models.names import ModelName, parse_name
from agents.models.prices import price_of
from agents.models.replies import our_errors, refuse_redirect
from agents.ports import Answer, Question, ReplyT
from agents.questions.prompt import Prompt, prompt_of

if TYPE_CHECKING:
    from pydantic_ai.models import Model

_SHORTER = (
    "\n\nAn earlier answer to this was cut at {limit} tokens, before its end. Answer in far fewer words and keep to the"
    " most important."
)
_LIBRARIES = {
    "bedrock": ("pydantic_ai.models.bedrock", "pydantic_ai.providers.bedrock"),
    "openai": (
        "anyio._backends._asyncio",
        "openai.resources.chat.completions",
        "pydantic_ai.models.openai",
        "pydantic_ai.profiles.openai",
        "pydantic_ai.providers.openai",
    ),
}
#: OpenAI's client requires a key, also for a server that needs none.
_NO_KEY = "none"


class ProviderModel:
    """Bedrock, OpenAI, or any server with OpenAI's API."""

    def __init__(
        self,
        name: str,
        access: ModelAccess,
        budget: Budget,
        unanswered: Callable[[str, Usage], None],
        library: Model | None = None,
    ) -> None:
        """`unanswered` gets role and cost of each failed question; `library` is the provider's own model."""
        self.name = name
        self._parsed = parse_name(name)
        self._access = access
        self._budget = budget
        self._unanswered = unanswered
        self._asking = Asking(name, access)
        self._library = library or library_of(self._parsed, access)

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """Answer with a reply of the requested type; every request is reserved before and settled after."""
        metered = self._metered(question)
        prompt = prompt_of(question)
        try:
            with our_errors(self._parsed.plain):
                reply = self._answered(question, prompt, metered)
        except SwarmError:
            self._unanswered(question.role, metered.spent)
            raise
        return Answer(reply, metered.spent)

    def _metered(self, question: Question[Any]) -> MeteredModel:
        """The library's model, which pays for this question."""
        price = price_of(self.name, self._access.prices, self._asking.tier_of(question.role))
        slots, before = self._access.slots, question.before_request
        return MeteredModel(self._library, self._budget, price, question.role, slots, before)

    def _answered(self, question: Question[ReplyT], prompt: Prompt, metered: MeteredModel) -> ReplyT:
        """The reply. A reply that was cut is asked for once more, unless the one repair is used up."""
        try:
            return wait_for(self._asking.reply(question, prompt, metered))
        except OutputTokenLimitExceeded:
            left = 1 + REPAIRS - metered.spent.requests
            if left < 1:
                raise
        shorter = prompt._replace(user=prompt.user + _SHORTER.format(limit=question.max_output_tokens))
        return wait_for(self._asking.reply(question, shorter, metered, UsageLimits(request_limit=left)))

    def warm(self, question: Question[Any]) -> Usage:
        """One request for one token, the same to its last byte before the user's message; what it cost.

        A reply is no part of it: one token is none. Raises what a question raises but ModelReplyInvalid.
        """
        metered = self._metered(question)
        prompt = prompt_of(question)
        one_token = replace(question, max_output_tokens=1)
        try:
            with suppress(ModelReplyInvalid), our_errors(self._parsed.plain):
                wait_for(self._asking.reply(one_token, prompt, metered, UsageLimits(request_limit=1)))
        except SwarmError:
            self._unanswered(question.role, metered.spent)
            raise
        return metered.spent


def library_of(name: ModelName, access: ModelAccess) -> Model:
    """The provider's client, its library imported alone. Raises ModelAccessDenied when its key cannot be read."""
    return _bedrock(name, access) if name.provider == "bedrock" else _openai(name, access)


def load_library(name: str) -> None:
    """Import and build what the first question needs, which saves it a tenth of a second or more."""
    for module in _LIBRARIES[parse_name(name).provider]:
        import_module(module)
    build_adapters()


def build_adapters() -> None:
    """Build what turns messages into JSON and back: it takes a tenth of a second, once in a process."""
    ModelMessagesTypeAdapter.rebuild()


def _bedrock(name: ModelName, access: ModelAccess) -> Model:
    from pydantic_ai.models.bedrock import BedrockConverseModel
    from pydantic_ai.providers.bedrock import BedrockProvider

    client = access.bedrock(name.base_url, access.timeout_seconds)

    def stay_on_host(response_dict: dict[str, Any], **_: object) -> None:
        if "location" in response_dict["headers"]:
            refuse_redirect(client.meta.endpoint_url, response_dict["headers"]["location"])

    client.meta.events.register("response-received.bedrock-runtime", stay_on_host, unique_id="stay-on-host")
    return BedrockConverseModel(name.model, provider=BedrockProvider(bedrock_client=client))


def _openai(name: ModelName, access: ModelAccess) -> Model:
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.providers.openai import OpenAIProvider

    # Without TLS there is nothing to verify: reading the authorities' certificates takes as long as a short call.
    over_tls = not name.base_url.startswith("http://")
    http = DefaultAsyncHttpxClient(
        verify=over_tls,
        headers={"accept-encoding": "identity"},
        event_hooks={"response": [_stay_on_host, read_bounded]},
    )
    # Only the state machine retries.
    client = AsyncOpenAI(
        api_key=access.key() or _NO_KEY,
        base_url=name.base_url or None,
        timeout=access.timeout_seconds,
        max_retries=0,
        http_client=http,
    )
    # Ollama and others ignore the newer name of max_tokens, and would answer without a limit.
    profile = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False) if name.base_url else None
    return OpenAIChatModel(name.model, provider=OpenAIProvider(openai_client=client), profile=profile)


async def _stay_on_host(response: Any) -> None:
    """Called for every response before httpx follows a redirect: the prompt and the key go to no other host."""
    if response.has_redirect_location:
        refuse_redirect(str(response.url), response.headers["location"])
