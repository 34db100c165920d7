"""What the simulated house is made of; a test that takes a safeguard out puts something else in its place here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contracts.event import Event
from contracts.telling import RuleState, Stage
from contracts.times import MINUTE
from notifiers.channels.channel import Channel
from notifiers.channels.desk import Desk
from notifiers.courier import Courier
from storage.session import Connection
from storage.sqlite import SqliteStore
from storage.store import Store
from streams.batch import Core
from streams.simulator.world import DELAY, rule_set
from streams.watermark import LiveWatermark
from streams.wiring import courier_of

SETTLE = 5 * MINUTE

Sight = Callable[[str], tuple[int | None, int]]


def new_mark(stored: dict[str, int] | None) -> LiveWatermark:
    return LiveWatermark(source_delay=DELAY, settle=SETTLE, state=stored)


def new_courier(store: Store, channels: dict[str, Channel], desk: Desk, sight: Sight) -> Courier:
    return courier_of(store, rule_set(), channels, desk, sight)


def new_core(store: Store) -> Core:
    return Core(rule_set(), store)


@dataclass(frozen=True)
class House:
    """Factories of the parts; the default ones are the product's."""

    store: Callable[[Connection], Store] = SqliteStore
    core: Callable[[Store], Core] = new_core
    courier: Callable[[Store, dict[str, Channel], Desk, Sight], Any] = new_courier
    mark: Callable[[dict[str, int] | None], LiveWatermark] = new_mark


def live_rules(since: int) -> list[RuleState]:
    return [RuleState(rule=name, stage=Stage.LIVE, live_since=since) for name in rule_set().rules]


__all__ = ["Event", "House", "live_rules"]
