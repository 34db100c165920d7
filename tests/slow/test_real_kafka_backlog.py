"""Workers and a courier that come back after an hour, with 200,000 events to read, say nothing that these refute."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.times import MINUTE, SECOND
from storage.store import Store
from tellfirst import clock
from tellfirst.kafka.producing import write
from tests.slow.real_kafka import Broker
from tests.slow.torture.database import own_postgres
from tests.slow.torture.happenings import happenings
from tests.slow.torture.reference import find_all
from tests.slow.torture.town import LAG_SECONDS, Town

SEED = 4711
AWAY_SECONDS, BEFORE_SECONDS = 3_600, 150
"""How long nobody was there, and how much is known from before."""
FRESH_SECONDS = 400
"""Nothing happens any more in the last minutes: a courier tells what was seen until five minutes ago."""
HOUSEHOLDS, AT_LEAST = 3_600, 200_000
LOOKS_AGAIN = 2 * MINUTE
"""By then a courier that did not see enough has looked again."""
WITHIN_SECONDS = 800
ABSENCES = {"silent", "not_handed_over", "unconfirmed", "undelivered", "unheard"}

Found = tuple[str, str, str]


@pytest.fixture
def town(tmp_path: Path, broker: Broker) -> Iterator[Town]:
    with own_postgres() as database, closing(Town(tmp_path / "town", broker, database)) as place:
        yield place


@pytest.mark.timeout(1_200)
def test_what_lies_in_a_backlog_is_neither_missed_nor_spoken_of_before_it_is_read(town: Town, tmp_path: Path) -> None:
    now = clock.now()
    began = now - (AWAY_SECONDS + BEFORE_SECONDS) * SECOND
    seconds = float(BEFORE_SECONDS + AWAY_SECONDS - FRESH_SECONDS)
    events = happenings(HOUSEHOLDS, seed=SEED, seconds=seconds, began=began)
    before = [each.raw for each in events if each.after <= BEFORE_SECONDS]
    backlog = [each.raw for each in events if each.after > BEFORE_SECONDS]

    town.time.set(now - AWAY_SECONDS * SECOND)
    town.hire("worker-1", role="worker")
    write(town.project, before)
    town.live(until=began + (BEFORE_SECONDS - LAG_SECONDS) * SECOND, within=WITHIN_SECONDS)
    assert town.dismiss() == [0]
    town.staff.clear()
    write(town.project, backlog)
    assert len(backlog) >= AT_LEAST

    town.time.set(clock.now())
    for name, role in (("worker-1", "worker"), ("worker-2", "worker"), ("courier-1", "courier")):
        town.hire(name, role=role)
    for _ in range(2):
        town.live(until=town.time.now() - LAG_SECONDS * SECOND, within=WITHIN_SECONDS)
        town.time.set(town.time.now() + LOOKS_AGAIN)
    town.when_all_is_told(within=WITHIN_SECONDS)
    assert town.dismiss() == [0, 0, 0]

    until = began + int(seconds * SECOND) + MINUTE
    undisturbed = find_all(town.project, tmp_path / "alone", [*before, *backlog], until=until)
    with closing(undisturbed) as expected, closing(town.store()) as found:
        assert not corrected(found)
        assert not absences(found) - absences(expected)
        assert open_ones(found) == open_ones(expected)
        held = notices(found, "held")
        assert {reason for _, reason in held} <= {"cause_speaks"}, held
        told = {problem for problem, _ in notices(found, "told")}
        assert told == open_ones(expected) - {problem for problem, _ in held}
        assert len(told) > HOUSEHOLDS / 10


def absences(store: Store) -> set[Found]:
    """What was missing, by rule, case and detector."""
    return {(line["rule"], line["case"], line["detector"]) for line in store.export("problems") if line["detector"] in ABSENCES}


def corrected(store: Store) -> list[str]:
    return [line["problem"] for line in store.export("problems") if line["phase"] == "corrected"]


def open_ones(store: Store) -> set[str]:
    """The problems that are open at the end."""
    phases = {line["problem"]: line["phase"] for line in store.export("problems")}
    return {problem for problem, phase in phases.items() if phase in ("opened", "updated")}


def notices(store: Store, answer: str) -> set[tuple[str, str | None]]:
    """The problem and the reason of each notice that was answered so."""
    return {(line["problem"], line["reason"]) for line in store.export("notices") if line["answer"] == answer}
