"""A mail server on loopback that accepts, refuses, hangs and drops as a test wants; aiosmtpd names the methods."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_name("localhost.pem")
DROP, DROP_ONCE, HANG = "drop", "drop once", "hang"


def server_tls() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


class Postbox:
    """What the server does. says: what it answers to MAIL, RCPT or DATA instead of 250, or `drop` or `hang`.

    mails: what reached it, whatever it said then.
    """

    def __init__(self, **says: str) -> None:
        self.says = says
        self.mails: list[bytes] = []
        self.connections = 0
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        return await self._said("MAIL", server)

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        said = await self._said("RCPT", server)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return await self._said("DATA", server)

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: LoginPassword) -> AuthResult:
        self.logins.append((said.login, said.password))
        return AuthResult(success=said.password == b"right", handled=False)

    async def _said(self, step: str, server: SMTP) -> str:
        said = self.says.get(step, "250 2.0.0 fine")
        if said == HANG:
            await asyncio.Event().wait()
        if said == DROP_ONCE:
            del self.says[step]
        return await self._dropped(server) if said in (DROP, DROP_ONCE) else said

    async def _dropped(self, server: SMTP) -> str:
        assert server.transport is not None
        server.transport.abort()
        return "421 gone"


@asynccontextmanager
async def a_mail_server(postbox: Postbox, *, implicit_tls: bool = False, **options: Any) -> AsyncIterator[int]:
    """Yield the port of a server with this postbox. options: of aiosmtpd's SMTP."""
    connections: list[SMTP] = []

    def connected() -> SMTP:
        connections.append(SMTP(postbox, hostname="mail.example.com", **options))
        return connections[-1]

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connected, "127.0.0.1", 0, ssl=server_tls() if implicit_tls else None)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in connections:
            if each.transport is not None:
                each.transport.abort()
