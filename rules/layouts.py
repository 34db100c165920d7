"""What a packed memory holds where: its parts by name, so that one packed under older rules is read by them."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from rules.plan import CasePlan

Layout: TypeAlias = Sequence[Sequence[str]]
Parts: TypeAlias = dict[int, Any]
"""What there is to say, by its place in the layout."""


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


def by_name(plan: CasePlan, layout: Layout, parts: Parts) -> Parts:
    """Return the parts by their places in the present layout."""
    older = {_named(layout[place]): part for place, part in parts.items()}
    lives = _lives_by_rule(layout, older)
    renewed = {("life " + plan.lives[number].name, "life"): _life(plan, number, lives) for number in range(len(plan.lives))}
    older |= renewed
    places = {_named(part): place for place, part in enumerate(plan.layout)}
    return {places[name]: part for name, part in older.items() if name in places and part is not None}


def _named(part: Sequence[str]) -> tuple[str, str]:
    """Return the name of a part with its type: what it is known by under another layout."""
    name, kind = part
    return name, kind.partition("#")[0]


def _lives_by_rule(layout: Layout, older: Mapping[tuple[str, str], Any]) -> dict[str, tuple[Any, int]]:
    """Return for each rule of a layout its life as it was packed, and which position it had."""
    rules = [(name.removeprefix("rule "), kind) for name, kind in layout if name.startswith("rule ")]
    return {
        name: (older.get(("life " + kind.partition("#")[2].partition(" ")[2], "life")), position)
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
