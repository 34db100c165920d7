"""Topics that fall silent, in slots whose workers come and go; how silent they may be is learned in four weeks."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from contracts.times import DAY, HOUR, MINUTE, parse_instant
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from storage.store import Store, Transaction
from streams.kafka.holding import Slots
from streams.kafka.minutes import SPAN, Minutes
from streams.kafka.patience import By
from streams.kafka.slots import slot_of
from streams.project import Project
from streams.settings import SourceSettings
from tests.streams.kafka.shop_run import LAG, SLOTS, Crash, Run
from tests.streams.kafka.world import with_lag
from tests.streams.shop import a_parcel, a_shop, an_event

MONDAY = parse_instant("2026-03-02T00:00:00Z") + 10 * HOUR
TOPIC = "deliveries"
SETTLE = HOUR


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = with_lag(a_shop(tmp_path), LAG)
    own = {topic: replace(each, settle=SETTLE) for topic, each in found.settings.sources.items()}
    return replace(found, settings=replace(found.settings, sources=own))


def by_day(now: int) -> bool:
    """Every half hour from 8 to 20."""
    return now % (30 * MINUTE) == 0 and 8 * HOUR <= now % DAY <= 20 * HOUR


class Weeks(Run):
    """A shop of which something is scanned while by_day says so."""

    @property
    def slots(self) -> Slots:
        return self.workers[-1].slots

    @property
    def quiet(self) -> bool:
        return TOPIC in self.slots.hearing.quiet

    @property
    def in_force(self) -> tuple[int, By] | None:
        return self.slots.hearing.in_force().get(TOPIC)

    def begin(self, now: int) -> "Weeks":
        """All workers are gone; one begins."""
        self.now, self.workers = now, []
        self.worker(range(SLOTS))
        return self

    def go_on(self, until: int, *, scans: Callable[[int], bool] = by_day, reads: bool = True) -> None:
        while self.now < until:
            self.now += 10 * MINUTE
            if scans(self.now):
                number = self.now // MINUTE
                self.write(an_event(number, "delivery.scanned", self.now, parcel_id=f"S{number % 97}", customer_id="C1"))
            if reads:
                self.workers[-1].rest()
                self.slots.tick()

    def learn(self, weeks: int = 4) -> "Weeks":
        """Have the store know so many weeks that ended just now."""
        minutes = Minutes()
        for minute in range((self.now // MINUTE) - weeks * SPAN // 4, self.now // MINUTE + 1):
            minutes.look(minute)
            if by_day(minute * MINUTE):
                minutes.hear(minute)
        with self.store.transaction() as tx:
            tx.save_minutes([minutes.row(TOPIC, 0)])
        return self


def silently(now: int) -> bool:
    return False


@pytest.fixture
def run(project: Project) -> Weeks:
    """It has known four weeks since a Monday at ten, when something was scanned last."""
    run = Weeks(project, open_memory())
    run.now = MONDAY - 10 * MINUTE
    run.learn().begin(run.now).go_on(MONDAY)
    return run


def test_after_four_weeks_it_is_known_how_long_a_topic_may_be_silent_and_absences_wait_while_it_is_silent_for_longer(
    project: Project,
) -> None:
    run = Weeks(project, open_memory())
    run.now = MONDAY - 7 * DAY
    run.learn(weeks=3).begin(run.now).go_on(MONDAY - 5 * DAY)
    run.go_on(run.now + 5 * HOUR, reads=False)  # nobody is there
    run.begin(run.now).go_on(MONDAY - 10 * HOUR)
    before = run.in_force
    run.write(*a_parcel(run.now))
    run.go_on(MONDAY + HOUR)
    assert (before, run.in_force) == (None, (90 * MINUTE, By.LEARNED))

    run.go_on(MONDAY + 150 * MINUTE, scans=silently)
    heard = run.quiet
    run.go_on(MONDAY + 3 * DAY, scans=silently)
    silent, found = run.quiet, list(run.store.export("problems"))
    run.go_on(MONDAY + 3 * DAY + 3 * HOUR, scans=lambda now: True)
    run.catch_up()

    assert (heard, silent, found) == (False, True, [])
    assert not run.quiet
    assert [line["detector"] for line in run.store.export("problems")] == ["silent"]


def test_until_four_weeks_are_known_no_topic_is_quiet(project: Project) -> None:
    run = Weeks(project, open_memory()).begin(MONDAY - 3 * DAY)
    run.go_on(MONDAY)
    run.go_on(MONDAY + 2 * DAY, scans=silently)

    assert run.in_force is None
    assert not run.quiet


def test_by_night_it_may_be_silent_for_longer(run: Weeks) -> None:
    run.go_on(MONDAY + HOUR)
    nights = []
    while run.now < MONDAY + 2 * DAY:
        run.go_on(run.now + 10 * MINUTE)
        nights.append(run.quiet)

    assert not any(nights)


def test_a_silence_goes_on_through_a_restart(run: Weeks) -> None:
    run.go_on(MONDAY + 3 * HOUR, scans=silently)
    w = run.store.slots()[0].own_w
    assert run.quiet

    run.begin(run.now + 2 * HOUR).go_on(MONDAY + 6 * HOUR, scans=silently)

    assert run.quiet
    assert run.store.slots()[0].own_w == w


def test_what_came_while_nobody_was_there_is_no_silence(run: Weeks) -> None:
    run.go_on(MONDAY + 5 * HOUR, reads=False)

    run.begin(run.now).go_on(run.now + 10 * MINUTE)

    assert not run.quiet
    assert {slot.own_w for slot in run.store.slots()} == {run.now - LAG}


def test_a_silence_begins_with_the_last_record_however_late_it_is_read(run: Weeks) -> None:
    """The sender died at eleven; what it sent until then is read at three, and what is missing then may only be unheard."""
    run.go_on(MONDAY + HOUR, reads=False)

    run.begin(MONDAY + 5 * HOUR).go_on(MONDAY + 5 * HOUR + 20 * MINUTE, scans=silently)

    assert run.quiet
    assert run.store.slots()[slot_of("parcel/P1", SLOTS)].own_w < MONDAY + HOUR


def test_what_is_set_is_in_force_at_once(project: Project) -> None:
    own = {**project.settings.sources, TOPIC: SourceSettings(source_delay=LAG, quiet_after=2 * HOUR)}
    run = Weeks(replace(project, settings=replace(project.settings, sources=own)), open_memory())
    run.now = MONDAY
    run.learn().begin(MONDAY).go_on(MONDAY + 10 * MINUTE)

    assert run.in_force == (2 * HOUR, By.SET)


class Dying:
    """A store of which the process dies before each commit, once it is told to."""

    def __init__(self, store: SqlStore) -> None:
        self._store, self.dies = store, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self._store.transaction() as tx:
            yield tx
            if self.dies:
                raise Crash


def test_when_something_came_is_written_with_the_position_or_not_at_all(project: Project) -> None:
    run = Weeks(project, open_memory())
    run.now, dying, slot = MONDAY, Dying(run.store), slot_of("parcel/P1", SLOTS)
    worker = run.worker(range(SLOTS), cast(Store, dying))
    run.write(an_event(1, "delivery.scanned", MONDAY, parcel_id="P1", customer_id="C1"))
    worker.turn()
    run.now += HOUR
    run.write(an_event(2, "delivery.scanned", run.now, parcel_id="P1", customer_id="C1"))

    dying.dies = True
    with pytest.raises(Crash):
        worker.turn()
    before = run.store.position(TOPIC, slot), [row.newest for row in run.store.minutes_of(TOPIC) if row.part == slot]
    run.begin(run.now).catch_up()
    after = run.store.position(TOPIC, slot), [row.newest for row in run.store.minutes_of(TOPIC) if row.part == slot]

    assert [(position.next, newest) for position, newest in (before, after) if position] == [
        (1, [MONDAY // MINUTE]),
        (2, [(MONDAY + HOUR) // MINUTE]),
    ]
