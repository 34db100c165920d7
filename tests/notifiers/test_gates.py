"""Each gate by one call: what passes, what is held until when, what is withheld because of what."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from contracts.notice import NoticeClass, NoticePhase, Reason, Urgency
from contracts.problem import Phase
from contracts.telling import Stage
from contracts.times import DAY, HOUR, MINUTE, WEEK
from contracts.verdict import Hold, Pass, Withhold
from notifiers.gates import GATES, judge
from notifiers.gates.customer import complained, consent, known_customer, quiet_hours, silenced, urgency
from notifiers.gates.often import caps, grouping
from notifiers.gates.truth import breaker, caught_up, cause_speaks, rule_was_live, still_open
from tests.notifiers.builders import (
    BERLIN,
    MONDAY,
    NOON,
    a_customer,
    a_notice,
    a_problem,
    a_question,
    a_rule,
    a_tell,
    a_told,
    at,
    live,
)

NIGHT = at("2026-03-04T23:00")
UPDATE = a_notice(phase=NoticePhase.UPDATED)
NEWS = a_notice(phase=NoticePhase.NEWS)
SOLVED = a_notice(phase=NoticePhase.SOLVED)
DIGEST = a_notice(urgency=Urgency.DIGEST)


def told_before(*phases: NoticePhase, **changes: object) -> tuple[object, ...]:
    return tuple(a_told(NOON - HOUR * (len(phases) - place), phase=phase, **changes) for place, phase in enumerate(phases))


def test_the_gates_speak_in_the_order_of_the_page() -> None:
    names = [gate.__name__ for gate in GATES]

    assert " ".join(names) == (
        "still_open rule_was_live known_customer caught_up breaker silenced complained cause_speaks consent urgency "
        "quiet_hours caps grouping"
    )


def test_a_notice_that_nothing_speaks_against_passes_all_gates() -> None:
    verdict, asked = judge(a_question(), NOON)

    assert verdict == Pass()
    assert asked == GATES


def test_the_first_gate_that_does_not_pass_decides_and_the_rest_are_not_asked() -> None:
    verdict, asked = judge(a_question(silenced=True, complained=True), NIGHT)

    assert verdict == Withhold(Reason.SILENCED)
    assert asked[-1] is silenced


# still open


def test_a_problem_that_ended_is_not_told() -> None:
    assert still_open(a_question(problem=a_problem(phase=Phase.CLEARED)), NOON) == Withhold(Reason.NOT_OPEN)


def test_what_was_found_a_day_late_and_has_ended_was_missed() -> None:
    notice = a_notice(at=NOON - 30 * HOUR, found_at=NOON - 5 * HOUR)

    assert still_open(a_question(notice=notice, problem=a_problem(phase=Phase.SOLVED)), NOON) == Withhold(Reason.MISSED)


def test_an_end_goes_to_those_who_were_told_and_to_nobody_else() -> None:
    ended = a_problem(phase=Phase.SOLVED)

    assert still_open(a_question(notice=SOLVED, problem=ended, told_of_problem=told_before(NoticePhase.OPENED)), NOON) == Pass()
    assert still_open(a_question(notice=SOLVED, problem=ended), NOON) == Withhold(Reason.NOT_OPEN)


def test_news_is_none_when_the_customer_has_heard_since() -> None:
    question = a_question(notice=replace(NEWS, at=NOON - 2 * HOUR), told_of_problem=told_before(NoticePhase.UPDATED))

    assert still_open(question, NOON) == Withhold(Reason.NOT_OPEN)


# rule was live


@pytest.mark.parametrize("state", [live(stage=Stage.SHADOW), live(live_since=None)])
def test_a_rule_in_shadow_tells_nobody(state: object) -> None:
    assert rule_was_live(a_question(state=state), NOON) == Withhold(Reason.BEFORE_THE_RULE)


def test_a_paused_rule_waits_for_a_person() -> None:
    assert rule_was_live(a_question(state=live(stage=Stage.PAUSED)), NOON) == Hold(None, Reason.BREAKER)


def test_a_problem_older_than_its_rule_is_not_told() -> None:
    question = a_question(problem=a_problem(at=MONDAY), state=live(live_since=MONDAY + 1))

    assert rule_was_live(question, NOON) == Withhold(Reason.BEFORE_THE_RULE)
    assert rule_was_live(replace(question, state=live(live_since=MONDAY)), NOON) == Pass()


def test_something_graver_that_came_after_going_live_is_told_of_an_older_problem() -> None:
    question = a_question(problem=a_problem(at=MONDAY), state=live(live_since=MONDAY + HOUR))

    assert rule_was_live(replace(question, notice=a_notice(graver=True, at=MONDAY + HOUR)), NOON) == Pass()
    assert rule_was_live(replace(question, notice=a_notice(graver=True, at=MONDAY)), NOON) == Withhold(Reason.BEFORE_THE_RULE)


# known customer


def test_an_unknown_customer_is_waited_for_a_day_after_the_finding() -> None:
    notice = a_notice(found_at=NOON)

    assert known_customer(a_question(notice=notice, customer=None), NOON) == Hold(NOON + DAY, Reason.CUSTOMER_UNKNOWN)
    assert known_customer(a_question(notice=notice, customer=None), NOON + DAY) == Withhold(Reason.CUSTOMER_UNKNOWN)


# caught up


def test_what_we_have_not_read_yet_holds_what_we_would_say() -> None:
    behind = NOON - 5 * MINUTE - 2 * MINUTE

    assert caught_up(a_question(seen_up_to=behind, lag=2 * MINUTE), NOON) == Pass()
    assert caught_up(a_question(seen_up_to=behind - 1, lag=2 * MINUTE), NOON) == Hold(NOON + MINUTE, Reason.NOT_CAUGHT_UP)


def test_without_a_source_that_runs_there_is_no_backlog() -> None:
    assert caught_up(a_question(seen_up_to=None), NOON) == Pass()


def test_news_is_given_also_when_the_newest_state_is_not_seen() -> None:
    assert caught_up(a_question(notice=NEWS, seen_up_to=MONDAY), NOON) == Pass()


# breaker, silenced, complained, cause speaks


def test_an_open_breaker_holds_until_a_person_decides() -> None:
    assert breaker(a_question(state=live(breaker_open=True)), NOON) == Hold(None, Reason.BREAKER)
    assert breaker(a_question(), NOON) == Pass()


def test_a_silence_withholds() -> None:
    assert silenced(a_question(silenced=True), NOON) == Withhold(Reason.SILENCED)
    assert silenced(a_question(), NOON) == Pass()


@pytest.mark.parametrize("notice", [a_notice(), NEWS, SOLVED])
def test_who_complained_hears_an_agent_and_no_second_voice(notice: object) -> None:
    assert complained(a_question(notice=notice, complained=True), NOON) == Withhold(Reason.COMPLAINED)


def test_a_rule_that_watches_complaints_speaks_all_the_same() -> None:
    assert complained(a_question(complained=True, rule=a_rule(watches_complaints=True)), NOON) == Pass()


def test_while_its_cause_speaks_the_consequence_is_silent_but_its_end_is_not() -> None:
    assert cause_speaks(a_question(cause_open=True), NOON) == Hold(None, Reason.CAUSE_SPEAKS)
    assert cause_speaks(a_question(cause_open=True, notice=SOLVED), NOON) == Pass()


# consent and urgency


@pytest.mark.parametrize(
    ("word", "told"), [("late-parcel", False), ("service", False), ("account", True), ("another-rule", True)]
)
def test_a_customer_may_object_to_a_rule_or_a_class(word: str, told: bool) -> None:
    question = a_question(customer=a_customer(objects_to=frozenset({word})))

    assert consent(question, NOON) == (Pass() if told else Withhold(Reason.CONSENT))


def test_marketing_needs_a_yes() -> None:
    rule = a_rule(tell=a_tell(notice_class=NoticeClass.MARKETING))
    agreed = a_customer(agrees_to=frozenset({"marketing"}))

    assert consent(a_question(rule=rule), NOON) == Withhold(Reason.CONSENT)
    assert consent(a_question(rule=rule, customer=agreed), NOON) == Pass()


@pytest.mark.parametrize(("word", "told"), [("soon", False), ("digest", True)])
def test_a_customer_may_want_less_than_this(word: str, told: bool) -> None:
    question = a_question(customer=a_customer(objects_to=frozenset({word})))

    assert urgency(question, NOON) == (Pass() if told else Withhold(Reason.URGENCY))


# quiet hours


def test_a_notice_found_at_night_waits_for_the_customers_morning() -> None:
    tokyo = a_customer(zone=ZoneInfo("Asia/Tokyo"))

    assert quiet_hours(a_question(customer=tokyo), NOON) == Hold(at("2026-03-04T23:00"), Reason.QUIET_HOURS)
    assert quiet_hours(a_question(), NIGHT) == Hold(at("2026-03-05T08:00"), Reason.QUIET_HOURS)


def test_what_is_urgent_passes_quiet_hours_but_not_what_merely_keeps_a_promise() -> None:
    assert quiet_hours(a_question(notice=a_notice(urgency=Urgency.NOW)), NIGHT) == Pass()
    assert isinstance(quiet_hours(a_question(notice=replace(NEWS, urgency=Urgency.NOW)), NIGHT), Hold)


def test_equal_quiet_hours_are_none() -> None:
    assert quiet_hours(a_question(customer=a_customer(quiet_from=time(8), quiet_until=time(8))), NIGHT) == Pass()


# caps


def test_the_fourth_soon_of_a_week_waits_until_the_oldest_is_a_week_old() -> None:
    lately = tuple(a_told(NOON - hours * HOUR, problem="another") for hours in (50, 20, 3))

    assert caps(a_question(told_lately=lately), NOON) == Hold(NOON - 50 * HOUR + WEEK, Reason.CAPS)
    assert caps(a_question(told_lately=lately[1:]), NOON) == Pass()


def test_a_notice_exactly_a_week_old_no_longer_counts() -> None:
    lately = (a_told(NOON - WEEK), a_told(NOON - HOUR), a_told(NOON))

    assert caps(a_question(told_lately=lately), NOON) == Pass()


def test_ends_digests_and_news_of_the_week_do_not_count() -> None:
    soon = (a_told(NOON - HOUR), a_told(NOON - 2 * HOUR))
    rest = (
        a_told(NOON - 3, phase=NoticePhase.SOLVED),
        a_told(NOON - 2, phase=NoticePhase.NEWS),
        a_told(NOON - 1, urgency=Urgency.DIGEST),
    )

    assert caps(a_question(told_lately=soon + rest), NOON) == Pass()


@pytest.mark.parametrize(
    "changes", [{"notice": SOLVED}, {"notice": NEWS}, {"notice": a_notice(urgency=Urgency.NOW)}, {"keeps_promise": True}]
)
def test_ends_news_urgent_ones_and_what_keeps_a_promise_pass_the_weeks_cap(changes: dict[str, object]) -> None:
    lately = tuple(a_told(NOON - hours * HOUR, problem="another") for hours in (1, 2, 3))

    assert caps(a_question(told_lately=lately, **changes), NOON) == Pass()


def test_a_problem_has_one_update_and_the_first_notice_sent_counts_as_its_opening() -> None:
    opened, updated = NoticePhase.OPENED, NoticePhase.UPDATED

    assert caps(a_question(notice=UPDATE, told_of_problem=told_before(opened)), NOON) == Pass()
    assert caps(a_question(notice=UPDATE, told_of_problem=told_before(updated)), NOON) == Pass()
    assert caps(a_question(notice=UPDATE, told_of_problem=told_before(opened, updated)), NOON) == Withhold(Reason.CAPS)


def test_a_fourth_notice_before_the_end_is_withheld_and_the_end_is_kept_free() -> None:
    told = told_before(NoticePhase.OPENED, NoticePhase.NEWS, NoticePhase.NEWS)

    assert caps(a_question(notice=UPDATE, told_of_problem=told), NOON) == Withhold(Reason.CAPS)
    assert caps(a_question(notice=SOLVED, told_of_problem=told), NOON) == Pass()


# grouping


def test_a_digest_waits_for_nine_of_the_customers_clock() -> None:
    berlin = a_customer(zone=BERLIN)

    assert grouping(a_question(notice=DIGEST, customer=berlin), NOON) == Hold(at("2026-03-05T09:00", BERLIN), Reason.GROUPING)


def test_at_nine_exactly_a_digest_passes_at_once() -> None:
    assert grouping(a_question(notice=DIGEST), at("2026-03-04T09:00")) == Pass()


def test_a_digest_that_comes_back_from_waiting_passes_also_when_it_comes_late() -> None:
    waited = replace(DIGEST, reason=Reason.GROUPING, found_at=at("2026-03-03T12:00"))

    assert grouping(a_question(notice=waited), at("2026-03-04T10:30")) == Pass()


def test_a_digest_asked_again_too_early_waits_on() -> None:
    waits = replace(DIGEST, reason=Reason.GROUPING, found_at=NOON)

    assert grouping(a_question(notice=waits), NOON + HOUR) == Hold(at("2026-03-05T09:00"), Reason.GROUPING)


def test_there_is_one_digest_a_day() -> None:
    had = (a_told(at("2026-03-04T09:00"), urgency=Urgency.DIGEST),)
    waited = replace(DIGEST, reason=Reason.GROUPING, found_at=at("2026-03-03T12:00"))

    held = grouping(a_question(notice=waited, told_lately=had), at("2026-03-04T09:00"))

    assert held == Hold(at("2026-03-05T09:00"), Reason.GROUPING)


def test_soon_and_now_go_singly_and_at_once() -> None:
    assert grouping(a_question(), NOON) == Pass()
    assert grouping(a_question(notice=a_notice(urgency=Urgency.NOW)), NOON) == Pass()
