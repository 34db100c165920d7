"""The rules that everybody is measured by: twenty over the life of an order, and three of these by name."""

import re

THREE = ("likely-late", "payments-fail", "not-handed-over")

FACTS = {
    "amount": "order.placed.amount",
    "items": "order.placed.items",
    "country": "order.placed.country",
    "tries_made": "payment.failed.tries",
    "place": "parcel.scanned.place",
    "weight": "parcel.scanned.weight",
    "chance_late": "delivery.eta.chance_late",
    "promised": "delivery.promised.promised_at",
    "outcome": "delivery.attempted.outcome",
}

TWENTY = {
    # predicates
    "likely-late": "when: chance_late >= 0.9",
    "dear": "when: amount >= 600",
    "heavy": "when: weight >= 25",
    "refused": 'when: outcome == "refused"',
    "many-items": "when: items >= 20",
    "stopped-at-customs": 'when: place == "customs" and chance_late >= 0.5',
    # thresholds over several facts
    "heavy-and-late": "when: weight >= 12 and chance_late >= 0.6",
    "dear-abroad": 'when: amount >= 400 and country == "NO"',
    "many-tries": "when: tries_made >= 5",
    "large-and-late": "when: items >= 8 and chance_late >= 0.7",
    "tight": "when: chance_late >= 0.8 and promised - now <= 24h",
    # absences
    "not-handed-over": "expect: order.handed_over\nwithin: 24h",
    "not-confirmed": "expect: order.confirmed\nwithin: 2h",
    "not-paid": "expect: payment.succeeded\nwithin: 12h\nof: payment.failed",
    "overdue": "expect: order.completed\nby: promised",
    "silent": "silence: parcel.scanned\nafter: order.handed_over\nlonger_than: 48h",
    # sequences
    "not-at-home-twice": "sequence: [delivery.attempted, delivery.attempted]\nwithin: 72h",
    "charged-at-the-door": "sequence: [order.handed_over, charge.made, delivery.attempted]\nwithin: 96h",
    # windows
    "payments-fail": "when: count(payment.failed, 24h) >= 3",
    "charges-mount": "when: sum(charge.made.amount, 72h) >= 90",
}

TEXT = """\
rule: {name}
title: An order of which something may go wrong
watch: order
from: order.placed
until: {{solved: order.completed}}
facts: {{{facts}}}
detect:
  found:
    {detector}
    grace: 0s
    says: may go wrong
message:
  what: {{may go wrong: "Something may go wrong with your order {{{{ case.label }}}}."}}
  effect: "It may take longer."
  why: "We do not know the cause yet."
  doing: "We look after it."
  you_need_to: nothing
  choices: []
  cleared: "Your order {{{{ case.label }}}} is well again."
  solved: "Your order {{{{ case.label }}}} is complete."
"""


def named(*names: str) -> dict[str, str]:
    """Return some of the twenty, as name to detector."""
    return {name: TWENTY[name] for name in names}


def text_of(name: str, detector: str) -> str:
    """Return the YAML of a rule with this detector."""
    facts = ", ".join(f"{fact}: {field}" for fact, field in _facts(detector).items())
    return TEXT.format(name=name, facts=facts, detector=detector.replace("\n", "\n    "))


def _facts(detector: str) -> dict[str, str]:
    """Return the facts that it names; `weight7` is the weight of parcels of type 7 (benchmarks/workload/patterns.py)."""
    facts = {fact: field for fact, field in FACTS.items() if re.search(rf"\b{fact}\b", detector)}
    return facts | {fact[0]: f"parcel{fact[1]}.scanned.weight" for fact in re.finditer(r"\bweight(\d+)", detector)}
