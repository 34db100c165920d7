"""One torture: a project on a real broker and a real PostgreSQL, its staff, what is fed to it, and how far it has come."""

import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from shutil import copytree

from contracts.telling import RuleState, Stage
from contracts.times import MINUTE, SECOND
from storage.errors import StoreError
from storage.postgres import PostgresStore, open_postgres
from storage.sql_store import SqlStore
from streams.project import load_project
from tellfirst import clock
from tellfirst.kafka.producing import write
from tests.slow.real_kafka import Broker
from tests.slow.torture.database import OwnPostgres
from tests.slow.torture.mischief import Blow
from tests.slow.torture.our_time import OurTime
from tests.slow.torture.staff import Member
from tests.tellfirst.house import TELLFIRST

PROJECT = Path(__file__).parent / "project"
LAG_SECONDS = 40
SETTINGS = """\
database: {{address: "{database}"}}
kafka:
  brokers: {broker}
  partitions: {slots}
  topics:
    orders: {{carries: [order, payment, customer]}}
    deliveries: {{carries: [shipment, delivery, parcel]}}
    usage: {{carries: [allowance, usage, account]}}
sources:
  orders: {source}
  deliveries: {source}
  usage: {source}
limits: {{{limits}}}
"""
SOURCE = f"{{source_delay: {LAG_SECONDS}s, disorder: {LAG_SECONDS}s, quiet_after: 10m}}"
NO_LIMITS = "breaker: 1000000, soon_per_window: 1000000"
LOOK_SECONDS = 0.25
OUR_TIME = ("tests.slow.torture.our_time",)
HEAD_START = 15 * MINUTE
"""So far behind the broker's clock a town begins whose time is faster: an event is never written before it happens."""
BEHIND_SECONDS = 45
"""Our time slows down when a slot is behind by its lag and this: what comes late must come once it was seen to be missing."""


class Town:
    """broker: whatever has an address, where nobody restarts it; so the database.

    slots: of its topics. speed: of its time, and slowly: that where a slot is far behind.
    longest: how long one of its slots was seen no further, seconds. said: what was done to it, with when.
    """

    slots = 6
    slowly = 0.3

    def __init__(
        self, folder: Path, broker: Broker, database: OwnPostgres, *, limits: str = NO_LIMITS, speed: float = 1.0
    ) -> None:
        copytree(PROJECT, folder)
        where = {"broker": broker.address, "database": database.address, "slots": self.slots}
        settings = SETTINGS.format(**where, source=SOURCE, limits=limits)
        (folder / "tellfirst.yaml").write_text(settings)
        self.folder, self.broker, self.database = folder, broker, database
        self.project = load_project(folder)
        self.staff: list[Member] = []
        self.said: list[str] = []
        self.longest = 0.0
        self.time = OurTime(folder / "time")
        self._speed = speed
        self.time.set(clock.now() - (HEAD_START if speed > 1 else 0), speed=speed)
        self._moved: dict[int, tuple[int, float]] = {}
        self._began = clock.elapsed()
        self._make_topics()
        self._let_rules_speak()

    def _make_topics(self) -> None:
        words = [*TELLFIRST, "--project", str(self.folder), "kafka", "init"]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.returncode in (0, 1), done.stderr

    def write(self, records: Iterable[bytes]) -> None:
        """Write events to their topics."""
        write(self.project, records)

    def _let_rules_speak(self) -> None:
        """From the first event on."""
        with closing(open_postgres(self.database.address)) as store:
            with store.transaction() as tx:
                for name, compiled in self.project.ruleset.rules.items():
                    tx.save_rule(RuleState(rule=name, stage=Stage.LIVE, live_since=0, fingerprint=compiled.rule.fingerprint))
            store.set_used_by("run")

    def hire(self, name: str, *, role: str, wiring: Sequence[str] = OUR_TIME) -> None:
        member = Member(self.folder, name, role=role, wiring=wiring, time_file=self.folder / "time")
        member.start()
        self.staff.append(member)

    def store(self, *, read_only: bool = True) -> PostgresStore:
        return open_postgres(self.database.address, read_only=read_only)

    def say(self, what: str) -> None:
        self.said.append(f"{clock.elapsed() - self._began:6.1f} {what}")

    def begin(self, *, within: float) -> int:
        """Return what time it is once every slot is seen. within: seconds of the machine, here and below."""
        with closing(self.store()) as store:
            self._until(lambda: self._first_seen(store) is not None, within)
        return self.time.now()

    def live(self, *, until: int, within: float, plan: Sequence[Blow] = (), strike: Callable[[Blow], None] = print) -> None:
        """Let everything on the plan happen, and return when every slot was seen until then."""
        blows, began, self._began = list(plan), self.time.now(), clock.elapsed()
        with closing(self.store()) as store:
            while not self._has_seen(store, until) or blows:
                assert clock.elapsed() - self._began < within, f"too slow: {self._moved}"
                if blows and blows[0].at <= (self.time.now() - began) / SECOND:
                    self.time.run_at(self.slowly)
                    strike(blows.pop(0))
                self._look()
                time.sleep(LOOK_SECONDS)
        self.time.run_at(1)

    def leap(self, to: int, *, within: float) -> None:
        """Nothing happens any more: let it be late enough that every slot is seen until then, and return when it is."""
        self.time.set(max(self.time.now(), to + LAG_SECONDS * SECOND), speed=self._speed)
        with closing(self.store()) as store:
            self._until(lambda: (self._first_seen(store) or 0) >= to, within)

    def when_all_is_told(self, *, within: float) -> None:
        """Return when nothing is due to be told any more; what a courier has in hand is not due. within: seconds."""
        with closing(self.store()) as store:
            self._until(lambda: (due := store.next_ask()) is None or due > self.time.now(), within)

    def _until(self, true: Callable[[], bool], within: float) -> None:
        ends = clock.elapsed() + within
        while not true():
            assert clock.elapsed() < ends, "it takes too long"
            self._look()
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        for member in self.staff:
            before = len(member.ends)
            member.look()
            if len(member.ends) > before:
                self.say(f"{member.name} ended by itself with {member.ends[-1]}")

    def _has_seen(self, store: SqlStore, moment: int) -> bool:
        first = self._first_seen(store) or 0
        is_behind = self.time.now() - first > (LAG_SECONDS + BEHIND_SECONDS) * SECOND
        self.time.run_at(self.slowly if is_behind else self._speed)
        return first >= moment

    def _first_seen(self, store: SqlStore) -> int | None:
        """Return how far every slot is seen; None where one was never seen, or nobody can tell."""
        with suppress(StoreError):
            seen = {slot.slot: slot.w or 0 for slot in store.slots()}
            self._note(seen)
            return min(seen.values()) or None if len(seen) == self.slots else None
        return None

    def _note(self, seen: Mapping[int, int]) -> None:
        now = clock.elapsed()
        for slot, w in seen.items():
            was, since = self._moved.get(slot, (w, now))
            self._moved[slot] = (w, since if w == was else now)
            self.longest = max(self.longest, now - since)

    def dismiss(self) -> list[int]:
        """Let all of the staff drain; return their exit codes, those of earlier lives that ended by themselves first."""
        return [code for member in self.staff for code in (*member.ends, member.stop())]

    def close(self) -> None:
        for member in self.staff:
            member.close()
