"""A rule, a customer and a notice, with the dull filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from contracts.customer import Customer
from contracts.event import Citation
from contracts.ids import notice_id, problem_id
from contracts.message import Claim
from contracts.notice import Notice, NoticeClass, NoticePhase, Urgency
from contracts.problem import Fact, Phase
from contracts.tell import Certainty, Choice, RuleTelling, Tell, Voice, Wording
from contracts.telling import ProblemNow, RuleState, Stage, Told
from contracts.times import DAY, HOUR, from_datetime
from contracts.values import FieldType, day_in
from notifiers.gates.question import Question

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
CHOICES = {
    "wait": Choice(choice="wait", texts={"en": "I will wait", "de": "Ich warte"}, link="https://example.com/wait"),
    "cancel_free": Choice(choice="cancel_free", texts={"en": "Cancel free of charge"}),
}


def at(text: str, zone: ZoneInfo = UTC_ZONE) -> int:
    """Return the instant of a local time such as 2026-03-02T09:00."""
    return from_datetime(datetime.fromisoformat(text).replace(tzinfo=zone))


MONDAY = at("2026-03-02T09:00")
NOON = at("2026-03-04T12:00")


def a_customer(**changes: Any) -> Customer:
    return replace(Customer(customer="C1", language="en", zone=UTC_ZONE), **changes)


def a_tell(**changes: Any) -> Tell:
    tell = Tell(
        urgency=Urgency.SOON, notice_class=NoticeClass.SERVICE, channels=("email", "sms"), desk="delivery-desk", next_update=DAY
    )
    return replace(tell, **changes)


def a_wording(**changes: Any) -> Wording:
    wording = Wording(
        language="en",
        what={
            "may be late": "Your parcel {{ case.label }} may arrive after {{ promised | day }}.",
            "is late": "Your parcel {{ case.label }} did not arrive on {{ promised | day }} as we promised.",
        },
        effect="{% if expected %}We now expect {{ expected | day }}.{% else %}We do not know the new day yet.{% endif %}",
        why="{% if last_seen %}It was last seen in {{ last_seen }}.{% else %}We do not know the cause yet.{% endif %}",
        sorry="We are sorry.",
        doing="We asked the carrier to look for it.",
        you_need_to="nothing",
        choices=("wait", "cancel_free"),
        cleared="Your parcel {{ case.label }} is moving again.",
        solved="Your parcel {{ case.label }} has arrived. Thank you for your patience.",
    )
    return replace(wording, **changes)


def a_rule(*, wording: Wording | None = None, german: Wording | None = None, **changes: Any) -> RuleTelling:
    spoken = wording or a_wording()
    rule = RuleTelling(
        rule="late-parcel",
        title="A parcel will miss its promised day",
        tell=a_tell(),
        wordings={spoken.language: spoken} | ({german.language: german} if german else {}),
        facts={"promised": FieldType.DATE, "expected": FieldType.DATE, "last_seen": FieldType.TEXT},
        voices=(
            Voice(
                detector="silent",
                says="may be late",
                certainty=Certainty.MAY,
                bound=frozenset({"promised"}),
                fired=None,
                may_say_is=False,
            ),
            Voice(
                detector="day_over",
                says="is late",
                certainty=Certainty.IS,
                bound=frozenset({"promised"}),
                fired="promised",
                may_say_is=True,
            ),
        ),
    )
    return replace(rule, **changes)


def cited(value: Any, event: str = "e1", *, type: str = "delivery.promised") -> Fact:
    return Fact(value, Citation(event, "test", type, MONDAY) if value is not None else None)


def a_day(text: str) -> Any:
    return day_in(text, UTC_ZONE)


FACTS: Mapping[str, Fact] = {"promised": cited(a_day("2026-03-07")), "expected": cited(None), "last_seen": cited("Leipzig", "e2")}


def a_problem(**changes: Any) -> ProblemNow:
    problem = ProblemNow(
        problem=problem_id("late-parcel", "parcel/P1", MONDAY, 0),
        rule="late-parcel",
        case="parcel/P1",
        customer="C1",
        watch_start=MONDAY,
        number=0,
        phase=Phase.OPENED,
        detector="silent",
        says="may be late",
        at=NOON - HOUR,
        phase_at=NOON - HOUR,
        found_at=NOON - HOUR,
        facts=FACTS,
        fired={},
    )
    return replace(problem, **changes)


def a_notice(**changes: Any) -> Notice:
    phase = changes.get("phase", NoticePhase.OPENED)
    number = changes.get("number", 0)
    notice = Notice(
        notice=notice_id(a_problem().problem, phase, number),
        problem=a_problem().problem,
        rule="late-parcel",
        case="parcel/P1",
        customer="C1",
        phase=phase,
        number=number,
        detector="silent",
        says="may be late",
        at=NOON - HOUR,
        found_at=NOON - HOUR,
        urgency=Urgency.SOON,
        ask_at=NOON,
    )
    return replace(notice, **changes)


def a_told(sent_at: int, **changes: Any) -> Told:
    told = Told(
        notice=f"ntc_{sent_at}",
        problem=a_problem().problem,
        phase=NoticePhase.OPENED,
        urgency=Urgency.SOON,
        customer="C1",
        channel="email",
        sent_at=sent_at,
        sorry=False,
    )
    return replace(told, **changes)


def live(**changes: Any) -> RuleState:
    return replace(RuleState(rule="late-parcel", stage=Stage.LIVE, live_since=MONDAY - DAY), **changes)


def a_question(**changes: Any) -> Question:
    question = Question(notice=a_notice(), rule=a_rule(), state=live(), problem=a_problem(), customer=a_customer())
    return replace(question, **changes)


def claimed(fact: str, value: Any) -> Claim:
    return Claim(fact, value, None)
