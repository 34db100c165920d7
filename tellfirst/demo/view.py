"""What is seen while the demo runs: on a terminal a picture that moves, elsewhere one line per customer told."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import typer

from contracts.message import Message
from contracts.times import to_datetime
from notifiers.channels import Channel, Reply

SHOWN = 12
PAUSE_SECONDS = 0.06
LONGEST_SECONDS = 12.0


class View(Protocol):
    pause: float

    def told(self, message: Message) -> None: ...
    def read(self, records: int) -> None: ...


class Watched:
    """A channel whose messages are also seen by the view, at a pace that can be read."""

    def __init__(self, channel: Channel, view: View) -> None:
        self.name, self.at_most_once = channel.name, channel.at_most_once
        self._channel, self._view = channel, view
        self._left = LONGEST_SECONDS

    async def send(self, message: Message) -> Reply:
        reply = await self._channel.send(message)
        self._view.told(message)
        if self._left > 0 and self._view.pause:
            self._left -= self._view.pause
            await asyncio.sleep(self._view.pause)
        return reply


class Silent:
    """Shows nothing."""

    pause = 0.0

    def told(self, message: Message) -> None: ...
    def read(self, records: int) -> None: ...


class Plain:
    """One line per message."""

    pause = 0.0

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def told(self, message: Message) -> None:
        typer.echo(f"{told_at(message, self._zone)}  {message.customer} by {message.channel}: {message.title}")

    def read(self, records: int) -> None: ...


class Moving:
    """The newest messages below a line that says how far the story is."""

    pause = PAUSE_SECONDS

    def __init__(self, live: Any, zone: ZoneInfo) -> None:
        self._live, self._zone = live, zone
        self._records, self._count = 0, 0
        self._newest: list[Message] = []

    def told(self, message: Message) -> None:
        self._count += 1
        self._newest = [*self._newest, message][-SHOWN:]
        self._live.update(self._picture())

    def read(self, records: int) -> None:
        self._records = records
        self._live.update(self._picture())

    def _picture(self) -> Any:
        from rich.panel import Panel
        from rich.table import Table

        table = Table.grid(padding=(0, 2), expand=True)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(style="cyan", no_wrap=True)
        table.add_column(style="dim", no_wrap=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        for message in self._newest:
            table.add_row(told_at(message, self._zone), message.customer, message.channel, message.title)
        where = f"[dim]times of {self._zone.key}; some customers live elsewhere[/]"
        return Panel(
            table,
            title=self._heading(),
            title_align="left",
            subtitle=where,
            subtitle_align="right",
            border_style="dim",
            padding=(1, 2),
        )

    def _heading(self) -> str:
        now = f"{to_datetime(self._newest[-1].composed_at, self._zone):%A %-d %B %H:%M}" if self._newest else "…"
        read = f"{self._records:,} events read   " if self._records else ""
        return f"[bold]{now}[/bold]   {read}{self._count:,} messages told"


def told_at(message: Message, zone: ZoneInfo) -> str:
    return to_datetime(message.composed_at, zone).strftime("%a %H:%M")


@contextmanager
def view_on(zone: ZoneInfo, *, silent: bool, terminal: bool) -> Iterator[View]:
    """Yield the view that fits: nothing, moving on a terminal, or plain lines."""
    if silent:
        yield Silent()
    elif not terminal:
        yield Plain(zone)
    else:
        from rich.console import Console
        from rich.live import Live

        with Live(console=Console(), refresh_per_second=15) as live:
            yield Moving(live, zone)
