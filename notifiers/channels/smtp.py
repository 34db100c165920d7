"""Mail by SMTP: as many connections as the server is given mails at once, each kept for the next mail."""

import asyncio
import ssl
from pathlib import Path

from contracts.message import Outcome, Posted
from notifiers.channels.channel import Reply
from notifiers.channels.providers import SmtpProvider
from notifiers.channels.smtp_line import SmtpLine
from notifiers.composing.mail import NoAddress, as_mail, mailbox_of


class Smtp:
    """Sends mails to one server, side by side."""

    at_most_once = False

    def __init__(self, provider: SmtpProvider, *, folder: Path, name: str = "email") -> None:
        """folder: the project's, in which relative files stand. Raises OSError, ValueError for what cannot be read there."""
        self.name, self.care, self._provider = name, provider.care, provider
        self._password = provider.password.reveal(folder) if provider.password else None
        self._tls = ssl.create_default_context(cafile=folder / provider.trusted if provider.trusted else None)
        self._free = asyncio.Semaphore(provider.care.at_once)
        self._idle: list[SmtpLine] = []
        self._busy: set[SmtpLine] = set()

    async def send(self, message: Posted) -> Reply:
        if message.to.email is None:
            return Reply(Outcome.REFUSED, "no mail address is known")
        try:
            to, mail = mailbox_of(message.to.email).address, as_mail(message, self._provider.sender)
        except NoAddress as fault:
            return Reply(Outcome.REFUSED, str(fault))
        async with self._free:
            return await self._send(to, mail)

    async def _send(self, to: str, mail: bytes) -> Reply:
        """The line that was used last is used first: the others may rest, and the server may end them."""
        line = self._idle.pop() if self._idle else self._line()
        self._busy.add(line)
        try:
            return await line.send(to, mail)
        finally:
            self._busy.discard(line)
            self._idle.append(line)

    async def knock(self) -> str | None:
        """Connect, log in and leave, without a mail; return what hinders, None when nothing does."""
        return await self._line().knock()

    async def aclose(self) -> None:
        """Take leave of the server; where a mail is on its way, hang up."""
        for line in self._busy:
            line.hang_up()
        await asyncio.gather(*(line.leave() for line in self._idle))

    def _line(self) -> SmtpLine:
        return SmtpLine(self._provider, password=self._password, tls=self._tls)
