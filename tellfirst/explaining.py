"""A rule told in plain words: what it watches, when it finds a problem, whom it tells how, and how exact its windows are."""

from collections.abc import Iterable, Iterator

from contracts.times import length_text
from rules.compiler import RuleSet
from rules.expression import Condition, WindowSpec
from rules.generating import source_of
from rules.model import Detector, Expect, Rule, Sequence, Silence, When, Written
from rules.plan import CompiledDetector, CompiledRule
from rules.windows import BUCKETS, EXACT

Chapter = tuple[str, list[str]]


def explained(compiled: CompiledRule, *, as_cel: bool = False) -> list[Chapter]:
    """Return chapters, each a heading and its lines. as_cel: conditions as pure Common Expression Language."""
    rule = compiled.rule
    return [
        (f"{rule.name}: {rule.title}", [f"Its owner is {rule.owner}."] if rule.owner else []),
        ("It watches", list(_watching(rule))),
        ("It reads", [f"{fact.name}: the newest {fact.event_type}.{fact.field}" for fact in rule.facts] or ["no facts"]),
        ("It finds a problem", list(_finding(compiled, as_cel))),
        ("It tells", list(_telling(rule))),
        ("Its windows", [window_exactness(spec) for spec in windows_of(compiled)] or ["none"]),
    ]


def as_code(ruleset: RuleSet, name: str) -> list[Chapter]:
    """Return for each event type that a rule reads the Python function that looks at such an event, for all rules of its kind."""
    rule = ruleset.rules[name]
    plan = ruleset.plans[rule.rule.watch]
    return [(event_type, source_of(plan, event_type).splitlines()) for event_type in sorted(rule.reads & plan.readings.keys())]


def _watching(rule: Rule) -> Iterator[str]:
    opening = _any_of(rule.opens_on) if rule.opens_on else "its first event"
    yield f"{an(rule.watch)}, from {opening}{', once' if rule.once else ''}"
    if rule.solved_by:
        yield f"until {_any_of(rule.solved_by)}: then a problem is solved"
    if rule.moot_by:
        yield f"until {_any_of(rule.moot_by)}: then a problem ends without a word"


def _finding(compiled: CompiledRule, as_cel: bool) -> Iterator[str]:
    for written, detector in zip(compiled.rule.detectors, compiled.detectors, strict=True):
        yield f"{written.name}: {_when(written, detector, as_cel)}{_if(written, detector, as_cel)}; it says “{written.says}”"
    graces = sorted({written.grace for written in compiled.rule.detectors})
    yield f"What is due is looked at {' or '.join(map(length_text, graces))} later, in case an event is on its way."
    if len(compiled.detectors) > 1:
        yield "The further down, the graver: a graver one is one update."


def _when(written: Detector, detector: CompiledDetector, as_cel: bool) -> str:
    match written:
        case Expect(by=None, within=within, of=of):
            start = f"the newest {_any_of(of)}" if of else "the watch began"
            return f"{_no(written.awaited)} within {length_text(within or 0)} after {start}"
        case Expect(by=by):
            return f"{_no(written.awaited)} by {_text(by, getattr(detector, 'by', None), as_cel)}"
        case Silence():
            after = f" after {_any_of(written.after)}" if written.after else ""
            return f"{_no(written.awaited)} for {length_text(written.longer_than)}{after}"
        case Sequence():
            broken = f", with no {_any_of(written.broken_by)} among them" if written.broken_by else ""
            return f"{', then '.join(written.steps)}, within {length_text(written.within)}{broken}"
        case When():
            return _condition(written, detector, as_cel)


def _condition(written: When, detector: CompiledDetector, as_cel: bool) -> str:
    lasting = f" stays true for {length_text(written.lasting)}" if written.lasting else " turns true"
    clear = f", until {_text(written.clear, getattr(detector, 'clear', None), as_cel)}" if written.clear else ""
    return f"{_text(written.condition, getattr(detector, 'condition', None), as_cel)}{lasting}{clear}"


def _if(written: Detector, detector: CompiledDetector, as_cel: bool) -> str:
    where = f", counting those where {written.only_where.text.strip()}" if written.only_where else ""
    return where + (f", if {_text(written.only_if, detector.only_if, as_cel)}" if written.only_if else "")


def _text(written: Written | None, compiled: object, as_cel: bool) -> str:
    if as_cel and compiled is not None:
        return str(getattr(compiled, "cel", ""))
    return " ".join(written.text.split()) if written else ""


def _telling(rule: Rule) -> Iterator[str]:
    tell = rule.tell
    yield f"{tell.urgency}, as {tell.notice_class} notice, by {', '.join(tell.channels)}: the first that the customer wants"
    if tell.next_update:
        yield f"promises to write again within {length_text(tell.next_update)}"
    if tell.open_for:
        yield f"hands over to {tell.desk} when it is open for {length_text(tell.open_for)}"
    if tell.unless_open:
        yield f"is silent while {' or '.join(tell.unless_open)} is open on the same case, or on one named with it"
    yield "tells when it is over" if tell.tells_end else "says nothing when it is over"
    yield (
        "does not speak of a second problem in one watch"
        if rule.again is None
        else f"within {length_text(rule.again)} after a clear the same problem reopens"
    )
    if tell.private:
        yield "puts no detail on push and SMS"


def windows_of(compiled: CompiledRule) -> list[WindowSpec]:
    """Return the windows of a rule's conditions, each once."""
    conditions = (getattr(each, name, None) for each in compiled.detectors for name in ("condition", "clear", "only_if"))
    return list(dict.fromkeys(spec for each in conditions if isinstance(each, Condition) for spec in each.windows))


def window_exactness(spec: WindowSpec) -> str:
    what = f"{spec.event_type}{f'.{spec.field}' if spec.field else ''}{f' where {spec.where}' if spec.where else ''}"
    span = f"in the last {length_text(spec.length)}" if spec.length is not None else f"since the newest {spec.since}"
    return f"{what} {span}: {_exact(spec)}"


def _exact(spec: WindowSpec) -> str:
    if spec.keep is not None:
        return f"exact, the newest {spec.keep} decide"
    bucket = f" of {length_text(max(1, spec.length // BUCKETS))}" if spec.length is not None else ""
    return f"exact to {EXACT} events; beyond that the oldest are kept in {BUCKETS} buckets{bucket}, and one bucket is the error"


def an(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def _no(types: Iterable[str]) -> str:
    return f"no {_any_of(types)}"


def _any_of(types: Iterable[str]) -> str:
    return " or ".join(types)
