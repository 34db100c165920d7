"""A week of a small shop, from a seed: the same again, mostly well, with what goes wrong in it."""

from collections import Counter
from zoneinfo import ZoneInfo

from contracts.event import DeadReason, Event
from contracts.times import DAY, HOUR
from rules.shipped import shipped_catalogue
from streams.generator import generate
from streams.intake import Intake, Record


def records(seed: int = 1) -> list[Record]:
    intake = Intake(shipped_catalogue(), source="shop", zone=ZoneInfo("Europe/Berlin"))
    return [intake.read(line, arrived=None, position=number) for number, line in enumerate(generate(seed))]


def events(seed: int = 1) -> list[Event]:
    return [event for record in records(seed) for event in record.events]


def test_the_same_seed_makes_the_same_lines_and_another_makes_others() -> None:
    assert list(generate(1)) == list(generate(1))
    assert list(generate(1)) != list(generate(2))


def test_a_week_has_about_two_thousand_events() -> None:
    for seed in range(1, 6):
        found = events(seed)
        assert 1600 <= len(found) <= 2600
        assert max(event.time for event in found) - min(event.time for event in found) <= 7 * DAY


def test_every_customer_is_introduced_before_anything_happens_to_one() -> None:
    found = events()

    introduced = {event.data["customer_id"] for event in found[: len(found) // 4] if event.type == "customer.updated"}
    assert {event.data["customer_id"] for event in found} == introduced


def test_parcels_are_late_payments_fail_and_allowances_are_topped_up() -> None:
    found = events()
    types = Counter(event.type for event in found)
    promised = {event.cases[0]: event.data["promised_day"].ends for event in found if event.type == "delivery.promised"}
    late = [event for event in found if event.type == "delivery.delivered" and event.time > promised[event.cases[0]]]

    assert len(late) >= 5
    assert types["payment.failed"] >= 10
    assert types["allowance.topped_up"] >= 2
    assert types["order.cancelled"] >= 1
    assert types["complaint.raised"] >= 1


def test_some_events_come_late_and_some_again() -> None:
    found = events()
    greatest, behind = 0, 0
    for event in found:
        greatest = max(greatest, event.time)
        behind += greatest - event.time > DAY

    assert behind >= 5
    assert max(Counter(event.mark for event in found).values()) >= 2


def test_few_lines_are_broken_each_in_another_way() -> None:
    reasons = Counter(record.letter.reason for record in records() if record.letter)

    assert set(reasons) == {DeadReason.SYNTAX, DeadReason.SCHEMA, DeadReason.NO_TIME, DeadReason.UNKNOWN_TYPE}
    assert sum(reasons.values()) <= 20


def test_events_without_trouble_reach_us_within_the_hour() -> None:
    found = events()
    greatest, ahead = 0, 0
    for event in found:
        ahead += event.time > greatest - HOUR
        greatest = max(greatest, event.time)

    assert ahead / len(found) > 0.9
