"""A small shop for tests: the shipped rules as a project, a week as a file, and what a replay of it leaves in a store."""

import asyncio
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import json

from contracts.times import instant_text
from rules.loader import library
from storage.sqlite import open_memory
from storage.store import Store
from streams.generator import generate
from streams.project import Project, load_project
from streams.replay import replay
from streams.tally import Tally
from streams.telling import Reach

SEEN_LATER = ("found_at", "sent_at")


def a_shop(folder: Path) -> Project:
    """Make a project with the shipped rules in a folder, and load it."""
    shutil.copytree(library(), folder / "rules")
    return load_project(folder)


def a_week(path: Path, *, seed: int = 1, lines: Iterable[bytes] | None = None) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in (generate(seed, customers=100) if lines is None else lines)))
    return path


def an_event(number: int, kind: str, time: int, **data: str | float) -> bytes:
    return json.encode(
        {"specversion": "1.0", "id": f"e{number}", "source": "shop", "type": kind, "time": instant_text(time), "data": data}
    )


def a_parcel(time: int) -> list[bytes]:
    ids = {"parcel_id": "P1", "customer_id": "C1"}
    return [
        an_event(0, "customer.updated", time, customer_id="C1", email="c1@example.com"),
        an_event(1, "shipment.created", time, **ids),
        an_event(2, "delivery.promised", time, **ids, promised_day="2026-03-20"),
        an_event(3, "shipment.handed_over", time, **ids, carrier="Blue Van"),
    ]


def replayed(project: Project, file: Path, *, store: Store | None = None, batch: int | None = None) -> tuple[Store, Tally]:
    store = store or open_memory()
    return store, asyncio.run(replay(project, store, file, reach=Reach(), batch=batch))


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return everything that was found and told, without the times at which we saw and sent it."""
    tables = ("problems", "notices", "cases", "dead-letters")
    return {
        table: sorted((_timeless(row) for row in store.export(table)), key=lambda row: str(sorted(row.items(), key=str)))
        for table in tables
    }


def _timeless(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in SEEN_LATER}
