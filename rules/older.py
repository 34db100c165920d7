"""A memory that was packed in another way, or under older rules, comes in; the same as the present rules keep it goes out.

In ways 2 and 3 parts stood as the layout names them: all of them in a row, or those that had something to say by their places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from msgspec import convert, msgpack

from rules.detectors.expect import ExpectDetector
from rules.detectors.sequence import SequenceDetector
from rules.detectors.silence import SilenceDetector
from rules.detectors.states import Kept
from rules.layouts import NOTES, Layout
from rules.memory import HEAD, Life, Memory, Origin, Problems
from rules.places import origin_field, sight_field, value_field, window_field
from rules.plan import CasePlan
from rules.windows import MARK

Part: TypeAlias = Any
Named: TypeAlias = tuple[str, str]
"""The name and the type of a part: what it is known by under another layout."""

OLDER_HEAD = ("newest", "marks", "customer", "customer_origin", "stub", "stub_since", "ripe_at")
KEPT_OF_HEAD = ("newest", "marks", "customer", "stub", "stub_since", "ripe_at")


def brought_up(plan: CasePlan, blob: bytes, layout: Layout) -> Memory:
    """Return the memory as the plan keeps it, its deadlines as they were. Raises ValueError for an unknown way of packing."""
    head, placed = _opened(blob, layout)
    parts = {_named(layout[place]): _renewed(layout[place], part) for place, part in placed.items() if part is not None}
    memory = plan.memory("", **{name: head[name] for name in KEPT_OF_HEAD})
    memory.customer_origin = _origin(head["customer_origin"])
    if not memory.stub:
        known = [parts.get((f"life {life.name}", "life"), []) for life in plan.lives]
        memory.lives = convert(known if layout == plan.layout else list(_lives(plan, layout, parts)), tuple[Life, ...])
        memory.problems = convert(dict(_problems(plan, parts)), dict[int, Problems])
        memory.states = convert(dict(_states(plan, parts)), dict[int, Kept])
        for name, part in _remembered(plan, parts):
            setattr(memory, name, convert(part, plan.fields[name]))
        for window in plan.windows_in(memory):
            window.limit()
        if "states" in head:
            _note(plan, layout, memory)
    return memory


def _opened(blob: bytes, layout: Layout) -> tuple[Mapping[str, Any], Mapping[int, Part]]:
    """Return the fields that every memory has, and the parts by their places in the layout."""
    match msgpack.decode(blob) if blob[:1] > b"\x7f" else [blob[0], msgpack.decode(blob[1:])]:
        case [2, head, parts]:
            return dict(zip(OLDER_HEAD, head, strict=True)), dict(enumerate(parts))
        case [3, head, parts]:
            return dict(zip(OLDER_HEAD, head, strict=True)), parts
        case [4 | 5, fields]:
            head = dict(zip(HEAD, fields, strict=False))
            return head, dict(_placed(head, fields[len(HEAD) :], layout))
        case _:
            raise ValueError("it was packed in a way that this tellfirst does not know")


def _placed(head: Mapping[str, Any], fields: Sequence[Any], layout: Layout) -> Iterator[tuple[int, Part]]:
    """Yield the parts of a memory that was packed as a struct, as they stood before."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, (name, _) in enumerate(layout):
        places[name.partition(" ")[0]].append(place)
    rest = iter(fields)
    facts = len(places["fact"])
    values, origins = list(islice(rest, facts)), list(islice(rest, facts))
    for place, value, origin in zip(places["fact"], values, origins, strict=True):
        yield place, None if origin is None else [value, *origin]
    yield from zip(places["time"] + places["window"], rest, strict=True)
    yield from zip(places["life"], head["lives"], strict=False)
    yield from ((places["rule"][position], part) for position, part in head["problems"].items())
    for number, part in head["states"].items():
        yield places["detector"][number], part if isinstance(part, int) else part[1:]


def _named(part: Sequence[str]) -> Named:
    name, kind = part
    return name, kind.partition("#")[0]


def _renewed(named: Sequence[str], part: Part) -> Part:
    """Return a part as it is packed now: a life had a bit for each newcomer, a mark was a number."""
    match named[1], part:
        case "life", [start, closed_at, int(bits)]:
            return [start, closed_at, [position for position in range(bits.bit_length()) if bits >> position & 1]]
        case "window", [*entries, _, width, buckets] if len(part) == 8:
            return [*entries, width, buckets]
        case "window", [*entries, _, _]:
            return entries
        case "SequenceDetector", [chains, *rest, int(mark)]:
            return [[[[*times, _mark(each)] for *times, each in own] for own in chains], *rest, _mark(mark)]
    return part


def _mark(number: int) -> bytes:
    return number.to_bytes(MARK, "big", signed=True)


def _remembered(plan: CasePlan, parts: Mapping[Named, Part]) -> Iterator[tuple[str, Part]]:
    """Yield the facts, newest times and windows that the plan still asks for, by their fields."""
    names = (_named(part) for part in plan.layout)
    for slot in range(len(plan.fact_types)):
        if (part := parts.get(next(names))) is not None:
            yield value_field(slot), part[0]
            yield origin_field(slot), part[1:]
    for slot in range(len(plan.time_types)):
        yield sight_field(slot), parts.get(next(names))
    for slot, spec in enumerate(plan.windows):
        if (part := parts.get(next(names))) is not None:
            yield window_field(slot), [*part, spec.length, spec.keep]


def _problems(plan: CasePlan, parts: Mapping[Named, Part]) -> Iterator[tuple[int, Part]]:
    for rule in plan.rules:
        if (part := parts.get((f"rule {rule.name}", "rule"))) is not None:
            *numbers, fired = part
            yield rule.position, [*numbers, {name: each for name, each in fired.items() if name in rule.facts}]


def _states(plan: CasePlan, parts: Mapping[Named, Part]) -> Iterator[tuple[int, Part]]:
    """A sequence that has more steps now, or fewer, begins anew."""
    for rule in plan.rules:
        for number, detector in zip(rule.numbers, rule.detectors, strict=True):
            part = parts.get((f"detector {rule.name}/{detector.name}", type(detector).__name__))
            if isinstance(part, int):
                yield number, part
            elif part is not None and not (isinstance(detector, SequenceDetector) and len(part[0]) != len(detector.steps) - 1):
                yield number, [type(detector.new_state()).__struct_config__.tag, *part]


def _note(plan: CasePlan, layout: Layout, memory: Memory) -> None:
    """Where a `where` is new, its detector has to note what memory alone told; by older ways every detector noted."""
    before = {name: kind for name, kind in layout}  # noqa: C416
    kinds = [(name, kind) for name, kind in plan.layout if name.startswith("detector ")]
    for number, (name, kind) in enumerate(kinds):
        detector = plan.detectors[number]
        if isinstance(detector, ExpectDetector | SilenceDetector) and kind == f"{before.get(name)}{NOTES}":
            memory.states[number] = state = plan.state(memory, number)
            detector.note(state, memory)


def _lives_by_rule(layout: Layout, parts: Mapping[Named, Part]) -> dict[str, tuple[Part | None, int]]:
    """Return for each rule of a layout its life as it was packed, and which position it had."""
    rules = [(name.removeprefix("rule "), kind) for name, kind in layout if name.startswith("rule ")]
    return {
        name: (parts.get(("life " + kind.partition("#")[2].partition(" ")[2], "life")), position)
        for position, (name, kind) in enumerate(rules)
    }


def _lives(plan: CasePlan, layout: Layout, parts: Mapping[Named, Part]) -> Iterator[Part]:
    """Yield the lives as their rules knew them; a rule that knew none, or another one, takes part from the next opening on."""
    older = _lives_by_rule(layout, parts)
    for rules in plan.rules_by_life:
        life, newcomers = None, []
        for rule in rules:
            known, position = older.get(rule.name, (None, 0))
            if known is None or known[0] is None or position in known[2]:
                newcomers.append(rule.position)
            elif life is None:
                life = known
        yield [] if life is None else [*life[:2], newcomers]


def _origin(cite: Sequence[Any] | None) -> Origin | None:
    """Before way 4 it said its type, too."""
    return None if cite is None else Origin(cite[0], cite[1], cite[-1])
