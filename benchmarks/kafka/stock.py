"""Stock Faust: an agent on the topic that writes each order into a table; says when it began, and when it has seen all.

Run as a process of its own: python -m benchmarks.kafka.stock BROKERS TOPIC SLOTS GROUP EVENTS
"""

import json
import sys
import time
from typing import Any

import faust

from benchmarks.peers.on_faust import Event
from benchmarks.peers.three_rules import Order


def app_of(brokers: str, topic: str, slots: int, group: str, events: int) -> Any:
    app: Any = faust.App(
        group,
        broker=f"kafka://{brokers}",
        store="memory://",
        web_enabled=False,
        topic_partitions=slots,
        topic_replication_factor=1,
        topic_disable_leader=True,
        table_standby_replicas=0,
    )
    orders = app.Table("orders", default=Order)
    orders.value_serializer = "pickle"
    seen = 0

    async def judge(stream: Any) -> None:
        nonlocal seen
        async for event in stream:
            if seen == 0:
                _say("began")
            seen += 1
            order = orders[event.data.order_id]
            _see(order, event)
            orders[event.data.order_id] = order
            if seen == events:
                _say("done")

    app.agent(app.topic(topic, value_type=Event))(judge)
    return app


def _see(order: Order, event: Any) -> None:
    match event.type:
        case "delivery.eta":
            order.expects(event.time, event.data.chance_late)
        case "payment.failed":
            order.fails(event.id, event.time)
        case "order.placed":
            order.is_placed(event.time)
        case "order.handed_over":
            order.is_handed_over(event.time)


def _say(what: str) -> None:
    stand = {what: {"clock_ns": time.monotonic_ns(), "cpu_ns": time.process_time_ns()}}
    print(json.dumps(stand), file=sys.__stdout__, flush=True)  # Faust has taken sys.stdout for its log


def main() -> None:
    brokers, topic, slots, group, events = sys.argv[1:]
    app = app_of(brokers, topic, int(slots), group, int(events))
    faust.Worker(app, loglevel="warning").execute_from_commandline()


if __name__ == "__main__":
    main()
