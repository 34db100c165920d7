"""A trace on its way through a real broker: from a sender's event to the batch that read it, and on with what was decided."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.ids import trace_of
from tests.slow.real_kafka import Broker
from tests.slow.test_real_kafka_roles import LINES, Ask, event
from tests.slow.test_real_kafka_roles import ask as an_ask
from tests.slow.test_real_kafka_roles import houses as some_houses
from tests.tellfirst.house import House
from tests.tellfirst.spans import otlp_receiver

ask, houses = an_ask, some_houses
SENDER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def records_of(broker: Broker, topic: str) -> list[Any]:
    """Return what a topic has, once it has something."""
    for _ in range(300):
        if found := broker.records(topic):
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing came to {topic} within a minute")


def test_a_batch_is_linked_to_its_senders_and_what_goes_on_carries_the_problems_trace(
    shop: Path, ask: Ask, houses: Callable[[str], House], broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with otlp_receiver() as (address, spans):
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        ask("kafka", "init")
        house = houses("all")
        ask("rules", "publish", "payment-failing", "--live")
        failure = json.loads(event(1, "payment.failed", order_id="O1", amount=12.5, currency="EUR"))
        body = json.dumps({**failure, "traceparent": SENDER})
        assert httpx.post(f"{house.address}/events", content=body, headers=LINES, timeout=30).status_code == 202

        (found, *_) = records_of(broker, "tellfirst.problems")
        assert house.stop() == 0

    trace = f"{trace_of(json.loads(found.value)['problem']):032x}"
    assert dict(found.headers)["traceparent"].decode().split("-")[1] == trace
    links = [link.trace_id.hex() for span in spans if span.name == "batch" for link in span.links]
    assert links == [SENDER.split("-")[1]]
    assert "problem opened" in {span.name for span in spans if span.trace_id.hex() == trace}
