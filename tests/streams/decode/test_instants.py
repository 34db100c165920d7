"""Times of events: read piece by piece they are what they are as a whole, and what is kept of them is bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.times import parse_instant
from streams.decode.instants import DAYS, EARLIEST, ENDS, LATEST, MINUTES, MOST_PIECES, SECONDS, SECONDS_AND_ENDS, instant_of

ENDINGS = st.sampled_from(
    ["Z", "z", "+01:00", "-03:00", "+23:59", "", "+1:00", "Z "]
    + [
        f".{digits}Z"
        for digits in ("5", "05", "123", "123456", "000001", "1234567", "1234567891", "", "1_2", "+12", " 12", "1²", "٣")
    ]
    + [".123456-09:30", ".5z", ",5Z"]
)
TIMES = st.builds(
    "{:04}-{:02}-{:02}{}{:02}:{:02}{}{}".format,
    st.integers(0, 9999) | st.sampled_from([1, 2, 2026, 9998]),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from("Tt _"),
    st.integers(0, 25),
    st.integers(0, 60),
    st.sampled_from(["", *(f":{second:02}" for second in (0, 1, 30, 59, 60))]),
    ENDINGS,
)


def whole(text: str) -> int | None:
    try:
        instant = parse_instant(text)
    except ValueError:
        return None
    return instant if EARLIEST <= instant < LATEST else None


def in_pieces(text: str) -> int | None:
    try:
        return instant_of(text)
    except ValueError:
        return None


@given(TIMES | st.text(max_size=30))
def test_a_time_is_the_same_in_pieces_and_as_a_whole(text: str) -> None:
    assert in_pieces(text) == whole(text)


def test_what_is_no_time_is_named() -> None:
    with pytest.raises(ValueError, match="'2026-03-02T10:00:00' is not an instant with a zone"):
        instant_of("2026-03-02T10:00:00")


def test_no_more_pieces_are_kept_than_a_limit_and_none_that_is_long() -> None:
    for number in range(2 * MOST_PIECES):
        instant_of(f"2026-03-02T10:00:00.{number:06}Z")
    long = f"2026-03-02T10:00:00.{'1' * 1000}Z"

    assert instant_of(long) == parse_instant(long)
    for pieces in (DAYS, MINUTES, SECONDS, ENDS, SECONDS_AND_ENDS):
        assert len(pieces) <= MOST_PIECES
        assert max(map(len, pieces)) < 30
