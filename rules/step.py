"""The core: memory and an event or a wake-up come in, findings go out. No clock, no I/O; the memory is changed in place."""

from collections.abc import Sequence
from typing import NamedTuple

from contracts.event import Citation, Event, Fate
from contracts.problem import Finding
from contracts.times import DAY
from rules.detectors.sequence import sequence_knows
from rules.detectors.sight import Sight
from rules.memory import Memory, is_newer
from rules.plan import CasePlan, Reading, WindowFeed
from rules.problem import State
from rules.watching import Watching

LATE_LOOKS = 7 * DAY


class Applied(NamedTuple):
    """fate: applied, or repeated when the case knew the event."""

    fate: Fate
    findings: Sequence[Finding]


def apply(plan: CasePlan, memory: Memory, event: Event, *, w: int) -> Applied:
    """Apply one event to one case that it concerns. w: the watermark after the event.

    An event that the case knows changes nothing, whatever it contains; one older than a forgotten case does not reopen it.
    """
    reading = plan.readings.get(event.type)
    if reading is None or _knows(memory, event, reading):
        return Applied(Fate.REPEATED if reading else Fate.UNREAD, ())
    if memory.stub:
        if event.time <= memory.newest:
            memory.mark(event.mark)
            return Applied(Fate.APPLIED, ())
        _start_anew(plan, memory)
    altered, sight = _remember(memory, event, reading, w)
    findings: list[Finding] = []
    for position in reading.rules:
        findings += Watching(plan.rules[position], position, sight).at_event(event, altered)
    memory.ripe_at = _ripe_at(plan, memory)
    return Applied(Fate.APPLIED, findings)


def wake(plan: CasePlan, memory: Memory, *, w: int) -> list[Finding]:
    """Fire what has the least due among what is ripe at w, in the order of the rules; afterwards there may be more."""
    due = memory.ripe_due(w)
    if due is None:
        return []
    sight = Sight(memory, w)
    findings: list[Finding] = []
    for position, watch in enumerate(memory.watches):
        if watch.ripe_at is not None and watch.ripe_at <= w:
            findings += Watching(plan.rules[position], position, sight).at_wake(due)
    forget_at = _forget_at(plan, memory)
    if forget_at is not None and forget_at <= w:
        _forget(memory, forget_at)
    memory.ripe_at = _ripe_at(plan, memory)
    return findings


def forget(plan: CasePlan, memory: Memory, *, w: int) -> bool:
    """Forget what may be forgotten at w (S10), stub and all; False, and nothing is done, while something is armed."""
    for watch in memory.watches:
        if watch.ripe_at is not None:
            return False
    forget_at = _forget_at(plan, memory)
    while forget_at is not None and forget_at <= w and not memory.gone:
        _forget(memory, forget_at)
        forget_at = _forget_at(plan, memory)
    memory.ripe_at = None if memory.gone else forget_at
    return True


def _knows(memory: Memory, event: Event, reading: Reading) -> bool:
    mark = event.mark
    if mark in memory.marks or memory.stub:
        return mark in memory.marks
    for feed in reading.feeds:
        if memory.w[feed.slot].knows(mark):
            return True
    return bool(reading.sequences) and any(
        sequence_knows(memory.detectors[position][number], mark) for position, number in reading.sequences
    )


def _remember(memory: Memory, event: Event, reading: Reading, w: int) -> tuple[int, Sight]:
    """Bring memory up to date; return a bit for each fact with another value, and what the rules will see."""
    memory.mark(event.mark)
    if event.time > memory.newest:
        memory.newest = event.time
    cite = event.cite()
    _remember_customer(memory, event, cite)
    facts, altered = _remember_facts(memory, event, cite, reading)
    times, windows = _remember_time(memory, cite, reading)
    for feed in reading.feeds:
        if _enters(memory, event, feed):
            memory.w[feed.slot].drop_before(w - LATE_LOOKS)
            windows |= 1 << feed.slot
    return altered, Sight(memory, w, event, facts, times, windows)


def _remember_time(memory: Memory, cite: Citation, reading: Reading) -> tuple[int, int]:
    slot = reading.time_slot
    if slot is None or not is_newer(cite, memory.sights[slot]):
        return 0, 0
    memory.t[slot], memory.sights[slot] = cite.time, cite
    for window in reading.moves:
        memory.w[window].moves_since(cite.time)
    return 1 << slot, sum(1 << window for window in reading.moves)


def _remember_customer(memory: Memory, event: Event, cite: Citation) -> None:
    customer = event.data.get("customer_id")
    if customer is not None and is_newer(cite, memory.customer_cite):
        memory.customer, memory.customer_cite = customer, cite


def _remember_facts(memory: Memory, event: Event, cite: Citation, reading: Reading) -> tuple[int, int]:
    """Return a bit for each fact with a newer event, and for each with another value."""
    touched = altered = 0
    for slot, field in reading.facts:
        if field in event.data and is_newer(cite, memory.cites[slot]):
            value = event.data[field]
            touched |= 1 << slot
            altered |= (value != memory.v[slot]) << slot
            memory.v[slot], memory.cites[slot] = value, cite
    return touched, altered


def _enters(memory: Memory, event: Event, feed: WindowFeed) -> bool:
    value = event.data.get(feed.spec.field) if feed.spec.field else None
    if feed.spec.field and value is None:
        return False
    where = feed.where
    if where is not None and not where.holds(memory.v, memory.w, memory.t, event.time, False, event.data):
        return False
    amount = getattr(value, "amount", None)
    return memory.w[feed.slot].add(event.time, event.mark, float(amount) if amount is not None else value)


def _ripe_at(plan: CasePlan, memory: Memory) -> int | None:
    ripe_at: int | None = None
    for watch in memory.watches:
        if watch.ripe_at is not None and (ripe_at is None or watch.ripe_at < ripe_at):
            ripe_at = watch.ripe_at
    return _forget_at(plan, memory) if ripe_at is None and not memory.gone else ripe_at


def _forget_at(plan: CasePlan, memory: Memory) -> int | None:
    """Return when W may forget this case (S10), None while something is armed or a problem open."""
    if memory.stub:
        return memory.stub_since + plan.forgetting.stub
    ends, open_watch = 0, False
    for watch in memory.watches:
        if watch.ripe_at is not None or watch.problem_state == State.OPEN:
            return None
        open_watch = open_watch or watch.is_open
        ends = max(ends, watch.closed_at or 0)
    return (
        max(ends, memory.newest) + plan.forgetting.closed if ends and not open_watch else memory.newest + plan.forgetting.silent
    )


def _forget(memory: Memory, at: int) -> None:
    """Keep a stub so that stragglers do not reopen the case; a stub that is old enough goes."""
    if memory.stub:
        memory.gone = True
    else:
        memory.clear()
        memory.stub, memory.stub_since = True, at


def _start_anew(plan: CasePlan, memory: Memory) -> None:
    memory.stub = False
    plan.fill(memory)
