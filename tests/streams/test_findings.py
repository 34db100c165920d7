"""Findings written all at once come to what they come to one by one, in as many statements however many they are."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.ids import problem_id
from contracts.problem import Fact, FactsChanged, Finding, Phase, ProblemPhase
from contracts.times import DAY, HOUR
from storage.postgres import PostgresStore, open_postgres
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from streams.findings import write_findings
from streams.noticing import Found, Noticed
from tests.notifiers.builders import FACTS, MONDAY, a_day, cited
from tests.notifiers.house import House
from tests.storage.server import database, fresh_schema

RULE = "late-parcel"
CASES = [f"parcel/P{number}" for number in range(6)]
ENDS = (Phase.CLEARED, Phase.SOLVED, Phase.MOOT, Phase.CORRECTED)
Opener = Callable[[], SqlStore]


@pytest.fixture(params=["sqlite", "postgres"])
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    if request.param == "sqlite":
        yield open_memory
        return
    with fresh_schema(database()) as one, fresh_schema(database()) as other:
        addresses = iter((one, other))
        yield lambda: open_postgres(next(addresses))


class Life:
    """Findings of some cases at random, as rules would find them: of a case one problem after the other."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)
        self._newest: dict[str, ProblemPhase] = {}
        self._day = 0

    def findings(self, now: int, number: int) -> list[Found]:
        return [Found(self._next(self._chance.choice(CASES), now), now) for _ in range(number)]

    def _next(self, case: str, now: int) -> Finding:
        newest = self._newest.get(case)
        if newest is not None and self._chance.random() < 0.3:
            return self._changed(newest, now)
        phase = self._phase(case, newest, now)
        self._newest[case] = phase
        return phase

    def _phase(self, case: str, newest: ProblemPhase | None, now: int) -> ProblemPhase:
        at = now - self._chance.choice((0, HOUR, 2 * DAY))
        if newest is None or (newest.phase.ends and (newest.phase is not Phase.CLEARED or self._chance.random() < 0.5)):
            return self._opening(case, 0 if newest is None else newest.number + 1, at)
        if newest.phase is Phase.CLEARED:
            return replace(newest, phase=Phase.UPDATED, reopened=True, at=at, detector="silent")
        phase = self._chance.choice((Phase.UPDATED, *ENDS))
        graver = phase is Phase.UPDATED
        return replace(newest, phase=phase, graver=graver, at=at, says="is late" if graver else newest.says, fired=self._facts())

    def _opening(self, case: str, number: int, at: int) -> ProblemPhase:
        return ProblemPhase(
            problem=problem_id(RULE, case, MONDAY, number),
            rule=RULE,
            case=case,
            customer=self._chance.choice(("C1", "C2")),
            watch_start=MONDAY,
            number=number,
            phase=Phase.OPENED,
            detector="silent",
            says="may be late",
            at=at,
            opened_at=at,
            facts=self._facts(),
            fired={},
        )

    def _changed(self, newest: ProblemPhase, now: int) -> FactsChanged:
        about: dict[str, Any] = {"problem": newest.problem, "rule": RULE, "case": newest.case, "customer": newest.customer}
        return FactsChanged(**about, at=now, changed=("promised",), facts=self._facts())

    def _facts(self) -> dict[str, Fact]:
        self._day += 1
        return {**FACTS, "promised": cited(a_day(f"2026-03-{7 + self._chance.randrange(3):02}"), f"e{self._day}")}


def one_by_one(house: House, found: Sequence[Found], now: int) -> list[Noticed]:
    with house.store.transaction() as tx:
        return [noticed for each in found for noticed in write_findings(tx, house.rules, [each], now=now)[0]]


def all_at_once(house: House, found: Sequence[Found], now: int) -> list[Noticed]:
    with house.store.transaction() as tx:
        return write_findings(tx, house.rules, found, now=now)[0]


def rows(house: House) -> dict[str, list[dict[str, Any]]]:
    return {table: list(house.store.export(table)) for table in ("problems", "notices", "promises", "attempts")}


@pytest.mark.parametrize("seed", range(12))
def test_all_at_once_is_what_one_by_one_is(opener: Opener, seed: int) -> None:
    one, other, life = House(store=opener()), House(store=opener()), Life(seed)
    for house in (one, other):
        house.know("C2")

    for day in range(8):
        now = MONDAY + day * DAY + HOUR
        found = life.findings(now, 25)
        assert one_by_one(one, found, now) == all_at_once(other, found, now)
        assert rows(one) == rows(other)
        assert one.round(now) == other.round(now)

    assert {row["phase"] for row in one.store.export("notices")} >= {"opened", "updated", "corrected"}
    assert "told" in {row["answer"] for row in one.store.export("notices")}
    for house in (one, other):
        house.store.close()


class Counting:
    """A connection or a cursor, and how many statements it was asked to run."""

    def __init__(self, asked: Any) -> None:
        self._asked, self.statements = asked, 0

    def __getattr__(self, name: str) -> Any:
        if name in ("execute", "executemany"):
            self.statements += 1
        return getattr(self._asked, name)


def counting(store: SqlStore) -> Counting:
    where: Any = (store.session.connection, "_cursor") if isinstance(store, PostgresStore) else (store.session, "connection")
    counted = Counting(getattr(*where))
    setattr(*where, counted)
    return counted


def life_of_many(house: House, number: int) -> list[list[Found]]:
    life = Life(1)
    openings = [life._opening(f"parcel/{number}-{place}", 0, MONDAY) for place in range(number)]
    changes = [life._changed(each, MONDAY + 1) for each in openings]
    ends = [replace(each, phase=Phase.CLEARED, at=MONDAY + 2) for each in openings]
    again = [replace(each, phase=Phase.UPDATED, reopened=True, at=MONDAY + 3) for each in openings]
    corrected = [replace(each, phase=Phase.CORRECTED, at=MONDAY + 4) for each in openings]
    return [[Found(each, each.at) for each in findings] for findings in (openings, changes, ends, again, corrected)]


def test_many_findings_take_as_many_statements_as_some(opener: Opener) -> None:
    house = House(store=opener())
    counted = counting(house.store)
    for step in life_of_many(house, 10):
        all_at_once(house, step, MONDAY + HOUR)

    few, many = ([0] * 5, [0] * 5)
    for numbers, cases in ((few, 40), (many, 64)):
        for place, step in enumerate(life_of_many(house, cases)):
            before = counted.statements
            all_at_once(house, step, MONDAY + HOUR)
            numbers[place] = counted.statements - before

    assert few == many
    assert max(many) <= 14
    house.store.close()
