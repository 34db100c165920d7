"""The live runtime under a clock that the test holds."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from contracts.event import DeadReason, Event
from contracts.telling import RuleState, Stage
from contracts.times import DAY, HOUR, MINUTE, parse_instant
from storage.errors import StoreDamaged
from storage.sqlite import SqliteStore, open_store
from streams.batch import Core
from streams.embedded import Embedded, Source
from streams.inbox import Draining, Full
from streams.intake import Intake
from streams.project import Project
from streams.telling import Reach, asking, courier_of
from streams.watermark import LiveWatermark
from tests.streams.shop import a_parcel, a_shop, an_event

NINE = parse_instant("2026-03-02T09:00:00Z")


class House:
    """One process from its start to its crash, on a folder that outlives it."""

    def __init__(self, folder: Path, project: Project, now: int, *, most_waiting: int = 10_000) -> None:
        self.now = now
        self.store: SqliteStore = open_store(folder / "data", durable=False)
        with self.store.transaction() as tx:
            for rule in project.ruleset.rules:
                tx.save_rule(RuleState(rule=rule, stage=Stage.LIVE, live_since=0))
        position = self.store.position("http", 0)
        mark = LiveWatermark(state=position.state if position else None)
        intake = Intake(project.catalogue, source="http", mapping=None, zone=project.settings.zone)
        self.core = Core(project.ruleset, self.store)
        courier = courier_of(
            project, project.ruleset, self.store, Reach(), sight=lambda case: self.runtime.sight(case), says_when_late=True
        )
        self.ask = asking(courier)
        self.runtime = Embedded(
            self.core,
            self.store,
            self.ask,
            sources=[Source("http", {None: intake}, mark)],
            clock=lambda: self.now,
            most_waiting=most_waiting,
        )

    def pass_to(self, moment: int) -> None:
        """Let time pass, with a tick each minute."""
        while self.now < moment:
            self.now = min(self.now + MINUTE // 2, moment)
            self.runtime.step()

    def problems(self) -> list[tuple[str, str]]:
        return [(row["phase"], row["detector"]) for row in self.store.export("problems")]

    def crash(self) -> None:
        self.store.close()


def inside(test: Callable[[], None]) -> None:
    async def run() -> None:
        test()

    asyncio.run(run())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return a_shop(tmp_path)


def test_records_are_acknowledged_after_their_commit(tmp_path: Path, project: Project) -> None:
    def given() -> None:
        house = House(tmp_path, project, NINE)
        done = house.runtime.submit("http", a_parcel(NINE))
        assert not done.done()

        house.runtime.step()

        assert done.result().applied == 4
        assert house.store.counts()["records"]["http"] == {"applied": 4}

    inside(given)


def test_a_crash_before_the_commit_loses_what_was_not_acknowledged_and_nothing_else(tmp_path: Path, project: Project) -> None:
    def given() -> None:
        house = House(tmp_path, project, NINE)
        house.runtime.submit("http", a_parcel(NINE)[:2])
        house.runtime.step()
        house.runtime.submit("http", a_parcel(NINE)[2:])
        house.crash()

        after = House(tmp_path, project, NINE + MINUTE)
        again = after.runtime.submit("http", a_parcel(NINE))
        after.runtime.step()

        assert (again.result().repeated, again.result().applied) == (2, 2)

    inside(given)


def test_silence_is_found_by_the_clock_and_once_over_a_crash(tmp_path: Path, project: Project) -> None:
    def given() -> None:
        house = House(tmp_path, project, NINE)
        house.runtime.submit("http", a_parcel(NINE))
        house.pass_to(NINE + 4 * DAY)
        found = house.problems()
        house.crash()

        after = House(tmp_path, project, NINE + 4 * DAY)
        after.pass_to(NINE + 4 * DAY + HOUR)

        assert len(found) == 1
        assert after.problems() == found

    inside(given)


def test_after_a_start_nothing_fires_while_senders_repeat(tmp_path: Path, project: Project) -> None:
    def given() -> None:
        house = House(tmp_path, project, NINE)
        house.runtime.submit("http", a_parcel(NINE))
        house.pass_to(NINE + HOUR)
        house.crash()

        after = House(tmp_path, project, NINE + 4 * DAY)
        after.pass_to(NINE + 4 * DAY + 4 * MINUTE)
        scan = an_event(9, "delivery.scanned", NINE + 4 * DAY - HOUR, parcel_id="P1", customer_id="C1")
        after.runtime.submit("http", [scan])
        after.pass_to(NINE + 4 * DAY + HOUR)

        assert after.problems() == []

    inside(given)


def test_whoever_sends_too_much_is_told_so(tmp_path: Path, project: Project) -> None:
    def given() -> None:
        house = House(tmp_path, project, NINE, most_waiting=5)
        house.runtime.submit("http", a_parcel(NINE))

        with pytest.raises(Full):
            house.runtime.submit("http", a_parcel(NINE))
        house.runtime.step()
        assert not house.runtime.submit("http", a_parcel(NINE)).done()

    inside(given)


def test_a_draining_house_takes_nothing_more_and_finishes_what_it_has(tmp_path: Path, project: Project) -> None:
    async def run() -> None:
        house = House(tmp_path, project, NINE)
        running = asyncio.ensure_future(house.runtime.run())
        done = house.runtime.submit("http", a_parcel(NINE))

        house.runtime.drain()

        with pytest.raises(Draining):
            house.runtime.submit("http", a_parcel(NINE))
        await running
        assert done.result().applied == 4

    asyncio.run(run())


def test_a_record_that_breaks_the_core_becomes_a_dead_letter_and_the_others_go_on(
    tmp_path: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Core.take

    def breaks(self: Core, event: Event, *, w: int, now: int):  # type: ignore[no-untyped-def]
        if event.id == "e2":
            raise ZeroDivisionError("poison")
        return take(self, event, w=w, now=now)

    def given() -> None:
        monkeypatch.setattr(Core, "take", breaks)
        house = House(tmp_path, project, NINE)
        done = house.runtime.submit("http", a_parcel(NINE))

        house.runtime.step()

        assert (done.result().applied, done.result().dead_letters) == (3, 1)
        (letter,) = house.store.dead_letters()
        assert (letter.reason, letter.raw) == (DeadReason.POISON, a_parcel(NINE)[2])

    inside(given)


def test_customers_are_told_while_it_runs(tmp_path: Path, project: Project) -> None:
    async def run() -> None:
        house = House(tmp_path, project, NINE)
        house.runtime.submit("http", a_parcel(NINE))
        house.pass_to(NINE + 4 * DAY)
        await house.ask(house.now)

        assert [row["answer"] for row in house.store.export("notices")] == ["told"]

    asyncio.run(run())


def test_a_memory_that_cannot_be_read_stops_the_house_and_blames_no_event(tmp_path: Path, project: Project) -> None:
    def given() -> None:
        house = House(tmp_path, project, NINE)
        house.runtime.submit("http", a_parcel(NINE))
        house.runtime.step()
        house.crash()
        with closing(sqlite3.connect(tmp_path / "data" / "store.db")) as file, file:
            file.execute("UPDATE cases SET memory = x'93c0'")
        after = House(tmp_path, project, NINE + HOUR)
        asked = after.runtime.submit("http", a_parcel(NINE))

        with pytest.raises(StoreDamaged, match="parcel/P1"):
            after.runtime.step()

        assert isinstance(asked.exception(), StoreDamaged)
        assert list(after.store.export("dead-letters")) == []

    inside(given)
