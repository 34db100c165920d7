"""Which event types a rule reads at all: those it names, and those its expressions name."""

from collections.abc import Iterator

from rules.catalogue import Catalogue
from rules.model import Detector, Expect, Rule, Sequence, Silence, When, Written
from rules.reading.terms import EVENT_TYPE


def types_read(rule: Rule, catalogue: Catalogue) -> frozenset[str]:
    named = {*rule.opens_on, *rule.solved_by, *rule.moot_by, *(each.event_type for each in rule.facts)}
    for detector in rule.detectors:
        named.update(_named(detector))
        named.update(name for written in _expressions(detector) for name in _types_in(written.text))
    return frozenset(name for name in named if name in catalogue)


def _named(detector: Detector) -> tuple[str, ...]:
    match detector:
        case Expect():
            return (*detector.awaited, *detector.of)
        case Silence():
            return (*detector.awaited, *detector.after)
        case Sequence():
            return (*detector.steps, *detector.broken_by)
        case When():
            return ()


def _expressions(detector: Detector) -> Iterator[Written]:
    for each in (detector.only_where, detector.only_if):
        if each is not None:
            yield each
    if isinstance(detector, When):
        yield from (each for each in (detector.condition, detector.clear) if each is not None)


def _types_in(text: str) -> Iterator[str]:
    """Give every dotted name of an expression, and what is left of it without its last part, which may be a field."""
    for found in EVENT_TYPE.finditer(text):
        yield found[0]
        yield found[0].rpartition(".")[0]
