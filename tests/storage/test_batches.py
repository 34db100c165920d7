"""What a batch writes about sources, cases and people."""

import pytest

from contracts.event import DeadLetter, DeadReason, Fate
from contracts.telling import RuleState, Stage
from contracts.times import HOUR
from storage.errors import Fenced, NestedTransaction
from storage.sqlite import SqliteStore
from storage.store import Complaint, CustomerRow, Silence, SourcePosition
from tests.storage.builders import NOON, a_case


def move(store: SqliteStore, following: int, *, expected: int) -> None:
    with store.transaction() as tx:
        tx.move_position(SourcePosition("orders", 0, following, {"w": following * 10}), expected=expected)


def test_a_position_moves_from_where_it_was_expected(store: SqliteStore) -> None:
    move(store, 100, expected=0)
    move(store, 250, expected=100)

    assert store.position("orders", 0) == SourcePosition("orders", 0, 250, {"w": 2500})
    assert store.position("orders", 1) is None


@pytest.mark.parametrize("expected", [0, 99, 250])
def test_a_position_that_somebody_else_moved_is_fenced(store: SqliteStore, expected: int) -> None:
    move(store, 100, expected=0)

    with pytest.raises(Fenced, match="orders"):
        move(store, 300, expected=expected)

    assert store.position("orders", 0) == SourcePosition("orders", 0, 100, {"w": 1000})


def test_a_source_that_was_never_read_has_no_place_to_go_on_from(store: SqliteStore) -> None:
    with pytest.raises(Fenced):
        move(store, 300, expected=100)


def test_what_raises_leaves_nothing_behind(store: SqliteStore) -> None:
    with pytest.raises(RuntimeError), store.transaction() as tx:
        tx.save_cases([a_case()])
        raise RuntimeError

    assert store.load_cases(["parcel/P1"]) == {}


def test_a_transaction_inside_another_is_refused_and_undoes_both(store: SqliteStore) -> None:
    with pytest.raises(NestedTransaction), store.transaction() as tx:
        tx.save_cases([a_case()])
        with store.transaction():
            pass

    assert store.load_cases(["parcel/P1"]) == {}
    with store.transaction() as tx:
        tx.save_cases([a_case()])


def test_records_are_counted_by_source_and_fate(store: SqliteStore) -> None:
    for fates in ({Fate.APPLIED: 5, Fate.DEAD: 1}, {Fate.APPLIED: 2, Fate.UNREAD: 0}):
        with store.transaction() as tx:
            tx.count_records("orders", fates)

    assert store.counts()["records"] == {"orders": {"applied": 7, "dead": 1}}


def test_dead_letters_are_kept_whole_once_and_shown_newest_first(store: SqliteStore) -> None:
    letters = [
        DeadLetter("orders", place, bytes([0xFF, place]), DeadReason.SYNTAX, "no JSON", NOON + place) for place in range(3)
    ]

    with store.transaction() as tx:
        for letter in [*letters, letters[0]]:
            tx.add_dead_letter(letter)

    assert store.dead_letters() == letters[::-1]
    assert store.dead_letters(limit=1) == letters[2:]
    assert store.counts()["dead_letters"] == {"syntax": 3}


def test_cases_are_written_over_and_forgotten(store: SqliteStore) -> None:
    rows = [a_case(f"parcel/P{number}", ripe_at=number or None, memory=bytes(number)) for number in range(150)]
    with store.transaction() as tx:
        tx.save_cases(rows)
        tx.save_cases([a_case("parcel/P1", customer="C1", layout=2)])
        tx.forget_cases(["parcel/P2", "parcel/unheard-of"])

    loaded = store.load_cases([row.case for row in rows])

    assert len(loaded) == 149
    assert loaded["parcel/P1"] == a_case("parcel/P1", customer="C1", layout=2)
    assert loaded["parcel/P149"] == rows[149]
    assert sorted(store.armed_cases(0)) == sorted((row.case, row.ripe_at) for row in rows[3:])


def test_however_many_cases_are_forgotten_at_once_only_the_others_stay_and_keep_their_links(store: SqliteStore) -> None:
    names = [f"parcel/P{number}" for number in range(700)]
    with store.transaction() as tx:
        tx.save_cases([a_case(name) for name in names])
        tx.link_cases([(name, f"order/of-{name}") for name in names])

    with store.transaction() as tx:
        tx.forget_cases(names[1:])

    assert list(store.load_cases(names)) == names[:1]
    assert [name for name in names if store.linked_cases(name)] == names[:1]


def test_cases_that_an_event_named_together_know_each_other(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.link_cases([("order/O1", "parcel/P1", "customer/C1", "order/O1")])

    assert store.linked_cases("order/O1") == ["parcel/P1", "customer/C1"]
    assert store.linked_cases("parcel/P1") == ["order/O1"]
    assert store.linked_cases("parcel/P2") == []


@pytest.mark.parametrize("at_once", [False, True])
def test_the_newest_eight_links_stay_and_a_repeated_link_is_new_again(store: SqliteStore, *, at_once: bool) -> None:
    for numbers in ([*range(8)], [0, 8]) if at_once else ([number] for number in [*range(8), 0, 8]):
        with store.transaction() as tx:
            tx.link_cases([("customer/C1", f"order/O{number}") for number in numbers])

    assert store.linked_cases("customer/C1") == [f"order/O{number}" for number in (2, 3, 4, 5, 6, 7, 0, 8)]


def test_a_customer_is_kept_field_by_field(store: SqliteStore) -> None:
    row = CustomerRow("C1", {"channels": [["sms", "email"], NOON, "e1"], "name": [None, NOON, "e2"]}, [-(2**63), 2**63 - 1])

    with store.transaction() as tx:
        tx.save_customers([CustomerRow("C1", {}, [])])
        tx.save_customers([row])

    assert store.customer("C1") == row
    assert store.customer("C2") is None


def test_of_complaints_the_later_times_stay_whatever_comes_first(store: SqliteStore) -> None:
    for raised, resolved in [(5, None), (None, 4), (3, 2), (None, None)]:
        with store.transaction() as tx:
            tx.save_complaints([Complaint("order/O1", raised, resolved)])

    assert store.complaints(["order/O1", "order/O2"]) == [Complaint("order/O1", 5, 4)]


def test_the_stage_of_a_rule_is_kept(store: SqliteStore) -> None:
    state = RuleState(rule="late-parcel", stage=Stage.LIVE, live_since=NOON, fingerprint="f", breaker_open=True)

    with store.transaction() as tx:
        tx.save_rule(RuleState(rule="late-parcel", stage=Stage.SHADOW, live_since=None))
        tx.save_rule(state)

    assert store.rule_states() == {"late-parcel": state}


def test_a_silence_is_in_force_from_its_start_until_before_its_end(store: SqliteStore) -> None:
    silence = Silence("s1", "late-parcel", None, None, NOON, NOON + 2 * HOUR, "strike")
    with store.transaction() as tx:
        tx.add_silence(silence)

    assert [bool(store.silences(now)) for now in (NOON - 1, NOON, NOON + 2 * HOUR - 1, NOON + 2 * HOUR)] == [
        False,
        True,
        True,
        False,
    ]
    assert store.silences() == [silence]


def test_a_silence_can_be_ended_once(store: SqliteStore) -> None:
    with store.transaction() as tx:
        tx.add_silence(Silence("s1", None, None, "C1", NOON, NOON + 2 * HOUR, "asked for it"))
        ended = [tx.end_silence("s1", now=NOON + HOUR), tx.end_silence("s1", now=NOON + HOUR), tx.end_silence("s2", now=NOON)]

    assert ended == [True, False, False]
    assert store.silences(NOON + HOUR) == []


def test_what_a_rule_fired_is_added_up_over_partitions_and_minutes(store: SqliteStore) -> None:
    with store.transaction() as tx:
        for part, minute, count in [(0, 10, 3), (1, 10, 4), (0, 10, 1), (0, 9, 100)]:
            tx.add_fired({("late-parcel", minute): count}, part=part)

    assert store.fired_since("late-parcel", 10) == 8
    assert store.fired_since("late-parcel", 9) == 108
    assert store.fired_since("other", 0) == 0


def test_a_layout_keeps_its_number_and_a_new_one_gets_the_next(store: SqliteStore) -> None:
    old, new = [["promised", "date"]], [["promised", "date"], ["place", "text"]]
    with store.transaction() as tx:
        numbers = [
            tx.layout_number(kind, layout) for kind, layout in [("parcel", old), ("parcel", new), ("order", old), ("parcel", old)]
        ]

    assert numbers == [1, 2, 3, 1]
    assert store.layouts() == {1: ("parcel", old), 2: ("parcel", new), 3: ("order", old)}


def test_a_store_remembers_which_command_made_it_its_own(store: SqliteStore) -> None:
    assert store.used_by() is None

    store.set_used_by("replay")

    assert store.used_by() == "replay"
