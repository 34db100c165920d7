"""The same events to a town whose staff is harmed and to one process that nobody disturbs; what differs, and how it went."""

import asyncio
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
TOLD_AFTER = 100 * SECOND
MOST_ROUNDS = 1_000


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
    """Let a town whose workers run live through all of it, then tell its customers, and those of the undisturbed process."""
    began, chance = town.time.now(), Random(seed)
    events = happenings(households, seed=seed, seconds=seconds, began=began)
    until = began + int(seconds * SECOND)
    feeder = Feeder(town.project, events, town.time, began=began)
    feeder.start()
    mischief = Mischief(town.staff, town.broker, town.database, chance=chance, say=town.say)
    plan = harm.plan(chance, first=FIRST_BLOW, last=seconds - LAST_BLOW)
    town.live(until=until, within=WITHIN_SECONDS, plan=plan, strike=mischief.strike)
    assert feeder.failed is None
    ends = town.dismiss()
    differs, told = _compared(town, events, until)
    return Came(len(events), differs, ends, town.longest, feeder.latest, told, town.said)


def _compared(town: Town, events: Sequence[Written], until: int) -> tuple[list[str], int]:
    alone = town.folder / "alone"
    undisturbed = find_all(town.project, alone, [each.raw for each in events], until=until)
    with closing(undisturbed) as expected, closing(town.store(read_only=False)) as found:
        for store in (expected, found):
            tell_all(town.project, store, alone, at=until + TOLD_AFTER)
        told = sum(line["answer"] == "told" for line in expected.export("notices"))
        return [line for table in ("problems", "notices") for line in differences(table, expected, found)], told


def tell_all(project: Project, store: Store, folder: Path, *, at: int) -> None:
    """Have a courier tell, at one moment of its clock, all that can be told then."""
    courier = courier_of(project, project.ruleset, store, local(folder), sight=sees_all, says_when_late=True)
    for _ in range(MOST_ROUNDS):
        if (due := store.next_ask()) is None or due > at:
            return
        asyncio.run(courier.round(at))
    raise AssertionError("something is still due to be told")
