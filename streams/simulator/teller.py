"""The process that tells: the real courier, driven by hand through every await, before providers that answer as they are told."""

import sqlite3
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from contracts.message import Message, Outcome
from contracts.times import MINUTE
from notifiers.channels import Reply
from notifiers.channels.recording import RecordingDesk
from streams.simulator.house import House
from streams.simulator.wire import Wire
from streams.simulator.world import DELAY

AT_MOST_ONCE = {"sms": True, "email": False, "push": False, "webhook": False}
ENDED = """SELECT problem FROM problems WHERE "case" = ? AND phase NOT IN ('opened', 'updated')"""
MAY_HAVE_HEARD = """
    SELECT DISTINCT n.problem, m.customer FROM notices n JOIN messages m USING (notice) JOIN attempts a USING (message)
    WHERE n."case" = ? AND n.phase IN ('opened', 'updated', 'news') AND a.outcome IN ('sending', 'ambiguous', 'accepted')"""
NOTICE = 'SELECT problem, rule, "case", phase, fact, at FROM notices WHERE notice = ?'


class Fate(Enum):
    """What becomes of one message that a courier hands to its provider."""

    ACCEPTED = "was accepted"
    BOUNCED = "was accepted, but will come back"
    REPLY_LOST = "was delivered, but the reply was lost"
    TIMED_OUT = "got lost, and no reply came"
    BUSY = "was not taken: the provider is busy"
    ASKED_LATER = "was not taken: the provider asks for half an hour of peace"
    REFUSED = "was refused"
    KILLED_BEFORE = "never left: the courier was killed"
    KILLED_AFTER = "was delivered, and then the courier was killed"
    STALLED = "is on its way for longer than anybody waits"

    @property
    def delivers(self) -> bool:
        return self in (Fate.ACCEPTED, Fate.REPLY_LOST, Fate.KILLED_AFTER)

    @property
    def may_have_arrived(self) -> bool:
        """As far as any courier can know in the end."""
        return self not in (Fate.BUSY, Fate.ASKED_LATER, Fate.REFUSED, Fate.BOUNCED)

    @property
    def kills(self) -> bool:
        return self in (Fate.KILLED_BEFORE, Fate.KILLED_AFTER)


REPLIES = {
    Fate.ACCEPTED: Outcome.ACCEPTED,
    Fate.BOUNCED: Outcome.ACCEPTED,
    Fate.REPLY_LOST: Outcome.AMBIGUOUS,
    Fate.TIMED_OUT: Outcome.AMBIGUOUS,
    Fate.BUSY: Outcome.RETRY,
    Fate.ASKED_LATER: Outcome.RETRY,
    Fate.REFUSED: Outcome.REFUSED,
}
PEACE = 30 * MINUTE
ENDS = ("cleared", "solved", "corrected")


@dataclass(frozen=True)
class Look:
    """What the store held of a case when the gates were asked: ended problems, and (problem, customer) who may have heard."""

    ended: frozenset[str]
    heard: frozenset[tuple[str, str]]


@dataclass
class Send:
    """One message on its way.

    fact: that it corrects or updates, if any. at: when what it tells became true. by: the process.
    judged_at: its clock when it judged; look: what the store held then.
    number: how many sends began before it; ended: how many had begun when its fate was known, None before.
    stalled: whether it was on its way for longer than its claim lasted.
    """

    message: Message
    problem: str
    rule: str
    case: str
    phase: str
    fact: str | None
    at: int
    by: str
    judged_at: int
    look: Look
    number: int
    fate: Fate = Fate.STALLED
    ended: int | None = None
    stalled: bool = False

    @property
    def counted(self) -> bool:
        """Whether it counted as told, if only until its provider said more."""
        return self.fate.may_have_arrived or self.stalled or self.fate is Fate.BOUNCED

    def ended_before(self, other: "Send") -> bool:
        return self.ended is not None and self.ended <= other.number


@dataclass(frozen=True)
class Provider:
    """A channel whose every send waits until the simulator says what becomes of it."""

    name: str
    at_most_once: bool

    async def send(self, message: Message) -> Reply:
        return await Handed(message)


@dataclass(frozen=True)
class Handed:
    """A message in the hands of a provider."""

    message: Message

    def __await__(self) -> Generator["Handed", Reply, Reply]:
        return (yield self)


@dataclass
class Mail:
    """What all couriers of a run share: the desk, what was sent, and who decides what becomes of it."""

    decide: Callable[[Send], Fate]
    desk: RecordingDesk = field(default_factory=RecordingDesk)
    sends: list[Send] = field(default_factory=list)


class Teller:
    """seen_up_to: asks how far the log is certainly read. stalled: the send that this process waits for, after `round`."""

    def __init__(
        self, house: House, database: sqlite3.Connection, mail: Mail, *, seen_up_to: Callable[[], int | None], name: str
    ) -> None:
        self.name, self.wire = name, Wire(database)
        self._database, self._mail, self._seen_up_to = database, mail, seen_up_to
        self._looks: dict[str, Look] = {}
        self._round: Coroutine[Any, Any, object] | None = None
        self._clock = 0
        self.stalled: Send | None = None
        channels = {name: Provider(name, once) for name, once in AT_MOST_ONCE.items()}
        self._courier = house.courier(house.store(self.wire), channels, mail.desk, self._sight)

    def round(self, clock: int) -> bool:
        """Have everything done that is due; False when the process was killed. Raises sqlite3.Error."""
        self._clock, self._round = clock, self._courier.round(clock)
        return self._go_on(None)

    def wake(self, fate: Fate) -> bool:
        """Go on after a send that stalled, as if no time had passed; False when the process was killed."""
        assert self.stalled is not None
        send, self.stalled = self.stalled, None
        return self._answer(send, fate)

    def kill(self) -> None:
        if self._round is not None:
            self._round.close()

    def _sight(self, case: str) -> tuple[int | None, int]:
        """The courier asks this with each question for the gates, so here is what the gates could have known."""
        ended = frozenset(problem for (problem,) in self._database.execute(ENDED, (case,)))
        self._looks[case] = Look(ended, frozenset(self._database.execute(MAY_HAVE_HEARD, (case,))))
        return self._seen_up_to(), DELAY

    def _go_on(self, reply: Reply | None) -> bool:
        assert self._round is not None
        try:
            handed = self._round.send(reply)
        except StopIteration:
            self._round = None
            return True
        send = self._send(handed.message)
        return self._answer(send, self._mail.decide(send))

    def _send(self, message: Message) -> Send:
        problem, rule, case, phase, fact, at = self._database.execute(NOTICE, (message.notice,)).fetchone()
        number, look = len(self._mail.sends), self._looks[case]
        send = Send(message, problem, rule, case, phase, fact, at, self.name, self._clock, look, number)
        self._mail.sends.append(send)
        return send

    def _answer(self, send: Send, fate: Fate) -> bool:
        send.fate = fate
        if fate is Fate.STALLED:
            send.stalled = True
            self.stalled = send
            return True
        send.ended = len(self._mail.sends)
        if fate.kills:
            self.kill()
            return False
        return self._go_on(Reply(REPLIES[fate], retry_after=PEACE if fate is Fate.ASKED_LATER else None))
