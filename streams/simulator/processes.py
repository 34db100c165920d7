"""The processes of a run: one that reads, one that tells. They break, are killed, stall, come back late, overtake each other."""

import sqlite3
from collections.abc import Callable
from functools import partial

from contracts.receipt import Receipt, ReceiptKind
from contracts.times import MINUTE
from storage.errors import Fenced
from storage.sqlite import SqliteStore
from streams.simulator.clock import Clock
from streams.simulator.house import House, new_database
from streams.simulator.reader import Reader
from streams.simulator.schedule import Schedule
from streams.simulator.story import Story
from streams.simulator.teller import Fate, Mail, Send, Teller
from streams.simulator.wire import Wire
from streams.simulator.world import START, World


class Processes:
    """reader: None while it is down. seen_up_to: W as of the last commit. down_for: the sum of all outages, in microseconds."""

    def __init__(self, world: World, house: House, schedule: Schedule) -> None:
        self.database = new_database()
        self.clock = Clock(START, self._look)
        self.story = Story(self.clock)
        self.mail = Mail(self._decide)
        self.reader: Reader | None = None
        self.seen_up_to: int | None = None
        self.down_for = 0
        self._world, self._house, self._schedule = world, house, schedule
        self._reader_back = self._teller_back = START
        self._teller: Teller | None = None
        self._stalled: list[tuple[int, Teller]] = []
        self._overtaking = False
        self._coming_back: list[tuple[int, str]] = []

    def calm(self) -> None:
        """From here on nothing breaks any more; who was down comes back, who was stalled goes on."""
        self._schedule.calm = True
        self._reader_back = self._teller_back = self.clock.true
        self.wake_stalled()

    def _look(self) -> None:
        if self.reader is not None:
            self.reader.look(self.clock.true, self.clock.now)

    # reading

    def read(self) -> None:
        """Let the reader read a batch, if it is up."""
        if self.clock.true < self._reader_back:
            return
        reader = self.reader = self.reader or self._new_reader()
        self._endanger(reader.wire, (self._tell_meanwhile, self._read_meanwhile), transactions=0)
        try:
            step = reader.step(self.clock.true, self.clock.now, most=self._schedule.batch())
        except sqlite3.OperationalError:
            self._lose(reader, "its connection breaks; what it had not committed is gone")
        except Fenced:
            self._lose(reader, "is fenced: another has read on, so it forgets what it read")
        else:
            self.story.read(reader.name, step)
            self.seen_up_to = reader.seen_up_to
            if self._schedule.goes_down():
                self._lose(reader, "is killed")
        reader.wire.mend()

    def _new_reader(self) -> Reader:
        reader = Reader(self._house, self.database, self._world.log, name=self.story.name("reader"))
        self.story.say(reader.name, f"starts at record {reader.next}")
        return reader

    def _lose(self, reader: Reader, why: str) -> None:
        self.story.say(reader.name, why)
        if self.reader is reader:
            self.reader, self._reader_back = None, self._after_outage()

    # telling

    def tell(self) -> None:
        """Let the courier do what is due, if it is up."""
        if self.clock.true < self._teller_back:
            return
        teller = self._teller = self._teller or self._new_teller()
        self._endanger(teller.wire, (self._read_meanwhile_only, self._tell_later), transactions=self._schedule.transactions())
        self._go_on(teller, partial(teller.round, self.clock.now))
        teller.wire.mend()

    def wake_stalled(self) -> None:
        """Let those who waited long enough for their provider go on, as if no time had passed."""
        ready = [teller for wakes_at, teller in self._stalled if wakes_at <= self.clock.true or self._schedule.calm]
        self._stalled = [each for each in self._stalled if each[1] not in ready]
        for teller in ready:
            assert teller.stalled is not None
            fate = self._schedule.fate_after_all()
            self.story.sent(teller.stalled, fate, after_all=True)
            self._go_on(teller, partial(teller.wake, fate))

    def _new_teller(self) -> Teller:
        return Teller(self._house, self.database, self.mail, seen_up_to=lambda: self.seen_up_to, name=self.story.name("courier"))

    def hear_back(self) -> None:
        """Take in what providers say later of messages that they took."""
        ready = [each for each in self._coming_back if each[0] <= self.clock.true or self._schedule.calm]
        self._coming_back = [each for each in self._coming_back if each not in ready]
        for _, message in ready:
            with SqliteStore(self.database).transaction() as tx:
                tx.take_receipt(Receipt(message=message, receipt=ReceiptKind.BOUNCED, at=self.clock.now), now=self.clock.now)
            self.story.say("provider", f"says that {message} came back")

    def _decide(self, send: Send) -> Fate:
        fate = self._schedule.fate(in_a_race=self._overtaking)
        if fate is Fate.BOUNCED:
            self._coming_back.append((self.clock.true + self._schedule.outage(), send.message.message))
        self.story.sent(send, fate)
        return fate

    def _go_on(self, teller: Teller, act: Callable[[], bool]) -> None:
        try:
            alive = act()
        except sqlite3.OperationalError:
            self.story.say(teller.name, "its connection breaks; what it had not committed is gone")
            alive = False
        if teller.stalled is not None:
            self._stalled.append((self.clock.true + self._schedule.pause() * MINUTE, teller))
        if self._teller is teller and (teller.stalled is not None or not alive):
            self._teller = None
            self._teller_back = self.clock.true if alive else self._after_outage()

    def _after_outage(self) -> int:
        """Return when somebody starts what went down."""
        outage = self._schedule.outage()
        self.down_for += outage
        return self.clock.true + outage

    # what goes wrong between two statements

    def _endanger(self, wire: Wire, others: tuple[Callable[[], None], Callable[[], None]], *, transactions: int) -> None:
        """Let the connection break, or somebody else act after so many transactions; the second of others takes time."""
        if self._overtaking:
            return
        if self._schedule.breaks():
            wire.breaks_after, wire.reply_lost = self._schedule.statements(), self._schedule.loses_reply()
        elif self._schedule.overtakes():
            late = self._schedule.loses_reply() and not self.clock.ahead
            wire.overtaken = transactions, partial(self._overtake, others[late])

    def _overtake(self, others: Callable[[], None]) -> None:
        self._overtaking = True
        try:
            others()
        finally:
            self._overtaking = False

    def _tell_meanwhile(self) -> None:
        self.story.say("world", "before the reader commits, couriers have a turn")
        self.tell()

    def _read_meanwhile(self) -> None:
        """The reader is away for so long that another takes its place."""
        self.story.say("world", "before the reader commits, it is away for so long that another takes its place")
        self.reader = self._new_reader()
        self.clock.go_on(self._schedule.absence())
        self.read()

    def _read_meanwhile_only(self) -> None:
        self.story.say("world", "before the courier goes on, the reader has a turn")
        self.read()

    def _tell_later(self) -> None:
        """The courier is away for so long that another takes its place."""
        self.story.say("world", "before the courier goes on, it is away for so long that another takes its place")
        self._teller = self._new_teller()
        self.clock.go_on(self._schedule.absence())
        self.read()
        self.tell()
