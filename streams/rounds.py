"""Rounds of the courier that may overlap: one that waits for a slow provider does not hold up what others are told."""

import asyncio
from collections.abc import Awaitable, Callable

MOST_AT_ONCE = 16


class Rounds:
    """ask: has the courier do what is due at a time."""

    def __init__(self, ask: Callable[[int], Awaitable[object]]) -> None:
        self._ask = ask
        self._going: set[asyncio.Future[object]] = set()

    def begin(self, now: int) -> None:
        """Begin a round, unless too many are going on already."""
        if len(self._going) < MOST_AT_ONCE:
            self._going.add(asyncio.ensure_future(self._ask(now)))

    def look(self) -> None:
        """Let go of the rounds that have ended. Raises what broke one."""
        ended = {each for each in self._going if each.done()}
        self._going -= ended
        for each in ended:
            each.result()

    async def end(self) -> None:
        """Begin nothing more; what is on its way may be answered for a few seconds, after that it counts as not answered."""
        for each in self._going:
            each.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)
