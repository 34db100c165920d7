"""What an SMS and a push say: one short story, whole; and what is left out of it is not claimed."""

from typing import Any

import pytest

from contracts.message import Posted
from contracts.notice import NoticePhase
from contracts.times import DAY
from notifiers.composing import CannotSay, Composer, Occasion, Sender, lay_out
from notifiers.composing.sms import as_sms
from notifiers.gates.question import Question
from notifiers.segments import size
from tests.notifiers.builders import CHOICES, NOON, a_notice, a_problem, a_question, a_rule, a_tell, a_wording

SURELY = a_notice(says="is late", phase=NoticePhase.UPDATED)
NEWS = a_notice(phase=NoticePhase.NEWS)
COMPOSER = Composer(choices=CHOICES, sender=Sender(name="Example", check_at="https://example.com/check"))


def composed(question: Question, *, channel: str = "sms", **occasion: Any) -> Posted:
    occasion = {"hear_again": NOON + DAY} | occasion
    return lay_out([COMPOSER.draft(question, Occasion(channel=channel, now=NOON, **occasion))])


def worded(**wording: Any) -> Question:
    return a_question(rule=a_rule(wording=a_wording(**wording)))


def facts_of(message: Posted) -> set[str]:
    return {claim.fact for claim in message.claims}


def test_an_sms_says_what_happened_when_we_write_again_and_who_we_are() -> None:
    message = composed(a_question())

    what, effect, again, who = message.text.split("\n")
    assert what == "Your parcel P1 may arrive after Saturday 7 March."
    assert (effect, again) == ("We do not know the new day yet.", "We write again by Thu 5 Mar, 12:00.")
    assert who.startswith("From Example, code ") and list(message.sections) == ["what", "effect", "hear_again", "sender"]


def test_an_sms_asks_for_what_is_to_be_done_and_says_sorry_where_a_mail_would() -> None:
    question = a_question(rule=a_rule(wording=a_wording(you_need_to="Please call us.")), notice=SURELY)

    message = composed(question)

    assert "We are sorry.\nPlease call us.\n" in message.text and message.says_sorry


def test_the_effect_is_left_out_of_an_sms_where_it_does_not_fit_and_then_it_is_not_claimed() -> None:
    short, long = "It was last seen in {{ last_seen }}.", "It was last seen in {{ last_seen }}. " + "Word " * 50

    assert facts_of(composed(worded(effect=short))) == {"promised", "last_seen"}
    message = composed(worded(effect=long))
    assert facts_of(message) == {"promised"} and "effect" not in message.sections
    assert size(message.text).segments <= 2


def test_what_does_not_fit_into_two_segments_at_all_is_not_cut() -> None:
    with pytest.raises(CannotSay, match="takes 3 segments"):
        composed(worded(what={"may be late": "Word " * 60}))


def test_an_sms_carries_no_link_wherever_it_comes_from() -> None:
    assert "://" not in composed(a_question()).text
    for what in ("See https://example.com", "See www.example.com"):
        with pytest.raises(CannotSay, match="no link"):
            composed(worded(what={"may be late": what}))


def test_signs_that_would_double_an_sms_are_written_plainly_where_that_helps() -> None:
    assert as_sms(["„Ja“ – so’s…", "5\u202f€"]) == '"Ja" - so\'s...\n5 €'
    assert as_sms(["„Да“"]) == "„Да“"


def test_news_by_sms_is_news_with_the_effect_where_there_is_some() -> None:
    nothing = composed(a_question(notice=NEWS))
    something = composed(a_question(notice=NEWS), something_new=True)

    assert list(nothing.sections) == ["news", "hear_again", "sender"]
    assert list(something.sections) == ["news", "effect", "hear_again", "sender"]


def test_an_end_by_sms_is_its_sentence() -> None:
    message = composed(a_question(notice=a_notice(phase=NoticePhase.SOLVED)), hear_again=None)

    assert message.text.startswith("Your parcel P1 has arrived. Thank you for your patience.\nFrom Example")


def test_a_push_is_a_title_and_one_line() -> None:
    title, line = composed(a_question(), channel="push").text.split("\n")

    assert title == "Your parcel P1 may arrive after Saturday 7 March."
    assert line == "We do not know the new day yet. We write again by Thu 5 Mar, 12:00."


def test_a_private_rule_says_by_sms_only_that_there_is_news() -> None:
    message = composed(a_question(rule=a_rule(tell=a_tell(private=True))))

    assert message.text.startswith("There is news for you.\n") and message.claims == ()


def test_a_digest_by_sms_says_all_its_stories_and_who_we_are_once() -> None:
    second = a_question(notice=a_notice(notice="ntc_2", case="parcel/P2"), problem=a_problem(case="parcel/P2"))
    occasion = Occasion(channel="sms", now=NOON)

    message = lay_out([COMPOSER.draft(a_question(), occasion), COMPOSER.draft(second, occasion)])

    assert "Your parcel P1 may" in message.text and "Your parcel P2 may" in message.text
    assert message.text.count("From Example") == 1


@pytest.mark.parametrize(("channel", "has_page"), [("sms", False), ("push", False), ("email", True)])
def test_only_a_channel_that_has_room_for_a_page_carries_one(channel: str, has_page: bool) -> None:
    assert bool(composed(a_question(), channel=channel).html) is has_page
