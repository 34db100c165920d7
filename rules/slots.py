"""Where the memory of a kind of case holds what: the same fact, time or window read by two rules has one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from contracts.values import FieldType
from rules.expression import WindowSpec


@dataclass
class KindSlots:
    """All slots of one kind of case. facts: (event type, field) to its slot. windows: a window without `keep` to its slot."""

    facts: dict[tuple[str, str], int] = field(default_factory=dict)
    fact_types: list[FieldType] = field(default_factory=list)
    times: dict[str, int] = field(default_factory=dict)
    windows: dict[WindowSpec, int] = field(default_factory=dict)
    specs: list[WindowSpec] = field(default_factory=list)

    def fact(self, event_type: str, name: str, kind: FieldType) -> int:
        slot = self.facts.setdefault((event_type, name), len(self.facts))
        if slot == len(self.fact_types):
            self.fact_types.append(kind)
        return slot

    def newest(self, event_type: str) -> int:
        return self.times.setdefault(event_type, len(self.times))

    def window(self, spec: WindowSpec) -> int:
        """The widest need decides how many entries a shared window keeps."""
        if spec.since is not None:
            self.newest(spec.since)
        slot = self.windows.setdefault(replace(spec, keep=None), len(self.windows))
        if slot == len(self.specs):
            self.specs.append(spec)
        self.specs[slot] = self.specs[slot].merged(spec)
        return slot


class DetectorSlots:
    """One detector's view of its kind's slots. facts: of its rule, by name. times: the newest times that it asked for."""

    def __init__(self, kind: KindSlots, facts: Mapping[str, int]) -> None:
        self.kind, self.facts = kind, facts
        self.times: set[int] = set()

    def fact(self, name: str) -> int:
        return self.facts[name]

    def window(self, spec: WindowSpec) -> int:
        return self.kind.window(spec)

    def newest(self, event_type: str) -> int:
        slot = self.kind.newest(event_type)
        self.times.add(slot)
        return slot
