"""The local outbox: nothing leaves the machine; what was told on one day is one page that a person can open."""

import os
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from contracts.message import Message, Outcome
from contracts.times import to_datetime
from notifiers.channels.channel import Reply
from notifiers.channels.outbox_page import DAYS, article, day_head, day_link

ADD = os.O_WRONLY | os.O_APPEND
BEGIN = os.O_WRONLY | os.O_CREAT | os.O_EXCL
INDEX = "index.html"
STANDS_HERE = re.compile(r'<article id="(\w+)"')


class Outbox:
    """FOLDER/2026-03-02.html: what was composed on that day (UTC), in order; FOLDER/index.html names the days.

    A message stands on its page once, however often it is sent. Pages may be deleted at any time; all texts are in the store.
    """

    name = "outbox"
    at_most_once = False
    at_once = 64

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._page, self._day = "", ""
        self._there: set[str] = set()

    async def send(self, message: Message) -> Reply:
        [reply] = await self.send_all([message])
        return reply

    async def send_all(self, messages: Sequence[Message]) -> Sequence[Reply]:
        return [reply for day, some in groupby(messages, _day) for reply in self._send(day, list(some))]

    def _send(self, day: str, messages: Sequence[Message]) -> list[Reply]:
        try:
            self._add(day, messages)
        except OSError as fault:
            self._day = ""
            return [Reply(Outcome.RETRY, f"the outbox cannot be written: {fault.strerror}")] * len(messages)
        return [Reply(Outcome.ACCEPTED, f"{day}.html#{message.message}") for message in messages]

    def _add(self, day: str, messages: Sequence[Message]) -> None:
        if day != self._day:
            self._open(day)
        new = {message.message: article(message) for message in messages if message.message not in self._there}
        if not new:
            return
        try:
            _append(self._page, "".join(new.values()))
        except FileNotFoundError:  # somebody has deleted it
            self._open(day)
            _append(self._page, "".join(new.values()))
        self._there.update(new)

    def _open(self, day: str) -> None:
        """Begin the page of a day, or see what was added to it before this process, or before something went wrong."""
        page = self._folder / f"{day}.html"
        if day != self._day:
            self._folder.mkdir(parents=True, exist_ok=True)
        try:
            _append(page, day_head(day), begin=True)
            self._there = set()
            self._name_day(day)
        except FileExistsError:
            self._there = set(STANDS_HERE.findall(page.read_text(encoding="utf-8")))
        self._page, self._day = str(page), day

    def _name_day(self, day: str) -> None:
        index, link = self._folder / INDEX, day_link(day)
        try:
            if link not in index.read_text(encoding="utf-8"):
                _append(index, link)
        except FileNotFoundError:
            _append(index, DAYS + link, begin=True)


def find_page(message: Message, folder: Path) -> str | None:
    """Return the address at which a message stands in an outbox, None where it does not."""
    page = folder / f"{_day(message)}.html"
    if page.exists() and f'<article id="{message.message}"' in page.read_text(encoding="utf-8"):
        return f"{page.absolute().as_uri()}#{message.message}"
    return None


def _day(message: Message) -> str:
    return to_datetime(message.composed_at).date().isoformat()


def _append(file: Path | str, text: str, *, begin: bool = False) -> None:
    """Add a text to a file, all of it or nothing. begin: to a new one. Raises OSError, FileExistsError where it is not new."""
    opened, rest = os.open(file, BEGIN if begin else ADD, 0o644), memoryview(text.encode())
    try:
        before = os.fstat(opened).st_size
        try:
            while rest:
                rest = rest[os.write(opened, rest) :]
        except OSError:
            os.ftruncate(opened, before)
            raise
    finally:
        os.close(opened)
