"""A seed in, a week of the shop out: all that is heard of, in the order in which it is heard, and what really happened."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from random import Random

from contracts.times import DAY, HOUR, parse_instant
from streams.shop.billing import refund, subscription
from streams.shop.complaints import complaint
from streams.shop.days import ENDS, STARTS
from streams.shop.life import Happening, Life
from streams.shop.orders import order
from streams.shop.outcomes import Outcomes
from streams.shop.people import Person, person
from streams.shop.usage import meter, phone

CUSTOMERS = 600
ORDERS, PHONES, METERS, SUBSCRIPTIONS, REFUNDS, VISITS = 1.05, 0.13, 0.05, 0.12, 0.08, 0.4
WRONG_CLOCK_AHEAD = parse_instant("2062-03-27T06:21:10Z")
WRONG_CLOCK_BEHIND = parse_instant("1970-01-01T00:00:00Z")


@dataclass(frozen=True)
class Week:
    heard: tuple[Happening, ...]
    outcomes: Outcomes


@dataclass(frozen=True)
class Shop:
    """Each life has a chance of its own, so that one of them does not change the others."""

    seed: int
    people: tuple[Person, ...]

    def life(self, name: str) -> Life:
        chance = self.chance(name)
        return Life(chance, chance.choice(self.people), {})

    def chance(self, name: str) -> Random:
        return Random(f"{self.seed} {name}")


def week(seed: int, customers: int = CUSTOMERS) -> Week:
    """Return the week of a shop with so many customers; everything else is in proportion, 20 events per customer."""
    shop = Shop(seed, tuple(person(number, Random(f"{seed} C{number}")) for number in range(1, customers + 1)))
    lives = [*profiles(shop), *business(shop)]
    wrong_clocks(shop, lives)
    lives += complained(shop, lives)
    told = [happening for life in lives for happening in life.told if STARTS <= happening.heard < ENDS]
    return Week(tuple(sorted(told, key=lambda each: each.heard)), _outcomes(lives))


def _outcomes(lives: list[Life]) -> Outcomes:
    troubles = sorted(chain.from_iterable(life.troubles for life in lives), key=lambda each: (each.begins, each.cases))
    return Outcomes(tuple(troubles), tuple(chain.from_iterable(life.seemings for life in lives)))


def profiles(shop: Shop) -> Iterator[Life]:
    """Who the customers are; one in fifty asks in the middle of the week to be left alone."""
    for who in shop.people:
        life = Life(shop.chance(f"profile {who.id}"), who, {})
        if who.profile is not None:
            life.tell(STARTS, "customer.updated", **who.profile)
            if life.happens(0.02):
                life.tell(STARTS + life.between(DAY, 5 * DAY), "customer.updated", objects_to="service")
        if life.happens(VISITS):
            life.tell(STARTS + life.between(HOUR, 7 * DAY), "customer.visited")
        yield life


def business(shop: Shop) -> Iterator[Life]:
    for number in range(round(ORDERS * len(shop.people))):
        life = shop.life(f"order {number}")
        order(life, f"O{1000 + number}", STARTS + life.between(0, 5 * DAY))
        yield life
    for kind, letter, share in ((phone, "A", PHONES), (meter, "M", METERS), (subscription, "S", SUBSCRIPTIONS)):
        for number in range(1, round(share * len(shop.people)) + 1):
            life = shop.life(f"{kind.__name__} {number}")
            kind(life, f"{letter}{100 + number}")
            yield life
    for number in range(1, round(REFUNDS * len(shop.people)) + 1):
        life = shop.life(f"refund {number}")
        refund(life, f"R{100 + number}", f"O{100 + number}")
        yield life


def complained(shop: Shop, lives: list[Life]) -> list[Life]:
    """What comes of every complaint, also of those that a complaint makes that nobody answers."""
    found: list[Life] = []
    waiting = deque(each for life in lives for each in life.complaints)
    while waiting:
        name = f"K{len(found) + 1}"
        found.append(complaint(waiting.popleft(), name, shop.chance(name)))
        waiting += found[-1].complaints
    return found


def wrong_clocks(shop: Shop, lives: list[Life]) -> None:
    """A scanner lives in 2062, and a few in 1970; of parcels with which all else is well."""
    chance = shop.chance("clocks")
    well = [life for life in lives if not (life.troubles or life.seemings) and _scans(life)]
    for life, time in zip(chance.sample(well, 5), (WRONG_CLOCK_AHEAD, *[WRONG_CLOCK_BEHIND] * 4), strict=True):
        scan = chance.choice(_scans(life))
        life.told[scan] = replace(life.told[scan], time=time)


def _scans(life: Life) -> list[int]:
    return [place for place, each in enumerate(life.told) if each.type == "delivery.scanned"]
