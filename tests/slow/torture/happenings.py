"""Households in, the bytes of their events out in the order in which they are written, with what goes wrong on the way there.

3 % are written up to five seconds late and so out of order, 1 % come twice, 0.02 % are no events at all.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from contracts.times import SECOND, instant_text
from tests.slow.torture.households import LONGEST, Happened, household

FIRST = 5.0
"""When the first household begins, seconds; by then all customers are known."""
BEGIN_WITHIN = 20.0
"""Seconds, where so little time is given that no household comes to its end."""
DISORDERED, REPEATED, SPOILT = 0.03, 0.01, 0.0002
LONGEST_DELAY = 5.0

Profile = dict[str, str]


def wide_awake(number: int) -> Profile:
    """The profile of a customer who may hear at any hour."""
    return {"quiet_from": "00:00", "quiet_until": "00:00", "email": f"C{number}@example.com", "phone": f"+4915{number:09}"}


class Written(NamedTuple):
    """after: seconds since the beginning, when it is written."""

    after: float
    raw: bytes


def happenings(
    households: int, *, seed: int, seconds: float, began: int, profile: Callable[[int], Profile] = wide_awake
) -> Sequence[Written]:
    """Return what is written of so many households within so many seconds. began: microseconds since 1970."""
    chance, last = Random(seed), max(seconds - LONGEST, FIRST + BEGIN_WITHIN)
    written = [each for number in range(households) for each in _of_one(chance, number, last, began, profile(number))]
    return sorted((each for each in written if each.after < seconds), key=lambda each: each.after)


def _of_one(chance: Random, number: int, last: float, began: int, profile: Profile) -> Iterator[Written]:
    """last: when it begins at the latest."""
    yield Written(
        number / 10_000, _event(began, f"C{number}", Happened(0, "customer.updated", {"customer_id": f"C{number}"} | profile))
    )
    begins = chance.uniform(FIRST, last)
    for each, happened in enumerate(household(chance, number, begins)):
        data = happened.data
        if "hand_over_by" in data:
            data = data | {"hand_over_by": instant_text(began + int((begins + data["hand_over_by"]) * SECOND))}
        raw = _event(began, f"{number}-{each}", happened._replace(data=data))
        delay = chance.uniform(0, LONGEST_DELAY) if chance.random() < DISORDERED else 0
        yield Written(happened.after + delay, raw)
        if chance.random() < REPEATED:
            yield Written(happened.after + delay + chance.uniform(0, LONGEST_DELAY), raw)
        if chance.random() < SPOILT:
            yield Written(happened.after, raw[: len(raw) // 2])


def _event(began: int, name: str, happened: Happened) -> bytes:
    return msgspec.json.encode(
        {
            "specversion": "1.0",
            "id": name,
            "source": "town",
            "type": happened.type,
            "time": instant_text(began + int(happened.after * SECOND)),
            "data": happened.data,
        }
    )
