"""What the rules know of a case, and what each detector sees: what it holds by, what it waits for, how long still."""

from collections.abc import Mapping, Sequence

from contracts.ids import kind_of
from contracts.times import length_text, parse_length
from rules.compiler import RuleSet
from rules.explain import Look, Seen, look
from rules.memory import Memory
from rules.packing import unpack
from rules.plan import CasePlan, CompiledRule
from storage.store import CaseRow, Store
from tellfirst.story.plain import Answer, event, fact_value, instant

Layouts = Mapping[int, tuple[str, Sequence[Sequence[str]]]]


def looks_of(row: CaseRow, rules: RuleSet, layouts: Layouts, *, w: int | None) -> list[Answer]:
    """Return one answer per rule that watches this kind of case. w: how far was seen; None: as far as the case's newest event."""
    plan = rules.plans.get(kind_of(row.case))
    if plan is None:
        return []
    memory = unpack(plan, row.case, row.memory, layouts[row.layout][1])
    now = memory.newest if w is None else max(w, memory.newest)
    if memory.stub:
        return []
    seen = look(plan, memory, w=now)
    return [
        _rule(rule, position, memory, plan, [each for each in seen if each.rule == rule.name], now)
        for position, rule in enumerate(plan.rules)
    ]


def _rule(rule: CompiledRule, position: int, memory: Memory, plan: CasePlan, seen: Sequence[Look], now: int) -> Answer:
    watch = memory.watch(rule.life, position)
    return {
        "rule": rule.name,
        "watched_since": instant(watch.start),
        "closed_at": instant(watch.closed_at),
        "seen_up_to": instant(now),
        "facts": _facts(rule, memory, plan),
        "detectors": [_detector(each, now) for each in seen],
    }


def _facts(rule: CompiledRule, memory: Memory, plan: CasePlan) -> list[Answer]:
    return [
        {"fact": name, "value": fact_value(memory.value(slot), plan.fact_types[slot]), "event": event(memory.cite(slot))}
        for name, slot in rule.facts.items()
    ]


def _detector(seen: Look, now: int) -> Answer:
    return {
        "detector": seen.detector,
        "stands": seen.stand,
        "why": seen.why,
        "due": instant(seen.due),
        "left_seconds": None if seen.due is None else max(0, seen.due - now) // 1_000_000,
        "saw": [{"text": part.text, "truth": part.truth, "sides": _sides(part)} for part in seen.saw],
        "events": [event(cite) for cite in seen.cites],
    }


def _sides(part: Seen) -> list[Answer]:
    """Return the sides of a comparison; those that are compared with a length, or with now, as lengths and instants."""
    texts = [text for text, _ in part.sides]
    spell = length_text if any(map(_is_length, texts)) else instant if "now" in texts else None
    return [{"text": text, "value": spell(value) if spell and isinstance(value, int) else value} for text, value in part.sides]


def _is_length(text: str) -> bool:
    try:
        return bool(parse_length(text))
    except ValueError:
        return False


def seen_up_to(store: Store) -> int | None:
    """Return the least W that the store's sources wrote down, None when there is none."""
    positions = [store.position(source, 0) for source in store.counts()["records"]]
    moments = [_w(position.state) for position in positions if position is not None]
    return min((moment for moment in moments if moment is not None), default=None)


def _w(state: Mapping[str, int]) -> int | None:
    return max((state[name] for name in ("w", "floor", "greatest") if name in state), default=None)
