"""What several ask for in one turn of the event loop is done as one, so that many writes are one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
R = TypeVar("R")


class Together(Generic[A, R]):
    """do: takes what was asked, and returns an answer for each, in order; what it raises is raised to all who asked."""

    def __init__(self, do: Callable[[Sequence[A]], Sequence[R]]) -> None:
        self._do = do
        self._asked: list[tuple[A, asyncio.Future[R]]] = []

    async def ask(self, each: A) -> R:
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._answer)
        answer: asyncio.Future[R] = loop.create_future()
        self._asked.append((each, answer))
        return await answer

    def _answer(self) -> None:
        asked, self._asked = self._asked, []
        try:
            answers = self._do([each for each, _ in asked])
        except Exception as fault:  # noqa: BLE001 - it is raised where it was asked
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(fault)
            return
        for (_, future), answered in zip(asked, answers, strict=True):
            if not future.done():
                future.set_result(answered)
