"""Couriers beside each other on one PostgreSQL: each customer is told by one at a time, and caps hold over all of them."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from contracts.message import Outcome, Posted
from contracts.times import HOUR, MINUTE
from notifiers.channels import Reply
from storage.postgres import open_postgres
from tests.notifiers.builders import NOON
from tests.notifiers.house import House

CUSTOMERS = [f"C{number}" for number in range(8)]
PROBLEMS, CAP, COURIERS, ROUNDS = 6, 3, 4, 12


class Killed(BaseException):
    """As SIGKILL does, this leaves everything as it is."""


class Letters:
    """Remembers what came through, of one courier; it is killed with its next message after so many."""

    name, at_most_once, at_once = "email", False, 5

    def __init__(self, dies_after: int | None = None) -> None:
        self.sent: list[Posted] = []
        self._dies_after = dies_after

    async def send(self, message: Posted) -> Reply:
        return (await self.send_all([message]))[0]

    async def send_all(self, messages: list[Posted]) -> list[Reply]:
        await asyncio.sleep(0)
        self.sent += messages
        if self._dies_after is not None and len(self.sent) > self._dies_after:
            raise Killed
        return [Reply(Outcome.ACCEPTED) for _ in messages]


class Process:
    """One courier with a connection of its own."""

    def __init__(self, schema: str, *, dies_after: int | None = None) -> None:
        self.letters = Letters(dies_after)
        self.house = House(store=open_postgres(schema), channels={"email": self.letters})

    def work(self, now: int) -> None:
        """Ask the courier again and again; one that is killed lets go of nobody."""
        try:
            for _ in range(ROUNDS):
                asyncio.run(self.house.courier.round(now))
        except Killed:
            self.house.store.close()


@pytest.fixture
def found(schema: str) -> str:
    """A database in which more is found of each customer than they may be told in a week."""
    house = House(store=open_postgres(schema))
    for customer in CUSTOMERS:
        house.know(customer)
        for number in range(PROBLEMS):
            house.find(NOON, case=f"parcel/{customer}-{number}", customer=customer)
    house.store.close()
    return schema


def told(schema: str) -> Counter[str]:
    """Return how many notices each customer was told, or may have been."""
    with psycopg.connect(schema) as connection:
        rows = connection.execute("SELECT customer FROM notices WHERE told_at IS NOT NULL").fetchall()
    return Counter(customer for (customer,) in rows)


def side_by_side(processes: list[Process], now: int) -> None:
    with ThreadPoolExecutor(len(processes)) as running:
        for done in [running.submit(process.work, now) for process in processes]:
            done.result()


def test_nobody_is_told_twice_or_more_than_a_week_allows(found: str) -> None:
    processes = [Process(found) for _ in range(COURIERS)]

    side_by_side(processes, NOON)

    assert told(found) == dict.fromkeys(CUSTOMERS, CAP)
    sent = [message.message for process in processes for message in process.letters.sent]
    assert len(sent) == len(set(sent)) == CAP * len(CUSTOMERS)
    for process in processes:
        process.house.store.close()


@pytest.mark.parametrize("dies_after", [0, 3, 8])
def test_who_was_in_the_hand_of_a_courier_that_was_killed_is_told_when_its_lease_ends(
    found: str, dies_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = Process(found, dies_after=dies_after)
    monkeypatch.setattr(killed.house.store, "let_go", lambda notices: None)
    others = [Process(found) for _ in range(2)]

    side_by_side([killed, *others], NOON)
    assert max(told(found).values()) <= CAP
    side_by_side(others, NOON + 6 * MINUTE)
    side_by_side(others, NOON + HOUR)

    assert told(found) == dict.fromkeys(CUSTOMERS, CAP)
    for process in others:
        process.house.store.close()


def test_a_courier_whose_connection_is_cut_tells_nobody_beyond_what_a_week_allows(found: str) -> None:
    processes = [Process(found) for _ in range(2)]
    with psycopg.connect(found, autocommit=True) as other:
        own = processes[0].house.store.session.value("SELECT pg_backend_pid()")
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (own,))

    with pytest.raises(Exception, match="PostgreSQL"):
        processes[0].work(NOON)
    side_by_side(processes, NOON)

    assert told(found) == dict.fromkeys(CUSTOMERS, CAP)
    for process in processes:
        process.house.store.close()
