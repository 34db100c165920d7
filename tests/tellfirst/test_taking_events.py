"""What is posted goes to the topics that carry it, whole or with a word that says why not."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from streams.inbox import Draining, Full
from streams.kafka.errors import KafkaUnreachable
from streams.kafka.outgoing import LARGEST, Addressed
from streams.kafka.taking import Taking
from streams.project import Project
from tellfirst import wiring
from tellfirst.http.receiving import TooLarge
from tellfirst.init.folder import PACKAGED
from tellfirst.kafka.brokers import kafka_of
from tellfirst.run.live import metrics_of
from tellfirst.run.taking_events import TakingEvents, addresses_of
from tests.streams.shop import an_event

NOON = 1_772_625_600_000_000
SENDER, REQUEST = (f"00-{number:032x}-00f067aa0ba902b7-01" for number in (1, 2))
SHOP_RECORD = (PACKAGED / "samples" / "shop.jsonl").read_bytes().splitlines()[0]
KAFKA = """
kafka:
  brokers: 127.0.0.1:9
  topics:
    orders: {carries: [order, payment]}
    customers: {carries: [customer]}
    shop.records: {carries: [order, payment, customer], mapping: shop}
"""


class Topics:
    """Brokers that take everything, when they are let."""

    def __init__(self) -> None:
        self.written: list[Addressed] = []
        self.waiting = 0
        self.trouble: str | None = None
        self.answers = asyncio.Event()
        self.answers.set()
        self.closed = False

    async def write(self, records: Sequence[Addressed]) -> None:
        self.waiting += len(records)
        await self.answers.wait()
        self.waiting -= len(records)
        self.written += records

    async def look(self) -> None:
        return None

    async def close(self) -> None:
        self.closed = True


def project_of(shop: Path, kafka: str = KAFKA) -> Project:
    (shop / "tellfirst.yaml").write_text((PACKAGED / "tellfirst.yaml").read_text() + kafka)
    return wiring.project_of(shop)


def an_intake(project: Project, topics: Topics) -> TakingEvents:
    return TakingEvents(topics, addresses_of(project, kafka_of(project)), metrics_of(project, ()))


def failed(number: int) -> bytes:
    return an_event(number, "payment.failed", NOON, order_id=f"O{number}", customer_id="C1", amount=12.5, currency="EUR")


def test_what_says_no_trace_of_its_own_goes_on_in_that_of_its_request(shop: Path) -> None:
    async def live() -> None:
        topics, own = Topics(), failed(2).replace(b"{", b'{"traceparent": "%s",' % SENDER.encode(), 1)

        await an_intake(project_of(shop), topics).submit([failed(1), own], mapping=None, traceparent=REQUEST)
        await an_intake(project_of(shop), topics).submit([SHOP_RECORD], mapping="shop", traceparent=REQUEST)

        assert [dict(each.headers).get("traceparent") for each in topics.written] == [REQUEST.encode(), None, REQUEST.encode()]

    asyncio.run(live())


def test_each_event_goes_under_its_case_to_the_topic_that_carries_it(shop: Path) -> None:
    async def live() -> None:
        topics = Topics()
        customer = an_event(2, "customer.updated", NOON, customer_id="C1")

        counts = await an_intake(project_of(shop), topics).submit([failed(1), b"", customer, b"{"], mapping=None)

        fates = {"sent": 2, "unreadable": 1, "ignored": 0, "no_topic": 0, "too_large": 0}
        assert counts == {"read": 3, **fates, "written": 3}
        assert [(each.topic, each.key, each.value) for each in topics.written] == [
            ("orders", "order/O1", failed(1)),
            ("customers", "customer/C1", customer),
            ("orders", None, b"{"),
        ]

    asyncio.run(live())


def test_foreign_records_go_as_they_are_to_the_topic_of_their_mapping(shop: Path) -> None:
    async def live() -> None:
        topics = Topics()
        intake = an_intake(project_of(shop), topics)

        for _ in range(2):
            assert (await intake.submit([SHOP_RECORD], mapping="shop"))["written"] == 1

        assert [(each.topic, each.key, each.value) for each in topics.written] == [
            ("shop.records", "order/1001", SHOP_RECORD)
        ] * 2

    asyncio.run(live())


def test_foreign_records_without_such_a_topic_go_as_the_events_they_come_to(shop: Path) -> None:
    async def live() -> None:
        topics = Topics()
        intake = an_intake(project_of(shop, "\nkafka: {brokers: 127.0.0.1:9}\n"), topics)

        counts = await intake.submit([SHOP_RECORD], mapping="shop")

        assert (counts["sent"], counts["written"]) == (1, 2)
        assert {each.topic for each in topics.written} == {"orders", "customers"}
        assert {json.loads(each.value)["type"] for each in topics.written} == {"order.placed", "customer.updated"}

    asyncio.run(live())


def test_of_a_body_with_a_record_that_is_too_large_nothing_is_written(shop: Path) -> None:
    async def live() -> None:
        topics = Topics()
        with pytest.raises(TooLarge, match="record 2"):
            await an_intake(project_of(shop), topics).submit([failed(1), b"x" * (LARGEST + 1)], mapping=None)
        assert topics.written == []

    asyncio.run(live())


def test_it_ends_when_all_that_it_has_taken_is_written_and_takes_no_more_meanwhile(shop: Path) -> None:
    async def live() -> None:
        topics = Topics()
        topics.answers.clear()
        intake = an_intake(project_of(shop), topics)
        living = asyncio.ensure_future(intake.run())
        asked = asyncio.ensure_future(intake.submit([failed(1)], mapping=None))
        while not topics.waiting:
            await asyncio.sleep(0)

        intake.stop()
        with pytest.raises(Draining):
            await intake.submit([failed(2)], mapping=None)
        assert not living.done()
        topics.answers.set()

        await living
        assert (await asked)["written"] == 1
        assert topics.closed

    asyncio.run(live())


def test_brokers_that_are_away_are_told_of_and_too_much_at_once_is_refused(shop: Path) -> None:
    async def live() -> None:
        project = project_of(shop)
        taking = Taking(kafka_of(project), shop, {"orders": 4}, most=2)
        one = Addressed("orders", "order/O1", b"{}", (), None)
        first = asyncio.ensure_future(taking.write([one, one]))
        await asyncio.sleep(0)

        with pytest.raises(Full):
            await taking.write([one])
        with pytest.raises(KafkaUnreachable, match="127.0.0.1:9"):
            await first
        assert taking.trouble is not None and "cannot be written to" in taking.trouble
        assert taking.waiting == 0

    asyncio.run(live())
