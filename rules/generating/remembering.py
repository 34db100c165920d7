"""What an event of one type changes in a case's memory, as lines of Python: mark, customer, facts, newest time, windows."""

from collections.abc import Iterator

from contracts.times import DAY
from rules.generating.page import Page, inside
from rules.memory import MARKS_KEPT
from rules.places import origin_field, sight_field, value_field, window_field
from rules.plan import Reading, WindowFeed
from rules.windows import MARK

LATE_LOOKS = 7 * DAY


def repeats(reading: Reading) -> Iterator[str]:
    """Known by the case, by a window, by a sequence."""
    windows = "".join(f" or {enters_again(feed)}" for feed in reading.feeds)
    sequences = f" or sequences_know(memory, {reading.sequences}, mark)" if reading.sequences else ""
    yield "mark = event.mark"
    yield f"if mark in memory.marks{windows}{sequences}:"
    yield "    return REPEATED"
    yield "if memory.stub and not begins_anew(PLAN, memory, event):"
    yield "    return APPLIED"


def enters_again(feed: WindowFeed) -> str:
    """The window knows the event."""
    window = f"memory.{window_field(feed.slot)}"
    return f"{window} is not None and mark in {window}.marks"


def remembers(reading: Reading, page: Page) -> Iterator[str]:
    yield "time, data = event.time, event.data"
    yield f"memory.marks = memory.marks[-{(MARKS_KEPT - 1) * MARK}:] + mark"
    yield "newer, late = time > memory.newest, time < memory.newest"
    yield "if newer:"
    yield "    memory.newest = time"
    yield "origin = Origin(event.id, shared(event.source), time)"
    yield "states = memory.states"
    yield "facts = altered = times = windows = 0"
    if reading.names_customer:
        yield from _customer()
    for slot, field in reading.facts:
        yield from _fact(slot, field)
    if reading.time_slot is not None:
        yield from _time(reading.time_slot, reading.moves)
    for feed in reading.feeds:
        yield from _feed(feed, page)


def _is_newer(known: str) -> str:
    """The event is newer than all that the case knows, or at least newer than one of its events."""
    return f"(newer or is_newer(origin, {known}))"


def _customer() -> Iterator[str]:
    yield 'customer = data.get("customer_id")'
    yield f"if customer is not None and {_is_newer('memory.customer_origin')}:"
    yield "    memory.customer, memory.customer_origin = customer, origin"


def _fact(slot: int, field: str) -> Iterator[str]:
    known, origin = f"memory.{value_field(slot)}", f"memory.{origin_field(slot)}"
    yield f"if {field!r} in data and {_is_newer(origin)}:"
    yield f"    value = data[{field!r}]"
    yield f"    facts |= {1 << slot}"
    yield f"    if value != {known}:"
    yield f"        altered |= {1 << slot}"
    yield f"    {known}, {origin} = value, origin"


def _time(slot: int, moves: tuple[int, ...]) -> Iterator[str]:
    sight = f"memory.{sight_field(slot)}"
    yield f"if {_is_newer(sight)}:"
    yield f"    {sight} = origin"
    yield f"    times, windows = {1 << slot}, {sum(1 << window for window in moves)}"
    for window in moves:
        yield from inside(_window(window))
        yield "    window.moves_since(time)"


def _feed(feed: WindowFeed, page: Page) -> Iterator[str]:
    """The event enters a window with its field's value; what no look can ask for any more leaves."""
    conditions = []
    if feed.spec.field:
        yield f"value = data.get({feed.spec.field!r})"
        conditions.append("value is not None")
    if feed.where is not None:
        yield "it, now, past = data, time, False"
        conditions.append(page.put(feed.where.code))
    entered = "None" if feed.spec.field is None else "float(value.amount)" if feed.is_money else "value"
    entering = [
        *_window(feed.slot),
        "if window.refuses(time):",
        "    memory.too_late += 1",
        f"elif window.enter(time, mark, {entered}):",
        f"    windows |= {1 << feed.slot}",
    ]
    if feed.spec.length is not None:
        entering.append(f"    if window.times[0] <= watermark - {LATE_LOOKS + feed.spec.length}:")
        entering.append(f"        window.drop_before(watermark - {LATE_LOOKS})")
    yield from [f"if {' and '.join(conditions)}:", *inside(entering)] if conditions else entering


def _window(slot: int) -> Iterator[str]:
    """A case has a window from the first event on that concerns it."""
    window = f"memory.{window_field(slot)}"
    yield f"window = {window}"
    yield "if window is None:"
    yield f"    window = {window} = PLAN.new_window({slot})"
