"""A correction quotes what was told and says what is so now; the next one quotes the correction."""

from contracts.message import Message
from contracts.notice import NoticePhase
from contracts.problem import Phase
from contracts.telling import Heard
from contracts.times import HOUR
from notifiers.composing import Composer, Occasion, Sender, lay_out
from tests.notifiers.builders import (
    CHOICES,
    FACTS,
    NOON,
    a_customer,
    a_day,
    a_notice,
    a_problem,
    a_question,
    a_rule,
    a_wording,
    cited,
)

GERMAN = a_wording(language="de", effect="{% if expected %}Wir erwarten es am {{ expected | day }}.{% endif %}")


def heard_in(message: Message) -> Heard:
    return Heard("ntc_a", a_problem().problem, "C1", NOON - HOUR, message.claims, message.sections)


def opened(expected: str) -> Message:
    facts = {**FACTS, "expected": cited(a_day(expected), "e3")}
    return composed(a_question(problem=a_problem(facts=facts)))


def corrected(heard: Message, expected: str, language: str = "en") -> Message:
    notice = a_notice(phase=NoticePhase.CORRECTED, fact="expected")
    problem = a_problem(phase=Phase.CLEARED, facts={**FACTS, "expected": cited(a_day(expected), "e4")})
    rule, customer = a_rule(german=GERMAN), a_customer(language=language)
    return composed(a_question(notice=notice, problem=problem, corrects=heard_in(heard), rule=rule, customer=customer))


def composed(question: object) -> Message:
    composer = Composer(choices=CHOICES, sender=Sender(name="Example Parcels"))
    return lay_out([composer.draft(question, Occasion(channel="email", now=NOON))])  # type: ignore[arg-type]


def test_only_what_reads_otherwise_is_quoted_and_only_that_is_claimed() -> None:
    message = corrected(opened("2026-03-09"), "2026-03-11")

    assert message.title == "On Wednesday 4 March, 11:00 we told you something about P1 that is no longer right."
    assert list(message.sections)[1:3] == ["was effect", "effect"]
    assert message.sections["was effect"] == "We wrote: “We now expect Monday 9 March.” Now it is:"
    assert message.sections["effect"] == "We now expect Wednesday 11 March."
    assert [(claim.fact, claim.value[0]) for claim in message.claims] == [("expected", "2026-03-11")]


def test_a_second_correction_quotes_the_first() -> None:
    first = corrected(opened("2026-03-09"), "2026-03-11")
    second = corrected(first, "2026-03-12")

    assert second.sections["was effect"] == "We wrote: “We now expect Wednesday 11 March.” Now it is:"
    assert second.sections["effect"] == "We now expect Thursday 12 March."


def test_a_correction_speaks_the_customers_language() -> None:
    message = corrected(opened("2026-03-09"), "2026-03-11", "de")

    assert message.sections["was effect"] == "Wir schrieben: „We now expect Monday 9 March.“ Richtig ist jetzt:"
    assert message.sections["effect"] == "Wir erwarten es am Mittwoch, 11. März."
