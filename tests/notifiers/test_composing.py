"""A notice in the customer's words: what is said, in which order, and what it claims."""

from decimal import Decimal
from timeit import repeat
from typing import Any

import pytest
from msgspec.structs import replace

from contracts.message import Claim, Message
from contracts.notice import NoticePhase
from contracts.problem import Fact
from contracts.times import DAY, HOUR
from contracts.values import FieldType, Money, to_plain
from notifiers.composing import CannotSay, Composer, Occasion, Sender, lay_out
from notifiers.gates.question import Question
from tests.notifiers.builders import (
    BERLIN,
    CHOICES,
    FACTS,
    NOON,
    a_customer,
    a_day,
    a_notice,
    a_problem,
    a_question,
    a_rule,
    a_tell,
    a_told,
    a_wording,
    at,
    cited,
)

SURELY = a_notice(says="is late", phase=NoticePhase.UPDATED)
GERMAN = a_wording(
    language="de",
    what={
        "may be late": "Ihr Paket {{ case.label }} kommt vielleicht erst nach {{ promised | day }}.",
        "is late": "Ihr Paket {{ case.label }} kam nicht wie versprochen am {{ promised | day }}.",
    },
)


def a_composer(**changes: Any) -> Composer:
    return Composer(**{"choices": CHOICES, "sender": Sender(name="Example Parcels"), **changes})


def composed(question: Question | None = None, composer: Composer | None = None, **occasion: Any) -> Message:
    draft = (composer or a_composer()).draft(question or a_question(), Occasion(**{"channel": "email", "now": NOON, **occasion}))
    return lay_out([draft])


def saying(effect: str, kind: FieldType, value: Any, **customer: Any) -> str:
    rule = a_rule(wording=a_wording(effect=effect), facts={"promised": FieldType.DATE, "last_seen": FieldType.TEXT, "fact": kind})
    problem = a_problem(facts={**FACTS, "fact": cited(value)})
    return composed(a_question(rule=rule, problem=problem, customer=a_customer(**customer))).sections["effect"]


def test_the_story_is_told_in_the_order_of_its_sections() -> None:
    message = composed(hear_again=NOON + DAY)

    assert list(message.sections) == [
        "what", "effect", "why", "doing", "you_need_to", "choices", "hear_again",
        "as_of", "why_you", "person", "preferences", "sender",
    ]  # fmt: skip
    assert message.title == message.sections["what"] == "Your parcel P1 may arrive after Saturday 7 March."
    assert message.sections["you_need_to"] == "You do not need to do anything."
    assert message.sections["hear_again"] == "You will hear from us again by Thursday 5 March, 12:00."
    assert "- I will wait: https://example.com/wait\n- Cancel free of charge" in message.text


def test_a_message_speaks_the_customers_language_and_clock() -> None:
    question = a_question(rule=a_rule(german=GERMAN), customer=a_customer(language="de-AT", zone=BERLIN))

    message = composed(question, hear_again=NOON + DAY)

    assert message.language == "de"
    assert message.title == "Ihr Paket P1 kommt vielleicht erst nach Samstag, 7. März."
    assert message.sections["hear_again"] == "Sie hören spätestens am Donnerstag, 5. März, 13:00 Uhr wieder von uns."
    assert '<html lang="de" dir="ltr">' in message.html


def test_a_language_that_the_rule_does_not_speak_falls_back_to_the_projects() -> None:
    question = a_question(rule=a_rule(german=GERMAN), customer=a_customer(language="fr"))

    assert composed(question).language == "en"
    assert composed(question, a_composer(language="de")).language == "de"


@pytest.mark.parametrize(
    ("effect", "kind", "value", "customer", "text"),
    [
        ("{{ fact | day }}", FieldType.DATE, a_day("2027-01-02"), {}, "Saturday, 2 January 2027"),
        ("{{ fact | day }}", FieldType.INSTANT, at("2026-03-05T23:30"), {"zone": BERLIN}, "Friday 6 March"),
        ("{{ fact | clock }}", FieldType.INSTANT, at("2026-03-05T13:30"), {"zone": BERLIN}, "14:30"),
        ("{{ fact | moment }}", FieldType.INSTANT, at("2026-03-05T13:30"), {}, "Thursday 5 March, 13:30"),
        (
            "{{ fact | moment }}",
            FieldType.INSTANT,
            at("2026-03-05T13:30"),
            {"language": "en-US"},
            "Thursday, March 5, 1:30\u202fPM",
        ),
        ("{{ fact | duration }}", FieldType.DURATION, 36 * HOUR, {}, "1 day and 12 hours"),
        ("{{ fact | money }}", FieldType.MONEY, Money(Decimal("12.50"), "EUR"), {}, "€12.50"),
        ("{{ fact | number }}", FieldType.DECIMAL, 1234.5, {}, "1,234.5"),
        ("{{ fact | percent }}", FieldType.DECIMAL, 0.7, {}, "70%"),
        ("{{ fact }}", FieldType.TEXT, "a\r\nb\u202e", {}, "a b"),
    ],
)
def test_values_are_spelled_as_the_customer_reads_them(
    effect: str, kind: FieldType, value: Any, customer: dict[str, Any], text: str
) -> None:
    assert saying(effect, kind, value, **customer) == text


def test_an_instant_at_local_midnight_is_no_day() -> None:
    with pytest.raises(CannotSay, match="midnight"):
        saying("{{ fact | day }}", FieldType.INSTANT, at("2026-03-05T23:00"), zone=BERLIN)


def test_values_as_the_store_gives_them_back_are_spelled_too() -> None:
    assert saying("{{ fact | day }}", FieldType.DATE, list(a_day("2026-03-09"))) == "Monday 9 March"
    assert saying("{{ fact | money }}", FieldType.MONEY, ["5", "EUR"]) == "€5.00"


def test_a_fact_of_a_passed_promise_is_the_one_it_fired_for_and_now_is_the_newest() -> None:
    wording = a_wording(effect="We now promise {{ promised.now | day }}.")
    problem = a_problem(fired={"promised": cited(a_day("2026-03-03"))})

    message = composed(a_question(rule=a_rule(wording=wording), problem=problem, notice=SURELY))

    assert message.title == "Your parcel P1 did not arrive on Tuesday 3 March as we promised."
    assert message.sections["effect"] == "We now promise Saturday 7 March."


def test_a_message_claims_what_it_states_and_what_it_says_is_unknown_and_nothing_else() -> None:
    message = composed(a_question(rule=a_rule(wording=a_wording(why="We do not know the cause yet."))))

    assert message.claims == (
        Claim("promised", to_plain(a_day("2026-03-07")), FACTS["promised"].event),
        Claim("expected", None, None),
    )


def test_of_a_fact_said_twice_the_newest_is_claimed() -> None:
    wording = a_wording(effect="We now promise {{ promised.now | day }}.")
    problem = a_problem(fired={"promised": cited(a_day("2026-03-03"), "old")})

    message = composed(a_question(rule=a_rule(wording=wording), problem=problem, notice=SURELY))

    assert message.claims[0] == Claim("promised", to_plain(a_day("2026-03-07")), FACTS["promised"].event)


def test_sorry_is_said_once_in_the_first_message_under_an_is() -> None:
    said = composed(a_question(notice=SURELY))
    again = composed(a_question(notice=SURELY, told_of_problem=(a_told(NOON - HOUR, sorry=True),)))

    assert said.sections["sorry"] == "We are sorry." and said.says_sorry
    assert "sorry" not in again.sections and not again.says_sorry
    assert "sorry" not in composed().sections


def test_ends_are_their_own_sentence_without_sorry_choices_or_promise() -> None:
    solved = composed(a_question(notice=a_notice(phase=NoticePhase.SOLVED, says="is late")))

    assert solved.title == "Your parcel P1 has arrived. Thank you for your patience."
    assert not {"sorry", "choices", "hear_again", "doing"} & set(solved.sections)


def test_a_correction_has_a_sentence_of_the_system_which_a_rule_may_override() -> None:
    notice = a_notice(phase=NoticePhase.CORRECTED)

    assert composed(a_question(notice=notice)).title.startswith("What we told you about P1 was not right.")
    own = a_rule(wording=a_wording(corrected="It was on time after all."))
    assert composed(a_question(notice=notice, rule=own)).title == "It was on time after all."


def test_news_says_what_is_new_or_that_nothing_is_or_that_we_cannot_see() -> None:
    news = a_question(notice=a_notice(phase=NoticePhase.NEWS))

    assert composed(news).title == "There is nothing new about P1 yet."
    assert composed(news, something_new=True).title == "This is what we know now about P1."
    blind = composed(news, can_see=False)
    assert blind.title == "We cannot see the newest state of P1 at the moment."
    assert blind.claims == ()


def test_what_was_noticed_late_says_so_where_that_is_wanted() -> None:
    late = a_question(notice=a_notice(found_at=NOON + 2 * DAY))

    assert composed(late).sections["noticed_late"].startswith("We noticed this 2 days and 1 hour after it happened")
    assert "noticed_late" not in composed(replace(late, says_when_late=False)).sections
    assert "noticed_late" not in composed().sections


@pytest.mark.parametrize("channel", ["push", "sms"])
def test_a_private_rule_puts_no_detail_on_small_channels(channel: str) -> None:
    question = a_question(rule=a_rule(tell=a_tell(private=True)))

    message = composed(question, channel=channel)

    assert "P1" not in message.text and "parcel" not in message.text and "Leipzig" not in message.html
    assert message.claims == ()
    assert "P1" in composed(question).text


def test_facts_cannot_bring_markup_or_lines_into_a_message() -> None:
    problem = a_problem(facts={**FACTS, "last_seen": cited("<b>x</b>\nBcc: a@example.com")})

    message = composed(a_question(problem=problem))

    assert "<b>" not in message.html and "&lt;b&gt;x&lt;/b&gt; Bcc:" in message.html
    assert "\n" not in message.title


def test_an_unknown_fact_that_nothing_guards_cannot_be_said() -> None:
    with pytest.raises(CannotSay, match="promised"):
        composed(a_question(problem=a_problem(facts={})))


def test_a_fact_that_is_too_long_cannot_be_said() -> None:
    with pytest.raises(CannotSay, match="too long"):
        composed(a_question(problem=a_problem(facts={**FACTS, "last_seen": Fact("x" * 10_000, None)})))


@pytest.mark.parametrize(
    "effect", ["{% for x in y %}{% endfor %}", "{{ 'a' * 1000000000 }}", "{{ case.__class__ }}", "{{ case.label() }}"]
)
def test_a_template_that_does_more_than_it_may_is_not_run(effect: str) -> None:
    with pytest.raises(CannotSay):
        composed(a_question(rule=a_rule(wording=a_wording(effect=effect))))


def test_several_notices_of_one_customer_make_one_message() -> None:
    composer, occasion = a_composer(), Occasion(channel="email", now=NOON)
    second = a_question(notice=a_notice(notice="ntc_2", case="parcel/P2"), problem=a_problem(case="parcel/P2"))

    message = lay_out([composer.draft(a_question(), occasion), composer.draft(second, occasion)])

    assert message.title == "2 messages for you"
    assert "Your parcel P1 may" in message.text and "Your parcel P2 may" in message.text
    assert message.sections["what 2"].startswith("Your parcel P2")
    assert message.html.count("<h2>") == 2


def test_the_sender_can_be_checked_by_a_code() -> None:
    message = composed(composer=a_composer(sender=Sender(name="Example", check_at="https://example.com/check")))

    code = message.message[-8:].upper()
    assert f"From Example, code {code[:4]}-{code[4:]}." in message.sections["sender"]
    assert message.sections["sender"].endswith("https://example.com/check")


def test_an_unsafe_link_is_not_made() -> None:
    wait = replace(CHOICES["wait"], link="javascript:alert(1)")

    assert "javascript" not in composed(composer=a_composer(choices={"wait": wait})).html


def test_the_page_is_whole_and_readable_in_the_dark() -> None:
    page = composed().html

    assert page.startswith("<!doctype html>") and '<html lang="en" dir="ltr">' in page and "prefers-color-scheme: dark" in page
    assert page.count("<h1>") == 1 and page.count("<main ") == page.count("<footer ") == 1


def test_a_message_costs_less_than_400_microseconds() -> None:
    composer, question, occasion = a_composer(), a_question(), Occasion(channel="email", now=NOON, hear_again=NOON + DAY)

    best = min(repeat(lambda: lay_out([composer.draft(question, occasion)]), number=100, repeat=5)) / 100

    assert best < 400e-6
