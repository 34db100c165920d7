"""A mail server and a receiver of webhooks on a bad day: `python -m tests.slow.bad_providers mail|webhooks FOLDER SEED`.

Each is a process of its own, listens on loopback, writes its port to FOLDER/NAME.port and every message to FOLDER/NAME.book, and
ends when its standard input does.
"""

import asyncio
import hmac
import json
import sys
from base64 import b64decode, b64encode
from collections import Counter
from contextlib import AbstractAsyncContextManager
from email.parser import BytesHeaderParser
from email.policy import default
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from random import Random

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.notifiers.channels.mail_server import Postbox, a_mail_server
from tests.notifiers.channels.receiver import Receiver, a_receiver
from tests.slow.book import Book

MAIL, WEBHOOKS = "mail", "webhooks"
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1u"
DELAY_SECONDS = 0.3


class Fate(StrEnum):
    """What becomes of a message that comes."""

    FINE = "fine"
    SLOW = "slow"  # taken, and answered after a while
    LOST = "lost"  # taken, and the connection dropped
    SILENT = "silent"  # taken, and never answered
    SWALLOWED = "swallowed"  # not taken, and never answered
    DEAF = "deaf"  # never answered, before the text came
    REFUSED = "refused"
    LATER = "later"  # cannot be taken now


TAKEN = {Fate.FINE, Fate.SLOW, Fate.LOST, Fate.SILENT}
OF_MAILS = {"fine": 63, "slow": 4, "lost": 10, "silent": 4, "swallowed": 3, "deaf": 3, "refused": 10, "later": 3}
OF_WEBHOOKS = {"fine": 63, "slow": 4, "lost": 10, "silent": 5, "swallowed": 5, "refused": 3, "later": 10}


class Day:
    """Draws what becomes of each message; the same messages have the same fates, whatever comes between them."""

    def __init__(self, seed: int, weights: dict[str, int]) -> None:
        self._seed, self._weights = seed, weights
        self._came: Counter[str] = Counter()

    def fate_of(self, name: str) -> Fate:
        self._came[name] += 1
        chance = Random(f"{self._seed} {name} {self._came[name]}")
        return Fate(chance.choices(list(self._weights), weights=list(self._weights.values()))[0])


class BadPostbox(Postbox):
    def __init__(self, day: Day, book: Book) -> None:
        super().__init__()
        self._day, self._book = day, book

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        session.fate = self._day.fate_of(address)
        match session.fate:
            case Fate.REFUSED:
                return "550 5.1.1 nobody of this name"
            case Fate.LATER:
                return "451 4.3.0 later"
            case Fate.DEAF:
                await asyncio.Event().wait()
        envelope.rcpt_tos.append(address)
        return "250 2.0.0 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = BytesHeaderParser(policy=default).parsebytes(envelope.content)
        (to,) = envelope.rcpt_tos
        self._book.write(
            channel="email",
            to=to.partition("@")[0],
            id=mail["Message-ID"].strip("<>").partition("@")[0],
            took=session.fate in TAKEN,
            fate=session.fate,
            fault="" if mail["To"].addresses[0].addr_spec == to else "the mail is to somebody else than its envelope",
            dated=mail["Date"].datetime.timestamp(),
        )
        match session.fate:
            case Fate.SLOW:
                await asyncio.sleep(DELAY_SECONDS)
            case Fate.LOST:
                return await self._dropped(server)
            case Fate.SILENT | Fate.SWALLOWED:
                await asyncio.Event().wait()
        return "250 2.0.0 fine"


class BadReceiver(Receiver):
    def __init__(self, day: Day, book: Book) -> None:
        super().__init__()
        self._day, self._book = day, book

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        headers, body = self.got.pop()
        message, data = headers["webhook-id"], json.loads(body)["data"]
        fate = self._day.fate_of(message)
        self._book.write(
            channel=data["channel"],
            to=data["customer"],
            id=message,
            took=fate in TAKEN,
            fate=fate,
            fault="" if is_signed(headers, body) else "the signature is not right",
            dated=float(headers["webhook-timestamp"]),
        )
        match fate:
            case Fate.LOST:
                raise ConnectionResetError
            case Fate.SILENT | Fate.SWALLOWED:
                await asyncio.Event().wait()
            case Fate.SLOW:
                await asyncio.sleep(DELAY_SECONDS)
        writer.write(ANSWERS.get(fate, ANSWERS[Fate.FINE]))
        await writer.drain()


ANSWERS = {
    Fate.FINE: b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n",
    Fate.REFUSED: b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n",
    Fate.LATER: b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n",
}


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    """Whether a request is signed as Standard Webhooks says, computed from that page and not by the library that signs."""
    signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    key = b64decode(SECRET.removeprefix("whsec_"))
    right = "v1," + b64encode(hmac.digest(key, signed, sha256)).decode()
    return any(hmac.compare_digest(right, each) for each in headers["webhook-signature"].split(" "))


def a_provider(name: str, seed: int, book: Book) -> AbstractAsyncContextManager[int]:
    if name == MAIL:
        return a_mail_server(BadPostbox(Day(seed, OF_MAILS), book), implicit_tls=True)
    return a_receiver(BadReceiver(Day(seed, OF_WEBHOOKS), book))


async def serve(name: str, folder: Path, seed: int) -> None:
    async with a_provider(name, seed, Book(folder / f"{name}.book")) as port:
        (folder / f"{name}.new").write_text(str(port))
        (folder / f"{name}.new").rename(folder / f"{name}.port")
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
