"""One connection to a mail server, kept and renewed; what became of a mail is told by how far it had got."""

import asyncio
import re
import ssl
from enum import StrEnum

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from contracts.message import Outcome
from contracts.times import SECOND
from notifiers.channels.channel import Reply
from notifiers.channels.providers import SmtpProvider

MAILS_PER_CONNECTION = 100
GO_ON, GOODBYE = 354, 421
LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")
FAILED = (SMTPException, OSError)


class Step(StrEnum):
    """How far a mail has got. Until the end was handed over nothing can have arrived."""

    CONNECTION = "the connection"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    END = "the end of DATA"


OURS = (Step.CONNECTION, Step.MAIL)  # what is refused here is not the customer's fault


class SmtpLine:
    """Sends one mail after the other by one connection, which is made with the first."""

    def __init__(self, provider: SmtpProvider, *, password: str | None, tls: ssl.SSLContext) -> None:
        self._provider, self._patience, self._password, self._tls = provider, provider.patience, password, tls
        self._server: SMTP | None = None
        self._sent, self._step = 0, Step.CONNECTION

    async def knock(self) -> str | None:
        """Connect, log in and leave, without a mail; return what hinders, None when nothing does."""
        try:
            async with asyncio.timeout(self._patience.total / SECOND):
                self._server = await self._connected()
                await self.leave()
        except SMTPResponseException as refused:
            return self._answered(refused.code, refused.message).detail
        except FAILED as fault:
            return self._failed(fault)
        return None

    async def leave(self) -> None:
        if (server := self._server) is None or not server.is_connected:
            return
        try:
            await server.quit(timeout=self._patience.connect / SECOND)
        except FAILED:
            self.hang_up()
        self._server = None

    async def send(self, to: str, mail: bytes) -> Reply:
        self._step = Step.CONNECTION
        try:
            async with asyncio.timeout(self._patience.total / SECOND):
                return await self._deliver(to, mail)
        except SMTPResponseException as refused:
            await self._start_over(refused.code)
            return self._answered(refused.code, refused.message)
        except FAILED as fault:
            self.hang_up()
            return Reply(Outcome.AMBIGUOUS if self._step is Step.END else Outcome.RETRY, self._failed(fault))
        except asyncio.CancelledError:
            self.hang_up()
            raise

    async def _deliver(self, to: str, mail: bytes) -> Reply:
        server = await self._ready_for(to)
        if server.protocol is None:
            raise SMTPServerDisconnected("the connection was lost")
        server.protocol.write(LEADING_DOT.sub(b"..", mail) + b".\r\n")
        self._step = Step.END
        response = await server.protocol.read_response(timeout=self._patience.answer / SECOND)
        self._sent += 1
        return self._answered(response.code, response.message)

    async def _ready_for(self, to: str) -> SMTP:
        """Return the server when it waits for the text of a mail; a connection that was kept may be stale, then on a new one."""
        if self._sent >= MAILS_PER_CONNECTION:
            await self.leave()
        if (kept := self._server) is not None and kept.is_connected:
            try:
                await self._announce(kept, to)
                return kept
            except SMTPServerDisconnected:
                self.hang_up()
            except SMTPResponseException as refused:
                if refused.code != GOODBYE:
                    raise
                self.hang_up()
        server = self._server = await self._connected()
        await self._announce(server, to)
        return server

    async def _connected(self) -> SMTP:
        provider, self._step, self._sent = self._provider, Step.CONNECTION, 0
        server = SMTP(
            hostname=provider.host,
            port=provider.port,
            username=provider.user,
            password=self._password,
            local_hostname=provider.sender.mailbox.domain,
            use_tls=provider.tls == "implicit",
            start_tls=provider.tls == "starttls",
            tls_context=None if provider.tls == "none" else self._tls,
            timeout=self._patience.connect / SECOND,
        )
        await server.connect()
        return server

    async def _announce(self, server: SMTP, to: str) -> None:
        """Say from whom and to whom, and that the text comes. Raises SMTPException."""
        answer = self._patience.answer / SECOND
        self._step = Step.MAIL
        await server.mail(self._provider.sender.mailbox.address, timeout=answer)
        self._step = Step.RCPT
        await server.rcpt(to, timeout=answer)
        self._step = Step.DATA
        response = await server.execute_command(b"DATA", timeout=answer)
        if response.code != GO_ON:
            raise SMTPResponseException(response.code, response.message)

    def _answered(self, code: int, said: str) -> Reply:
        enhanced = ENHANCED_CODE.match(said)
        return Reply(_outcome(code, self._step), f"{code}{f' {enhanced[0]}' if enhanced else ''} at {self._step}")

    def _failed(self, fault: Exception) -> str:
        """Return what went wrong, without the words of the fault: they may name addresses."""
        what = "no answer" if isinstance(fault, TimeoutError) else f"failed ({type(fault).__name__})"
        return f"{what} at {self._step}"

    async def _start_over(self, code: int) -> None:
        """Make the connection ready for the next mail, or give it up."""
        server = self._server
        if server is None or code == GOODBYE or self._step is Step.CONNECTION:
            self.hang_up()
            return
        try:
            await server.rset(timeout=self._patience.answer / SECOND)
        except FAILED:
            self.hang_up()

    def hang_up(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _outcome(code: int, step: Step) -> Outcome:
    """Return what a reply at this step means; one that is no reply of SMTP says nothing."""
    match code // 100:
        case 2 if step is Step.END:
            return Outcome.ACCEPTED
        case 4:
            return Outcome.RETRY
        case 5:
            return Outcome.RETRY if step in OURS else Outcome.REFUSED
        case _:
            return Outcome.AMBIGUOUS if step is Step.END else Outcome.RETRY
