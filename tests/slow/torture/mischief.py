"""A seed in, a plan of what goes wrong and when; and the hands that do it, one thing after the other, to processes of ours."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from tests.slow.real_kafka import Broker
from tests.slow.torture.database import OwnPostgres
from tests.slow.torture.staff import Member
from tests.storage.server import standing_still

PAUSE_SECONDS = 18.0
"""Longer than the group usually waits for a member."""


HANG_SECONDS = 13.0
"""Longer than a worker waits for an answer."""


class Blow(NamedTuple):
    """at: seconds since the beginning."""

    at: float
    what: str


@dataclass(frozen=True)
class Harm:
    """How often what is done."""

    kills: int = 0
    pauses: int = 0
    broker_restarts: int = 0
    broker_kills: int = 0
    database_restarts: int = 0
    database_kills: int = 0
    database_hangs: int = 0
    cuts: int = 0
    pause_seconds: float = PAUSE_SECONDS

    def plan(self, chance: Random, *, first: float, last: float) -> Sequence[Blow]:
        """Kills and cuts come at any moment; what holds up everybody comes evenly, so that it is over before the next comes."""
        anywhere = [Blow(chance.uniform(first, last), what) for what in self._of("kill", "cut")]
        heavy = self._of("pause", "broker_restart", "broker_kill", "database_restart", "database_kill", "database_hang")
        chance.shuffle(heavy)
        apart = (last - first) / max(len(heavy), 1)
        return sorted([*anywhere, *(Blow(first + apart * (number + 0.5), what) for number, what in enumerate(heavy))])

    def _of(self, *names: str) -> list[str]:
        return [name for name in names for _ in range(getattr(self, f"{name}s"))]


class Mischief:
    """Does what is planned to some of the staff, to the broker and to the database; says what it does."""

    def __init__(
        self,
        staff: Sequence[Member],
        broker: Broker,
        database: OwnPostgres,
        *,
        chance: Random,
        say: Callable[[str], None],
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        self._staff, self._broker, self._database, self._chance, self._say = staff, broker, database, chance, say
        self._pause_seconds = pause_seconds
        self._hands: Mapping[str, Callable[[], None]] = {
            "kill": self._kill,
            "pause": self._pause,
            "cut": lambda: self._say(f"cut {database.cut()} connections"),
            "broker_restart": self._restart_broker,
            "broker_kill": lambda: self._restart_broker("--kill"),
            "database_restart": lambda: database.restart(at_once=False),
            "database_kill": lambda: database.restart(at_once=True),
            "database_hang": self._hold_the_database,
        }

    def strike(self, blow: Blow) -> None:
        self._say(blow.what)
        self._hands[blow.what]()

    def _kill(self) -> None:
        member = self._somebody()
        self._say(f"killed {member.name}")
        member.kill()
        time.sleep(self._chance.uniform(0, 0.5))
        member.start()

    def _pause(self) -> None:
        member = self._somebody()
        self._say(f"paused {member.name}")
        member.pause(self._pause_seconds)

    def _somebody(self) -> Member:
        return self._chance.choice([member for member in self._staff if not member.is_stopped])

    def _hold_the_database(self) -> None:
        with standing_still(self._database.address):
            time.sleep(HANG_SECONDS)

    def _restart_broker(self, *how: str) -> None:
        self._broker.stop(*how)
        self._broker.start()
