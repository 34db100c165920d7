"""What a sender, a load balancer and Prometheus are answered."""

import asyncio
import sqlite3
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import httpx
import pytest

from contracts.receipt import Receipt, ReceiptKind
from contracts.times import MINUTE, parse_instant
from storage.errors import StoreGone
from streams.inbox import Draining, Full
from streams.kafka.errors import KafkaUnreachable
from tellfirst.http import receiving
from tellfirst.http.app import build_app
from tellfirst.http.receiving import TooLarge

ONE = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
LINES = {"content-type": "application/x-ndjson"}
JSON = {"content-type": "application/json"}
NOON = parse_instant("2026-03-04T12:00:00Z")
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class Desk:
    """Takes records in, or says why not; and says how it is."""

    mappings = frozenset({"shop"})

    def __init__(self, refusal: Exception | None = None, trouble: Mapping[str, str | None] | None = None) -> None:
        self.taken: list[bytes] = []
        self.receipts: list[Receipt] = []
        self.mapping: str | None = None
        self.traceparent: str | None = None
        self._refusal, self._trouble = refusal, trouble or {"store": None}

    def now(self) -> int:
        return NOON

    async def take(self, receipts: Sequence[Receipt]) -> Mapping[str, int]:
        self.receipts = list(receipts)
        return {"taken": len(receipts), "repeated": 0, "unmatched": 0}

    async def submit(self, records: Sequence[bytes], *, mapping: str | None, traceparent: str | None = None) -> Mapping[str, int]:
        if self._refusal:
            raise self._refusal
        self.taken, self.mapping, self.traceparent = list(records), mapping, traceparent
        return {"read": len(records), "applied": len(records), "repeated": 0, "unread": 0, "dead_letters": 0}

    def checks(self) -> Mapping[str, str | None]:
        return self._trouble


class Asked:
    """A client that asks the application itself, without a network."""

    def __init__(self, desk: Desk, token: str | None) -> None:
        self._transport = httpx.ASGITransport(
            build_app(desk.checks, metrics=lambda: b"tellfirst_commits_total 1.0\n", token=token, events=desk, receipts=desk)
        )

    def post(self, path: str, *, content: bytes, headers: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._ask(httpx.Request("POST", f"http://here{path}", content=content, headers=headers)))

    def get(self, path: str) -> httpx.Response:
        return asyncio.run(self._ask(httpx.Request("GET", f"http://here{path}")))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        async with httpx.AsyncClient(transport=self._transport) as client:
            return await client.send(request)


def client(desk: Desk, token: str | None = None) -> Asked:
    return Asked(desk, token)


def test_one_event_is_one_record_and_the_answer_counts_it() -> None:
    desk = Desk()

    answer = client(desk).post("/events", content=b'{"id": "e1"}', headers=ONE)

    assert (answer.status_code, answer.json()["applied"]) == (202, 1)
    assert desk.taken == [b'{"id": "e1"}']


@pytest.mark.parametrize(
    ("refusal", "code", "says"),
    [
        (KafkaUnreachable("kafka 10.0.0.7:9092  away"), 503, "send these again later"),
        (TooLarge(3), 413, "record 3 is too large"),
        (StoreGone("10.0.0.7:5432  away"), 503, "send these again later"),
        (sqlite3.OperationalError("database or disk is full"), 503, "send these again later"),
    ],
)
def test_what_is_not_written_is_answered_without_telling_where_it_is(refusal: Exception, code: int, says: str) -> None:
    answer = client(Desk(refusal)).post("/events", content=b"{}", headers=ONE)

    assert answer.status_code == code
    assert says in answer.json()["detail"] and "10.0.0.7" not in answer.text
    assert (answer.headers.get("retry-after") == "1") is (code == 503)


def test_a_batch_is_as_many_records_as_it_has() -> None:
    desk = Desk()

    answer = client(desk).post("/events", content=b'[{"id": "e1"}, {"id": "e2"}]', headers=BATCH)

    assert (answer.status_code, answer.json()["read"]) == (202, 2)
    assert [b'"e1"' in desk.taken[0], b'"e2"' in desk.taken[1]] == [True, True]


def test_lines_are_records() -> None:
    desk = Desk()

    client(desk).post("/events", content=b'{"id": "e1"}\n{"id": "e2"}\n', headers=LINES)

    assert desk.taken == [b'{"id": "e1"}', b'{"id": "e2"}']


def test_foreign_records_name_their_mapping() -> None:
    desk = Desk()

    answer = client(desk).post("/events/shop", content=b'{"order": 7}', headers={"content-type": "application/json"})

    assert (answer.status_code, desk.mapping) == (202, "shop")


def test_an_unknown_mapping_is_not_found() -> None:
    answer = client(Desk()).post("/events/shoop", content=b"{}", headers=ONE)

    assert answer.status_code == 404
    assert "the project has shop" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"", ONE, 400),
        (b"\n\n", LINES, 400),
        (b'{"id": "e1"}', BATCH, 400),
        (b"[1, 2", BATCH, 400),
        (b"id=e1", {"content-type": "text/plain"}, 415),
        (b"{}", {}, 415),
    ],
)
def test_a_body_without_records_is_refused(body: bytes, headers: dict[str, str], status: int) -> None:
    desk = Desk()

    answer = client(desk).post("/events", content=body, headers=headers)

    assert answer.status_code == status
    assert " — " in answer.json()["detail"]
    assert desk.taken == []


def test_a_body_larger_than_we_take_is_refused_before_it_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 10)

    assert client(Desk()).post("/events", content=b'{"id": "e1"}', headers=ONE).status_code == 413


@pytest.mark.parametrize(("refusal", "status"), [(Full(), 429), (Draining(), 503)])
def test_when_there_is_no_room_the_sender_is_told_when_to_try_again(refusal: Exception, status: int) -> None:
    answer = client(Desk(refusal)).post("/events", content=b"{}", headers=ONE)

    assert (answer.status_code, answer.headers["retry-after"]) == (status, "1")


@pytest.mark.parametrize("shown", ["", "Bearer wrong", "secret", "Basic secret"])
def test_without_the_token_nothing_is_taken(shown: str) -> None:
    desk = Desk()

    answer = client(desk, token="secret").post("/events", content=b"{}", headers={**ONE, "authorization": shown})

    assert (answer.status_code, desk.taken) == (401, [])


def test_with_the_token_events_are_taken() -> None:
    answer = client(Desk(), token="secret").post("/events", content=b"{}", headers={**ONE, "authorization": "Bearer secret"})

    assert answer.status_code == 202


def test_ready_gives_a_reason_for_each_check_that_fails() -> None:
    ready = client(Desk()).get("/readyz")
    unready = client(Desk(trouble={"store": None, "source": "nothing was ever seen"})).get("/readyz")

    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert unready.status_code == 503
    assert unready.json()["checks"]["source"] == {"ok": False, "reason": "nothing was ever seen"}
    assert unready.json()["checks"]["store"] == {"ok": True, "reason": None}


def test_alive_and_metrics_are_routes_of_their_own() -> None:
    asked = client(Desk(), token="secret")

    assert asked.get("/livez").status_code == 200
    assert asked.get("/metrics").text == "tellfirst_commits_total 1.0\n"


def test_a_sender_who_hangs_up_is_no_fault_of_ours() -> None:
    desk, said = Desk(), []

    async def hang_up() -> None:
        ours = build_app(desk.checks, metrics=lambda: b"", events=desk)
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/events",
            "query_string": b"",
            "headers": [(b"content-type", b"application/json")],
        }

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            said.append(message.get("status"))

        await ours(scope, receive, send)

    asyncio.run(hang_up())

    assert (said[0], desk.taken) == (400, [])


# receipts


def test_receipts_are_taken_in_any_form_that_events_have() -> None:
    desk = Desk()
    delivered = b'{"message": "msg_1", "receipt": "delivered", "at": "2026-03-04T11:59:00Z"}'
    bounced = b'{"message": "msg_2", "receipt": "bounced", "reason": "mailbox full"}'

    answer = client(desk).post("/receipts", content=delivered + b"\n\n" + bounced + b"\n", headers=LINES)

    assert (answer.status_code, answer.json()) == (202, {"taken": 2, "repeated": 0, "unmatched": 0})
    assert desk.receipts == [
        Receipt(message="msg_1", receipt=ReceiptKind.DELIVERED, at=NOON - MINUTE),
        Receipt(message="msg_2", receipt=ReceiptKind.BOUNCED, at=NOON),
    ]
    for content in (delivered, b"[" + delivered + b"]"):
        assert client(desk).post("/receipts", content=content, headers=JSON).status_code == 202
        assert len(desk.receipts) == 1


def test_a_receipt_a_little_ahead_of_our_clock_is_of_now() -> None:
    desk = Desk()
    ahead = b'{"message": "msg_1", "receipt": "delivered", "at": "2026-03-04T12:03:00Z"}'

    client(desk).post("/receipts", content=ahead, headers=JSON)

    assert [receipt.at for receipt in desk.receipts] == [NOON]


@pytest.mark.parametrize(
    ("record", "fact"),
    [
        (b"{", "truncated"),
        (b"[1]", "got `array`"),
        (b'{"receipt": "delivered"}', "missing required field `message`"),
        (b'{"message": 7, "receipt": "delivered"}', "Expected `str`, got `int`"),
        (b'{"message": "", "receipt": "delivered"}', "`message` is no id of ours"),
        (b'{"message": "%s", "receipt": "delivered"}' % (b"m" * 65), "`message` is no id of ours"),
        (b'{"message": "msg_1", "receipt": "opened"}', "`receipt` is none of unknown, delivered, bounced, complained"),
        (b'{"message": "msg_1", "receipt": "delivered", "at": "yesterday"}', "yesterday"),
        (b'{"message": "msg_1", "receipt": "delivered", "at": "2026-03-04T12:06:00Z"}', "`at` is still to come"),
        (b'{"message": "msg_\xff", "receipt": "delivered"}', "utf-8"),
    ],
)
def test_a_body_with_a_record_that_is_no_receipt_is_refused_whole_and_the_record_named(record: bytes, fact: str) -> None:
    desk = Desk()
    fine = b'{"message": "msg_1", "receipt": "delivered"}\n'

    answer = client(desk).post("/receipts", content=fine + record, headers=LINES)

    assert answer.status_code == 400 and desk.receipts == []
    detail = answer.json()["detail"]
    assert detail.startswith("record 2: ") and fact in detail and "nothing of this body was taken" in detail


def test_receipts_need_the_token_that_events_need() -> None:
    fine = b'{"message": "msg_1", "receipt": "delivered"}'

    assert client(Desk(), token="right").post("/receipts", content=fine, headers=JSON).status_code == 401
    shown = {**JSON, "authorization": "Bearer right"}
    assert client(Desk(), token="right").post("/receipts", content=fine, headers=shown).status_code == 202


def test_a_body_of_receipts_is_bounded_like_one_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 10)

    assert client(Desk()).post("/receipts", content=b"x" * 11, headers=LINES).status_code == 413


@pytest.mark.parametrize(
    ("header", "heard"),
    [
        (TRACE, TRACE),
        (None, None),
        ("", None),
        (TRACE.upper(), None),
        (TRACE[:-1], None),
        (f"{TRACE}-{'0' * 100}", None),
    ],
)
def test_a_request_says_the_trace_of_its_records_by_a_header(header: str | None, heard: str | None) -> None:
    desk = Desk()

    answer = client(desk).post(
        "/events", content=b"{}", headers={**ONE, **({"traceparent": header} if header is not None else {})}
    )

    assert (answer.status_code, desk.traceparent) == (202, heard)
