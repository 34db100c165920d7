"""What is seen while the demo runs: on a terminal a picture that moves, elsewhere a line for every few hours of the story."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.live import Live

from contracts.message import Message, Posted
from contracts.times import HOUR, to_datetime
from notifiers.channels import Channel, Reply
from tellfirst.demo.board import Board
from tellfirst.demo.picture import picture

EVERY = 6 * HOUR
FRAMES_PER_SECOND = 12
PAUSE_SECONDS = 0.004


class Watched:
    """A channel whose messages are also seen by the view, at a pace at which one can follow."""

    def __init__(self, channel: Channel, view: Board) -> None:
        self.name, self.at_most_once = channel.name, channel.at_most_once
        self._channel, self._view = channel, view

    async def send(self, message: Posted) -> Reply:
        reply = await self._channel.send(message)
        self._view.told(message)
        if self._view.pause:
            await asyncio.sleep(self._view.pause)
        return reply


class Moving(Board):
    """A picture of the board, drawn anew some times a second by whoever shows it."""

    pause = PAUSE_SECONDS

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._width, self._height = min(console.width, 120), console.height

    def __rich__(self) -> RenderableType:
        return picture(self, width=self._width, height=self._height)


class Plain(Board):
    """The first message, then a line for every few hours of the story, with the newest."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console, self._shown_at = console, 0

    def told(self, message: Message) -> None:
        super().told(message)
        if self.clock - self._shown_at >= EVERY:
            self._shown_at = self.clock
            self._console.print(self._line(message), markup=False)

    def _line(self, message: Message) -> str:
        now = to_datetime(self.clock, self.zone).strftime("%a %H:%M")
        counts = f"{self.records:>6,} read {self.problems.total():>4,} problems {len(self.customers):>4,} customers told"
        return f"{now} {counts}  {message.customer} by {message.channel}: {message.title}"


@contextmanager
def view_on(console: Console, *, silent: bool) -> Iterator[Board]:
    """Yield the view that fits: nothing, moving on a terminal, or plain lines."""
    if silent:
        yield Board()
    elif not sys.stdout.isatty() or console.is_dumb_terminal:
        yield Plain(console)
    else:
        moving = Moving(console)
        with Live(moving, console=console, refresh_per_second=FRAMES_PER_SECOND):
            yield moving
