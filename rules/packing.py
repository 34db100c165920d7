"""A memory as bytes and back. A memory packed under an older layout is read by name: what is new starts unknown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from contracts.event import Citation
from contracts.values import from_plain
from rules.detectors.sight import Sight
from rules.memory import Life, Memory, Problems
from rules.plan import CasePlan, CompiledRule
from rules.watching import Watching
from rules.windows import Window

MEMORY_LIMIT = 64 * 1024
LARGEST_ENTRY = 46
"""More bytes than one entry or bucket of a window can take."""

PACKING = 2
"""The number of the way in which parts are packed, whatever the layout is; it stands first in every memory."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()

Layout = Sequence[Sequence[str]]


def pack(plan: CasePlan, memory: Memory) -> bytes:
    """Return the memory as msgpack; beyond 64 KiB the oldest entries of its largest window go, and that is counted."""
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
    packing, *rest = _decoder.decode(blob)
    if packing != PACKING:
        raise ValueError("it was packed in a way that this tellfirst does not know")
    head, parts = rest
    memory = plan.new_memory(case)
    memory.newest, memory.marks, memory.customer, cite, memory.stub, memory.stub_since, ripe_at = head
    memory.customer_cite = _cite(cite)
    if memory.stub:
        memory.clear()
    elif layout is plan.layout or [list(part) for part in layout] == [list(part) for part in plan.layout]:
        _fill(plan, memory, parts)
    else:
        _fill(plan, memory, _by_name(plan, layout, parts))
        _rearm(plan, memory)
        ripe_at = memory.newest
    if not memory.find_ripe():
        memory.ripe_at = ripe_at
    return memory


def layout_of(
    facts: Sequence[tuple[str, str]],
    times: Sequence[str],
    windows: Sequence[str],
    lives: Sequence[str],
    rules: Sequence[tuple[str, str, str, Sequence[tuple[str, str]]]],
) -> Layout:
    """Name every part of a packed memory, in order.

    rules: (name, its life, fingerprint, [(detector, its kind)]); what follows # does not keep a part from being read.
    """
    return [
        *([f"fact {name}", kind] for name, kind in facts),
        *([f"time {event_type}", "instant"] for event_type in times),
        *([f"window {spec}", "window"] for spec in windows),
        *([f"life {name}", "life"] for name in lives),
        *(part for name, life, print_, detectors in rules for part in _rule_layout(name, f"{print_} {life}", detectors)),
    ]


def _rule_layout(name: str, meaning: str, detectors: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [[f"rule {name}", f"rule#{meaning}"], *([f"detector {name}/{detector}", kind] for detector, kind in detectors)]


def _plain(plan: CasePlan, memory: Memory) -> list[Any]:
    head = [memory.newest, memory.marks, memory.customer, memory.customer_cite, memory.stub, memory.stub_since, memory.ripe_at]
    if memory.stub:
        return [PACKING, head, []]
    parts: list[Any] = [
        None if cite is None else [value, *_short(cite)] for value, cite in zip(memory.v, memory.cites, strict=True)
    ]
    parts += [None if cite is None else _short(cite) for cite in memory.sights]
    parts += [None if window is empty else window.to_plain() for window, empty in zip(memory.w, plan.empty_windows, strict=True)]
    parts += memory.lives
    for rule in plan.rules:
        parts.append(memory.problems.get(rule.position))
        parts += map(memory.states.get, rule.numbers)
    return [PACKING, head, parts]


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
    memory.lives = [msgspec.convert(next(rest) or [], Life) for _ in plan.lives]
    for rule in plan.rules:
        _fill_rule(plan, memory, rule, rest)


def _fill_rule(plan: CasePlan, memory: Memory, rule: CompiledRule, rest: Iterator[Any]) -> None:
    if (part := next(rest)) is not None:
        *numbers, fired = part
        problems = Problems(*numbers)
        types = {name: plan.fact_types[slot] for name, slot in rule.facts.items()}
        problems.fired = {
            name: (from_plain(types[name], value), _cite(cite)) for name, (value, cite) in fired.items() if name in types
        }
        memory.problems[rule.position] = problems
    for number, detector in zip(rule.numbers, rule.detectors, strict=True):
        if (part := next(rest)) is not None:
            memory.states[number] = msgspec.convert(part, type(detector.new_state()))


def _by_name(plan: CasePlan, layout: Layout, parts: Sequence[Any]) -> Sequence[Any]:
    """Return the parts in the order of the present layout; None where the older one had no such part."""
    older = {(name, kind.partition("#")[0]): part for (name, kind), part in zip(layout, parts, strict=True)}
    lives = _lives_by_rule(layout, older)
    renewed = {("life " + plan.lives[number].name, "life"): _life(plan, number, lives) for number in range(len(plan.lives))}
    older |= renewed
    return [older.get((name, kind.partition("#")[0])) for name, kind in plan.layout]


def _lives_by_rule(layout: Layout, older: Mapping[tuple[str, str], Any]) -> dict[str, tuple[Any, int]]:
    """Return for each rule of a layout its life as it was packed, and which position it had."""
    rules = [(name.removeprefix("rule "), kind) for name, kind in layout if name.startswith("rule ")]
    return {
        name: (older["life " + kind.partition("#")[2].partition(" ")[2], "life"], position)
        for position, (name, kind) in enumerate(rules)
    }


def _life(plan: CasePlan, number: int, older: Mapping[str, tuple[Any, int]]) -> Any:
    """Return a life as its rules knew it; a rule that knew none, or another one, takes part from the next opening on."""
    life, newcomers = None, 0
    for rule in plan.rules:
        if rule.life == number:
            known, position = older.get(rule.name, (None, 0))
            if known is None or known[0] is None or known[2] >> position & 1:
                newcomers |= 1 << rule.position
            elif life is None:
                life = known
    return None if life is None else [*life[:2], newcomers]


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
