"""Messages into the hands of a channel: at once where it takes several, side by side where it can, else one by one."""

import asyncio
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from contracts.message import Outcome, Posted
from notifiers.channels import Channel, Reply
from notifiers.channels.opening import Provided
from notifiers.courier.breaker import Breaker
from notifiers.courier.pace import Pace

RESTS, PACED = "resting", "rate"


@runtime_checkable
class TakesSeveral(Protocol):
    """A channel through which messages to different customers go as one handful.

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
        self.care = channel.care if isinstance(channel, Provided) else None
        self.at_once = self._several.at_once if self._several is not None else self.care.at_once if self.care is not None else 1
        self.free = asyncio.Semaphore(self.at_once)
        self._breaker = Breaker(after=self.care.rest_after, rest=self.care.rest) if self.care is not None else None
        self._pace = Pace(self.care.rate) if self.care is not None and self.care.rate is not None else None

    async def post(self, messages: Sequence[Posted]) -> Sequence[Reply]:
        """Send at most `at_once` messages; return what became of each."""
        if self._several is not None:
            return await self._several.send_all(messages)
        return [await self.channel.send(message) for message in messages]

    def saw(self, outcome: Outcome, now: int) -> None:
        """Learn from what became of a message, at `now`."""
        if self._breaker is not None:
            self._breaker.saw(outcome, now)

    def closed(self, now: int, *, has_waited: bool) -> tuple[int, str] | None:
        """Return until when nothing more may be sent, and why; None when one message may go now.

        has_waited: whether it was told so before.
        """
        if self._breaker is not None and (until := self._breaker.rests_until(now)) is not None:
            return until, RESTS
        if self._pace is not None and (until := self._pace.turn(now, has_waited=has_waited)) is not None:
            return until, PACED
        if self._breaker is not None:
            self._breaker.let_through(now)
        return None

    def is_away(self, now: int) -> bool:
        """Whether its provider has not answered for so long that the next channel should speak."""
        return self._breaker is not None and self._breaker.is_away(now)

    @property
    def rests(self) -> bool:
        return self._breaker is not None and self._breaker.open_since is not None
