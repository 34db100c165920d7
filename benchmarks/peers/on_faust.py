"""Stock Faust: an agent over an in-process channel, records as its models, a dictionary for the orders; no broker, no table."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import faust

from benchmarks.contestants.contestant import Contestant, Found
from benchmarks.peers.three_rules import Order


class Data(faust.Record):
    order_id: str
    chance_late: float = 0.0


class Event(faust.Record, coerce=True):
    id: str
    type: str
    time: datetime
    data: Data


class OnFaust(Contestant):
    def __init__(self, folder: Path) -> None:
        self._app: Any = faust.App("three-rules", datadir=folder, web_enabled=False)
        self._orders: defaultdict[str, Order] = defaultdict(Order)
        self._found: Found = set()
        self._end: datetime | None = None
        self._seen = 0

    def take(self, lines: Sequence[bytes]) -> None:
        asyncio.run(self._take(lines))
        if self._end is not None:
            self._found |= {("not-handed-over", key) for key, order in self._orders.items() if order.is_overdue(self._end)}

    async def _take(self, lines: Sequence[bytes]) -> None:
        channel = self._app.channel()
        agent = self._app.agent(channel)(self._judge)
        self._app.flow_control.resume()  # as a consumer does that has its partitions
        await agent.start()
        for raw in lines:
            await channel.send(value=raw)
        while self._seen < len(lines):
            await asyncio.sleep(0)
        await agent.stop()

    async def _judge(self, records: Any) -> None:
        async for raw in records:
            self._seen += 1
            try:
                event: Any = Event.loads(raw, serializer="json")
            except (ValueError, TypeError, KeyError):
                continue
            self._see(event)

    def _see(self, event: Any) -> None:
        key = event.data.order_id
        order = self._orders[key]
        self._end = event.time if self._end is None else max(self._end, event.time)
        if event.type == "delivery.eta" and order.expects(event.time, event.data.chance_late):
            self._found.add(("likely-late", key))
        elif event.type == "payment.failed" and order.fails(event.id, event.time):
            self._found.add(("payments-fail", key))
        elif event.type == "order.placed":
            order.is_placed(event.time)
        elif event.type == "order.handed_over":
            order.is_handed_over(event.time)

    def found(self) -> Found:
        return self._found
