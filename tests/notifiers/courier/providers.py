"""Providers that answer when a test wants it."""

import asyncio

from contracts.message import Outcome, Posted
from notifiers.channels import Reply
from notifiers.channels.providers import Care


class Counter:
    """A provider whose answers to the customers in `waits_for` come only after `let_go`; all others are answered at once.

    sent: to whom, in the order of coming; most: how many messages it had in its hands at one time.
    """

    def __init__(self, name: str = "email", *replies: Reply, waits_for: tuple[str, ...] = (), care: Care | None = None) -> None:
        self.name, self.at_most_once, self.care = name, name == "sms", care or Care()
        self.sent: list[str] = []
        self.most = self._now = 0
        self._replies, self._waits_for, self._answers = list(replies), waits_for, asyncio.Event()

    async def send(self, message: Posted) -> Reply:
        self.sent.append(message.customer)
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            await (self._answers.wait() if message.customer in self._waits_for else asyncio.sleep(0))
        finally:
            self._now -= 1
        return self._replies.pop(0) if self._replies else Reply(Outcome.ACCEPTED)

    async def knock(self) -> str | None:
        return None

    async def aclose(self) -> None:
        """Nothing is kept."""

    def let_go(self) -> None:
        self._answers.set()

    def hold(self, *customers: str) -> None:
        """From here on these wait."""
        self._waits_for, self._answers = customers, asyncio.Event()


async def settle() -> None:
    """Let everything happen that does not wait for a provider."""
    for _ in range(200):
        await asyncio.sleep(0)
