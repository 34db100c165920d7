"""Random rules and random events from a seed, on a small grid, so that ties, late events and exact boundaries are common.

Left out is what the language does not settle: a late end, a late N, a late beginning, two absences of one type.
"""

from dataclasses import dataclass, field
from random import Random

import yaml

from tests.oracle.case import Phase
from tests.oracle.catalogue import Plain
from tests.oracle.interpreter import phases_of_file
from tests.oracle.random_events import ACCOUNT, PARCEL, Domain, random_events
from tests.oracle.values import duration

CONDITIONS = {
    "parcel": [
        "chance_late >= 0.5",
        'chance_late >= 0.5 and place == "hub"',
        'not (chance_late >= 0.5) or place == "hub"',
        'chance_late >= 0.5 ? place == "hub" : slot_ends - now < 4h',
        "slot_ends - now >= 3h",
        "slot_ends - now < 2h and chance_late > 0.2",
        "now - slot_ends > 2h",
        "now > slot_ends",
        "promised - now < 10h",
        "since(delivery.scanned) > 4h",
        "since(delivery.scanned) >= 2h and slot_ends - now > 1h",
        "count(delivery.scanned, 6h) >= 2",
        "count(delivery.scanned, 3h) == 1",
        'count(delivery.attempted where it.outcome == "refused", 4h) >= 1 or chance_late > 0.6',
        "count(delivery.scanned, since delivery.attempted) >= 2",
        "count(delivery.scanned, 5h) > count(delivery.attempted, 3h)",
    ],
    "account": [
        "sum(usage.recorded.amount, 6h) >= 5",
        "sum(usage.recorded.amount, 8h) * 10 >= quota * 8",
        'max(usage.recorded.amount where it.metric == "data", 4h) > 2',
        "mean(usage.recorded.amount, 6h) <= 2",
        "min(usage.recorded.amount, since allowance.topped_up) < 2",
        "count(usage.recorded where it.amount > 1, 3h) >= 2 and since(allowance.topped_up) > 2h",
        "not (sum(usage.recorded.amount, 3h) < 4)",
    ],
}
CLEARS = {
    "parcel": [
        "chance_late <= 0.2",
        'place == "depot"',
        "since(delivery.attempted) > 3h",
        "now > slot_ends",
        "count(delivery.scanned, 2h) == 0",
    ],
    "account": ["sum(usage.recorded.amount, 2h) < 2", "since(allowance.topped_up) < 1h", "count(usage.recorded, 4h) == 0"],
}
ONLY_IF = {"parcel": ["has(place)", "chance_late >= 0.5", 'place != "hub"'], "account": ["quota > 5", "has(quota)"]}
FACTS = {
    "parcel": {
        "chance_late": "delivery.eta.p_late",
        "place": "delivery.scanned.place",
        "slot_ends": "delivery.slotted.slot_ends",
        "hand_by": "shipment.planned.hand_over_by",
        "promised": "delivery.promised.promised_day",
    },
    "account": {"quota": "allowance.granted.quota"},
}
AWAITED = {
    "parcel": ["delivery.scanned", "delivery.attempted", "shipment.handed_over", "delivery.delivered"],
    "account": ["usage.recorded"],
}
STARTING = {"parcel": ["shipment.handed_over", "shipment.rerouted", "delivery.eta"], "account": ["allowance.topped_up"]}
WHERE = {"delivery.attempted": 'it.outcome == "nobody home"', "usage.recorded": "it.amount >= 2"}
SEQUENCES: dict[str, list[Plain]] = {
    "parcel": [
        {"sequence": ["shipment.handed_over", "delivery.attempted"], "not": "delivery.eta"},
        {"sequence": ["shipment.handed_over", "shipment.rerouted", "delivery.attempted"], "not": "delivery.eta"},
        {"sequence": ["delivery.scanned", "delivery.attempted", "delivery.scanned"]},
    ],
    "account": [
        {"sequence": ["usage.recorded", "usage.recorded", "usage.recorded"], "not": "allowance.topped_up"},
        {"sequence": ["allowance.topped_up", "usage.recorded"]},
    ],
}
MESSAGE = {
    "effect": "We do not know yet what this changes for you.",
    "why": "We do not know the cause yet.",
    "sorry": "We are sorry.",
    "doing": "We are looking into it.",
    "you_need_to": "nothing",
    "choices": ["wait"],
    "cleared": "{{ case.label }} is in order again.",
    "solved": "{{ case.label }} is in order. Thank you for your patience.",
}


class _Plainly(yaml.SafeDumper):
    """Writes what stands twice out twice."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(frozen=True)
class Story:
    """A rule as YAML text, and the events of a file in arrival order; disorder in microseconds."""

    seed: int
    rule_yaml: str
    events: list[Plain]
    disorder: int


def random_story(seed: int) -> Story:
    """Return the story of this seed, always the same."""
    rng = Random(seed)
    maker = _Maker(rng, rng.choice([PARCEL, PARCEL, ACCOUNT]))
    rule = maker.rule()
    events = random_events(rng, maker.domain, never_late=maker.never_late, reopens=not maker.has_sequence)
    rule_yaml = yaml.dump(rule, Dumper=_Plainly, sort_keys=False, allow_unicode=True, width=200)
    return Story(seed, rule_yaml, events, duration(rng.choice(["0s", "0s", "30m", "1h"])))


def phases_by_oracle(rule_yaml: str, catalogue: Plain, events: list[Plain], disorder: int) -> list[Phase]:
    """Return the phases of a file's problems in the order in which they happen, in a project of UTC.

    catalogue: events.yaml, every scalar as text. events: {id, source, type, time in microseconds, data}. disorder: microseconds.
    """
    rule = yaml.load(rule_yaml, Loader=yaml.BaseLoader)
    return list(phases_of_file(rule, catalogue, "UTC", events, disorder=disorder))


@dataclass
class _Maker:
    rng: Random
    domain: Domain
    taken: set[str] = field(default_factory=set)
    never_late: set[str] = field(default_factory=set)
    has_sequence: bool = False
    has_absence: bool = False

    @property
    def kind(self) -> str:
        return self.domain.kind

    def rule(self) -> Plain:
        detect = {f"d{number}": self._detector(number) for number in range(self.rng.choice([1, 1, 2, 3]))}
        self.never_late |= set(self.domain.ends)
        head = {"rule": "random-rule", "title": "A random rule", "owner": "trace-desk", "watch": self.kind}
        once = {"once": True} if self.rng.random() < 0.1 else {}
        until = dict(zip(("solved", "moot"), self.domain.ends, strict=False))
        watch = {"from": self.domain.begins, "until": until, "facts": FACTS[self.kind], "detect": detect}
        wordings = {one["says"]: "{{ case.label }} " + one["says"] + "." for one in detect.values()}
        return {**head, **once, **watch, "tell": self._tell(), "message": {"what": wordings, **MESSAGE}}

    def _tell(self) -> Plain:
        again = self.rng.choice(["24h", "2h", "4h"] if self.has_absence else ["24h", "2h", "4h", "never"])
        return {
            "urgency": "soon",
            "class": "service",
            "channels": ["email"],
            "on_clear": "silent",
            "again": again,
            "private": False,
        }

    def _detector(self, number: int) -> Plain:
        make = self.rng.choice([self._when, self._when, self._expect, self._silence, self._sequence])
        detector = make()
        if self.rng.random() < 0.2:
            detector["if"] = self.rng.choice(ONLY_IF[self.kind])
        if self.rng.random() < 0.25:
            detector["grace"] = self.rng.choice(["0s", "30m", "1h"])
        return detector | {"says": f"may be late {'again ' * number}".strip()}

    def _when(self) -> Plain:
        detector = {"when": self.rng.choice(CONDITIONS[self.kind])}
        if self.rng.random() < 0.4:
            detector["for"] = self.rng.choice(["30m", "1h", "2h"])
        if self.rng.random() < 0.4:
            detector["clear"] = self.rng.choice(CLEARS[self.kind])
        return detector

    def _awaited(self) -> str | None:
        """Return a type that no other absence of this rule awaits."""
        free = [one for one in AWAITED[self.kind] if one not in self.taken]
        if not free:
            return None
        self.has_absence = True
        self.taken.add(chosen := self.rng.choice(free))
        return chosen

    def _expect(self) -> Plain:
        awaited = self._awaited()
        if awaited is None:
            return self._when()
        by: list[Plain] = [{"within": self._length()}, {"within": self._length(), "of": self.rng.choice(STARTING[self.kind])}]
        if self.kind == "parcel":
            by += [{"by": name} for name in ("hand_by", "slot_ends", "promised")]
        return {"expect": awaited} | self.rng.choice(by) | self._where(awaited)

    def _silence(self) -> Plain:
        awaited = self._awaited()
        if awaited is None:
            return self._when()
        after: Plain = {"after": self.rng.choice(STARTING[self.kind])} if self.rng.random() < 0.6 else {}
        return {"silence": awaited} | after | {"longer_than": self._length()} | self._where(awaited)

    def _sequence(self) -> Plain:
        self.has_sequence = True
        detector = dict(self.rng.choice(SEQUENCES[self.kind]))
        self.never_late |= {detector["not"]} if "not" in detector else set()
        return detector | {"within": self._length()}

    def _where(self, awaited: str) -> Plain:
        return {"where": WHERE[awaited]} if awaited in WHERE and self.rng.random() < 0.4 else {}

    def _length(self) -> str:
        """Longer than any event is late, so that what comes late is never older than what was fired on."""
        return self.rng.choice(["3h", "4h", "6h"])
