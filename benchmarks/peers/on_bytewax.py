"""bytewax: records decoded by msgspec in a map, three rules in a stateful operator for each order; one worker."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from bytewax import operators
from bytewax.dataflow import Dataflow
from bytewax.testing import TestingSink, TestingSource, run_main

from benchmarks.contestants.contestant import Contestant, Found
from benchmarks.peers.three_rules import Order

BATCH = 1_000


class Data(msgspec.Struct):
    order_id: str
    chance_late: float | None = None


class Event(msgspec.Struct):
    id: str
    type: str
    time: datetime
    data: Data


class Judging(operators.StatefulLogic[Event, str, Order]):
    """One order. Its own end is the end of the stream."""

    ends: datetime

    def __init__(self, order: Order | None) -> None:
        self._order = order or Order()

    def on_item(self, value: Event) -> tuple[Iterable[str], bool]:
        order = self._order
        if value.type == "delivery.eta" and order.expects(value.time, value.data.chance_late or 0):
            return ("likely-late",), False
        if value.type == "payment.failed" and order.fails(value.id, value.time):
            return ("payments-fail",), False
        if value.type == "order.placed":
            order.is_placed(value.time)
        elif value.type == "order.handed_over":
            order.is_handed_over(value.time)
        return (), False

    def on_eof(self) -> tuple[Iterable[str], bool]:
        return (("not-handed-over",) if self._order.is_overdue(Judging.ends) else ()), False

    def snapshot(self) -> Order:
        return self._order


class OnBytewax(Contestant):
    def __init__(self, folder: Path) -> None:
        self._decoder = msgspec.json.Decoder(Event)
        self._out: list[tuple[str, str]] = []

    def take(self, lines: Sequence[bytes]) -> None:
        Judging.ends = datetime.fromisoformat("0001-01-01T00:00:00+00:00")
        flow = Dataflow("three_rules")
        records = operators.input("records", flow, TestingSource(lines, batch_size=BATCH))
        events = operators.filter_map("decode", records, self._decode)
        orders = operators.key_on("order", events, lambda event: event.data.order_id)
        found = operators.stateful("judge", orders, Judging)
        operators.output("found", found, TestingSink(self._out))
        run_main(flow)

    def _decode(self, raw: bytes) -> Event | None:
        try:
            event: Event = self._decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        Judging.ends = max(Judging.ends, event.time)
        return event

    def found(self) -> Found:
        return {(rule, key) for key, rule in self._out}
