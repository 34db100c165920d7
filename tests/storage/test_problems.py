"""Problems phase by phase, and what they do to the hand-over."""

from decimal import Decimal

from contracts.on_its_way import OnItsWay
from contracts.problem import Fact, FactsChanged, Phase
from contracts.times import HOUR
from contracts.values import Day, Money
from storage.records import RecordedPhase
from storage.sqlite import SqliteStore
from tests.storage.builders import EVENT, NOON, a_message, a_notice, a_phase, add, an_attempt, an_end


def phases(store: SqliteStore) -> list[str]:
    return [recorded.phase.phase.value for recorded in store.story("parcel/P1")["phases"]]


def test_a_problem_is_what_its_newest_phase_made_of_it(store: SqliteStore) -> None:
    later = NOON + 3 * HOUR
    add(
        store, a_phase(tries=2), a_phase(Phase.UPDATED, detector="day_over", says="is late", at=later, graver=True, customer=None)
    )

    problem = store.problem("prb_1")

    assert problem is not None
    assert (problem.phase, problem.detector, problem.says) == (Phase.UPDATED, "day_over", "is late")
    assert (problem.at, problem.phase_at, problem.found_at) == (NOON, later, NOON + HOUR)
    assert (problem.customer, problem.tries) == ("C1", 2)


def test_an_end_keeps_the_detector_that_took_hold_last(store: SqliteStore) -> None:
    add(store, a_phase(), an_end())

    problem = store.problem("prb_1")

    assert problem is not None
    assert problem.ended
    assert (problem.phase, problem.detector, problem.phase_at) == (Phase.SOLVED, "silent", NOON + 5 * HOUR)


def test_an_unknown_problem_is_none(store: SqliteStore) -> None:
    assert store.problem("prb_1") is None


def test_facts_come_back_with_their_types_and_events(store: SqliteStore) -> None:
    day, price = Day("2026-03-05", "Europe/Berlin", NOON), Money(Decimal("12.50"), "EUR")
    facts = {
        "promised": Fact(day, EVENT),
        "price": Fact(price, EVENT),
        "place": Fact(None, None),
        "chance": Fact(1.0, EVENT),
        "parts": Fact(3, EVENT),
        "paid": Fact(True, EVENT),
    }
    opening = a_phase(facts=facts, fired={"promised": Fact(day, EVENT)}, cites=(EVENT,))
    add(store, opening)

    problem = store.problem("prb_1")

    assert problem is not None
    assert problem.facts == facts
    assert problem.fired == {"promised": Fact(day, EVENT)}
    assert [type(fact.value) for fact in problem.facts.values()] == [Day, Money, type(None), float, int, bool]
    assert store.story("parcel/P1")["phases"] == [RecordedPhase(opening, NOON + HOUR)]


def test_changed_facts_are_those_of_an_open_problem_and_an_ended_one_keeps_its_own(store: SqliteStore) -> None:
    changed = FactsChanged(
        problem="prb_1",
        rule="late-parcel",
        case="parcel/P1",
        customer="C1",
        at=NOON,
        changed=("place",),
        facts={"place": Fact("Ulm", EVENT)},
    )
    add(store, a_phase())

    with store.transaction() as tx:
        tx.update_facts([changed])
        opened = tx.problem("prb_1")
    add(store, an_end(facts={"place": Fact("Bonn", EVENT)}))
    with store.transaction() as tx:
        tx.update_facts([changed])
        ended = tx.problem("prb_1")

    assert opened is not None and opened.facts["place"].value == "Ulm"
    assert ended is not None and ended.facts["place"].value == "Bonn"


def test_a_repeated_phase_writes_nothing(store: SqliteStore) -> None:
    life = [
        a_phase(),
        an_end(Phase.CLEARED),
        a_phase(Phase.UPDATED, reopened=True, at=NOON + 6 * HOUR),
        an_end(at=NOON + 7 * HOUR),
    ]
    add(store, *life)

    add(store, *life)

    assert phases(store) == ["opened", "cleared", "updated", "solved"]
    problem = store.problem("prb_1")
    assert problem is not None and problem.phase is Phase.SOLVED


def test_two_clears_at_one_time_by_two_events_are_two(store: SqliteStore) -> None:
    reopening = a_phase(Phase.UPDATED, reopened=True)
    other = EVENT.__class__("e2", "shop", "delivery.scanned", NOON)

    add(store, a_phase(), an_end(Phase.CLEARED, cites=(EVENT,)), reopening, an_end(Phase.CLEARED, cites=(other,)))

    assert phases(store) == ["opened", "cleared", "updated", "cleared"]


def test_open_problems_are_asked_by_case_and_rule(store: SqliteStore) -> None:
    add(
        store,
        a_phase(problem="prb_1", rule="late-parcel"),
        a_phase(problem="prb_2", rule="payment-failing", case="order/O1"),
        a_phase(problem="prb_3", rule="payment-failing", case="order/O2"),
        a_phase(problem="prb_4", rule="payment-failing"),
        an_end(problem="prb_4", rule="payment-failing"),
    )

    found = store.open_problems(["parcel/P1", "order/O1"], ["payment-failing"])

    assert [problem.problem for problem in found] == ["prb_2"]
    assert store.open_problems([], ["payment-failing"]) == []


def due(store: SqliteStore, now: int) -> list[str]:
    return [problem.problem for problem in store.hand_overs_due(now)]


def test_an_open_problem_is_handed_over_once_when_its_time_has_come(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.record_phases([RecordedPhase(a_phase(), NOON, hand_over_at=NOON + 72 * HOUR)])
        tx.record_phases([RecordedPhase(a_phase(Phase.UPDATED, graver=True), NOON)])

    assert (due(store, NOON + 72 * HOUR - 1), due(store, NOON + 72 * HOUR)) == ([], ["prb_1"])
    assert store.next_ask() == NOON + 72 * HOUR

    with store.transaction() as tx:
        marked = [list(tx.hand_over(["prb_1", "prb_unknown"], at=NOON + 73 * HOUR)) for _ in range(2)]
    assert marked == [["prb_1"], []]
    assert due(store, NOON + 99 * HOUR) == []
    assert store.next_ask() is None


def test_an_ended_problem_is_not_handed_over_but_one_that_came_back_is(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.record_phases([RecordedPhase(a_phase(), NOON, hand_over_at=NOON)])
        tx.record_phases([RecordedPhase(an_end(Phase.CLEARED), NOON)])
    assert due(store, NOON) == []

    add(store, a_phase(Phase.UPDATED, reopened=True))

    assert due(store, NOON) == ["prb_1"]


def test_words_found_before_a_fact_changed_are_not_sent(store: SqliteStore) -> None:
    add(store, a_phase(), a_notice(), a_message())
    changed = FactsChanged(problem="prb_1", rule="late-parcel", case="parcel/P1", customer="C1", at=NOON, changed=(), facts={})

    with store.transaction() as tx:
        [claimed] = tx.claim_due(NOON + HOUR)
        tx.update_facts([changed])
        begun = tx.begin([OnItsWay(claimed, an_attempt(), False)])

    assert not begun
    assert store.told_of("prb_1") == []
