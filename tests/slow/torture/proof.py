"""The same events to a town whose staff is harmed and to one process that nobody disturbs; what differs, and how it went."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from contracts.times import SECOND
from notifiers.courier import sees_all
from storage.store import Store
from streams.project import Project
from streams.telling import courier_of
from tellfirst.wiring import local
from tests.slow.torture.comparing import differences
from tests.slow.torture.feeding import Feeder
from tests.slow.torture.happenings import Written, happenings
from tests.slow.torture.mischief import Harm, Mischief
from tests.slow.torture.reference import find_all
from tests.slow.torture.town import Town

FIRST_BLOW, LAST_BLOW = 10.0, 20.0
"""Seconds after the beginning, and before the last event."""
WITHIN_SECONDS = 1_100.0
UNSEEN, DUE_WITHIN = 30.0, 120.0
"""What of the last seconds need not be seen before time leaps on, and how far, so that all that was awaited falls due."""
MOST_ROUNDS = 1_000
TABLES = ("problems", "notices")


@dataclass(frozen=True)
class Came:
    """differs: lines of problems and of notices, empty where all is the same. longest: that a slot stood still, seconds.

    late: how many seconds after its time an event was written, at most. told: notices.
    """

    events: int
    differs: Sequence[str]
    ends: Sequence[int]
    longest: float
    late: float
    told: int
    said: Sequence[str]

    def __str__(self) -> str:
        summary = f"{self.events} events, {self.told} told, stood still {self.longest:.1f} s, written {self.late:.1f} s late"
        return "\n".join([summary, f"ended: {self.ends}", *self.said, *self.differs])


def tortured(town: Town, *, households: int, seconds: float, harm: Harm, seed: int) -> Came:
    """Let a town whose workers run live through all of it, then tell its customers, and those of the undisturbed process.

    seconds: of our time, after which nothing more happens.
    """
    began, chance = town.begin(within=WITHIN_SECONDS), Random(seed)
    events = happenings(households, seed=seed, seconds=seconds, began=began)
    feeder = Feeder(town.write, events, town.time, began=began)
    feeder.start()
    plan = harm.plan(chance, first=FIRST_BLOW, last=seconds - LAST_BLOW)
    mischief = Mischief(town.staff, town.broker, town.database, chance=chance, say=town.say, pause_seconds=harm.pause_seconds)
    town.live(until=began + int((seconds - UNSEEN) * SECOND), within=WITHIN_SECONDS, plan=plan, strike=mischief.strike)
    feeder.join(WITHIN_SECONDS)
    assert feeder.failed is None
    until = began + int((seconds + DUE_WITHIN) * SECOND)
    town.leap(until, within=WITHIN_SECONDS)
    ends = town.dismiss()
    differs, told = _compared(town, events, until)
    return Came(len(events), differs, ends, town.longest, feeder.latest, told, town.said)


def _compared(town: Town, events: Sequence[Written], until: int) -> tuple[list[str], int]:
    alone = town.folder / "alone"
    undisturbed = find_all(town.project, alone, [each.raw for each in events], until=until)
    now = town.time.now()
    with closing(undisturbed) as expected, closing(town.store(read_only=False)) as found:
        for store in (expected, found):
            tell_all(town.project, store, alone, at=now)
        told = sum(line["answer"] == "told" for line in expected.export("notices"))
        differs = [line for table in TABLES for line in differences(table, expected, found)]
        return differs + _unbalanced(town.project, found, len(events)), told


def _unbalanced(project: Project, found: Store, written: int) -> list[str]:
    """Say where records were counted twice or not at all."""
    counted = found.counts()["records"]
    assert project.settings.kafka is not None
    fates = sum((Counter(counted.get(each.topic, {})) for each in project.settings.kafka.inputs), Counter[str]())
    return [] if fates.total() == written else [f"records: {written} were written, and {fates.total()} are counted: {fates}"]


def tell_all(project: Project, store: Store, folder: Path, *, at: int) -> None:
    """Have a courier tell, at one moment of its clock, all that can be told then."""
    courier = courier_of(project, project.ruleset, store, local(folder), sight=sees_all, says_when_late=True)
    for _ in range(MOST_ROUNDS):
        if (due := store.next_ask()) is None or due > at:
            return
        asyncio.run(courier.round(at))
    raise AssertionError("something is still due to be told")
