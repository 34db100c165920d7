"""The body of a webhook: versioned JSON with what was said, what was claimed and from which event."""

from typing import Any

import pytest
from msgspec import json
from msgspec.structs import replace

from contracts.times import DAY
from contracts.values import FieldType
from notifiers.composing.payload import as_payload
from tests.notifiers.builders import FACTS, NOON, a_customer, a_problem, a_question, a_rule, a_wording, cited
from tests.notifiers.channels.posts import ADDRESSES, a_post


def payload(channel: str = "webhook", **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.decode(as_payload(replace(a_post(channel=channel), **changes)))
    return body


def test_a_payload_says_what_it_is_and_when_it_was_made() -> None:
    body = payload()

    assert {name: body[name] for name in ("type", "version", "timestamp")} == {
        "type": "message.send",
        "version": 1,
        "timestamp": "2026-03-04T12:00:00Z",
    }
    assert list(body["data"]) == [
        "message", "channel", "customer", "to", "language", "title", "text", "html", "sections", "says_sorry", "stop_link",
        "notices",
    ]  # fmt: skip


def test_a_payload_names_the_notice_its_promise_and_the_events_behind_its_claims() -> None:
    (notice,) = payload()["data"]["notices"]

    assert {name: notice[name] for name in ("rule", "case", "phase", "hear_again")} == {
        "rule": "late-parcel",
        "case": "parcel/P1",
        "phase": "opened",
        "hear_again": "2026-03-05T12:00:00Z",
    }
    event = {"id": "e1", "source": "test", "type": "delivery.promised", "time": "2026-03-02T09:00:00Z"}
    assert notice["claims"][0] == {"fact": "promised", "value": "2026-03-07", "event": event}
    assert {"fact": "expected", "value": None, "event": None} in notice["claims"]


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (FieldType.INSTANT, NOON, "2026-03-04T12:00:00Z"), (FieldType.DURATION, DAY, "1d"),
        (FieldType.MONEY, ["12.50", "EUR"], {"amount": "12.50", "currency": "EUR"}), (FieldType.INTEGER, 3, 3),
    ],
)  # fmt: skip
def test_claims_are_written_as_events_write_them(kind: FieldType, value: Any, written: Any) -> None:
    filters = {FieldType.INSTANT: "moment", FieldType.DURATION: "duration", FieldType.MONEY: "money", FieldType.INTEGER: "number"}
    rule = a_rule(
        wording=a_wording(effect=f"{{{{ fact | {filters[kind]} }}}}"),
        facts={"promised": FieldType.DATE, "last_seen": FieldType.TEXT, "fact": kind},
    )
    question = a_question(rule=rule, problem=a_problem(facts={**FACTS, "fact": cited(value)}), customer=a_customer(**ADDRESSES))

    body = json.decode(as_payload(a_post(question, channel="webhook")))

    claims = {claim["fact"]: claim["value"] for claim in body["data"]["notices"][0]["claims"]}
    assert claims["fact"] == written


@pytest.mark.parametrize(
    ("channel", "to", "has_page"),
    [
        ("sms", {"phone": "+4915112345678"}, False), ("push", {}, False), ("webhook", {}, False),
        ("email", {"name": "Jo Example", "email": "jo@example.com"}, True),
    ],
)  # fmt: skip
def test_a_receiver_gets_of_the_customer_only_what_its_channel_needs(channel: str, to: dict[str, str], has_page: bool) -> None:
    data = payload(channel)["data"]

    assert data["to"] == to and (data["html"] is not None) is has_page
    assert ("jo@example.com" in str(data)) is (channel == "email")
