"""Random events of two domains: on a grid of 15 minutes, up to 2 hours late, some of them repeated."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.oracle.catalogue import Plain
from tests.oracle.values import EPOCH, UNITS, instant

MINUTE = UNITS["m"]
BEGINNING = instant("2026-03-02T09:00:00Z")
STEPS = [0, 0, 15, 30, 30, 60, 120, 240]
LATENESS = [15, 30, 60, 90, 120]


@dataclass(frozen=True)
class Domain:
    """A kind of case: its beginning, its ends, and what else happens to it."""

    kind: str
    id_field: str
    begins: str
    ends: tuple[str, ...]
    others: tuple[str, ...]


PARCEL = Domain(
    "parcel",
    "parcel_id",
    "shipment.created",
    ("delivery.delivered", "parcel.returned"),
    (
        "delivery.eta", "delivery.eta", "delivery.scanned", "delivery.scanned", "delivery.attempted", "delivery.attempted",
        "delivery.slotted", "shipment.handed_over", "shipment.rerouted", "shipment.planned", "delivery.promised",
    ),
)  # fmt: skip
ACCOUNT = Domain(
    "account", "account_id", "allowance.granted", ("account.closed",), ("usage.recorded", "usage.recorded", "allowance.topped_up")
)


def random_events(rng: Random, domain: Domain, *, never_late: set[str], reopens: bool) -> list[Plain]:
    """Return 8 to 30 events in arrival order, the last one a tick."""
    teller = _Teller(rng, domain, never_late, reopens)
    for number in range(rng.randint(8, 30)):
        teller.tell(number)
    teller.clock += rng.choice([0, 60, 600]) * MINUTE
    teller.tick()
    return teller.events


@dataclass
class _Teller:
    rng: Random
    domain: Domain
    never_late: set[str]
    reopens: bool
    clock: int = BEGINNING
    events: list[Plain] = field(default_factory=list)
    begun: dict[str, int] = field(default_factory=dict)

    def tell(self, number: int) -> None:
        self.clock += self.rng.choice(STEPS) * MINUTE
        chance = self.rng.random()
        if chance < 0.08 and number:
            self.events.append(self.rng.choice(self.events[-8:]))
        elif chance < 0.16:
            self.tick()
        else:
            self._happen(self.rng.choice(["1", "1", "2"]))

    def tick(self) -> None:
        self._add("customer.visited", self.clock, {"customer_id": "C9"})

    def _happen(self, case: str) -> None:
        event_type = self._type(case)
        time = self.clock
        if event_type not in self.never_late | {self.domain.begins} and self.rng.random() < 0.3:
            time = max(time - self.rng.choice(LATENESS) * MINUTE, self.begun.get(case, BEGINNING))
        if event_type == self.domain.begins:
            self.begun[case] = time
        data = {self.domain.id_field: case, "customer_id": "C1"} | self._data(event_type)
        self._add(event_type, time, data)

    def _type(self, case: str) -> str:
        """A case begins with its first event, now and then with a later one; an end is rare."""
        chance = self.rng.random()
        if case not in self.begun:
            return self.domain.begins if chance < 0.7 or not self.reopens else self.rng.choice(self.domain.others)
        if chance < 0.06:
            return self.rng.choice(self.domain.ends)
        return self.domain.begins if chance < 0.14 and self.reopens else self.rng.choice(self.domain.others)

    def _add(self, event_type: str, time: int, data: Plain) -> None:
        self.events.append({"id": f"e{len(self.events):04d}", "source": "random", "type": event_type, "time": time, "data": data})

    def _data(self, event_type: str) -> Plain:
        match event_type:
            case "delivery.eta":
                return {"p_late": self.rng.choice([0.2, 0.5, 0.8])} if self.rng.random() < 0.9 else {}
            case "delivery.scanned":
                return {"place": self.rng.choice(["hub", "depot"])} if self.rng.random() < 0.8 else {}
            case "delivery.attempted":
                return {"outcome": self.rng.choice(["nobody home", "refused"])}
            case "delivery.slotted":
                return {"slot_ends": self._near()}
            case "shipment.planned":
                return {"hand_over_by": self._near()}
            case "shipment.handed_over":
                return {"carrier": "Blue Van"}
            case "delivery.promised":
                return {"promised_day": self._near()[:10]}
            case "usage.recorded":
                return {"amount": self.rng.choice([1.0, 2.0, 5.0]), "metric": self.rng.choice(["data", "voice"])}
            case "allowance.granted":
                return {"quota": self.rng.choice([4.0, 10.0])}
            case _:
                return {}

    def _near(self) -> str:
        """Return an instant of up to two hours ago or up to eight hours ahead, as text."""
        moment = self.clock + self.rng.choice([-120, -60, 0, 30, 60, 120, 180, 240, 480]) * MINUTE
        return (EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")
