"""The relay writes what waits in its order, and lets go of it only once the brokers have it, whatever fails in between."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from contracts.outgoing import Outgoing, Word
from storage.errors import Unreachable
from storage.postgres import open_postgres
from storage.records import Numbered
from storage.sql_store import SqlStore, SqlTransaction
from storage.sqlite import open_memory, open_store
from storage.turn import Turn
from streams.kafka.errors import KafkaUnreachable
from streams.kafka.relay import IDLE_SECONDS, LONGEST_PAUSE, TURN_SECONDS, Relay
from tests.storage.server import database, fresh_schema


class Brokers:
    """What they have, in its order. away: nobody answers; fails_after: so many more records are written before they go away."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []
        self.away = False
        self.connected = self.closed = 0

    async def connect(self) -> "Brokers":
        self._answer()
        self.connected += 1
        return self

    async def write(self, records: Sequence[Outgoing]) -> None:
        self._answer()
        await asyncio.sleep(0)
        self.records += records

    async def close(self) -> None:
        self.closed += 1

    def _answer(self) -> None:
        if self.away:
            raise KafkaUnreachable("nobody answers")

    @property
    def values(self) -> list[bytes | None]:
        return [each.value for each in self.records]


def waiting(store: SqlStore, *values: str) -> None:
    with store.transaction() as tx:
        tx.send_on([Outgoing(topic=Word.NOTICES, key=value[:1].encode(), value=value.encode()) for value in values])


def step(relay: Relay, times: int = 1) -> list[float]:
    async def steps() -> list[float]:
        return [await relay.step() for _ in range(times)]

    return asyncio.run(steps())


def test_what_waits_is_written_in_its_order_and_gone_then() -> None:
    store, brokers = open_memory(), Brokers()
    relay = Relay(store, brokers.connect, most_at_once=2)
    waiting(store, "a1", "b1", "a2")

    assert step(relay, 3) == [0, 0, IDLE_SECONDS]

    assert brokers.values == [b"a1", b"b1", b"a2"]
    assert (relay.relayed, relay.trouble, store.outgoing(limit=1)) == (3, None, [])


def test_while_nobody_answers_it_waits_longer_and_longer_and_nothing_is_lost() -> None:
    store, brokers = open_memory(), Brokers()
    relay, brokers.away = Relay(store, brokers.connect), True
    waiting(store, "a1")

    pauses = step(relay, 8)
    assert pauses == sorted(pauses) and pauses[0] < pauses[-1] == LONGEST_PAUSE
    assert relay.trouble == "nobody answers"

    brokers.away = False
    waiting(store, "a2")
    assert step(relay) == [0]
    assert (brokers.values, relay.trouble) == ([b"a1", b"a2"], None)


def test_brokers_that_went_away_are_left_and_come_to_anew() -> None:
    store, brokers = open_memory(), Brokers()
    relay = Relay(store, brokers.connect)
    for brokers.away in (False, True, False):
        waiting(store, "a")
        step(relay)

    assert (brokers.connected, brokers.closed, len(brokers.records)) == (2, 1, 3)


class Restarting:
    """A store whose database cannot be reached for as long as `away` says so."""

    def __init__(self, store: SqlStore) -> None:
        self._store, self.away = store, True

    def turn(self, name: str) -> Turn:
        return self._store.turn(name)

    def outgoing(self, *, limit: int) -> Sequence[Numbered]:
        if self.away:
            raise Unreachable("the database system is starting up")
        return self._store.outgoing(limit=limit)

    def transaction(self) -> AbstractContextManager[SqlTransaction]:
        return self._store.transaction()


def test_a_database_that_restarts_is_waited_for() -> None:
    store, brokers = open_memory(), Brokers()
    outbox = Restarting(store)
    relay = Relay(outbox, brokers.connect)
    waiting(store, "a1")

    assert step(relay)[0] > 0
    assert relay.trouble == "the database system is starting up"

    outbox.away = False
    assert step(relay) == [0]
    assert (brokers.values, relay.trouble) == ([b"a1"], None)


def test_a_crash_before_it_lets_go_writes_the_same_again_in_the_same_order(tmp_path: Path) -> None:
    store, brokers = open_store(tmp_path), Brokers()
    waiting(store, "a1", "a2")

    with pytest.raises(KeyboardInterrupt):
        step(Relay(Crashing(store), brokers.connect))
    store.close()
    again = open_store(tmp_path)
    step(Relay(again, brokers.connect))

    assert brokers.values == [b"a1", b"a2", b"a1", b"a2"]
    assert not again.outgoing(limit=1)
    again.close()


def test_one_process_relays_and_another_goes_on_where_that_one_ended() -> None:
    with fresh_schema(database()) as schema:
        one, other = open_postgres(schema), open_postgres(schema)
        brokers = Brokers()
        first, second = Relay(one, brokers.connect), Relay(other, brokers.connect)
        waiting(one, "a1")

        assert [step(first), step(second)] == [[0], [TURN_SECONDS]]
        asyncio.run(ended(first))
        waiting(other, "a2")
        while step(second) != [0]:
            other.session.rows("SELECT pg_sleep(0.05)")

        assert brokers.values == [b"a1", b"a2"]
        asyncio.run(ended(second))
        one.close()
        other.close()


def test_whoever_is_asked_to_drain_relays_what_there_is_and_ends() -> None:
    store, brokers = open_memory(), Brokers()

    async def life() -> None:
        relay = Relay(store, brokers.connect, most_at_once=1)
        running = asyncio.ensure_future(relay.run())
        await asyncio.sleep(0)
        waiting(store, "a1", "a2", "a3")
        await relay.drain()
        await asyncio.wait_for(running, 5)

    asyncio.run(life())

    assert brokers.values == [b"a1", b"a2", b"a3"]
    assert brokers.closed == 1


def test_draining_waits_for_nobody_who_does_not_answer() -> None:
    store, brokers = open_memory(), Brokers()
    brokers.away = True
    waiting(store, "a1")

    asyncio.run(asyncio.wait_for(ended(Relay(store, brokers.connect)), 5))

    assert len(store.outgoing(limit=2)) == 1


async def ended(relay: Relay) -> None:
    running = asyncio.ensure_future(relay.run())
    await asyncio.sleep(0)
    await relay.drain()
    await running


class Crashing:
    """A store of a process that dies before it lets go of anything."""

    def __init__(self, store: SqlStore) -> None:
        self.turn, self.outgoing = store.turn, store.outgoing

    def transaction(self) -> None:
        raise KeyboardInterrupt
