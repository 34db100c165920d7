"""What people decide reaches the store: at once, or by letter while another process writes it."""

from pathlib import Path

from contracts.telling import RuleState, Silence, Stage
from storage.sqlite import open_memory
from tellfirst.deciding.decisions import BeSilent, EndSilence, Release, SetStage, Withdraw, carry_out, silence_id
from tellfirst.deciding.letterbox import put, take_up, was_taken

NIGHT = Silence("sil_1", "late-parcel", None, None, 100, 200, "the carrier is on strike")


def test_a_rule_that_goes_live_speaks_of_what_is_true_from_then_on() -> None:
    store = open_memory()

    carry_out(SetStage("late-parcel", Stage.LIVE), store, now=50)

    assert store.rule_states()["late-parcel"] == RuleState(rule="late-parcel", stage=Stage.LIVE, live_since=50)


def test_a_paused_rule_goes_on_where_it_stopped() -> None:
    store = open_memory()
    carry_out(SetStage("late-parcel", Stage.LIVE), store, now=50)
    carry_out(SetStage("late-parcel", Stage.PAUSED), store, now=60)

    carry_out(SetStage("late-parcel", Stage.LIVE), store, now=70)

    assert store.rule_states()["late-parcel"].live_since == 50


def test_a_rule_that_was_in_shadow_begins_anew() -> None:
    store = open_memory()
    carry_out(SetStage("late-parcel", Stage.LIVE), store, now=50)
    carry_out(SetStage("late-parcel", Stage.SHADOW), store, now=60)

    carry_out(SetStage("late-parcel", Stage.LIVE), store, now=70)

    assert store.rule_states()["late-parcel"].live_since == 70


def test_whoever_decides_about_the_breaker_closes_it() -> None:
    for decision in (Release("late-parcel"), Withdraw("late-parcel")):
        store = open_memory()
        with store.transaction() as tx:
            tx.save_rule(RuleState(rule="late-parcel", stage=Stage.LIVE, live_since=1, breaker_open=True))

        carry_out(decision, store, now=50)

        assert store.rule_states()["late-parcel"] == RuleState(rule="late-parcel", stage=Stage.LIVE, live_since=1)


def test_a_silence_is_kept_until_it_is_ended() -> None:
    store = open_memory()

    carry_out(BeSilent(NIGHT), store, now=50)
    carry_out(BeSilent(NIGHT), store, now=51)
    assert list(store.silences(150)) == [NIGHT]

    carry_out(EndSilence("sil_1"), store, now=120)
    assert list(store.silences(150)) == []


def test_the_same_silence_has_the_same_id() -> None:
    assert silence_id(NIGHT) == silence_id(NIGHT)
    assert silence_id(NIGHT) != silence_id(Silence("", "late-parcel", None, None, 100, 201, "the carrier is on strike"))


def test_letters_are_taken_up_in_the_order_of_their_times(tmp_path: Path) -> None:
    store = open_memory()
    first = put(tmp_path, SetStage("late-parcel", Stage.LIVE), now=9)
    second = put(tmp_path, SetStage("late-parcel", Stage.PAUSED), now=10)

    assert take_up(tmp_path, lambda decision: carry_out(decision, store, now=60)) == 2

    assert store.rule_states()["late-parcel"].stage is Stage.PAUSED
    assert was_taken(first) and was_taken(second)


def test_a_letter_that_cannot_be_read_is_put_aside_and_stops_nobody(tmp_path: Path) -> None:
    store = open_memory()
    letter = put(tmp_path, SetStage("late-parcel", Stage.LIVE), now=5)
    letter.write_bytes(b"{")
    put(tmp_path, BeSilent(NIGHT), now=6)

    take_up(tmp_path, lambda decision: carry_out(decision, store, now=60))

    assert list(store.silences(150)) == [NIGHT]
    assert letter.with_suffix(".unread").exists()
