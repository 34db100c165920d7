"""What happened in a run, as lines that a person reads: when, who, what."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from contracts.message import Outcome
from contracts.problem import Finding, ProblemPhase
from contracts.times import to_datetime
from contracts.values import to_plain
from streams.simulator.clock import Clock
from streams.simulator.reader import Step
from streams.simulator.teller import AT_MOST_ONCE, Fate, Mail, Send
from streams.simulator.world import TOLD_FACTS, Arrival, World

NOTICES = """
    SELECT notice, rule, "case", phase, says, answer, reason, channel, claim
    FROM notices ORDER BY at, "case", rule, found_at, notice"""
OUTCOMES = """
    SELECT m.channel, a.outcome FROM attempts a JOIN messages m USING (message) WHERE m.notice = ?
    ORDER BY a.began_at, m.channel, a.tries"""
DESK = "desk"
WHY = {
    "open_too_long": "because it was open for too long",
    "no_news": "because there was no news to give",
    "fourth_notice": "because a fourth message would be too many",
    "told_too_often": "because what was told changed once more",
    "gave_up": "because no channel took the message",
    "cannot_say": "because it could not be put into words",
}


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
            self.say(who, f"reads {len(step.read)} record{'s' * (len(step.read) > 1)}{_facts_in(step.read)}")
        for noticed in step.noticed:
            finding = noticed.found.finding
            self.say(who, f"finds: {finding.rule} of {finding.case} {_found(finding)}")

    def sent(self, send: Send, fate: Fate, *, after_all: bool = False) -> None:
        message = send.message
        words = "".join(f", {claim.fact} {in_words(claim.value)}" for claim in message.claims if claim.fact in TOLD_FACTS)
        what = f"{message.channel} to {message.customer}, {send.phase} of {send.rule} for {send.case}{words}: {fate.value}"
        self.say(send.by, f"{'is back; its message' if after_all else 'sends'} {what}")

    def lines(self) -> list[str]:
        return [f"{to_datetime(at):%a %d %H:%M}  {who:<11}  {what}" for at, who, what in self._lines]


def epilogue(database: sqlite3.Connection, mail: Mail) -> Iterator[str]:
    """Yield what became of every notice: its tries by each channel, how often it really arrived, and why not more often."""
    arrived = Counter((send.message.notice, send.message.channel) for send in mail.sends if send.fate.delivers)
    yield ""
    for notice, rule, case, phase, says, answer, reason, channel, claims in database.execute(NOTICES).fetchall():
        yield f"{case} {rule} {phase}: {answer}{f' because {reason}' if reason else ''}, claimed {_times(claims)}"
        if channel == DESK:
            yield f"    the desk has it, {WHY.get(says, says)}, under one id however often it was given"
        for by, tries in groupby(database.execute(OUTCOMES, (notice,)).fetchall(), key=itemgetter(0)):
            outcomes = [outcome for _, outcome in tries]
            yield f"    {by}: {', '.join(outcomes)}; arrived {_times(arrived[notice, by])}; {_why(by, outcomes)}"


def prologue(world: World) -> Iterator[str]:
    """Yield how the customers wish to be told."""
    for event in (arrival.event for arrival in world.log if arrival.event.type == "customer.updated" and not arrival.repeat):
        wished = ", then ".join(event.data.get("channels", ())) or "whatever the rule says"
        yield f"{event.data['customer_id']} is told by {wished}"
    yield ""


def _facts_in(arrivals: Sequence[Arrival]) -> str:
    """Return which facts that messages state the records bring."""
    brought = [
        f"{fact} {in_words(to_plain(arrival.event.data[field]))} of {arrival.event.cases[0]}"
        for arrival in arrivals
        for fact, (event_type, field) in TOLD_FACTS.items()
        if arrival.event.type == event_type and not arrival.repeat
    ]
    return f": {', '.join(brought)}" if brought else ""


def _found(finding: Finding) -> str:
    if isinstance(finding, ProblemPhase):
        return finding.phase.value
    return f"has {', '.join(f'{name} {in_words(to_plain(finding.facts[name].value))}' for name in finding.changed)}"


def in_words(value: Any) -> str:
    """Return a plain value of a fact as one reads it."""
    match value:
        case None:
            return "unknown"
        case int():
            return f"{to_datetime(value):%d %b %H:%M}"
        case list():
            return str(value[0])
        case _:
            return str(value)


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _why(channel: str, outcomes: Sequence[str]) -> str:
    """Return why it was not told more often."""
    if outcomes[-1] == Outcome.REFUSED:
        return "it was refused, and the next channel had a turn if there was one"
    silent = any(outcome in (Outcome.SENDING, Outcome.AMBIGUOUS) for outcome in outcomes)
    if silent and AT_MOST_ONCE[channel]:
        return "a try without an answer may have arrived, and here twice is worse than never"
    if silent:
        return "a try without an answer is repeated once, under the same id"
    return "every try was answered"
