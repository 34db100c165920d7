"""A receiver of webhooks on loopback that answers, hangs and drops as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.notifiers.channels.mail_server import server_tls

HANG, DROP = b"hang", b"drop"
FINE = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


class Receiver:
    """answers: what it says to one request after the other, the last one to all others; got: headers and body of each."""

    def __init__(self, *answers: bytes) -> None:
        self._answers = list(answers) or [FINE]
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode().split("\r\n")[1:]
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}
                self.got.append((headers, await reader.readexactly(int(headers["content-length"]))))
                await self._answer(writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == DROP:
            raise ConnectionResetError
        writer.write(answer)
        await writer.drain()


@asynccontextmanager
async def a_receiver(receiver: Receiver) -> AsyncIterator[int]:
    """Yield the port of a receiver that speaks TLS."""
    tasks: list[asyncio.Task[None]] = []

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.append(asyncio.create_task(receiver.serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=server_tls())
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()


class Names:
    """A resolver whose answers are given; the last one stays. asked: what it was asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
