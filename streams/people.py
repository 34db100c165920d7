"""What events say about people: profiles, complaints, and which cases belong together. Events in, rows for the store out."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TypeVar

from contracts.customer import PROFILE, UPDATED
from contracts.event import Event, Fate
from contracts.ids import kind_of, number_of
from contracts.tell import RuleTelling
from contracts.times import later
from storage.store import Complaint, CustomerRow, Store
from streams.unwritten import Unwritten

RAISED, RESOLVED = "complaint.raised", "complaint.resolved"
SPEAKING = frozenset((UPDATED, RAISED, RESOLVED))
KEPT = 50_000
MARKS_KEPT = 16

Key = TypeVar("Key")
Row = TypeVar("Row")


class People:
    """Rows changed since the last commit, and the last used ones, so that an event rarely asks the store."""

    def __init__(self, store: Store, needed: frozenset[frozenset[str]]) -> None:
        self._store, self._needed = store, needed
        self._all_here: bool | None = None
        self._customers: OrderedDict[str, CustomerRow] = OrderedDict()
        self._links: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._changed: dict[str, CustomerRow] = {}
        self._complaints: dict[str, Complaint] = {}
        self._new_links: list[tuple[str, ...]] = []
        self.somebody_new = False

    def read_from(self, store: Store) -> None:
        """Ask another store from now on, which holds the same."""
        self._store = store

    @property
    def have_changed(self) -> bool:
        """Whether there is anything that `hand_on` would hand on."""
        return bool(self._changed or self._complaints or self._new_links)

    def take(self, event: Event) -> Fate | None:
        """Take up what the event says about people; None when that is nothing."""
        if self._needed and len(event.cases) > 1:
            self._link(event.cases)
        if event.type == UPDATED:
            return self._update(event)
        if event.type in (RAISED, RESOLVED):
            self._complain(event)
            return Fate.APPLIED
        return None

    def _update(self, event: Event) -> Fate | None:
        customer = _customer_of(event)
        if customer is None:
            return None
        row = self._customer(customer)
        if row is not None and number_of(event.mark) in row.marks:
            return Fate.REPEATED
        self.somebody_new |= row is None
        self._changed[customer] = self._customers[customer] = with_profile(row or CustomerRow(customer, {}, []), event)
        self._customers.move_to_end(customer)
        return Fate.APPLIED

    def fetch(self, events: Iterable[Event]) -> None:
        """Read at once what is known of the customers of many events, so that `take` need not ask for each."""
        if self._have_all():
            return
        customers = dict.fromkeys(_customer_of(event) for event in events if event.type == UPDATED)
        missing = [customer for customer in customers if customer is not None and customer not in self._customers]
        self._customers.update(self._store.customers(missing))

    def _customer(self, customer: str) -> CustomerRow | None:
        row = self._customers.get(customer)
        if row is None and not self._have_all():
            return self._store.customers((customer,)).get(customer)
        return row

    def _have_all(self) -> bool:
        """Of a store that held nobody at first, all are here until one has to leave."""
        if self._all_here is None:
            self._all_here = not self._store.knows_customers()
        return self._all_here

    def _complain(self, event: Event) -> None:
        """A complaint is about the cases it names, or, naming no other, about its customer."""
        others = tuple(case for case in event.cases if kind_of(case) != "customer")
        for about in others or event.cases:
            known = self._complaints.get(about) or Complaint(about, None, None)
            raised, resolved = known.raised_at, known.resolved_at
            if event.type == RAISED:
                raised = later(raised, event.time)
            else:
                resolved = later(resolved, event.time)
            self._complaints[about] = Complaint(about, raised, resolved)

    def _link(self, cases: tuple[str, ...]) -> None:
        for number, case in enumerate(cases):
            others = [other for other in cases[number + 1 :] if frozenset((kind_of(case), kind_of(other))) in self._needed]
            link = (case, *others)
            if others and link not in self._links:
                self._links[link] = None
                self._new_links.append(link)

    def hand_on(self, unwritten: Unwritten) -> None:
        """Hand on what changed since it was asked last."""
        unwritten.customers, self._changed = self._changed, {}
        unwritten.complaints = list(self._complaints.values())
        unwritten.links, self._new_links = self._new_links, []
        self._complaints.clear()
        self.somebody_new = False

    def committed(self) -> None:
        """What was handed on is in the store; those not used for longest may leave."""
        if len(self._customers) > KEPT:
            self._all_here = False
        _shrink(self._customers)
        _shrink(self._links)

    def drop(self) -> None:
        """Forget everything that is not in the store."""
        self.hand_on(Unwritten())
        self._customers.clear()
        self._links.clear()
        self._all_here = None


def _customer_of(event: Event) -> str | None:
    customer = event.data.get("customer_id")
    return customer if isinstance(customer, str) else None


def with_profile(row: CustomerRow, event: Event) -> CustomerRow:
    """Return the row with the fields of this event that are newer by (time, id) than what it has."""
    profile = dict(row.profile)
    for field, value in event.data.items():
        if field in PROFILE and (field not in profile or [event.time, event.id] >= profile[field][1:]):
            profile[field] = [value, event.time, event.id]
    return CustomerRow(row.customer, profile, [*row.marks, number_of(event.mark)][-MARKS_KEPT:])


def kinds_to_link(tellings: Mapping[str, RuleTelling], kinds: Mapping[str, str]) -> frozenset[frozenset[str]]:
    """Return the pairs of kinds between which a cause may speak. kinds: rule to the kind that it watches."""
    return frozenset(
        frozenset((kinds[rule], kinds[cause]))
        for rule, telling in tellings.items()
        for cause in telling.tell.unless_open
        if cause in kinds and kinds[cause] != kinds[rule]
    )


def _shrink(rows: OrderedDict[Key, Row]) -> None:
    while len(rows) > KEPT:
        rows.popitem(last=False)
