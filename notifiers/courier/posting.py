"""Messages into the hands of a channel: several at once where it takes several, else one by one."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from contracts.message import Message
from notifiers.channels import Channel, Reply


@runtime_checkable
class TakesSeveral(Protocol):
    """A channel that messages to different customers go through side by side.

    at_once: how many it may have in its hands at most; after a crash so many may be on their way without an answer.
    """

    @property
    def at_once(self) -> int: ...
    async def send_all(self, messages: Sequence[Message]) -> Sequence[Reply]:
        """Send them all; the replies are in the order of the messages. What goes wrong is an outcome, never an exception."""


def at_once(channel: Channel) -> int:
    """Return how many messages a channel may be given before the first is answered."""
    return channel.at_once if isinstance(channel, TakesSeveral) else 1


async def post(channel: Channel, messages: Sequence[Message]) -> Sequence[Reply]:
    """Send at most `at_once` messages; return what became of each."""
    if isinstance(channel, TakesSeveral):
        return await channel.send_all(messages)
    return [await channel.send(message) for message in messages]
