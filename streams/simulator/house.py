"""What the simulated house is made of; a test that takes a safeguard out puts something else in its place here."""

import sqlite3
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from contracts.telling import RuleState, Stage
from contracts.times import MINUTE
from notifiers.channels import Channel, Desk
from notifiers.courier import Sight
from storage.session import Connection
from storage.sqlite import SqliteStore, open_memory
from storage.store import Store
from streams.batch import Core
from streams.project import Project, load_project
from streams.simulator.world import DELAY, START
from streams.telling import Reach, courier_of
from streams.watermark import LiveWatermark

SETTLE = 5 * MINUTE


class Rounds(Protocol):
    """What the simulator asks of a courier."""

    def round(self, now: int) -> Coroutine[Any, Any, object]: ...


@cache
def project() -> Project:
    """Return the simulated project, compiled once."""
    return load_project(Path(__file__).parent / "project")


def new_core(store: Store) -> Core:
    return Core(project().ruleset, store)


def new_courier(store: Store, channels: Mapping[str, Channel], desk: Desk, sight: Sight) -> Rounds:
    reach = Reach(desk=desk, channels=channels)
    return courier_of(project(), project().ruleset, store, reach, sight=sight, says_when_late=True)


def new_mark(stored: dict[str, int] | None) -> LiveWatermark:
    return LiveWatermark(source_delay=DELAY, settle=SETTLE, state=stored)


@dataclass(frozen=True)
class House:
    """Factories of the parts; the default ones are the product's."""

    store: Callable[[Connection], Store] = SqliteStore
    core: Callable[[Store], Core] = new_core
    courier: Callable[[Store, Mapping[str, Channel], Desk, Sight], Rounds] = new_courier
    mark: Callable[[dict[str, int] | None], LiveWatermark] = new_mark


def new_database() -> sqlite3.Connection:
    """Return a database in memory, its schema made and every rule live."""
    connection = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
    connection.deserialize(_empty_database())
    return connection


@cache
def _empty_database() -> bytes:
    store = open_memory()
    with store.transaction() as tx:
        for name in project().ruleset.rules:
            tx.save_rule(RuleState(rule=name, stage=Stage.LIVE, live_since=START))
    connection = store.session.connection
    assert isinstance(connection, sqlite3.Connection)
    return connection.serialize()
