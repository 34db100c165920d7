"""One detector's look at an event, as lines of Python: what is armed is armed anew; whether it takes hold is asked plainly.

A detector whose condition is not true, or was true before, has nothing to say: only where that turns, where it holds,
or where a `for` runs, its own code is asked.
"""

from collections.abc import Iterator

from contracts.values import FieldType
from rules.detectors.expect import ExpectDetector
from rules.detectors.filters import Filter
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.when import WhenDetector
from rules.generating.page import Lines, Page, inside
from rules.plan import CompiledDetector, Reading

SIGHT = "Sight(memory, watermark, event, facts, times, windows, start, is_open, closing, opening)"
FAR = "rearmed = rearmed or memory.ripe_at > memory.newest + PLAN.forgetting.silent"
"""What nothing is armed for any more is looked at all the same, unless the case may be forgotten before."""
DISARMED = ["if state is not None and state.ripe_at is not None:", f"    {FAR}", "    state.due = state.ripe_at = None"]


def looks(detector: CompiledDetector, number: int, reading: Reading, page: Page, *, may_open: bool) -> Iterator[str]:
    """number: the detector's. may_open: whether the event may be the one that opens the watch."""
    match detector:
        case ExpectDetector():
            yield from _expect(detector, number, page)
        case SilenceDetector():
            yield from _silence(detector, number, page)
        case SequenceDetector():
            yield f"state = states.get({number})"
            yield "if state is not None and (state.holds or state.match_mark == event.mark):"
            yield from inside(_ask(detector, number, page))
        case WhenDetector() if detector.is_lazy:
            yield from _lazy(detector, number, page, concerns=concerns(detector, reading, may_open=may_open))
        case WhenDetector():
            yield f"if {concerns(detector, reading, may_open=may_open)}:"
            yield from inside(_look(detector, number, page))


def _ask(detector: CompiledDetector, number: int, page: Page, question: str = f"at_event(state, event, {SIGHT})") -> Lines:
    return [
        f"change, rearmed = {page.name(detector, detector.name)}.{question}, True",
        "if change is not None:",
        f"    changes = (*changes, ({number}, change))",
    ]


def _expect(detector: ExpectDetector, number: int, page: Page) -> Iterator[str]:
    floor = "start"
    yield f"state = states.get({number})"
    yield f"seen = {_newest(detector.awaited, 'seen', page)}"
    if detector.of is not None:
        yield f"begun = {_newest(detector.of, 'of', page)}"
        floor = "(start if begun is None else begun)"
    yield from _deadline(detector, page)
    yield "if state is not None and state.holds:"
    yield from inside(_ask(detector, number, page))
    yield f"elif due is None or seen is not None and seen >= {floor} or state is not None and due == state.spent_on:"
    yield from inside(DISARMED if detector.notes else _let_go(number))
    yield "elif state is None or due != state.due:"
    yield from inside(_armed("ExpectState", number, detector.grace))


def _newest(counted: Filter, noted: str, page: Page) -> str:
    """Return what says the newest time of what a filter counts. noted: where the state has it, where it must be noted."""
    match counted.sights:
        case None:
            return f"None if state is None else state.{noted}"
        case (sight,):
            return f"None if memory.{sight} is None else memory.{sight}.time"
        case _:
            return f"{page.name(counted, *sorted(counted.types))}.newest(memory, None)"


def _let_go(number: int) -> Lines:
    """A state that says no more than memory is not kept."""
    return [*DISARMED, "    if state.spent_on is None:", f"        del states[{number}]"]


def _armed(kind: str, number: int, grace: int) -> Lines:
    return [
        "if state is None:",
        f"    state = states[{number}] = {kind}()",
        f"state.due, state.ripe_at = due, {ripe_at('due', grace)}",
        "if state.ripe_at < soonest:",
        "    soonest = state.ripe_at",
    ]


def ripe_at(due: str, grace: int) -> str:
    """Return what says when something is ripe that is due: by W, and not before what made it due."""
    return f"({due} if {due} > watermark else watermark)" + (f" + {grace}" if grace else "")


def _deadline(detector: ExpectDetector, page: Page) -> Iterator[str]:
    if detector.by is not None:
        yield f"due = {page.put(detector.by.code)}"
        if detector.by.type is FieldType.DATE:
            yield "if due is not None:"
            yield "    due = due.ends"
    elif detector.of is None:
        yield f"due = start + {detector.within}"
    else:
        yield f"due = None if begun is None else begun + {detector.within}"


def _silence(detector: SilenceDetector, number: int, page: Page) -> Iterator[str]:
    yield f"state = states.get({number})"
    yield from _base(detector, page)
    yield "if state is not None and state.holds:"
    yield from inside(_ask(detector, number, page))
    yield "elif base is None or state is not None and base == state.spent_on:"
    yield from inside(DISARMED)
    yield "else:"
    yield f"    due = max(base + {detector.longer_than}, start)"
    yield "    if state is None or due != state.due:"
    yield from inside(inside(_armed("SilenceState", number, detector.grace)))


def _base(detector: SilenceDetector, page: Page) -> Iterator[str]:
    """From when on it is silent: the newest X or Y, or the opening where there is no Y."""
    if detector.after is None:
        yield f"seen, begun = {_newest(detector.awaited, 'newest', page)}, start"
    elif detector.notes:
        yield "seen = begun = state.newest if state is not None and state.started else None"
    else:
        yield f"seen = {_newest(detector.awaited, 'newest', page)}"
        yield f"begun = {_newest(detector.after, 'newest', page)}"
    yield "base = begun if begun is None or seen is None or begun > seen else seen"


def _lazy(detector: WhenDetector, number: int, page: Page, *, concerns: str) -> Iterator[str]:
    """As long as the condition was never true there is nothing to keep."""
    reasons = [f"{number} in states"]
    reasons += [f"not {page.name(each, detector.name, 'turns')}.is_quiet(memory, now)" for each in detector.turnings]
    if not detector.is_true_above:
        reasons.append(page.put(detector.condition.code))
    if detector.turnings:
        yield "now = time"
        reasons.insert(0, "late")
    yield f"if ({concerns}) and ({' or '.join(reasons)}):"
    yield f"    changes, rearmed = (*changes, *looks(PLAN, {number}, {SIGHT}, event)), True"


def concerns(detector: WhenDetector, reading: Reading, *, may_open: bool) -> str:
    """Return what says that the event changed something that the detector reads, or opened its watch."""
    touched = _touched(detector, reading)
    return " or ".join(["opening", *touched] if may_open or not touched else touched)


def _touched(detector: WhenDetector, reading: Reading) -> list[str]:
    """Return what says that the event changed something that the detector reads; nothing when it cannot."""
    facts = sum(1 << slot for slot, _ in reading.facts) & detector.reads_facts
    times = (0 if reading.time_slot is None else 1 << reading.time_slot) & detector.reads_times
    fed = sum({1 << slot for slot in (*reading.moves, *(feed.slot for feed in reading.feeds))}) & detector.reads_windows
    masks = (("facts", facts), ("times", times), ("windows", fed))
    return [f"{word} & {mask}" for word, mask in masks if mask]


def _look(detector: WhenDetector, number: int, page: Page) -> Iterator[str]:
    yield f"state = states.get({number})"
    yield "if state is None:"
    yield f"    state = states[{number}] = WhenState()"
    yield "looked = state.looked"
    yield "now, past = (time, False) if looked is None or time > looked else (looked, state.past)"
    yield f"true = {page.put(detector.condition.code)}"
    yield f"if state.holds or true{'' if detector.lasting is not None else ' and not state.was_true'}:"
    yield from inside(_ask(detector, number, page, f"look(state, {SIGHT}, now, past)"))
    yield "else:"
    yield "    state.learnt = watermark"
    yield "    state.was_true, state.looked, state.past, state.after = true, now, past, now if past else now - 1"
    if detector.lasting is not None:
        yield "    state.since = state.due = state.due_ripe_at = None"
    if detector.moments or detector.turnings:
        yield from inside(_next_moment(detector, page))
    if detector.moments or detector.turnings or detector.lasting is not None:
        yield "    if state.ripe_at != state.moment_ripe_at:"
        yield "        state.ripe_at = state.moment_ripe_at"
        yield "        if state.ripe_at is None:"
        yield f"            {FAR}"
        yield "        elif state.ripe_at < soonest:"
        yield "            soonest = state.ripe_at"


def _next_moment(detector: WhenDetector, page: Page) -> Iterator[str]:
    yield "moment = None"
    for code in (code for each in (detector.condition, detector.clear) if each is not None for code in each.moment_codes):
        yield f"turn = {page.put(code)}"
        yield "if turn is not None and turn > state.after and (moment is None or turn < moment):"
        yield "    moment = turn"
    for turning in detector.turnings:
        yield f"turn = {page.name(turning, detector.name, 'turns')}.after(memory, now)"
        yield "if turn is not None and (moment is None or turn < moment):"
        yield "    moment = turn"
    yield "if moment != state.moment:"
    yield "    state.moment = moment"
    yield f"    state.moment_ripe_at = None if moment is None else {ripe_at('moment', detector.grace)}"
