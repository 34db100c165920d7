"""Messages as signed webhooks (Standard Webhooks), to one receiver, at the address that its name led to and nowhere else."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook as Signer
from standardwebhooks.webhooks import EmptyWebhookSecretError

from contracts.message import Outcome, Posted, Recipient
from contracts.times import DAY, SECOND, to_datetime
from notifiers.channels.channel import Reply
from notifiers.channels.providers import WebhookProvider
from notifiers.channels.public import NotPublic, Resolve, public_addresses, resolve
from notifiers.composing.payload import as_payload

AT_MOST_ONCE = frozenset({"sms"})
NEEDED = {"email": "mail address", "sms": "number"}
MOST_ADDRESSES = 3
MOST_BYTES, DRAIN = 64 * 1024, SECOND
LATER = (408, 425, 429)
HANDED_OVER = "send_request_body.started"


class Webhook:
    """name: the rule's word for the channel. resolve: how names lead to addresses. more: headers of each request beside ours."""

    def __init__(
        self,
        provider: WebhookProvider,
        *,
        folder: Path,
        name: str = "webhook",
        resolve: Resolve = resolve,
        more: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """folder: the project's, in which relative files stand. Raises OSError, ValueError for what cannot be read there."""
        self.name, self.at_most_once, self.care = name, name in AT_MOST_ONCE, provider.care
        self._provider, self._resolve, self._more, self._url = provider, resolve, more, httpx.URL(provider.url)
        self._signer = _signer(provider.secret.reveal(folder))
        self._port, patience = self._url.port or 443, provider.patience
        self._tls = ssl.create_default_context(cafile=folder / provider.trusted if provider.trusted else None)
        # no connection is kept where a request that meets a closing one would be taken for told
        self._client = httpx.AsyncClient(
            verify=self._tls,
            timeout=httpx.Timeout(patience.answer / SECOND, connect=patience.connect / SECOND),
            limits=httpx.Limits(
                max_connections=self.care.at_once, max_keepalive_connections=0 if self.at_most_once else self.care.at_once
            ),
            trust_env=False,
            follow_redirects=False,
        )

    async def send(self, message: Posted) -> Reply:
        if _address_for(self.name, message.to) is None:
            return Reply(Outcome.REFUSED, f"no {NEEDED.get(self.name, 'customer')} is known")
        call = Call(message, self._signer)
        try:
            async with asyncio.timeout(self._provider.patience.total / SECOND):
                return await self._deliver(call)
        except (httpx.HTTPError, OSError, NotPublic) as fault:
            return Reply(Outcome.AMBIGUOUS if call.handed_over else Outcome.RETRY, _what(fault))

    async def knock(self) -> str | None:
        """Connect and leave, without a request; return what hinders, None when nothing does."""
        try:
            async with asyncio.timeout(self._provider.patience.connect / SECOND):
                addresses = await self._addresses()
                _, writer = await asyncio.open_connection(addresses[0], self._port, ssl=self._tls, server_hostname=self._url.host)
                writer.close()
        except (OSError, NotPublic) as fault:
            return _what(fault)
        return None

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _deliver(self, call: "Call") -> Reply:
        """Try the addresses one after the other, as long as nothing was handed over."""
        found = await self._addresses()
        for address in found[: MOST_ADDRESSES - 1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._post(call, address)
        return await self._post(call, found[-1])

    async def _addresses(self) -> Sequence[str]:
        """Raises NotPublic, OSError."""
        may_be_private = self._provider.may_be_private
        return await public_addresses(self._url.host, self._port, resolve=self._resolve, may_be_private=may_be_private)

    async def _post(self, call: "Call", address: str) -> Reply:
        request = self._client.build_request(
            "POST",
            self._url.copy_with(host=address),
            content=call.body,
            headers={**self._more(), **call.headers, "Host": self._url.netloc.decode()},
            extensions={"sni_hostname": self._url.host, "trace": call.trace},
        )
        response = await self._client.send(request, stream=True)
        call.answered = _reply_to(response)
        with suppress(httpx.HTTPError, TimeoutError):
            async with asyncio.timeout(DRAIN / SECOND):
                await _drain(response)
        return call.answered


def _signer(secret: str) -> Signer:
    try:
        return Signer(secret)
    except (ValueError, EmptyWebhookSecretError):
        raise ValueError("the secret of a webhook is `whsec_` and base64, as Standard Webhooks writes it") from None


class Call:
    """One message on its way. handed_over: whether the receiver may have it; answered: what it said, once it did."""

    def __init__(self, message: Posted, signer: Signer) -> None:
        self.handed_over = False
        self.answered: Reply | None = None
        self.body, at = as_payload(message), to_datetime(message.composed_at)
        self.headers: Mapping[str, str] = {
            "content-type": "application/json",
            "accept-encoding": "identity",
            "user-agent": "tellfirst",
            "webhook-id": message.message,
            "webhook-timestamp": str(message.composed_at // SECOND),
            "webhook-signature": signer.sign(message.message, at, self.body.decode()),
        }

    async def trace(self, happened: str, info: Mapping[str, Any]) -> None:
        self.handed_over = self.handed_over or happened.endswith(HANDED_OVER)


def _address_for(word: str, to: Recipient) -> str | None:
    """Return by what the receiver reaches the customer; where the word names no address, it knows the customer by itself."""
    return {"email": to.email, "sms": to.phone}.get(word, "")


def _what(fault: Exception) -> str:
    """Return what went wrong, without the words of the fault: they may name addresses."""
    return "no answer" if isinstance(fault, (TimeoutError, httpx.TimeoutException)) else f"failed ({type(fault).__name__})"


async def _drain(response: httpx.Response) -> None:
    """Read what is said beside the status, so that the connection can be kept; more than a little of it closes it."""
    read = 0
    try:
        async for chunk in response.aiter_raw():
            read += len(chunk)
            if read > MOST_BYTES:
                break
    finally:
        await response.aclose()


def _reply_to(response: httpx.Response) -> Reply:
    status = response.status_code
    if 200 <= status < 300:
        return Reply(Outcome.ACCEPTED, str(status))
    if 400 <= status < 500 and status not in LATER:
        return Reply(Outcome.REFUSED, str(status))
    return Reply(Outcome.RETRY, str(status), retry_after=_retry_after(response.headers))


def _retry_after(headers: httpx.Headers) -> int | None:
    """Return how long to wait, in microseconds, at most a day: said in seconds, or as a time beside the receiver's own."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(int(said[:9]) * SECOND, DAY)
    try:
        length = parsedate_to_datetime(said) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(int(length.total_seconds()), 0) * SECOND, DAY)
