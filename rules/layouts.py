"""What a packed memory holds where: its parts by name, so that one packed under older rules is read by them."""

from collections.abc import Sequence
from typing import TypeAlias

Layout: TypeAlias = Sequence[Sequence[str]]
NOTES = "#notes"
"""Stands behind the kind of a detector whose state says which events it knows; of any other, memory itself tells."""


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
