"""A memory as bytes and back. A memory packed under an older layout is read by name: what is new starts unknown."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from contracts.event import Citation
from contracts.values import FieldType, from_plain
from rules.detectors.sight import Sight
from rules.expression import WindowSpec
from rules.forgetting import settle
from rules.layouts import Layout, Parts, by_name
from rules.memory import Life, Memory, Problems
from rules.plan import CasePlan, CompiledRule, Filling
from rules.watching import Watching
from rules.windows import Window

MEMORY_LIMIT = 64 * 1024
LARGEST_ENTRY = 46
"""More bytes than one entry or bucket of a window can take."""

PACKING = 3
"""The number of the way in which parts are packed, whatever the layout is; it stands first in every memory.

Parts go by their place in the layout, those only that have something to say. By way 2 all of them stood in a row.
"""

NOT_YET = Life()

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()


def pack(plan: CasePlan, memory: Memory) -> bytes:
    """Return the memory as msgpack; beyond 64 KiB the oldest entries of its largest window go, and that is counted."""
    settle(plan, memory)
    blob = _encoder.encode(_plain(plan, memory))
    while len(blob) > MEMORY_LIMIT and memory.w:
        entries = max(1, (len(blob) - MEMORY_LIMIT) // LARGEST_ENTRY)
        dropped = sum(_drop_one(memory) for _ in range(entries))
        if not dropped:
            break
        memory.limit_hits += dropped
        blob = _encoder.encode(_plain(plan, memory))
    return blob


def _drop_one(memory: Memory) -> bool:
    return max(memory.w, key=lambda window: len(window.times)).drop_oldest()


def unpack(plan: CasePlan, case: str, blob: bytes, layout: Layout) -> Memory:
    """Return the memory; where the layout is another one, deadlines are worked out anew from what is remembered.

    Raises ValueError for bytes that were packed in another way.
    """
    head, parts = _opened(blob)
    memory = plan.new_memory(case)
    memory.newest, memory.marks, memory.customer, cite, memory.stub, memory.stub_since, ripe_at = head
    memory.customer_cite = _cite(cite)
    if memory.stub:
        memory.clear()
    elif layout is plan.layout or [list(part) for part in layout] == [list(part) for part in plan.layout]:
        _fill(plan, memory, parts)
    else:
        _fill(plan, memory, by_name(plan, layout, parts))
        _rearm(plan, memory)
        ripe_at = memory.ripe_at if settle(plan, memory) else memory.newest
    memory.ripe_at = ripe_at
    return memory


def _opened(blob: bytes) -> tuple[Sequence[Any], Parts]:
    packing, *rest = _decoder.decode(blob)
    if packing not in (2, PACKING):
        raise ValueError("it was packed in a way that this tellfirst does not know")
    head, parts = rest
    return head, parts if packing == PACKING else {place: part for place, part in enumerate(parts) if part is not None}


def _plain(plan: CasePlan, memory: Memory) -> list[Any]:
    head = [memory.newest, memory.marks, memory.customer, memory.customer_cite, memory.stub, memory.stub_since, memory.ripe_at]
    return [PACKING, head, {} if memory.stub else _parts(plan, memory)]


def _parts(plan: CasePlan, memory: Memory) -> Parts:
    parts: Parts = {
        slot: [value, *_short(cite)]
        for slot, (value, cite) in enumerate(zip(memory.v, memory.cites, strict=True))
        if cite is not None
    }
    place = len(memory.v)
    parts |= {place + slot: _short(cite) for slot, cite in enumerate(memory.sights) if cite is not None}
    place += len(memory.sights)
    windows = zip(memory.w, plan.empty_windows, strict=True)
    parts |= {place + slot: window.to_plain() for slot, (window, empty) in enumerate(windows) if window is not empty}
    place += len(memory.w)
    parts |= {place + number: life for number, life in enumerate(memory.lives) if life != NOT_YET}
    place += len(memory.lives)
    parts |= {place + plan.rules[position].first + position: memory.problems[position] for position in sorted(memory.problems)}
    return parts | {place + number + plan.rule_of[number] + 1: memory.states[number] for number in sorted(memory.states)}


def _fill(plan: CasePlan, memory: Memory, parts: Parts) -> None:
    if not plan.filling:
        plan.filling.extend(_filling(plan))
    for place, part in parts.items():
        plan.filling[place](memory, part)


def _filling(plan: CasePlan) -> Iterator[Filling]:
    """Yield what brings back each part, in the order of the layout."""
    for slot, (kind, event_type) in enumerate(zip(plan.fact_types, plan.fact_events, strict=True)):
        yield partial(_fill_fact, slot, kind, event_type)
    for slot, event_type in enumerate(plan.time_types):
        yield partial(_fill_sight, slot, event_type)
    for slot, spec in enumerate(plan.windows):
        yield partial(_fill_window, slot, spec)
    for number in range(len(plan.lives)):
        yield partial(_fill_life, number)
    for rule in plan.rules:
        yield partial(_fill_problems, rule, {name: plan.fact_types[slot] for name, slot in rule.facts.items()})
        for number, detector in zip(rule.numbers, rule.detectors, strict=True):
            yield partial(_fill_state, number, type(detector.new_state()))


def _fill_fact(slot: int, kind: FieldType, event_type: str, memory: Memory, part: Sequence[Any]) -> None:
    value, *cite = part
    memory.v[slot], memory.cites[slot] = from_plain(kind, value), _long(cite, event_type)


def _fill_sight(slot: int, event_type: str, memory: Memory, part: Sequence[Any]) -> None:
    memory.t[slot], memory.sights[slot] = part[2], _long(part, event_type)


def _fill_window(slot: int, spec: WindowSpec, memory: Memory, part: list[Any]) -> None:
    memory.w[slot] = Window.from_plain(spec, part)


def _fill_life(number: int, memory: Memory, part: Sequence[Any]) -> None:
    memory.lives[number] = msgspec.convert(part, Life)


def _fill_problems(rule: CompiledRule, types: Mapping[str, FieldType], memory: Memory, part: Sequence[Any]) -> None:
    *numbers, fired = part
    problems = memory.problems[rule.position] = Problems(*numbers)
    problems.fired = {
        name: (from_plain(types[name], value), _cite(cite)) for name, (value, cite) in fired.items() if name in types
    }


def _fill_state(number: int, kind: type[Struct], memory: Memory, part: Sequence[Any]) -> None:
    memory.states[number] = msgspec.convert(part, kind)


def _rearm(plan: CasePlan, memory: Memory) -> None:
    """A rule changed: what is armed follows the new rule, from what is remembered; what holds goes on holding."""
    for rule in plan.rules:
        life, last = memory.watch(rule.life, rule.position), len(rule.detectors) - 1
        if (problems := memory.problems.get(rule.position)) is not None:
            problems.peak, problems.speaker = min(problems.peak, last), min(problems.speaker, last)
        if life.is_open:
            Watching(rule, Sight(memory, memory.newest, start=life.start or 0)).rearm()


def _short(cite: Citation) -> tuple[str, str, int]:
    """A slot's event type goes without saying."""
    return cite.id, cite.source, cite.time


def _long(short: Sequence[Any], event_type: str) -> Citation:
    event_id, source, time = short
    return Citation(event_id, source, event_type, time)


def _cite(plain: Any) -> Citation | None:
    return None if plain is None else Citation(*plain)
