"""Times of events: the usual ones are read without a look at their form, which changes nothing, and so are all others."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import DecodeError
from msgspec.json import Decoder

from contracts.times import EPOCH
from streams.decode.instants import EARLIEST, LATEST, Moment, instant_at, instant_of

ENDINGS = st.sampled_from(
    ["Z", "z", "+01:00", "-03:00", "+23:59", "", "+1:00", "Z ", "+0100", "-0330", "+2400", "+01"]
    + [
        f".{digits}Z"
        for digits in ("5", "05", "123", "123456", "000001", "1234567", "1234567891", "", "1_2", "+12", " 12", "1²", "٣")
    ]
    + [".123456-09:30", ".5z", ",5Z", ".5+0000", ".Z"]
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


FORM = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)
BEYOND = re.compile(r"\.\d{6}([5-9])")
READER = Decoder(Moment)


def by_its_form(text: str) -> int | None:
    try:
        whole = (datetime.fromisoformat(text.upper()) - EPOCH) // timedelta(microseconds=1) if FORM.fullmatch(text) else LATEST
    except ValueError:
        return None
    instant = whole + (BEYOND.search(text) is not None)
    return instant if EARLIEST <= instant < LATEST else None


def as_it_is_read(text: str) -> int | None:
    try:
        return instant_of(text)
    except ValueError:
        return None


@given(TIMES)
def test_what_msgspec_reads_at_once_is_the_same_time(text: str) -> None:
    try:
        moment = READER.decode(f'"{text}"'.encode())
    except DecodeError:
        return

    try:
        assert instant_at(moment) == by_its_form(text)
    except ValueError:
        assert by_its_form(text) is None


@given(TIMES | st.text(max_size=30))
def test_a_time_is_what_its_form_says(text: str) -> None:
    assert as_it_is_read(text) == by_its_form(text)


@given(st.sampled_from(["2026-03-02T10:00:00Z", "2026-03-02T10:00:00.75Z", "2026-03-02T10:00:00.758806Z"]), st.data())
def test_a_sign_in_the_wrong_place_is_seen(text: str, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(st.sampled_from(["", *"019-:.,TZzW +_٣"])) + text[place + data.draw(st.integers(0, 1)) :]

    assert as_it_is_read(text) == by_its_form(text)


def test_what_is_no_time_is_named() -> None:
    with pytest.raises(ValueError, match="'2026-03-02T10:00:00' is not an instant with a zone"):
        instant_of("2026-03-02T10:00:00")
