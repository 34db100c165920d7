"""What would become of lines, before any of them is applied."""

from zoneinfo import ZoneInfo

import msgspec

from rules.shipped import shipped_catalogue
from streams.intake import Intake
from streams.validating import validate

SCAN = {
    "specversion": "1.0",
    "id": "e1",
    "source": "shop",
    "type": "delivery.scanned",
    "time": "2026-03-02T12:00:00Z",
    "data": {"parcel_id": "P1", "customer_id": "C1"},
}


def findings(*lines: bytes) -> list[str]:
    intake = Intake(shipped_catalogue(), source="file", zone=ZoneInfo("UTC"))
    return [str(finding) for finding in validate(lines, intake)]


def test_good_lines_and_empty_ones_have_no_findings() -> None:
    assert findings(msgspec.json.encode(SCAN), b"\n", b"") == []


def test_a_dead_letter_is_found_with_its_line_and_reason() -> None:
    assert findings(b"\n", msgspec.json.encode({**SCAN, "type": "x.y"})) == ["line 2: unknown_type: there is no event type `x.y`"]


def test_a_doubled_key_is_warned_of_once() -> None:
    raw = (
        msgspec.json.encode(SCAN)
        .replace(b'"id":"e1"', b'"id":"e0","id":"e0","id":"e1"')
        .replace(b'"P1"', b'"P0","parcel_id":"P1"')
    )

    assert findings(raw) == [
        "line 1: warning: the key `parcel_id` stands twice in one object; the last counts",
        "line 1: warning: the key `id` stands twice in one object; the last counts",
    ]


def test_a_zone_that_does_not_exist_is_warned_of() -> None:
    data = {**SCAN["data"], "promised_day": "2026-03-05", "zone": "Mars/Base"}  # type: ignore[dict-item]

    assert findings(msgspec.json.encode({**SCAN, "type": "delivery.promised", "data": data})) == [
        "line 1: warning: zone: there is no zone 'Mars/Base', so the project's is taken"
    ]
