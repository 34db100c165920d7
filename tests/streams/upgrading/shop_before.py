"""A shop of a few cases whose store is left in the midst of everything, and the days after, under a clock that the test holds.

version_1.jsonl is the store as schema version 1 left it: `python -m tests.streams.upgrading.shop_before`, at that time.
"""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from msgspec import json

from contracts.telling import RuleState, Stage
from contracts.times import HOUR, MINUTE, parse_instant
from storage.schema import VERSIONS, migrations
from storage.session import Session
from storage.sql_store import SqlStore
from storage.sqlite import open_memory
from streams.batch import Core
from streams.embedded import Embedded, Source
from streams.intake import Intake
from streams.project import load_project
from streams.telling import Reach, asking, courier_of
from streams.watermark import LiveWatermark
from tests.streams.shop import an_event

HERE = Path(__file__).parent
MONDAY = parse_instant("2026-03-02T09:00:00Z")
BEGIN = MONDAY - 21 * HOUR
LEFT = MONDAY + 38 * HOUR
END = LEFT + 96 * HOUR
Letter = tuple[int, bytes]


def letters() -> Iterator[Letter]:
    """Yield what arrives, and when.

    When the store is left, on Tuesday at 23:00, P1 is silent and its customer was promised to hear again, P2 will be silent, P3
    is about to be predicted late, P4 waits for its day. O1 failed three times, of which its customer hears in the morning, O2
    failed once of twice, O3 waits for its confirmation.
    """
    for number, (hours, kind, data) in enumerate(_happens()):
        time = MONDAY + int(hours * HOUR)
        yield time, an_event(number, kind, time, **data)


def _happens() -> Iterator[tuple[float, str, dict[str, Any]]]:
    for customer in ("C1", "C2", "C3", "C4"):
        yield -20, "customer.updated", {"customer_id": customer, "email": f"{customer}@example.com"}
    for name, hours in (("1", -19.0), ("2", 20.0), ("3", 28.0), ("4", -10.0)):
        ids = {"parcel_id": f"P{name}", "customer_id": f"C{name}"}
        yield hours, "shipment.created", ids
        yield hours, "delivery.promised", ids | {"promised_day": "2026-03-04"}
        if name != "4":
            yield hours, "shipment.handed_over", ids | {"carrier": "Blue Van"}
    for name, hours in (("1", 1.0), ("2", 20.0), ("3", 26.0)):
        order = {"order_id": f"O{name}", "customer_id": f"C{name}"}
        yield hours, "order.placed", order
        if name != "3":
            yield hours + 1, "order.confirmed", order
    for name, hours in (("1", 3.0), ("1", 9.0), ("1", 37.0), ("2", 37.5), ("2", 38.5)):
        yield hours, "payment.failed", {"order_id": f"O{name}", "customer_id": f"C{name}", "amount": 12.5, "currency": "EUR"}
    yield 37.9, "delivery.eta", {"parcel_id": "P3", "customer_id": "C3", "day": "2026-03-05", "p_late": 0.8}
    yield 60.0, "delivery.delivered", {"parcel_id": "P1", "customer_id": "C1"}


def live(store: SqlStore, *, since: int, until: int) -> None:
    """Let the shop live as one process from its start at `since` to its stop at `until`."""
    asyncio.run(_live(store, since, until))


async def _live(store: SqlStore, since: int, until: int) -> None:
    project, now = load_project(HERE / "project"), since
    with store.transaction() as tx:
        for rule in project.ruleset.rules:
            tx.save_rule(RuleState(rule=rule, stage=Stage.LIVE, live_since=0))
    position = store.position("http", 0)
    mark = LiveWatermark(state=position.state if position else None)
    intake = Intake(project.catalogue, source="http", zone=project.settings.zone)
    sight = lambda case: runtime.sight(case)  # noqa: E731
    courier = courier_of(project, project.ruleset, store, Reach(), sight=sight, says_when_late=True)
    ask = asking(courier)
    core = Core(project.ruleset, store)
    core.take_up_rules(now=now)
    runtime = Embedded(core, store, ask, sources=[Source("http", {None: intake}, mark)], clock=lambda: now)
    waiting = [letter for letter in sorted(letters()) if since <= letter[0] < until]
    while now < until:
        now += MINUTE
        while waiting and waiting[0][0] <= now:
            runtime.submit("http", [waiting.pop(0)[1]])
        runtime.step()
        if (due := store.next_ask()) is not None and due <= now:
            await ask(now)
    runtime.remember()


def written(session: Session) -> Iterator[bytes]:
    """Yield the rows of a store, one to a line: a table, and its columns with their values."""
    for (table,) in session.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        columns = [(name, kind) for _, name, kind, *_ in session.rows(f"PRAGMA table_info({table})")]
        for row in session.rows(f"SELECT * FROM {table}"):
            plain = {name: _plain(value, kind) for (name, kind), value in zip(columns, row, strict=True)}
            yield json.encode({"table": table, "row": plain})


def _plain(value: Any, kind: str) -> Any:
    if kind == "BLOB":
        return {"hex": value.hex()}
    return bool(value) if kind == "BOOLEAN" and value is not None else value


def make_again(session: Session, version: int) -> None:
    """Fill an empty database with a store of this version."""
    text = next(text for number, _, text in migrations() if number == version)
    with session.transaction():
        for statement in (VERSIONS, *(part for part in text.split(";\n") if part.strip())):
            session.change(session.worded(statement))
        for line in (HERE / f"version_{version}.jsonl").read_bytes().splitlines():
            _add(session, **json.decode(line))


def _add(session: Session, table: str, row: dict[str, object]) -> None:
    names, values = ", ".join(f'"{name}"' for name in row), tuple(map(_whole, row.values()))
    session.change(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", *values)


def _whole(value: object) -> object:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


if __name__ == "__main__":
    with closing(open_memory()) as left:
        live(left, since=BEGIN, until=LEFT)
        sys.stdout.buffer.writelines(line + b"\n" for line in written(left.session))
