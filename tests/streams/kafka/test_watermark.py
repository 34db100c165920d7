"""How far a slot was seen: behind a backlog by its events, at the end of its topics by the clock."""

import pytest

from contracts.event import Event
from contracts.times import DAY, MINUTE, SECOND
from storage.store import Seen
from streams.kafka.watermark import CopiesMark, Relayed, SlotMark, TopicMark, is_read_to_end

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
    slot.read_to_end("orders", NOON)
    assert slot.w is None

    slot.saw("deliveries", an_event(NOON - DAY))
    assert slot.w == NOON - DAY - LAG

    slot.read_to_end("deliveries", NOON)
    assert slot.w == NOON - LAG


def test_a_topic_in_which_nothing_is_awaited_holds_nobody_up() -> None:
    slot = SlotMark(marks("orders", "deliveries"), awaited=["deliveries"])

    slot.read_to_end("deliveries", NOON)

    assert slot.w == NOON - LAG


@pytest.mark.parametrize(("position", "highwater", "ended"), [(5, 5, True), (9, 9, True), (9, 14, False), (0, None, False)])
def test_the_end_is_the_high_watermark_below_which_open_transactions_may_hide_events(
    position: int, highwater: int | None, ended: bool
) -> None:
    assert is_read_to_end(position, highwater) is ended


class Others:
    """What is known of the copies that other slots owe."""

    def __init__(self) -> None:
        self.relayed: Relayed | None = None

    def mark(self) -> CopiesMark:
        return CopiesMark(lambda: self.relayed)


def test_copies_are_seen_as_far_as_their_slots_once_they_were_relayed_and_read() -> None:
    others = Others()
    mark = others.mark()
    mark.read_to_end(NOON)
    assert mark.w is None

    others.relayed = Relayed(NOON - DAY, at=NOON)
    mark.read_to_end(NOON)

    assert mark.w == NOON - DAY


def test_an_end_that_was_asked_for_before_the_copies_were_relayed_says_nothing_of_them() -> None:
    others = Others()
    mark = others.mark()
    others.relayed = Relayed(NOON - DAY, at=NOON)

    mark.read_to_end(NOON - 1)

    assert mark.w is None


def test_what_is_relayed_later_does_not_keep_back_what_was_relayed_before() -> None:
    others = Others()
    mark = others.mark()
    others.relayed = Relayed(NOON - DAY, at=NOON)
    mark.read_to_end(NOON - MINUTE)
    others.relayed = Relayed(NOON, at=NOON + MINUTE)

    mark.read_to_end(NOON + 1)

    assert mark.w == NOON - DAY


def test_a_slot_into_which_copies_come_was_seen_no_farther_than_they_were_and_its_own_inputs_farther() -> None:
    others = Others()
    slot = SlotMark(marks("orders"), copies=(copies := others.mark()))
    slot.read_to_end("orders", NOON)
    assert (slot.own_w, slot.w) == (NOON - LAG, None)

    others.relayed = Relayed(NOON - DAY, at=NOON)
    slot.read_to_end("tellfirst.routed", NOON)

    assert copies.w == slot.w == NOON - DAY


def test_a_slot_goes_on_from_where_its_former_worker_had_seen_it() -> None:
    slot = SlotMark(marks("orders"), copies=Others().mark(), before=Seen(w=NOON - DAY, own_w=NOON, lag=0, at=0))

    assert (slot.w, slot.own_w) == (NOON - DAY, NOON)


def test_what_was_seen_of_a_batch_that_failed_was_not_seen() -> None:
    slot = SlotMark(marks("orders"))
    slot.saw("orders", an_event(NOON))
    slot.keep()
    slot.saw("orders", an_event(NOON + DAY))

    slot.go_back()

    assert slot.w == NOON - LAG


def test_a_topic_that_is_silent_holds_w_back_by_intent_so_that_whatever_else_is_known_can_be_told() -> None:
    topics = marks("orders", "deliveries")
    slot = SlotMark(topics)
    for topic in topics:
        slot.read_to_end(topic, NOON)
    topics["deliveries"].is_blind = lambda now: True

    for topic in topics:
        slot.read_to_end(topic, NOON + DAY)

    assert slot.seen(NOON + DAY) == Seen(w=NOON - LAG, own_w=NOON - LAG, lag=LAG + DAY, at=NOON + DAY)


def test_where_every_topic_is_silent_it_is_held_back_from_the_clock() -> None:
    slot = SlotMark(topics := marks("orders"))
    slot.read_to_end("orders", NOON)
    topics["orders"].is_blind = lambda now: True

    slot.read_to_end("orders", NOON + DAY)

    assert slot.seen(NOON + DAY).lag == LAG + DAY


def test_a_silent_topic_with_a_backlog_is_not_held_back_by_intent() -> None:
    """What may refute what we would say lies there unread."""
    slot = SlotMark(topics := marks("orders"))
    slot.read_to_end("orders", NOON)
    topics["orders"].is_blind = lambda now: True

    assert slot.seen(NOON + DAY).lag == LAG
