"""What happened in a run, as lines that a person reads: when, who, what."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

from contracts.message import Outcome
from contracts.problem import ProblemPhase
from contracts.times import to_datetime
from streams.simulator.clock import Clock
from streams.simulator.reader import Step
from streams.simulator.teller import AT_MOST_ONCE, Fate, Mail, Send

NOTICES = """
    SELECT notice, rule, "case", phase, answer, reason, channel, claim FROM notices ORDER BY at, "case", rule, found_at, notice"""
OUTCOMES = "SELECT a.outcome FROM attempts a JOIN messages m USING (message) WHERE m.notice = ? ORDER BY a.began_at, a.tries"
DESK = "desk"


class Story:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._names: Counter[str] = Counter()
        self._lines: list[tuple[int, str, str]] = []

    def name(self, role: str) -> str:
        """Return the name of a new process of this role: courier 1, courier 2 …"""
        self._names[role] += 1
        return f"{role} {self._names[role]}"

    def say(self, who: str, what: str) -> None:
        self._lines.append((self._clock.true, who, what))

    def read(self, who: str, step: Step) -> None:
        if step.read:
            self.say(who, f"reads {step.read} record{'s' * (step.read > 1)}")
        for noticed in step.noticed:
            finding = noticed.found.finding
            phase = finding.phase.value if isinstance(finding, ProblemPhase) else "has other facts"
            self.say(who, f"finds: {finding.rule} of {finding.case} {phase}")

    def sent(self, send: Send, fate: Fate, *, after_all: bool = False) -> None:
        message = send.message
        what = f"{message.channel} to {message.customer}, {send.phase} of {send.rule} for {send.case}: {fate.value}"
        self.say(send.by, f"{'is back; its message' if after_all else 'sends'} {what}")

    def lines(self) -> list[str]:
        return [f"{to_datetime(at):%a %d %H:%M}  {who:<11}  {what}" for at, who, what in self._lines]


def epilogue(database: sqlite3.Connection, mail: Mail) -> Iterator[str]:
    """Yield what became of every notice: its tries, how often its message really arrived, and why not more often."""
    arrived = Counter(send.message.notice for send in mail.sends if send.fate.delivers)
    yield ""
    for notice, rule, case, phase, answer, reason, channel, claims in database.execute(NOTICES).fetchall():
        outcomes = [outcome for (outcome,) in database.execute(OUTCOMES, (notice,))]
        yield f"{case} {rule} {phase}: {answer}{f' because {reason}' if reason else ''}, claimed {_times(claims)}"
        if channel == DESK:
            yield "    the desk has it, under one id however often it was given"
        elif outcomes:
            yield f"    {channel}: {', '.join(outcomes)}; arrived {_times(arrived[notice])}; {_why(channel, outcomes)}"


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _why(channel: str, outcomes: Sequence[str]) -> str:
    """Return why it was not told more often."""
    silent = any(outcome in (Outcome.SENDING, Outcome.AMBIGUOUS) for outcome in outcomes)
    if silent and AT_MOST_ONCE[channel]:
        return "a try without an answer may have arrived, and here twice is worse than never"
    if silent:
        return "a try without an answer is repeated once, under the same id"
    return "every try was answered"
