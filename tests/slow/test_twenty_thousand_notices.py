"""20,000 customers are told through bad providers by a run that is killed twenty times: nobody is lost, each doubt is listed."""

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.slow.bad_day import BadDay, bad_providers
from tests.slow.book import Entry
from tests.slow.crowd import Crowd
from tests.slow.judging import NOT_LISTED, TOO_OFTEN, Heard, export, heard_of, summary

CUSTOMERS, KILLS, SEED = 20_000, 20, 4711
BEHIND_SECONDS = 120


def judged(day: BadDay, crowd: Crowd) -> list[Heard]:
    project = day.house.project
    return heard_of(crowd.customers, day.came(), export(project, "notices"), export(project, "attempts"))


def seconds_off(entry: Entry, lives: list[int]) -> float:
    """Return by how much a message is dated differently from the clock of any life of its sender."""
    return min(abs(entry.dated - entry.at - ahead) for ahead in lives)


@pytest.mark.timeout(900)
def test_of_twenty_thousand_notices_none_is_lost_and_twice_are_only_those_that_are_listed(tmp_path: Path) -> None:
    crowd = Crowd(CUSTOMERS)
    with bad_providers(tmp_path / "providers", seed=SEED) as ports:
        day = BadDay(tmp_path, crowd, ports, seed=SEED)
        try:
            day.live_through(kills=KILLS, within_seconds=840)
        finally:
            day.house.close()
    heard = judged(day, crowd)
    print(summary(heard))

    assert [fault for each in heard for fault in each.faults()] == []
    assert max(seconds_off(entry, day.lives) for entry in day.came()) < BEHIND_SECONDS
    assert sum(len(each.taken) == 1 for each in heard) > 0.8 * CUSTOMERS
    died = Counter(row["channel"] for each in heard for row in each.tries if row["detail"] == "no answer came")
    assert died.keys() == {"email", "webhook", "sms"} and died.total() > KILLS


@pytest.mark.parametrize(
    ("safeguard", "fault"),
    [("nothing_is_written_before_it_is_sent", NOT_LISTED), ("no_answer_is_taken_for_not_sent", TOO_OFTEN)],
)
def test_without_what_protects_them_customers_are_told_too_often(safeguard: str, fault: str, tmp_path: Path) -> None:
    crowd = Crowd(300)
    with bad_providers(tmp_path / "providers", seed=SEED) as ports:
        day = BadDay(tmp_path, crowd, ports, seed=SEED, launch=("tests.slow.careless", safeguard))
        try:
            day.live_badly(kills=4, until=time.monotonic() + 60)
            day.when_quiet(time.monotonic() + 40)
        finally:
            day.house.close()

    assert any(fault in each for heard in judged(day, crowd) for each in heard.faults())
