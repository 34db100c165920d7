"""When one channel has given up, or cannot carry the words, the next one speaks; each customer is told once over all of them."""

from typing import Any

import pytest

from contracts.message import Outcome
from contracts.notice import Urgency
from contracts.problem import Phase
from contracts.telling import Silence
from contracts.times import DAY, HOUR, MINUTE, SECOND
from notifiers.channels import Recording, Reply
from notifiers.courier import Withheld
from notifiers.courier.tries import next_try_at
from tests.notifiers.builders import NOON, a_rule, a_tell, a_wording, at
from tests.notifiers.house import House

TOLD = "told opened of parcel/P1"
RETRY, REFUSED, AMBIGUOUS = Reply(Outcome.RETRY), Reply(Outcome.REFUSED), Reply(Outcome.AMBIGUOUS)
TOO_LONG = a_wording(what={"may be late": "Word " * 60})


def a_house(*, wording: Any = None, channels: tuple[str, ...] = ("email", "sms"), **replies: tuple[Reply, ...]) -> House:
    """Return a house with a channel of its own behind each word; what a channel answers first is given by its word."""
    tell = a_tell(next_update=None, channels=channels)
    behind = {word: Recording(word, at_most_once=word == "sms", replies=replies.get(word, ())) for word in channels}
    return House(a_rule(tell=tell, wording=wording), channels=dict(behind))


# later


@pytest.mark.parametrize(("asked", "waits"), [(None, 30 * SECOND), (SECOND, 30 * SECOND), (HOUR, HOUR), (9 * DAY, DAY)])
def test_the_next_try_is_at_the_later_of_what_we_would_and_what_the_provider_asks(asked: int | None, waits: int) -> None:
    again = next_try_at("msg_1", 1, ended=NOON, retry_after=asked)

    assert again is not None and waits * 9 // 10 <= again - NOON <= waits


def test_what_the_provider_asked_for_outlives_the_process() -> None:
    house = a_house(email=(Reply(Outcome.RETRY, retry_after=20 * MINUTE),))
    house.find(NOON)
    house.round(NOON)

    assert house.store.next_ask() == NOON + 20 * MINUTE
    assert house.round(NOON + 20 * MINUTE, house.another_courier()) == [TOLD]


def test_a_provider_that_asks_for_patience_uses_up_tries_like_any_other() -> None:
    house = a_house(email=(Reply(Outcome.RETRY, retry_after=2 * HOUR),) * 4)
    house.find(at("2026-03-04T09:00"))
    house.run(NOON + DAY)

    assert house.attempts() == [("email", "retry")] * 3 + [("email", "refused"), ("sms", "accepted")]


# the next channel


def test_an_sms_without_an_answer_is_neither_repeated_nor_followed_by_a_mail() -> None:
    house = a_house(channels=("sms", "email"), sms=(AMBIGUOUS,))
    notice = house.find(NOON)
    house.run(NOON + 3 * HOUR)

    assert house.attempts() == [("sms", "ambiguous")]
    assert house.answer(notice) == ("told", None)


def test_after_a_mail_without_an_answer_one_more_message_may_come_by_whatever_channel_and_no_third() -> None:
    house = a_house(channels=("email", "push", "sms"), email=(AMBIGUOUS, REFUSED), push=(AMBIGUOUS,))
    house.find(NOON)
    house.run(NOON + 3 * HOUR)

    assert house.said == [TOLD]
    assert sorted(house.attempts()) == [("email", "ambiguous"), ("email", "refused"), ("push", "ambiguous")]


def test_what_a_mail_may_have_told_is_not_withheld_while_the_next_channel_waits() -> None:
    house = a_house(email=(AMBIGUOUS, REFUSED), sms=(RETRY,))
    notice = house.find(NOON)
    house.round(NOON)
    house.round(NOON + MINUTE)
    with house.store.transaction() as tx:
        tx.add_silence(Silence("s1", None, "parcel/P1", None, NOON, NOON + DAY, "a person phones"))
    house.run(NOON + 3 * HOUR)

    assert sorted(house.attempts()) == [("email", "ambiguous"), ("email", "refused"), ("sms", "retry")]
    assert house.answer(notice) == ("told", None)
    assert [row["channel"] for row in house.store.export("notices")] == ["email"]


# words


def test_what_an_sms_cannot_carry_goes_by_the_next_channel_and_why_is_kept() -> None:
    house = a_house(wording=TOO_LONG, channels=("sms", "email"))
    house.find(NOON)

    assert house.round(NOON) == [TOLD]
    assert house.attempts() == [("email", "accepted")]
    [skipped] = [each for each in house.store.story("C1")["gates"] if each.answer == "skip"]
    assert skipped.gate == "sms" and "segments" in str(skipped.reason)


def test_what_cannot_be_said_anywhere_is_a_persons() -> None:
    house = a_house(wording=TOO_LONG, channels=("sms",))
    notice = house.find(NOON)

    assert house.round(NOON) == ["handed over to delivery-desk"]
    assert house.answer(notice) == ("cancelled", None)
    assert [item.reason for item in house.desk.items.values()] == ["cannot_say"]


def test_what_is_too_long_for_the_channel_that_is_left_is_a_persons() -> None:
    house = a_house(wording=TOO_LONG, email=(REFUSED,))
    house.find(NOON)

    assert house.round(NOON) == ["handed over to delivery-desk"]
    assert house.attempts() == [("email", "refused")]


def test_of_a_digest_what_one_channel_cannot_carry_goes_alone_by_the_next() -> None:
    tell = a_tell(next_update=None, urgency=Urgency.DIGEST, channels=("sms", "email"))
    wordy = a_wording(what={"may be late": "Short.", "is late": "Word " * 60})
    house = House(a_rule(tell=tell, wording=wordy))
    house.find(NOON)
    house.find(NOON, case="parcel/P2", says="is late", detector="day_over")
    house.find(NOON, case="parcel/P3")
    house.run(at("2026-03-05T09:00"))

    assert [(message.channel, len(message.about)) for message in house.channel.sent] == [("sms", 2), ("email", 1)]
    assert all(row["answer"] == "told" for row in house.store.export("notices"))


def test_each_of_a_digest_says_in_which_message_it_went() -> None:
    house = House(a_rule(tell=a_tell(next_update=None, urgency=Urgency.DIGEST)))
    house.find(NOON)
    house.find(NOON, case="parcel/P2")
    house.run(at("2026-03-05T09:00"))

    [sent] = house.channel.sent
    carried = {row["message"]: row["sent_in"] for row in house.store.export("attempts")}
    assert carried.pop(sent.message) is None and list(carried.values()) == [sent.message]


# a person


def test_what_would_be_one_notice_too_many_counts_as_withheld_although_a_person_speaks() -> None:
    start = at("2026-03-03T08:00")
    house = House(a_rule(tell=a_tell(next_update=30 * HOUR)))
    house.find(start)
    house.run(start + 60 * HOUR)
    house.find(start + 72 * HOUR, Phase.UPDATED, graver=True)
    house.run(start + 72 * HOUR)

    [withheld] = [each for each in house.happened if isinstance(each, Withheld)]
    assert withheld.to_a_person and withheld.reason == "caps"
