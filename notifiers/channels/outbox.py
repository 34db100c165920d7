"""The local outbox: nothing leaves the machine; every message is a page that a person can open."""

import os
from pathlib import Path

from contracts.message import Message, Outcome
from contracts.times import to_datetime
from notifiers.channels.channel import Reply

REPLACE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class Outbox:
    """FOLDER/2026-03-02/msg_….html, by the day (UTC) of composing; its text is in the store. Sent again, it replaces its page."""

    name = "outbox"
    at_most_once = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day = ""

    async def send(self, message: Message) -> Reply:
        try:
            where = self._write(message)
        except OSError as fault:
            return Reply(Outcome.RETRY, f"the outbox cannot be written: {fault.strerror}")
        return Reply(Outcome.ACCEPTED, where)

    def _write(self, message: Message) -> str:
        """Return where the page is, below the folder. Replays write thousands, so it is written by the system's own calls."""
        day = to_datetime(message.composed_at).date().isoformat()
        if day != self._day:
            (self._folder / day).mkdir(parents=True, exist_ok=True)
            self._day = day
        where = f"{day}/{message.message}.html"
        page, rest = os.open(f"{self._folder}/{where}", REPLACE, 0o644), memoryview(message.html.encode())
        try:
            while rest:
                rest = rest[os.write(page, rest) :]
        finally:
            os.close(page)
        return where
