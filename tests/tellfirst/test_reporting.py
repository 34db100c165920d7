"""What a run says on stderr while it works: which problem, which notice, and nobody's name."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from contracts.times import instant_text
from tellfirst import clock
from tests.tellfirst.conftest import Ask
from tests.tellfirst.house import House
from tests.tellfirst.test_run import rows, send

PERSONAL = {"name": "Ada Byron", "email": "ada@example.com", "phone": "+4915112345678", "customer_id": "C-4711"}

NONE: Mapping[str, str] = {}


@pytest.fixture
def house(house: House) -> House:
    house.log_level = "info"
    return house


def an_event(event: str, kind: str, attributes: Mapping[str, str] = NONE, /, **data: object) -> bytes:
    whole = {
        **attributes,
        "specversion": "1.0",
        "id": event,
        "source": "shop",
        "type": kind,
        "time": instant_text(clock.now()),
        "data": data,
    }
    return json.dumps(whole).encode()


def a_day(house: House, ask: Ask, look: Callable[[], None] = lambda: None, **attributes: str) -> list[dict[str, Any]]:
    """Return what a run said in which a customer was told that a payment failed, and one record was no event.

    attributes: of the event that was found wrong, beside its own. look: is called before it ends.
    """
    house.start()
    assert ask("--project", str(house.project), "rules", "publish", "payment-failing", "--live").exit_code == 0
    awake = {"quiet_from": "00:00", "quiet_until": "00:00"}
    failed = {"order_id": "O-123456", "customer_id": "C-4711", "amount": 12.5, "currency": "EUR"}
    send(
        house,
        an_event("1", "customer.updated", **PERSONAL, **awake),
        an_event("2", "payment.failed", attributes, **failed),
        b"{ada@",
    )
    for _ in range(100):
        if any(line["answer"] == "told" for line in rows(ask, house.project, "notices")):
            break
    look()
    assert house.stop() == 0
    return [json.loads(line) for line in house.log.read_text().splitlines() if line.startswith("{")]


def test_the_log_names_problems_and_notices_as_the_store_does(house: House, ask: Ask) -> None:
    said = a_day(house, ask)

    (notice,) = rows(ask, house.project, "notices")
    found = next(line for line in said if line["event"] == "problem opened")
    told = next(line for line in said if line["event"] == "told")
    assert (found["problem"], found["notices"]) == (notice["problem"], [notice["notice"]])
    assert (told["notice"], told["problem"], told["channel"]) == (notice["notice"], notice["problem"], notice["channel"])


def test_the_log_is_json_off_a_terminal_and_each_line_has_its_time_and_level(house: House, ask: Ask) -> None:
    said = a_day(house, ask)

    assert len(said) > 3
    assert all({"event", "level", "timestamp"} <= line.keys() for line in said)


def test_nobody_can_be_recognised_in_the_log(house: House, ask: Ask) -> None:
    a_day(house, ask)

    text = house.log.read_text()
    assert not [each for each in (*PERSONAL.values(), "O-123456", "ada") if each in text]
