"""What detectors note of an event whose type they name, as lines of Python: newest X and Y by a `where`, steps of a sequence."""

from collections.abc import Iterator

from rules.detectors.expect import ExpectDetector
from rules.detectors.filters import Filter
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.generating.page import Page, inside
from rules.plan import CompiledDetector, CompiledRule


def counts(rule: CompiledRule, event_type: str, page: Page) -> Iterator[str]:
    for number, detector in rule.counting.get(event_type, ()):
        yield from _counts(detector, rule.first + number, event_type, page)


def _counts(detector: CompiledDetector, number: int, event_type: str, page: Page) -> Iterator[str]:
    match detector:
        case ExpectDetector(awaited=awaited, of=of):
            if awaited.sights is None:
                yield from _newest("ExpectState", "seen", number, awaited, event_type, page)
            if of is not None and of.sights is None:
                yield from _newest("ExpectState", "of", number, of, event_type, page)
        case SilenceDetector(awaited=awaited, after=after) if detector.notes:
            yield from _newest("SilenceState", "newest", number, awaited, event_type, page)
            if after is not None:
                yield from _newest("SilenceState", "newest", number, after, event_type, page, also="state.started = True")
        case SequenceDetector():
            yield from _steps(detector, number, event_type, page)


def _steps(detector: SequenceDetector, number: int, event_type: str, page: Page) -> Iterator[str]:
    """Until the first step came there is nothing to go on with, and nothing to break."""
    name = page.name(detector, detector.name)
    yield f"state = states.get({number})"
    if event_type in detector.steps[0].types:
        yield "if state is None:"
        yield f"    state = states[{number}] = {name}.new_state()"
    yield "if state is not None:"
    yield f"    {name}.remember(state, event, memory)"


def _newest(
    kind: str, field: str, number: int, counted: Filter, event_type: str, page: Page, *, also: str | None = None
) -> Iterator[str]:
    """Keep the newest time of the events that a filter counts."""
    if event_type not in counted.types:
        return
    lines = [
        f"state = states.get({number})",
        "if state is None:",
        f"    state = states[{number}] = {kind}()",
        f"if state.{field} is None or time > state.{field}:",
        f"    state.{field} = time",
        *([also] if also else []),
    ]
    where = counted.types[event_type]
    if where is None:
        yield from lines
    else:
        yield "it, now, past = data, time, False"
        yield f"if {page.put(where.code)}:"
        yield from inside(lines)
