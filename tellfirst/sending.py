"""Events from a file to a running tellfirst: in requests of many records, each repeated until it is answered or given up."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import httpx

from tellfirst.settings import read_settings

AT_ONCE = 500
MOST_TRIES = 8
LONGEST_WAIT_SECONDS = 10.0
TRY_AGAIN = (429, 503)


class Unreachable(Exception):
    """Nobody answered."""


class Refused(Exception):
    """The receiver will not have it, however often it is sent."""


def send(
    records: Iterable[bytes],
    client: httpx.Client,
    path: str,
    *,
    tell: Callable[[int], None] = lambda sent: None,
    tally: Counter[str],
) -> None:
    """Send all records and add up in `tally` what became of them; tell: hears how many were answered so far.

    A request without an answer is sent again, which does no harm: events are known by their ids.
    Raises Unreachable and Refused; the tally then says how far it came.
    """
    for some in _in_requests(records):
        answer = _post(client, path, b"\n".join(some))
        tally.update(answer)
        tell(tally["read"])


def _in_requests(records: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(records)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _post(client: httpx.Client, path: str, body: bytes) -> dict[str, int]:
    wait, fault = 0.1, ""
    for _ in range(MOST_TRIES):
        try:
            response = client.post(path, content=body, headers={"content-type": "application/x-ndjson"})
        except httpx.TransportError as broken:
            fault = str(broken) or type(broken).__name__
        else:
            if response.status_code == httpx.codes.ACCEPTED:
                counts: dict[str, int] = response.json()
                return counts
            fault = f"{response.status_code} {_detail(response)}"
            if response.status_code not in TRY_AGAIN:
                raise Refused(fault)
        time.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT_SECONDS)
    raise Unreachable(fault)


def _detail(response: httpx.Response) -> str:
    try:
        return str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return response.reason_phrase


def client_for(address: str) -> httpx.Client:
    """Return a client with the token that the environment names; a request may wait a minute for its answer."""
    token = read_settings().bearer_token()
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=address, headers=headers, timeout=60.0)
