"""Couriers that are killed beside workers: nobody hears more than the caps allow, or at night, and nothing to be told is lost."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from contracts.times import HOUR, MINUTE, SECOND, instant_text
from storage.store import Store
from tellfirst import clock
from tests.slow.real_kafka import Broker
from tests.slow.torture.comparing import differences
from tests.slow.torture.database import own_postgres
from tests.slow.torture.feeding import Feeder
from tests.slow.torture.happenings import Profile, happenings, wide_awake
from tests.slow.torture.mischief import Harm, Mischief
from tests.slow.torture.proof import tell_all
from tests.slow.torture.reference import find_all
from tests.slow.torture.town import Town

SEED = 4711
HOUSEHOLDS, SECONDS = 300, 260.0
HARM = Harm(kills=16, pauses=2, broker_kills=1, database_restarts=1, cuts=3)
CAP = 1
"""So few messages a customer gets in a week, but for those that are urgent and for ends."""
WITHIN_SECONDS = 1_000.0
LEASE = 6 * MINUTE
"""By then, what a killed courier had claimed is another's."""


@pytest.fixture
def town(tmp_path: Path, broker: Broker) -> Iterator[Town]:
    limits = f"breaker: 1000000, soon_per_window: {CAP}"
    with own_postgres() as database, closing(Town(tmp_path / "town", broker, database, limits=limits)) as place:
        yield place


def sleeps(number: int) -> bool:
    return number % 3 == 0


def profile(number: int) -> Profile:
    """A third of the customers sleeps while all of this happens."""
    if not sleeps(number):
        return wide_awake(number)
    begins, ends = (instant_text(clock.now() + hours * HOUR)[11:16] for hours in (-2, 2))
    return wide_awake(number) | {"quiet_from": begins, "quiet_until": ends}


@pytest.mark.timeout(1_200)
def test_couriers_that_are_harmed_keep_to_caps_and_quiet_hours_and_lose_nothing(town: Town, tmp_path: Path) -> None:
    for name, role in (("worker-1", "worker"), ("worker-2", "worker"), ("courier-1", "courier"), ("courier-2", "courier")):
        town.hire(name, role=role)
    began, chance = town.time.now(), Random(SEED)
    events = happenings(HOUSEHOLDS, seed=SEED, seconds=SECONDS, began=began, profile=profile)
    until = began + int(SECONDS * SECOND)
    feeder = Feeder(town.write, events, town.time, began=began)
    feeder.start()

    mischief = Mischief(town.staff, town.broker, town.database, chance=chance, say=town.say)
    plan = HARM.plan(chance, first=60, last=SECONDS - 20)
    town.live(until=until, within=WITHIN_SECONDS, plan=plan, strike=mischief.strike)
    town.when_all_is_told(within=WITHIN_SECONDS)
    assert town.dismiss()[-2:] == [0, 0]

    undisturbed = find_all(town.project, tmp_path / "alone", [each.raw for each in events], until=until)
    with closing(undisturbed) as expected, closing(town.store(read_only=False)) as found:
        tell_all(town.project, found, town.folder, at=town.time.now() + LEASE)
        assert not differences("problems", expected, found)
        nothing_vanished(expected, found)
        nobody_heard_too_much(found)
        everything_told_was_sent_once(found, town.folder)


def nothing_vanished(expected: Store, found: Store) -> None:
    """Whatever began has its notice, and each notice has an answer."""
    wanted, got = (
        {line["notice"] for line in store.export("notices") if line["phase"] == "opened"} for store in (expected, found)
    )
    assert got == wanted
    answers = Counter((line["answer"], line["reason"]) for line in found.export("notices"))
    assert {answer for answer, _ in answers} == {"told", "held", "cancelled"}
    assert {reason for answer, reason in answers if answer == "held"} == {"caps", "quiet_hours", "cause_speaks"}


def nobody_heard_too_much(found: Store) -> None:
    begun = [
        line["customer"]
        for line in found.export("notices")
        if line["answer"] == "told" and line["urgency"] == "soon" and line["phase"] in ("opened", "updated")
    ]
    heard = Counter(begun)
    assert len(heard) > 100
    assert max(heard.values()) == CAP
    assert not any(sleeps(int(customer.removeprefix("C"))) for customer in heard)


def everything_told_was_sent_once(found: Store, folder: Path) -> None:
    told = Counter(line["notice"] for line in found.export("notices") if line["answer"] == "told")
    accepted = Counter(line["notice"] for line in found.export("attempts") if line["outcome"] == "accepted")
    assert accepted == told
    pages = "".join(page.read_text() for page in (folder / "data" / "outbox").glob("*.html"))
    assert pages.count("<article") == len(told)
