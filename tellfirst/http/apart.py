"""Answers come from a thread of their own, so that they come also while the loop of the process waits for its database."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

Answer = TypeVar("Answer")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]


class Apart:
    """An ASGI application of which another thread than that of the process's loop is asked.

    What is posted is taken in inside that loop; what is only asked is answered where it is asked.
    """

    def __init__(self, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self._loop = app, loop

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope.get("method") != "POST":
            await self._app(scope, receive, send)
            return
        here = asyncio.get_running_loop()

        async def receive_there() -> Message:
            return await _in(here, receive())

        async def send_there(message: Message) -> None:
            await _in(here, send(message))

        await _in(self._loop, self._app(scope, receive_there, send_there))


async def _in(loop: asyncio.AbstractEventLoop, doing: Awaitable[Answer]) -> Answer:
    async def do() -> Answer:
        return await doing

    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(do(), loop))


def ask(loop: asyncio.AbstractEventLoop, what: Callable[[], Answer], *, within: float) -> Answer:
    """Ask something in a loop, from another thread. Raises TimeoutError where the loop does not come to it in so many seconds."""

    async def answer() -> Answer:
        return what()

    asked = asyncio.run_coroutine_threadsafe(answer(), loop)
    try:
        return asked.result(within)
    finally:
        asked.cancel()


async def in_a_thread(serving: Coroutine[Any, Any, None]) -> None:
    """Do it in a loop of its own, in a thread that the process does not wait for at its end. Raises what it raises."""
    ended: Future[None] = Future()
    ended.set_running_or_notify_cancel()

    def serve() -> None:
        try:
            ended.set_result(asyncio.run(serving))
        except BaseException as fault:  # noqa: BLE001 - it is raised where it is waited for
            ended.set_exception(fault)

    Thread(target=serve, name="answers", daemon=True).start()
    await asyncio.wrap_future(ended)
