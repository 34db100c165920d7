"""Instants in text: they come back as they were written, and what is none is refused."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.times import EPOCH, SECOND, instant_text, parse_instant, to_datetime

FIRST, LAST = parse_instant("0001-01-01T00:00:00Z"), parse_instant("9999-12-31T23:59:59.999999Z")
INSTANTS = st.integers(FIRST, LAST)
WHOLE_SECONDS = INSTANTS.map(lambda instant: instant - instant % SECOND)


@given(INSTANTS | WHOLE_SECONDS)
def test_an_instant_survives_being_written(instant: int) -> None:
    text = instant_text(instant)

    assert text == to_datetime(instant).isoformat().replace("+00:00", "Z")
    assert parse_instant(text) == instant


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)).map(lambda local: local.replace(microsecond=0).isoformat()),
    st.sampled_from(["Z", "z", "+00:00", "-03:00", "+05:45", "+14:00", "-23:59"]),
)
def test_an_offset_is_taken_off(local: str, zone: str) -> None:
    moment = datetime.fromisoformat(local + zone.upper())

    assert parse_instant(local + zone) == (moment - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-30T10:00:00Z",
        "2026-03-02T24:00:00Z",
        "2026-03-02T10:60:00+01:00",
        "2026-03-02T10:00:00+25:00",
        "2026-03-02T10:00:00",
        "2026-03-02T10:00:00 01:00",
        "20260302T100000.000Z",
        "2026-W10-1T10:00:00Z",
        "",
    ],
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_instant(text)


@pytest.mark.parametrize(
    ("text", "usual"),
    [
        ("2026-03-02T10:00:00.1234564999Z", "2026-03-02T10:00:00.123456Z"),
        ("2026-03-02T10:00:00.1234565Z", "2026-03-02T10:00:00.123457Z"),
        ("2026-03-02T23:59:59.9999999Z", "2026-03-03T00:00:00Z"),
        ("2026-03-02T10:00:00-0330", "2026-03-02T10:00:00-03:30"),
    ],
)
def test_a_seventh_decimal_rounds_and_an_offset_may_lack_its_colon(text: str, usual: str) -> None:
    assert parse_instant(text) == parse_instant(usual)


def test_the_fault_names_the_text_as_a_whole() -> None:
    with pytest.raises(ValueError, match="'2026-03-02T10:00:0xZ' is not an instant with a zone"):
        parse_instant("2026-03-02T10:00:0xZ")
