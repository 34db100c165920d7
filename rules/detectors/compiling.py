"""From a detector as written to one that runs."""

from collections.abc import Iterable

from rules.detectors.expect import ExpectDetector
from rules.detectors.filters import Filter
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.when import WhenDetector
from rules.expressions import Expressions
from rules.model import Detector, Expect, Sequence, Silence, When
from rules.places import origin_field, sight_field, window_field
from rules.plan import CompiledDetector
from rules.slots import DetectorSlots
from rules.turning import Turning


def compile_detector(written: Detector, expressions: Expressions, slots: DetectorSlots) -> CompiledDetector | None:
    """Return the detector, None when it has a fault; expressions collects the faults."""
    expressions.refuse_misfit(named_types(written), written.only_where)
    match written:
        case Expect():
            return _expect(written, expressions)
        case Silence():
            return _silence(written, expressions)
        case When():
            return _when(written, expressions, slots)
        case Sequence():
            return _sequence(written, expressions)


def named_types(written: Detector) -> tuple[str, ...]:
    """Return the event types that a detector names outside its expressions."""
    match written:
        case Expect():
            return (*written.awaited, *written.of)
        case Silence():
            return (*written.awaited, *written.after)
        case Sequence():
            return (*written.steps, *written.broken_by)
        case When():
            return ()


def _expect(written: Expect, expressions: Expressions) -> ExpectDetector:
    return ExpectDetector(
        name=written.name,
        says=written.says,
        grace=written.grace,
        awaited=expressions.filter(written.awaited, written.only_where),
        by=expressions.formula(written.by),
        within=written.within,
        of=_maybe(written.of, written, expressions),
        only_if=expressions.condition(written.only_if),
    )


def _silence(written: Silence, expressions: Expressions) -> SilenceDetector:
    return SilenceDetector(
        name=written.name,
        says=written.says,
        grace=written.grace,
        awaited=expressions.filter(written.awaited, written.only_where),
        after=_maybe(written.after, written, expressions),
        longer_than=written.longer_than,
        only_if=expressions.condition(written.only_if),
    )


def _sequence(written: Sequence, expressions: Expressions) -> SequenceDetector:
    return SequenceDetector(
        name=written.name,
        says=written.says,
        grace=written.grace,
        steps=tuple(expressions.filter([step], written.only_where) for step in written.steps),
        within=written.within,
        broken_by=_maybe(written.broken_by, written, expressions),
        only_if=expressions.condition(written.only_if),
    )


def _when(written: When, expressions: Expressions, slots: DetectorSlots) -> WhenDetector | None:
    condition, clear = expressions.condition(written.condition), expressions.condition(written.clear)
    if condition is None:
        return None
    read, times = (condition,) if clear is None else (condition, clear), frozenset(slots.times)
    windows = {slots.window(spec): spec for each in read for spec in each.windows}
    since = {slots.kind.newest(spec.since) for spec in windows.values() if spec.since is not None}
    facts = {slots.fact(name) for each in read for name in each.reads_facts}
    counted = next((spec for spec in condition.windows if spec.field is None), None)
    return WhenDetector(
        name=written.name,
        says=written.says,
        grace=written.grace,
        condition=condition,
        clear=clear,
        lasting=written.lasting,
        only_if=expressions.condition(written.only_if),
        origins=(*map(origin_field, sorted(facts)), *map(sight_field, sorted(times | since))),
        windows=tuple(map(window_field, sorted(windows))),
        reads_facts=_bits(facts),
        reads_times=_bits(times),
        reads_windows=_bits(windows),
        counted=None if counted is None else window_field(slots.window(counted)),
        uncounted=None if counted is None or counted.length is None else 0,
        moments=tuple(moment for each in read for moment in each.moments),
        turnings=tuple(
            Turning(tuple(map(window_field, slots)), threshold, has_length=all(spec.length is not None for spec in each.windows))
            for each in read
            for (slots, _), threshold in zip(each.window_comparisons, each.thresholds, strict=True)
        ),
    )


def _maybe(types: tuple[str, ...], written: Expect | Silence | Sequence, expressions: Expressions) -> Filter | None:
    return expressions.filter(types, written.only_where) if types else None


def _bits(slots: Iterable[int]) -> int:
    """Return one bit for each slot."""
    return sum({1 << slot for slot in slots})
