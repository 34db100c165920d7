"""The courier with a real store: told, held, kept, handed over, and never twice."""

import asyncio
from typing import Any

import pytest

from contracts.ids import message_id
from contracts.message import Message, Outcome
from contracts.notice import Reason, Urgency
from contracts.problem import Phase
from contracts.telling import Complaint, Silence, Stage
from contracts.times import DAY, HOUR, MINUTE, SECOND
from notifiers.channels import DeskKind, Recording, Reply
from notifiers.courier import Held
from tests.notifiers.builders import FACTS, MONDAY, NOON, a_day, a_rule, a_tell, a_wording, at, cited, live
from tests.notifiers.house import House

EVENING = at("2026-03-04T22:00")
MORNING = at("2026-03-05T08:00")
TOLD = "told opened of parcel/P1"
RETRY, REFUSED, AMBIGUOUS = Reply(Outcome.RETRY), Reply(Outcome.REFUSED), Reply(Outcome.AMBIGUOUS)


def a_house(*, channel: Recording | None = None, **tell: Any) -> House:
    house = House(a_rule(tell=a_tell(**{"next_update": None, **tell})))
    if channel is not None:
        house.channel = channel
        house.courier = house.another_courier()
    return house


def test_a_customer_is_told_once() -> None:
    house = a_house()
    notice = house.find(NOON)

    assert house.round(NOON) == [TOLD]
    assert house.round(NOON) == []
    assert [message.title for message in house.channel.sent] == ["Your parcel P1 may arrive after Saturday 7 March."]
    assert house.answer(notice) == ("told", None)
    assert house.attempts() == [("email", "accepted")]
    assert house.store.next_ask() is None


def test_a_notice_that_is_held_comes_back_and_is_asked_everything_again() -> None:
    house = a_house()
    house.find(EVENING)

    assert house.run(MORNING) == [(EVENING, "held quiet_hours"), (MORNING, TOLD)]


def test_who_waits_for_the_same_as_before_is_not_reported_again() -> None:
    house = a_house()
    house.find(NOON, customer="C2")
    assert house.round(NOON) == ["held customer_unknown"]

    with house.store.transaction() as tx:
        tx.ask_again(reasons=[Reason.CUSTOMER_UNKNOWN], now=NOON + HOUR)

    assert house.round(NOON + HOUR) == []


def test_an_unknown_customer_is_told_when_the_profile_comes() -> None:
    house = a_house()
    house.find(NOON, customer="C2")
    house.round(NOON)

    house.know("C2", language="de")
    with house.store.transaction() as tx:
        tx.ask_again(reasons=[Reason.CUSTOMER_UNKNOWN], now=NOON + HOUR)

    assert house.round(NOON + HOUR) == [TOLD]
    assert house.channel.sent[0].customer == "C2"


def test_a_customer_who_stays_unknown_for_a_day_is_the_desks() -> None:
    house = a_house()
    house.find(NOON, customer=None)

    assert house.run(NOON + 2 * DAY) == [(NOON, "held customer_unknown"), (NOON + DAY, "withheld customer_unknown")]
    (item,) = house.desk.items.values()
    assert (item.kind, item.desk, item.reason) == (DeskKind.NOTE, "delivery-desk", "customer_unknown")


def test_a_complaint_withholds_and_the_agent_gets_a_note() -> None:
    house = a_house()
    house.find(NOON)
    with house.store.transaction() as tx:
        tx.save_complaints([Complaint("customer/C1", NOON - HOUR, None)])

    assert house.round(NOON) == ["withheld complained"]
    (item,) = house.desk.items.values()
    assert item.text.endswith("Your parcel P1 may arrive after Saturday 7 March.")


def test_a_complaint_that_was_resolved_withholds_nothing() -> None:
    house = a_house()
    house.find(NOON)
    with house.store.transaction() as tx:
        tx.save_complaints([Complaint("parcel/P1", NOON - HOUR, NOON - MINUTE)])

    assert house.round(NOON) == [TOLD]


@pytest.mark.parametrize(("about", "told"), [({"rule": "late-parcel"}, False), ({"case": "parcel/P1", "customer": "C2"}, True)])
def test_a_silence_withholds_what_matches_every_part_of_it(about: dict[str, str], told: bool) -> None:
    house = a_house()
    house.find(NOON)
    parts = {"rule": None, "case": None, "customer": None, **about}
    with house.store.transaction() as tx:
        tx.add_silence(Silence(silence="s1", **parts, starts=NOON - 1, ends=NOON + 1, why="test"))

    assert house.round(NOON) == ([TOLD] if told else ["withheld silenced"])


def test_a_rule_of_which_nothing_was_decided_is_in_shadow() -> None:
    house = a_house()
    with house.store.transaction() as tx:
        tx.save_rule(live(stage=Stage.SHADOW))
    house.find(NOON)

    assert house.round(NOON) == ["withheld before_the_rule"]


def test_a_notice_of_a_rule_that_is_no_more_is_cancelled() -> None:
    house = a_house()
    notice = house.find(NOON)
    house.rules.clear()

    assert house.round(NOON) == []
    assert house.answer(notice) == ("cancelled", None)


def test_a_backlog_holds_for_a_minute_at_a_time_and_says_so_once() -> None:
    house = a_house()
    seen = [NOON - HOUR]
    house.courier = house.another_courier(sight=lambda case: (seen[0], 0))
    house.find(NOON)

    assert house.run(NOON + 2 * MINUTE) == [(NOON, "held not_caught_up")]
    seen[0] = NOON
    assert house.run(NOON + 3 * MINUTE) == [(NOON + 3 * MINUTE, TOLD)]


# ends


def test_an_end_goes_to_who_was_told_on_the_channel_it_was_told_on() -> None:
    house = a_house()
    house.know("C1", channels=["sms"])
    house.find(NOON)
    house.round(NOON)
    house.know("C1", channels=["email"])

    house.find(NOON + HOUR, Phase.SOLVED, customer="C1", detector=None, ended_by="delivery.delivered")

    assert house.round(NOON + HOUR) == ["told solved of parcel/P1"]
    assert [message.channel for message in house.channel.sent] == ["sms", "sms"]
    assert house.channel.sent[1].title.startswith("Your parcel P1 has arrived.")


def test_a_problem_that_ended_before_the_courier_came_is_not_told() -> None:
    house = a_house()
    notice = house.find(NOON)
    with house.store.transaction() as tx:
        tx.claim_due(NOON)
    house.find(NOON + MINUTE, Phase.SOLVED, detector=None)

    house.round(NOON + 10 * MINUTE)

    assert house.answer(notice) == ("withheld", "not_open")
    assert house.channel.sent == []


# who is told what, and how often


def test_the_customers_own_order_of_channels_is_restricted_to_the_rules() -> None:
    house = a_house(channels=("email", "sms"))
    house.know("C1", channels=["push", "sms", "email"])
    house.find(NOON)
    house.round(NOON)

    assert house.channel.sent[0].channel == "sms"


def test_of_notices_due_together_the_fourth_of_a_week_waits_in_their_order() -> None:
    house = a_house()
    for number in (4, 3, 2, 1):
        house.find(NOON, case=f"parcel/P{number}")

    assert house.round(NOON) == [f"told opened of parcel/P{number}" for number in (1, 2, 3)] + ["held caps"]


def test_a_days_digests_go_as_one_message_and_each_is_told() -> None:
    house = a_house(urgency=Urgency.DIGEST)
    first, second = house.find(NOON, case="parcel/P2"), house.find(NOON + HOUR)
    nine = at("2026-03-05T09:00")

    assert house.run(nine)[-2:] == [(nine, "told opened of parcel/P2"), (nine, "told opened of parcel/P1")]
    (message,) = house.channel.sent
    assert message.title == "2 messages for you"
    assert "parcel P1 may" in message.text and "parcel P2 may" in message.text
    assert house.answer(first) == house.answer(second) == ("told", None)
    assert house.attempts() == [("email", "accepted")] * 2


def test_a_digest_that_was_not_taken_is_tried_again_as_one() -> None:
    house = a_house(channel=Recording(replies=(RETRY,)), urgency=Urgency.DIGEST)
    house.find(NOON, case="parcel/P2")
    house.find(NOON + HOUR)
    nine = at("2026-03-05T09:00")

    done = house.run(nine + HOUR)

    assert [word for _, word in done[-2:]] == ["told opened of parcel/P2", TOLD]
    assert nine < done[-1][0] <= nine + 30 * SECOND
    assert [message.title for message in house.channel.sent] == ["2 messages for you"] * 2


def test_of_a_digest_only_what_cannot_be_said_is_left_out() -> None:
    house = a_house(urgency=Urgency.DIGEST)
    wordless = house.find(NOON, case="parcel/P2", facts={})
    house.find(NOON + HOUR)

    house.run(at("2026-03-05T09:00"))

    assert house.answer(wordless) == ("cancelled", None)
    assert [message.title for message in house.channel.sent] == ["Your parcel P1 may arrive after Saturday 7 March."]


def test_sorry_is_said_once_per_problem() -> None:
    house = a_house()
    house.find(NOON, says="is late", detector="day_over")
    house.find(NOON + HOUR, Phase.UPDATED, says="is late", detector="day_over", graver=True)
    house.run(NOON + HOUR)

    assert [message.says_sorry for message in house.channel.sent] == [True, False]


def test_the_second_update_is_withheld() -> None:
    house = a_house()
    for hours, phase in enumerate((Phase.OPENED, Phase.UPDATED, Phase.UPDATED)):
        house.find(NOON + hours * HOUR, phase)
        house.round(NOON + hours * HOUR)

    assert house.said == [TOLD, "told updated of parcel/P1", "withheld caps"]


def test_a_cause_that_speaks_holds_the_consequence_and_one_in_shadow_does_not() -> None:
    cause, consequence = a_rule(rule="cause"), a_rule(tell=a_tell(unless_open=("cause",)))
    house = House(cause, consequence)
    house.find(NOON, rule="cause")
    house.find(NOON + 1)

    assert house.run(NOON + 1) == [(NOON, TOLD), (NOON + 1, "held cause_speaks")]

    with house.store.transaction() as tx:
        tx.save_rule(live(rule="cause", stage=Stage.SHADOW))
        tx.ask_again(reasons=[Reason.CAUSE_SPEAKS], now=NOON + 2)
    assert house.round(NOON + 2) == [TOLD]


# promises


def test_a_promise_is_kept_with_news_twice_and_then_by_a_person() -> None:
    """The trace news-twice-then-hand-over."""
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    house.find(start)

    assert house.run(start + 90 * HOUR) == [
        (start, TOLD),
        (start + 27 * HOUR, "news nothing new yet"),
        (start + 54 * HOUR, "news nothing new yet"),
        (start + 81 * HOUR, "handed over to delivery-desk"),
    ]
    assert house.promises() == ["kept", "kept", "handed_over"]
    (item,) = house.desk.items.values()
    assert (item.kind, item.reason) == (DeskKind.HAND_OVER, "no_news")


def test_the_third_promise_is_a_persons_who_has_no_quiet_hours() -> None:
    start = at("2026-03-02T10:00")
    house = a_house(next_update=24 * HOUR)
    house.find(start)

    times = [now - start for now, _ in house.run(start + 70 * HOUR)]

    assert times == [0, 22 * HOUR, 46 * HOUR, 67 * HOUR + 36 * MINUTE]


def test_after_an_outage_overdue_promises_are_answered_before_what_was_found_meanwhile() -> None:
    house = House()
    house.find(NOON)
    house.run(NOON)
    for number in range(100):
        house.know(f"D{number}")
        house.find(NOON + 30 * HOUR, case=f"parcel/D{number}", customer=f"D{number}")
    back = NOON + 3 * DAY
    del house.channel.sent[:]

    house.round(back)

    assert "C1" in [message.customer for message in house.channel.sent[:64]]
    assert house.promises().count("kept") == 1
    assert len(house.channel.sent) == 101


def test_an_update_supersedes_the_promise_and_the_message_says_until_when() -> None:
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    house.find(start)
    house.round(start)
    house.find(start + 4 * HOUR, Phase.UPDATED, graver=True)
    house.round(start + 4 * HOUR)

    assert house.promises() == ["superseded", "made"]
    assert house.channel.sent[1].sections["hear_again"] == "You will hear from us again by Wednesday 4 March, 18:00."


def test_an_update_that_waits_because_of_caps_is_the_news() -> None:
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    for case in ("parcel/P1", "parcel/P2", "parcel/P3"):
        house.find(start, case=case)
    house.round(start)
    for case in ("parcel/P2", "parcel/P3"):
        house.find(start + 1, Phase.SOLVED, case=case, detector=None)
    house.find(start + HOUR, Phase.UPDATED, graver=True)
    house.round(start + HOUR)
    assert house.said[-1] == "held caps"

    assert house.run(start + 28 * HOUR)[-1] == (start + 27 * HOUR, "told updated of parcel/P1")
    assert "news nothing new yet" not in house.said


def test_news_says_what_changed_where_an_update_may_no_longer() -> None:
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    house.find(start)
    house.round(start)
    house.find(start + HOUR, Phase.UPDATED)
    house.round(start + HOUR)
    later = {**FACTS, "expected": cited(a_day("2026-03-20"))}
    house.find(start + 2 * HOUR, Phase.UPDATED, facts=later)
    house.round(start + 2 * HOUR)

    house.run(start + 29 * HOUR)

    assert house.said[-2:] == ["withheld caps", "news what we know now"]
    assert house.channel.sent[-1].sections["effect"] == "We now expect Friday 20 March."


def test_a_promise_is_never_answered_with_nothing_new_while_we_do_not_see_the_newest_state() -> None:
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    house.find(start)
    house.round(start)

    blind = house.another_courier(sight=lambda case: (start, 0))

    assert house.round(start + 27 * HOUR, blind) == ["news cannot see the newest state"]
    assert house.channel.sent[-1].claims == ()


def test_a_promise_to_who_complained_since_is_the_agents() -> None:
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    house.find(start)
    house.round(start)
    with house.store.transaction() as tx:
        tx.save_complaints([Complaint("parcel/P1", start + HOUR, None)])

    assert house.run(start + 90 * HOUR) == [(start + 27 * HOUR, "withheld complained")]
    assert len(house.channel.sent) == 1 and len(house.desk.items) == 1


def test_what_is_open_for_too_long_is_handed_over_once_told_or_not_and_promises_no_more() -> None:
    house = a_house(next_update=30 * HOUR, open_for=2 * DAY)
    house.find(NOON, hand_over_at=NOON + 2 * DAY)

    done = house.run(NOON + 20 * DAY)

    assert done[-1] == (NOON + 2 * DAY, "handed over to delivery-desk")
    assert "handed_over" in house.promises() and "made" not in house.promises()


def test_a_rule_in_shadow_does_not_speak_to_the_desk_either() -> None:
    house = a_house()
    with house.store.transaction() as tx:
        tx.save_rule(live(stage=Stage.SHADOW))
    house.find(NOON, hand_over_at=NOON + DAY)

    assert house.run(NOON + 3 * DAY) == [(NOON, "withheld before_the_rule")]
    assert not house.desk.items and house.store.next_ask() is None


def test_a_fourth_notice_before_the_end_goes_to_a_person() -> None:
    start = at("2026-03-03T08:00")
    house = a_house(next_update=30 * HOUR)
    house.find(start)
    house.run(start + 60 * HOUR)
    house.find(start + 72 * HOUR, Phase.UPDATED, graver=True)

    assert house.run(start + 72 * HOUR) == [
        (start + 72 * HOUR, "withheld caps, for a person"),
        (start + 72 * HOUR, "handed over to delivery-desk"),
    ]


# trying again


def test_a_message_that_was_not_taken_is_tried_again_while_it_is_true() -> None:
    house = a_house(channel=Recording(replies=(RETRY, RETRY, RETRY)))
    house.find(NOON)

    (told,) = house.run(NOON + 2 * HOUR)

    message = house.channel.sent[0].message
    assert {sent.message for sent in house.channel.sent} == {message}
    assert house.attempts() == [("email", "retry")] * 3 + [("email", "accepted")]
    assert NOON + HOUR < told[0] < NOON + HOUR + 5 * MINUTE + 30 * SECOND


def test_the_next_channel_tries_when_one_has_given_up() -> None:
    house = a_house(channel=Recording(replies=(REFUSED,)))
    house.find(NOON)

    assert house.round(NOON) == [TOLD]
    assert [message.channel for message in house.channel.sent] == ["email", "sms"]


def test_four_tries_are_enough_for_one_channel() -> None:
    house = a_house(channel=Recording(replies=(RETRY,) * 4))
    house.find(NOON)
    house.run(NOON + 2 * HOUR)

    assert house.attempts() == [("email", "retry")] * 3 + [("email", "refused"), ("sms", "accepted")]


def test_when_every_channel_has_given_up_a_person_takes_over() -> None:
    house = a_house(channel=Recording(replies=(REFUSED, REFUSED)))
    notice = house.find(NOON)

    assert house.round(NOON) == ["handed over to delivery-desk"]
    assert house.answer(notice) == ("cancelled", None)
    assert next(iter(house.desk.items.values())).reason == "gave_up"


def test_what_cannot_be_put_into_words_is_a_persons_too() -> None:
    house = a_house()
    notice = house.find(NOON, facts={})

    assert house.round(NOON) == ["handed over to delivery-desk"]
    assert house.answer(notice) == ("cancelled", None) and house.channel.sent == []


def test_an_ambiguous_try_counts_as_told() -> None:
    house = a_house(channel=Recording(replies=(AMBIGUOUS,)), next_update=DAY)
    house.find(NOON)

    assert house.round(NOON) == [TOLD]
    assert house.attempts() == [("email", "ambiguous")] and house.promises() == ["made"]


class Vanishing(Recording):
    """A channel that sends, and whose process then dies."""

    async def send(self, message: Message) -> Reply:
        await super().send(message)
        raise ConnectionAbortedError


@pytest.mark.parametrize(("at_most_once", "sent"), [(True, 1), (False, 2)])
def test_a_try_without_an_answer_is_repeated_only_where_twice_is_no_harm(at_most_once: bool, sent: int) -> None:
    dying = Vanishing(at_most_once=at_most_once)
    house = a_house(channel=dying)
    house.find(NOON)
    with pytest.raises(ConnectionAbortedError):
        house.round(NOON)

    house.channel = Recording(at_most_once=at_most_once)
    house.courier = house.another_courier()

    assert house.run(NOON + HOUR) == [(NOON + 5 * MINUTE, TOLD)]
    assert len(dying.sent) + len(house.channel.sent) == sent
    assert house.attempts()[0] == ("email", "ambiguous")


def test_a_try_without_an_answer_that_is_no_longer_true_is_not_repeated_and_counts_as_told() -> None:
    house = a_house(channel=Vanishing())
    notice = house.find(NOON)
    with pytest.raises(ConnectionAbortedError):
        house.round(NOON)
    house.channel = Recording()
    house.courier = house.another_courier()
    house.find(NOON + MINUTE, Phase.SOLVED, detector=None)

    house.run(NOON + HOUR)

    assert house.answer(notice) == ("told", None)
    assert [message.title for message in house.channel.sent] == ["Your parcel P1 has arrived. Thank you for your patience."]


def test_a_courier_whose_claim_was_taken_over_sends_nothing() -> None:
    house = a_house()
    house.find(NOON)

    def another_claims_it_meanwhile(case: str) -> tuple[None, int]:
        with house.store.transaction() as tx:
            assert tx.claim_due(NOON + 10 * MINUTE)
        return None, 0

    slow = house.another_courier(sight=another_claims_it_meanwhile)

    assert house.round(NOON, slow) == []
    assert house.channel.sent == [] and house.attempts() == []


def test_every_answer_of_every_gate_can_be_read_afterwards() -> None:
    house = a_house()
    notice = house.find(EVENING)
    house.round(EVENING)

    told = house.store.story("parcel/P1")

    assert "quiet_hours" in str(told) and notice in str(told)


def test_a_hold_says_until_when() -> None:
    house = a_house()
    house.find(EVENING)

    (held,) = asyncio.run(house.courier.round(EVENING))

    assert isinstance(held, Held) and (held.reason, held.until) == (Reason.QUIET_HOURS, MORNING)


def test_the_message_is_kept_under_the_id_of_its_notice_and_channel() -> None:
    house = a_house()
    notice = house.find(NOON)
    house.round(NOON)

    kept, sent = house.store.message(message_id(notice, "email")), house.channel.sent[0]

    assert kept is not None
    assert all(getattr(kept, name) == getattr(sent, name) for name in kept.__struct_fields__)


def test_what_was_told_is_what_changed_facts_are_compared_with() -> None:
    rule = a_rule(wording=a_wording(why="We do not know the cause yet."), tell=a_tell(next_update=None))
    house = House(rule)
    house.find(NOON)
    house.round(NOON)

    problem = next(iter(house.store.export("problems")))["problem"]
    with house.store.transaction() as tx:
        assert [claim.fact for claim in tx.last_claims(problem)] == ["promised", "expected"]


def test_messages_admit_lateness_in_live_runs_only() -> None:
    for says in (True, False):
        house = a_house()
        house.courier = house.another_courier(says_when_late=says)
        house.find(NOON, at=MONDAY, opened_at=MONDAY)
        house.round(NOON)

        assert ("noticed_late" in house.channel.sent[0].sections) is says
