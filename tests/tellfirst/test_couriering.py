"""A courier beside others waits for a database that goes away, and tells when it is back."""

import asyncio
from collections.abc import Callable

from storage.postgres import open_postgres
from streams.kafka.sights import Sights
from streams.metrics import Metrics
from tellfirst.run.couriering import Couriering
from tellfirst.run.reporting import Reporting
from tests.notifiers.builders import NOON
from tests.notifiers.house import House
from tests.storage.server import end_connection_of

TURNS = 400


def couriering(house: House) -> Couriering:
    async def leave() -> None:
        return None

    metrics = Metrics(rules=house.rules, sources=[], channels=["email", "sms"], version="0")
    reporting = Reporting(metrics, clock=lambda: NOON)
    sights = Sights(house.store, slots=1, by_copy=frozenset())
    return Couriering(
        house.courier,
        house.store,
        sights,
        metrics=metrics,
        reporting=reporting,
        clock=lambda: NOON,
        at_the_end=leave,
        must_be_whole=lambda: None,
    )


async def until(happened: Callable[[], object]) -> None:
    for _ in range(TURNS):
        if happened():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


def test_a_connection_that_is_cut_is_made_anew_and_nobody_is_forgotten(schema: str) -> None:
    async def live() -> None:
        house = House(store=open_postgres(schema))
        part = couriering(house)
        end_connection_of(house.store, schema)
        living = asyncio.ensure_future(part.run())
        await until(lambda: part.checks()["store"] is not None)

        await until(lambda: part.checks()["store"] is None)
        house.find(NOON)
        await until(lambda: house.channel.sent)

        part.stop()
        await living
        assert [message.customer for message in house.channel.sent] == ["C1"]
        house.store.close()

    asyncio.run(live())
