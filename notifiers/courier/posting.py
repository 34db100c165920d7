"""Messages into the hands of a channel: several at once where it takes several, else one by one."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from contracts.message import Posted
from notifiers.channels import Channel, Reply


@runtime_checkable
class TakesSeveral(Protocol):
    """A channel through which messages to different customers go side by side.

    at_once: how many it may have in its hands at most; after a crash so many may be on their way without an answer.
    """

    @property
    def at_once(self) -> int: ...
    async def send_all(self, messages: Sequence[Posted]) -> Sequence[Reply]:
        """Send them all; the replies are in the order of the messages. What goes wrong is an outcome, never an exception."""


class Carrier:
    """A channel as the courier uses it. at_once: how many messages it may be given before the first is answered."""

    def __init__(self, channel: Channel) -> None:
        self.channel, self.at_most_once = channel, channel.at_most_once
        self._several = channel if isinstance(channel, TakesSeveral) else None
        self.at_once = self._several.at_once if self._several is not None else 1

    async def post(self, messages: Sequence[Posted]) -> Sequence[Reply]:
        """Send at most `at_once` messages; return what became of each."""
        if self._several is not None:
            return await self._several.send_all(messages)
        return [await self.channel.send(message) for message in messages]
