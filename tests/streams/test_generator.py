"""A shop's week from a seed, as lines: the same again, mostly well, some of them repeated, late, wild or broken."""

from collections import Counter
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from contracts.event import DeadReason, Event
from contracts.times import DAY, HOUR
from rules.shipped import shipped_catalogue
from streams.generator import generate
from streams.intake import Intake, Record
from streams.shop.days import ENDS, STARTS


@cache
def records(seed: int = 1) -> tuple[Record, ...]:
    intake = Intake(shipped_catalogue(), source="shop", zone=ZoneInfo("Europe/Berlin"))
    return tuple(intake.read(line, arrived=None, position=number) for number, line in enumerate(generate(seed)))


def events(seed: int = 1) -> list[Event]:
    return [event for record in records(seed) for event in record.events]


def test_the_same_seed_makes_the_same_lines_and_another_makes_others() -> None:
    assert list(generate(1)) == list(generate(1))
    assert list(generate(1)) != list(generate(2))


def test_a_smaller_shop_has_events_in_proportion() -> None:
    assert 1_700 <= len(list(generate(1, customers=100))) <= 2_500


@pytest.mark.parametrize("seed", range(1, 21))
def test_a_week_of_six_hundred_customers_has_about_twelve_thousand_events(seed: int) -> None:
    lines = list(generate(seed))
    customers = {event.data["customer_id"] for event in events(seed) if "customer_id" in event.data} if seed == 1 else None

    assert 11_500 <= len(lines) <= 13_500
    assert 0.01 < 1 - len(set(lines)) / len(lines) < 0.03
    assert customers is None or 560 <= len(customers) <= 600


def test_most_customers_are_introduced_before_anything_happens_to_them() -> None:
    found = events()

    introduced = {event.data["customer_id"] for event in found[:700] if event.type == "customer.updated"}
    assert 585 <= len(introduced) < 600


def test_customers_speak_two_languages_live_in_several_zones_and_may_object() -> None:
    profiles = [event.data for event in events() if event.type == "customer.updated"]
    languages = Counter(profile.get("language") for profile in profiles)

    assert min(languages["en"], languages["de"], languages["de-AT"]) >= 20
    assert {"Europe/Berlin", "Europe/London", "America/New_York", "Asia/Tokyo"} <= {profile.get("zone") for profile in profiles}
    assert {"service", "account"} <= {profile.get("objects_to") for profile in profiles}


def test_every_kind_of_business_has_its_troubles() -> None:
    types = Counter(event.type for event in events())

    assert types["shipment.created"] >= 500
    assert types["delivery.attempted"] >= 10 and types["delivery.exception"] >= 10
    assert types["payment.failed"] >= 60 and types["order.cancelled"] >= 5
    assert types["refund.promised"] > types["refund.paid"] >= 10
    assert types["card.expiring"] > types["card.updated"] >= 3
    assert types["usage.recorded"] >= 1_500 and types["allowance.topped_up"] >= 3
    assert types["complaint.raised"] >= 60 and types["complaint.answered"] >= 40


def test_some_events_come_late_and_a_few_have_wild_times() -> None:
    greatest, behind, wild = 0, 0, [event for event in events() if not STARTS - HOUR <= event.time < ENDS]
    for event in events():
        if event not in wild:
            greatest = max(greatest, event.time)
            behind += greatest - event.time > DAY

    assert behind >= 20
    assert sum(event.time > ENDS for event in wild) == 1, "two cases in the far future would be believed"
    assert sum(event.time < STARTS for event in wild) >= 3


def test_events_without_trouble_reach_us_within_the_hour() -> None:
    times = [event.time for event in events() if event.time < ENDS]
    greatest, in_time = 0, 0
    for time in times:
        in_time += time > greatest - HOUR
        greatest = max(greatest, time)

    assert in_time / len(times) > 0.9


def test_few_lines_are_broken_each_in_another_way() -> None:
    reasons = Counter(record.letter.reason for record in records() if record.letter)

    assert set(reasons) == {DeadReason.SYNTAX, DeadReason.SCHEMA, DeadReason.NO_TIME, DeadReason.UNKNOWN_TYPE}
    assert 40 <= sum(reasons.values()) <= 70
