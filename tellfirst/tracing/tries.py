"""A channel with a provider behind it, of whose every try a span is made."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from opentelemetry.trace import Span, StatusCode

from contracts.message import Outcome, Posted
from notifiers.channels import Reply
from notifiers.channels.opening import Provided


class TracedChannel:
    """sending: yields the span of a try."""

    def __init__(self, channel: Provided, sending: Callable[[Posted], AbstractContextManager[Span]]) -> None:
        self._channel, self._sending = channel, sending
        self.name, self.at_most_once, self.care = channel.name, channel.at_most_once, channel.care

    async def send(self, message: Posted) -> Reply:
        with self._sending(message) as span:
            reply = await self._channel.send(message)
            span.set_attribute("tellfirst.outcome", reply.outcome)
            if reply.outcome is not Outcome.ACCEPTED:
                span.set_status(StatusCode.ERROR, reply.detail)
            return reply

    async def knock(self) -> str | None:
        return await self._channel.knock()

    async def aclose(self) -> None:
        await self._channel.aclose()
