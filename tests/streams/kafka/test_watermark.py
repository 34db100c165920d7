"""How far a slot was seen: behind a backlog by its events, at the end of its topics by the clock."""

import pytest

from contracts.event import Event
from contracts.times import DAY, MINUTE, SECOND
from streams.kafka.watermark import SlotMark, TopicMark, is_read_to_end

NOON = 1_800_000_000 * SECOND
LAG = 2 * MINUTE


def an_event(time: int, case: str = "parcel/P1") -> Event:
    return Event("e", "s", "delivery.scanned", time, (case,), {}, 1)


def marks(*topics: str) -> dict[str, TopicMark]:
    return {topic: TopicMark(lag=LAG) for topic in topics}


def test_behind_a_backlog_w_follows_the_events() -> None:
    mark = TopicMark(lag=LAG)
    assert mark.w is None

    mark.saw(an_event(NOON))
    mark.saw(an_event(NOON - MINUTE))

    assert mark.w == NOON - LAG


def test_read_to_its_end_it_follows_the_clock_from_the_moment_of_asking() -> None:
    mark = TopicMark(lag=LAG)
    mark.saw(an_event(NOON - DAY))

    mark.read_to_end(NOON)

    assert mark.w == NOON - LAG


def test_a_topic_that_never_had_an_event_is_known_too_once_its_end_was_seen() -> None:
    mark = TopicMark(lag=LAG)

    mark.read_to_end(NOON)

    assert mark.w == NOON - LAG


def test_it_never_runs_back() -> None:
    mark = TopicMark(lag=LAG)
    mark.read_to_end(NOON)

    mark.read_to_end(NOON - DAY)
    mark.saw(an_event(NOON - DAY))

    assert mark.w == NOON - LAG


def test_one_wild_time_in_a_backlog_is_not_believed() -> None:
    mark = TopicMark(lag=LAG)
    mark.saw(an_event(NOON))

    mark.saw(an_event(NOON + 400 * DAY))

    assert mark.w == NOON - LAG


def test_what_is_stored_of_it_brings_it_back() -> None:
    mark = TopicMark(lag=LAG)
    mark.saw(an_event(NOON))
    mark.saw(an_event(NOON + 400 * DAY, "parcel/P2"))
    mark.read_to_end(NOON + MINUTE)

    again = TopicMark(lag=LAG, state=mark.state())
    for each in (mark, again):
        each.saw(an_event(NOON + 390 * DAY, "parcel/P3"))

    assert again.w == mark.w == NOON + 390 * DAY - LAG


def test_a_slot_was_seen_as_far_as_its_least_topic() -> None:
    topics = marks("orders", "deliveries")
    slot = SlotMark(topics)
    slot["orders"].read_to_end(NOON)
    assert slot.w is None

    slot["deliveries"].saw(an_event(NOON - DAY))
    assert slot.w == NOON - DAY - LAG

    slot["deliveries"].read_to_end(NOON)
    assert slot.w == NOON - LAG


def test_a_topic_in_which_nothing_is_awaited_holds_nobody_up() -> None:
    slot = SlotMark(marks("orders", "deliveries"), awaited=["deliveries"])

    slot["deliveries"].read_to_end(NOON)

    assert slot.w == NOON - LAG


@pytest.mark.parametrize(("position", "highwater", "ended"), [(5, 5, True), (9, 9, True), (9, 14, False), (0, None, False)])
def test_the_end_is_the_high_watermark_below_which_open_transactions_may_hide_events(
    position: int, highwater: int | None, ended: bool
) -> None:
    assert is_read_to_end(position, highwater) is ended
