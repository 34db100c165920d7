"""One detector's look at an event, as lines of Python: what is armed is armed anew; whether it takes hold is asked plainly.

A detector that is merely armed is moved or disarmed here. Its own code is asked where it holds or its condition is true,
where a `for` runs, and where what is due is past when learnt.
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
SAYS_MORE = "state is not None and not isinstance(state, int)"
"""A detector holds, or there is more to be kept of it than when it is ripe."""


def looks(detector: CompiledDetector, number: int, reading: Reading, page: Page, *, may_open: bool) -> Iterator[str]:
    """number: the detector's. may_open: whether the event may be the one that opens the watch."""
    match detector:
        case ExpectDetector() | SilenceDetector() if detector.notes:
            yield from _asks(number)
        case ExpectDetector():
            yield from _expect(detector, number, page)
        case SilenceDetector():
            yield from _silence(detector, number, page)
        case SequenceDetector():
            yield f"state = states.get({number})"
            yield "if state is not None and (state.holds or state.match_mark == mark):"
            yield from inside(_asks(number))
        case WhenDetector():
            yield from _when(detector, number, page, concerns=concerns(detector, reading, may_open=may_open))


def _asks(number: int) -> Lines:
    return [f"changes, rearmed = (*changes, *looks(PLAN, {number}, {SIGHT}, event)), True"]


def _arms(number: int, due: str, grace: int) -> Iterator[str]:
    """Move what the state says to when it is due; where what was next is not due any more, what is next is worked out."""
    ripe_at = f"{due} + {grace}" if grace else due
    yield f"if {due} is None:"
    yield "    if state is not None:"
    yield f"        del states[{number}]"
    yield "        rearmed = rearmed or state <= memory.ripe_at"
    yield f"elif state != {ripe_at}:"
    yield f"    if {due} > watermark:"
    yield f"        states[{number}] = ripe_at = {ripe_at}"
    yield "        if ripe_at < soonest:"
    yield "            soonest = ripe_at"
    yield "    else:"
    yield from inside(inside(_asks(number)))


def _expect(detector: ExpectDetector, number: int, page: Page) -> Iterator[str]:
    floor = "start"
    yield f"state = states.get({number})"
    yield f"seen = {_newest(detector.awaited, page)}"
    if detector.of is not None:
        yield f"begun = {_newest(detector.of, page)}"
        floor = "(start if begun is None else begun)"
    yield f"if {SAYS_MORE}:"
    yield from inside(_asks(number))
    yield "else:"
    yield from inside(_deadline(detector, page))
    yield f"    if seen is not None and seen >= {floor}:"
    yield "        due = None"
    yield from inside(_arms(number, "due", detector.grace))


def _newest(counted: Filter, page: Page) -> str:
    """Return what says the newest time of what a filter counts."""
    match counted.sights:
        case (sight,):
            return f"None if memory.{sight} is None else memory.{sight}.time"
        case _:
            return f"{page.name(counted, *sorted(counted.types))}.newest(memory, None)"


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
    yield f"if {SAYS_MORE}:"
    yield from inside(_asks(number))
    yield "else:"
    yield from inside(_base(detector, page))
    yield f"    due = None if base is None else max(base + {detector.longer_than}, start)"
    yield from inside(_arms(number, "due", detector.grace))


def _base(detector: SilenceDetector, page: Page) -> Iterator[str]:
    """From when on it is silent: the newest X or Y, or the opening where there is no Y."""
    if detector.after is None:
        yield f"seen, begun = {_newest(detector.awaited, page)}, start"
    else:
        yield f"seen = {_newest(detector.awaited, page)}"
        yield f"begun = {_newest(detector.after, page)}"
    yield "base = begun if begun is None or seen is None or begun > seen else seen"


def _when(detector: WhenDetector, number: int, page: Page, *, concerns: str) -> Iterator[str]:
    """As long as the condition was never true, memory tells when the last look was."""
    rare = [each for each in detector.turnings if each.is_rare]
    is_timed = bool(detector.moments or detector.turnings or detector.reads_times)
    reasons = ["late"] if is_timed else []
    reasons.append(f"{number} in states" if detector.is_seldom_due else SAYS_MORE)
    reasons += [f"not {page.name(each, detector.name, 'turns')}.is_quiet(memory, now)" for each in rare]
    if not (detector.is_true_above and detector.turnings[0].is_rare):
        reasons.append(page.put(detector.condition.code))
    yield f"if {concerns}:"
    if is_timed:
        yield "    now, past = time, False"
    if not detector.is_seldom_due:
        yield f"    state = states.get({number})"
    yield f"    if {' or '.join(reasons)}:"
    yield from inside(inside(_asks(number)))
    if not detector.is_seldom_due:
        yield "    else:"
        yield from inside(inside(_next_moment(detector, page)))
        yield from inside(inside(_arms(number, "moment", detector.grace)))


def _next_moment(detector: WhenDetector, page: Page) -> Iterator[str]:
    yield "moment = None"
    for code in (code for each in (detector.condition, detector.clear) if each is not None for code in each.moment_codes):
        yield f"turn = {page.put(code)}"
        yield "if turn is not None and turn >= now and (moment is None or turn < moment):"
        yield "    moment = turn"
    for turning in (each for each in detector.turnings if not each.is_rare):
        yield f"turn = {page.name(turning, detector.name, 'turns')}.after(memory, now)"
        yield "if turn is not None and (moment is None or turn < moment):"
        yield "    moment = turn"


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
