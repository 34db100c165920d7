"""What a scrape shows of the live runtime, by the minute."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from contracts.times import DAY, HOUR, MINUTE, SECOND, parse_instant
from tests.streams.life import Life
from tests.streams.shop import a_parcel, an_event

NINE = parse_instant("2026-03-02T09:00:00Z")


def shown(life: Life, name: str, **labels: str) -> float:
    samples = [sample for family in life.scraped() for sample in family.samples if sample.name == f"tellfirst_{name}"]
    assert samples, f"there is no series tellfirst_{name}"
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def lived(folder: Path, letters: Sequence[bytes], *, length: int = MINUTE) -> Life:
    life = Life(folder, [(NINE, letter) for letter in letters])
    asyncio.run(life.until(NINE + length))
    return life


def test_a_batch_shows_how_long_it_took_and_how_old_its_events_were(tmp_path: Path) -> None:
    life = lived(tmp_path, a_parcel(NINE - HOUR))

    assert shown(life, "events_total", topic="http", outcome="applied") == 4
    assert shown(life, "event_age_seconds_count", topic="http") == 1
    assert shown(life, "event_age_seconds_sum", topic="http") == (HOUR + MINUTE) / SECOND
    assert shown(life, "event_to_decision_seconds_count") == 1
    assert shown(life, "batch_seconds_count", stage="take") == shown(life, "batch_seconds_count", stage="commit") == 1
    assert shown(life, "cases_cached") == 1
    assert shown(life, "records_waiting") == 0
    assert shown(life, "source_last_event_timestamp_seconds") == life.now / SECOND


def test_a_sender_whose_clock_is_ahead_is_seen(tmp_path: Path) -> None:
    letters = [an_event(number, "customer.updated", NINE + number * MINUTE, customer_id=f"C{number}") for number in (1, 3, 9)]

    life = lived(tmp_path, letters)

    assert shown(life, "clamped_times_total", topic="http") == 1
    assert shown(life, "dead_letters_total", reason="wild_time") == shown(life, "dead_letters_waiting") == 1


def test_what_was_found_because_time_had_passed_is_counted_and_what_waits_for_it_too(tmp_path: Path) -> None:
    life = lived(tmp_path, a_parcel(NINE), length=HOUR)
    assert shown(life, "timers_armed") == 1
    assert shown(life, "timers_fired_total") == 0

    asyncio.run(life.until(NINE + 2 * DAY))

    assert shown(life, "timers_fired_total", rule="late-parcel") == 1
    assert shown(life, "problems_open", rule="late-parcel") == 1
    assert 0 < shown(life, "found_late_seconds_sum", rule="late-parcel") <= 10 * 60
    assert shown(life, "attempts_total", outcome="accepted") == shown(life, "notices_total", answer="told") == 1
    assert shown(life, "promises_open", rule="late-parcel") == 1


def test_a_live_source_is_seen_to_within_its_delay(tmp_path: Path) -> None:
    life = lived(tmp_path, a_parcel(NINE), length=HOUR)

    behind = life.now / SECOND - shown(life, "watermark_timestamp_seconds", topic="http", partition="0")

    assert behind == shown(life, "source_delay_seconds", topic="http") == 120
