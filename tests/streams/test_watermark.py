"""How far a source has certainly been seen."""

from contracts.event import Event
from contracts.times import DAY, HOUR, MINUTE, SECOND
from streams.watermark import FileWatermark, LiveWatermark, least

NOON = 1_700_000_000 * SECOND


def an_event(time: int, case: str = "parcel/P1") -> Event:
    return Event(id="e", source="test", type="delivery.scanned", time=time, cases=(case,), data={}, mark=1)


def test_w_of_a_file_is_the_greatest_time_less_the_disorder() -> None:
    mark = FileWatermark(disorder=HOUR)

    for time in (NOON, NOON + 3 * HOUR, NOON + HOUR):
        mark.saw(an_event(time))

    assert mark.w == NOON + 2 * HOUR


def test_one_wild_time_moves_nothing_and_is_counted() -> None:
    mark = FileWatermark()
    mark.saw(an_event(NOON))

    mark.saw(an_event(NOON + 31 * DAY))

    assert (mark.w, mark.wild) == (NOON, 1)


def test_a_leap_of_thirty_days_is_believed() -> None:
    mark = FileWatermark()
    mark.saw(an_event(NOON))

    mark.saw(an_event(NOON + 30 * DAY))

    assert mark.w == NOON + 30 * DAY


def test_a_wild_time_of_the_same_case_is_still_not_believed() -> None:
    mark = FileWatermark()
    mark.saw(an_event(NOON))

    mark.saw(an_event(NOON + 40 * DAY))
    mark.saw(an_event(NOON + 41 * DAY))

    assert mark.w == NOON


def test_a_second_case_as_far_ahead_makes_the_lesser_time_the_greatest() -> None:
    mark = FileWatermark()
    mark.saw(an_event(NOON))

    mark.saw(an_event(NOON + 40 * DAY, "parcel/P1"))
    mark.saw(an_event(NOON + 90 * DAY, "parcel/P2"))

    assert mark.w == NOON + 40 * DAY


def test_at_the_end_of_a_file_everything_believed_was_seen() -> None:
    mark = FileWatermark(disorder=HOUR)
    mark.saw(an_event(NOON))
    mark.saw(an_event(NOON + 99 * DAY))

    mark.end()

    assert mark.w == NOON


def test_a_file_goes_on_where_its_stored_state_was() -> None:
    mark = FileWatermark()
    for each in (an_event(NOON), an_event(NOON + 40 * DAY, "parcel/P1")):
        mark.saw(each)

    again = FileWatermark(state=mark.state())
    again.saw(an_event(NOON + 41 * DAY, "parcel/P2"))

    assert again.w == NOON + 40 * DAY


def test_w_of_a_live_source_is_the_clock_less_its_delay() -> None:
    mark = LiveWatermark(source_delay=2 * MINUTE)

    mark.look(NOON)

    assert mark.w == NOON - 2 * MINUTE


def test_after_a_start_w_stays_while_senders_repeat() -> None:
    mark = LiveWatermark(source_delay=2 * MINUTE, settle=5 * MINUTE, state={"w": NOON - HOUR})

    seen = []
    for minute in range(7):
        mark.look(NOON + minute * MINUTE)
        seen.append(mark.w)

    assert seen == [NOON - HOUR] * 5 + [NOON + 3 * MINUTE, NOON + 4 * MINUTE]


def test_a_clock_that_jumps_ahead_settles_as_a_start_does() -> None:
    mark = LiveWatermark(source_delay=0, settle=5 * MINUTE)
    mark.look(NOON)

    mark.look(NOON + HOUR)

    assert mark.w == NOON


def test_a_clock_that_jumps_back_does_not_turn_w_back() -> None:
    mark = LiveWatermark(source_delay=0)
    mark.look(NOON)

    mark.look(NOON - HOUR)

    assert mark.w == NOON


def test_w_does_not_pass_a_record_that_waits() -> None:
    mark = LiveWatermark(source_delay=0)

    mark.look(NOON, read_to=NOON - MINUTE)

    assert mark.w == NOON - MINUTE


def test_w_does_not_run_ahead_of_what_the_sender_said() -> None:
    mark = LiveWatermark(source_delay=0)
    mark.complete(NOON - 3 * HOUR)

    mark.look(NOON)

    assert mark.w == NOON - 3 * HOUR


def test_while_a_source_is_quiet_w_stays_and_then_settles() -> None:
    mark = LiveWatermark(source_delay=2 * MINUTE, settle=5 * MINUTE, quiet_after=10 * MINUTE)
    for minute in range(31):
        mark.look(NOON + minute * MINUTE)
    assert mark.quiet(NOON + 30 * MINUTE)
    assert mark.w == NOON + 8 * MINUTE

    mark.saw(an_event(NOON))
    mark.look(NOON + 31 * MINUTE)
    assert mark.w == NOON + 8 * MINUTE

    for minute in range(32, 36):
        mark.look(NOON + minute * MINUTE)
    assert mark.w == NOON + 33 * MINUTE


def test_of_several_sources_the_least_counts_and_an_unseen_one_stops_all() -> None:
    assert least([NOON, NOON - HOUR]) == NOON - HOUR
    assert least([NOON, None]) is None
