"""What waits is taken out in order, a batch at a time."""

import asyncio
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rules.catalogue import Catalogue
from streams.inbox import Inbox
from streams.intake import Intake

INTAKE = Intake(Catalogue(()), source="http", zone=ZoneInfo("UTC"))


async def holding(*sizes: int, most: int = 100) -> Inbox:
    inbox = Inbox(most)
    for size in sizes:
        inbox.put("http", INTAKE, [b"{}"] * size, arrived=1)
    return inbox


def batches(sizes: Sequence[int], batch: int) -> list[list[int]]:
    async def take() -> list[list[int]]:
        inbox, taken = await holding(*sizes), []
        while some := inbox.take(batch):
            taken.append([len(delivery.raws) for delivery in some])
        return taken

    return asyncio.run(take())


def test_deliveries_that_make_no_more_than_a_batch_are_taken_together() -> None:
    assert batches([2, 2, 1, 3], batch=5) == [[2, 2, 1], [3]]


def test_one_that_would_make_a_batch_too_large_waits_for_the_next() -> None:
    assert batches([4, 2, 2], batch=5) == [[4], [2, 2]]


def test_one_that_is_larger_than_a_batch_is_taken_by_itself() -> None:
    assert batches([1, 9, 1], batch=5) == [[1], [9], [1]]


def test_whoever_can_wait_is_let_in_when_there_is_room_for_all_records() -> None:
    async def wait() -> tuple[bool, bool]:
        inbox = await holding(4, 4, most=10)
        waiting = asyncio.ensure_future(inbox.room(5))
        await asyncio.sleep(0)
        was_let_in = waiting.done()
        for delivery in inbox.take(4):
            inbox.finished(delivery)
        await asyncio.wait_for(waiting, 5)
        return was_let_in, waiting.done()

    assert asyncio.run(wait()) == (False, True)
