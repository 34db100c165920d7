"""A memory as bytes and back. A memory packed under an older layout is read by name: what is new starts unknown."""

from collections.abc import Sequence
from typing import Any

import msgspec

from contracts.event import Citation
from contracts.values import from_plain, to_plain
from rules.detectors.sight import Sight
from rules.memory import Memory, Watch
from rules.plan import CasePlan
from rules.watching import Watching
from rules.windows import Window

MEMORY_LIMIT = 64 * 1024

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()

Layout = Sequence[Sequence[str]]


def pack(plan: CasePlan, memory: Memory) -> bytes:
    """Return the memory as msgpack; beyond 64 KiB the oldest entries of its largest window go, and that is counted."""
    blob = _encoder.encode(_plain(plan, memory))
    while len(blob) > MEMORY_LIMIT and memory.w:
        largest = max(memory.w, key=lambda window: len(window.entries()))
        if not largest.drop_oldest():
            break
        memory.limit_hits += 1
        blob = _encoder.encode(_plain(plan, memory))
    return blob


def unpack(plan: CasePlan, case: str, blob: bytes, layout: Layout) -> Memory:
    """Return the memory; where the layout is another one, deadlines are worked out anew from what is remembered."""
    memory = plan.new_memory(case)
    head, parts = _decoder.decode(blob)
    memory.newest, memory.marks, memory.customer, cite, memory.stub, memory.stub_since, memory.ripe_at = head
    memory.customer_cite = _cite(cite)
    if memory.stub:
        memory.clear()
        return memory
    if layout is plan.layout or [list(part) for part in layout] == [list(part) for part in plan.layout]:
        _fill(plan, memory, parts)
    else:
        _fill(plan, memory, _by_name(plan, layout, parts))
        _rearm(plan, memory)
    return memory


def _by_name(plan: CasePlan, layout: Layout, parts: Sequence[Any]) -> Sequence[Any]:
    """Return the parts in the order of the present layout; None where the older one had no such part."""
    older = {(name, kind.partition("#")[0]): part for (name, kind), part in zip(layout, parts, strict=True)}
    return [older.get((name, kind.partition("#")[0])) for name, kind in plan.layout]


def layout_of(
    facts: Sequence[tuple[str, str]],
    times: Sequence[str],
    windows: Sequence[str],
    rules: Sequence[tuple[str, str, Sequence[tuple[str, str]]]],
) -> Layout:
    """Name every part of a packed memory, in order.
    rules: (name, fingerprint, [(detector, its kind)]); what follows # does not keep a part from being read."""
    return [
        *([f"fact {name}", kind] for name, kind in facts),
        *([f"time {event_type}", "instant"] for event_type in times),
        *([f"window {spec}", "window"] for spec in windows),
        *(part for name, print_, detectors in rules for part in _rule_layout(name, print_, detectors)),
    ]


def _rule_layout(name: str, fingerprint: str, detectors: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[f"watch {name}", f"watch#{fingerprint}"], *([f"detector {name}/{detector}", kind] for detector, kind in detectors)]


def _plain(plan: CasePlan, memory: Memory) -> list[Any]:
    head = [memory.newest, memory.marks, memory.customer, memory.customer_cite, memory.stub, memory.stub_since, memory.ripe_at]
    if memory.stub:
        return [head, []]
    parts: list[Any] = [
        None if cite is None else [to_plain(value), *_short(cite)] for value, cite in zip(memory.v, memory.cites, strict=True)
    ]
    parts += [None if cite is None else _short(cite) for cite in memory.sights]
    parts += [window.to_plain() for window in memory.w]
    for watch, fired, states in zip(memory.watches, memory.fired, memory.detectors, strict=True):
        parts += [[watch, {name: [to_plain(value), cite] for name, (value, cite) in fired.items()}], *states]
    return [head, parts]


def _fill(plan: CasePlan, memory: Memory, parts: Sequence[Any]) -> None:
    rest = iter(parts)
    for slot, (kind, event_type) in enumerate(zip(plan.fact_types, plan.fact_events, strict=True)):
        if (fact := next(rest)) is not None:
            memory.v[slot], memory.cites[slot] = from_plain(kind, fact[0]), _long(fact[1:], event_type)
    for slot, event_type in enumerate(plan.time_types):
        if (sight := next(rest)) is not None:
            memory.t[slot], memory.sights[slot] = sight[2], _long(sight, event_type)
    for slot, spec in enumerate(plan.windows):
        if (window := next(rest)) is not None:
            memory.w[slot] = Window.from_plain(spec, window)
    for position in range(len(plan.rules)):
        _fill_rule(plan, memory, position, rest)


def _fill_rule(plan: CasePlan, memory: Memory, position: int, rest: Any) -> None:
    rule = plan.rules[position]
    if (part := next(rest)) is not None:
        memory.watches[position] = msgspec.convert(part[0], Watch)
        types = {name: plan.fact_types[slot] for name, slot in rule.facts.items()}
        memory.fired[position] = {
            name: (from_plain(types[name], value), _cite(cite)) for name, (value, cite) in part[1].items() if name in types
        }
    states = memory.detectors[position]
    for number, state in enumerate(states):
        if (part := next(rest)) is not None:
            states[number] = msgspec.convert(part, type(state))


def _rearm(plan: CasePlan, memory: Memory) -> None:
    """A rule changed: what is armed follows the new rule, from what is remembered; what holds goes on holding."""
    for position, rule in enumerate(plan.rules):
        watch, last = memory.watches[position], len(rule.detectors) - 1
        watch.peak, watch.speaker = min(watch.peak, last), min(watch.speaker, last)
        Watching(rule, position, Sight(memory, memory.newest)).rearm()
    memory.ripe_at = min((watch.ripe_at for watch in memory.watches if watch.ripe_at is not None), default=memory.newest)


def _short(cite: Citation) -> tuple[str, str, int]:
    """A slot's event type goes without saying."""
    return cite.id, cite.source, cite.time


def _long(short: Sequence[Any], event_type: str) -> Citation:
    event_id, source, time = short
    return Citation(event_id, source, event_type, time)


def _cite(plain: Any) -> Citation | None:
    return None if plain is None else Citation(*plain)
