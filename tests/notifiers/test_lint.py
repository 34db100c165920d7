"""What would mislead a customer does not load: each fault once, and the shapes that are fine."""

from typing import Any

import pytest
from msgspec.structs import replace

from contracts.tell import Choice, RuleTelling, Wording
from contracts.values import FieldType
from notifiers.lint import Finding, check
from tests.notifiers.builders import CHOICES, a_rule, a_wording

FACTS = {
    "promised": FieldType.DATE,
    "expected": FieldType.DATE,
    "last_seen": FieldType.TEXT,
    "slot": FieldType.INSTANT,
    "amount": FieldType.MONEY,
    "share": FieldType.DECIMAL,
    "paid": FieldType.BOOL,
    "count": FieldType.INTEGER,
}


def findings(wording: Wording | None = None, **rule: Any) -> list[Finding]:
    return check(a_rule(wording=wording or a_wording(), **{"facts": FACTS, **rule}), CHOICES)


def of_effect(text: str, *bound: str) -> list[Finding]:
    """Return what is found in a section said under two detectors, both of which know `promised` and these facts."""
    voices = tuple(replace(voice, bound=voice.bound | set(bound)) for voice in a_rule().voices)
    return findings(a_wording(effect=text), voices=voices)


def only_may() -> dict[str, Any]:
    return {"voices": a_rule().voices[:1]}


def test_an_honest_rule_has_no_finding() -> None:
    assert findings() == []


def test_a_finding_says_where_what_and_what_to_write_instead() -> None:
    text = "We now expect {{ expected | day }}."

    assert of_effect(text) == [
        Finding(
            language="en",
            section="effect",
            offset=text.index("expected |"),
            fact="`expected` may be unknown here",
            remedy="write {% if expected %}… {{ expected | day }} …{% else %}…{% endif %}",
            check="placeholder",
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{% if expected %}{{ expected | day }}{% endif %}",
        "{% if not expected %}unknown{% else %}{{ expected | day }}{% endif %}",
        "{% if expected and last_seen %}{{ expected | day }} {{ last_seen }}{% endif %}",
        "{% if not expected or not last_seen %}unknown{% else %}{{ expected | day }} {{ last_seen }}{% endif %}",
        "{% if last_seen %}{% if expected %}{{ last_seen }} {{ expected | day }}{% endif %}{% endif %}",
        "{% if not expected %}unknown{% elif last_seen %}{{ expected | day }} {{ last_seen }}{% endif %}",
        "{% if last_seen == 'depot' %}{{ last_seen }}{% endif %}",
        "{{ expected | day if expected else 'unknown' }}",
        "{% if expected %}{{ expected.now | day }}{% endif %}",
        "{% if customer.name %}{{ customer.name }}{% endif %}",
        "{{ promised | day }} {{ promised.now | day }} {{ case.label }}",
    ],
)
def test_what_is_known_on_every_path_may_be_written(text: str) -> None:
    unknown = [finding for finding in of_effect(text) if "may be unknown" in finding.fact]

    assert unknown == []


@pytest.mark.parametrize(
    "text",
    [
        "{% if expected %}{% endif %}{{ expected | day }}",
        "{% if expected %}soon{% else %}{{ expected | day }}{% endif %}",
        "{% if expected or last_seen %}{{ expected | day }}{% endif %}",
        "{% if last_seen %}{{ expected | day }}{% endif %}",
        "{% if not (expected and last_seen) %}unknown{% elif promised %}fine{% endif %}{{ expected | day }}",
        "{% if last_seen != 'depot' %}{{ expected | day }}{% endif %}",
        "{{ expected.now | day }}",
        "{{ expected | day }} if {{ expected | day }}",
    ],
)
def test_what_may_be_unknown_on_some_path_is_found(text: str) -> None:
    assert {finding.fact.split("`")[1] for finding in of_effect(text)} <= {"expected", "expected.now"}
    assert any("may be unknown" in finding.fact for finding in of_effect(text))


def test_in_a_wording_bound_is_what_its_own_detectors_know_and_elsewhere_what_all_know() -> None:
    silent, day_over = a_rule().voices
    wording = a_wording(what={"may be late": "{{ last_seen }}", "is late": "{{ last_seen }}"}, cleared="{{ last_seen }}")

    found = findings(wording, voices=(replace(silent, bound=frozenset({"promised", "last_seen"})), day_over))

    assert [finding.section for finding in found] == ["what.is late", "cleared"]


def test_tries_are_known_where_the_detector_counts_them() -> None:
    counting = tuple(replace(voice, counts_tries=True) for voice in a_rule().voices)

    assert findings(a_wording(effect="We tried {{ tries }} times."), voices=counting) == []
    assert findings(a_wording(effect="We tried {{ tries }} times."))[0].fact == "`tries` may be unknown here"


def test_an_unknown_name_is_found_with_the_nearest_one() -> None:
    (found,) = of_effect("{{ promisd | day }}")

    assert (found.fact, found.remedy) == ("there is no `promisd`", "did you mean `promised`?")


@pytest.mark.parametrize(
    ("text", "fact", "remedy"),
    [
        ("{{ promised }}", "`promised` is date without a filter", "write {{ promised | day }}"),
        ("{{ slot }}", "`slot` is instant without a filter", "write {{ slot | moment }}"),
        ("{{ amount }}", "`amount` is money without a filter", "write {{ amount | money }}"),
        ("{{ share | money }}", "`money` does not spell decimal, which `share` is", "write {{ share | number }}"),
        ("{{ promised | clock }}", "`clock` does not spell date, which `promised` is", "write {{ promised | day }}"),
        ("{{ last_seen | day }}", "`day` does not spell text, which `last_seen` is", "write {{ last_seen }}"),
        ("{{ paid }}", "`paid` is true or false, which is no text", "ask for it: {% if paid == true %}"),
    ],
)
def test_a_value_is_spelled_by_a_filter_for_its_type(text: str, fact: str, remedy: str) -> None:
    (found,) = of_effect(text, *FACTS)

    assert (found.fact, found.remedy) == (fact, remedy)


@pytest.mark.parametrize(
    "text", ["{{ slot | clock }}", "{{ slot | day }}", "{{ share | percent }}", "{{ count }}", "{{ count | number }}"]
)
def test_fitting_filters_are_fine(text: str) -> None:
    assert of_effect(text, *FACTS) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It comes on 2026-03-05.", "date"),
        ("It comes on 5 March.", "date"),
        ("Es kommt am 5. März.", "date"),
        ("Es kommt am 05.03.", "date"),
        ("It comes on Monday.", "date"),
        ("It comes tomorrow.", "date"),
        ("It comes at 14:30.", "time"),
        ("It comes by 2 pm.", "time"),
        ("Es kommt um 14 Uhr.", "time"),
        ("It comes within 24 hours.", "length"),
        ("It costs €5.", "amount"),
        ("It costs 12.50 EUR.", "amount"),
        ("You used 80 % of it.", "amount"),
    ],
)
def test_dates_times_and_amounts_are_facts_and_not_bare_words(text: str, kind: str) -> None:
    (found,) = of_effect(text)

    assert f"is a bare {kind}, which no event vouches for" in found.fact
    assert found.offset > 0


@pytest.mark.parametrize("text", ["It may come later, in May perhaps.", "Part 3 of your order {{ case.label }} is on its way."])
def test_ordinary_words_are_fine(text: str) -> None:
    assert of_effect(text) == []


@pytest.mark.parametrize(
    "text", ["It is late because of the snow.", "It is late due to a strike", "Es dauert wegen des Wetters."]
)
def test_a_cause_that_no_event_vouches_for_is_found(text: str) -> None:
    (found,) = of_effect(text)

    assert "names a cause" in found.fact


@pytest.mark.parametrize(
    "text",
    [
        "It is late because of {{ last_seen }}.",
        "{% if last_seen == 'customs' %}It is late because customs looks at it.{% endif %}",
    ],
)
def test_a_cause_that_a_fact_says_is_fine(text: str) -> None:
    assert of_effect(text, "last_seen") == []


@pytest.mark.parametrize("section", ["effect", "why", "doing", "you_need_to", "cleared", "solved"])
def test_a_missing_section_is_found(section: str) -> None:
    (found,) = findings(replace(a_wording(), **{section: " "}))

    assert (found.section, found.fact) == (section, f"the section `{section}` is missing")


def test_every_says_has_its_wording() -> None:
    (found,) = findings(a_wording(what={"may be late": "It may be late."}))

    assert (found.section, found.fact) == ("what.is late", "there is no wording for `is late`")


def test_an_is_is_said_only_of_passed_promises_and_observed_events() -> None:
    silent, day_over = a_rule().voices

    (found,) = findings(voices=(silent, replace(day_over, may_say_is=False)))

    assert found.fact.startswith("`day_over` says `is late`")
    assert found.remedy == "say `may be late`"


def test_a_rule_with_an_is_has_sorry_and_one_without_is_warned() -> None:
    (missing,) = findings(a_wording(sorry=None))
    (ignored,) = findings(**only_may())

    assert (missing.section, missing.warning) == ("sorry", False)
    assert (ignored.section, ignored.warning) == ("sorry", True)


def test_a_rule_that_only_says_may_does_not_apologise() -> None:
    (found,) = findings(a_wording(sorry=None, doing="We are sorry and look for it."), **only_may())

    assert (found.section, found.fact) == ("doing", "`sorry` apologises for what only may be")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{% set x = 1 %}", "set"),
        ("{% for x in promised %}{% endfor %}", "for"),
        ("{% include 'x' %}", "include"),
        ("{% import 'x' as y %}", "import"),
        ("{% macro m() %}{% endmacro %}", "macro"),
        ("{{ case.label.upper() }}", "a call"),
        ("{{ case.label | upper }}", "upper"),
        ("{{ promised['day'] }}", "square brackets"),
    ],
)
def test_a_message_does_not_loop_call_or_compute(text: str, word: str) -> None:
    found = of_effect(text)

    assert found and all(not finding.warning for finding in found)
    assert any(word in finding.fact for finding in found)


def test_what_is_no_template_is_found_at_its_line() -> None:
    (found,) = of_effect("It is late.\n{% if promised %}And more.")

    assert found.section == "effect" and found.offset >= len("It is late.\n")


def test_html_in_a_section_is_found() -> None:
    (found,) = of_effect("It is <b>late</b>.")

    assert found.fact == "`<b>` is HTML"


def test_a_long_sentence_is_warned_of() -> None:
    (found,) = of_effect("Short. " + "word " * 31 + "end.")

    assert found.warning and found.fact == "a sentence of 32 words" and found.offset == len("Short. ")


def test_every_language_is_checked_and_its_choices_are_there() -> None:
    german = a_wording(language="de", effect="Es kommt am Montag.", choices=("wait", "cancel_free"))
    rule: RuleTelling = a_rule(facts=FACTS, german=german)

    found = [finding for finding in check(rule, CHOICES) if finding.language == "de"]

    assert [finding.section for finding in found] == ["choices", "effect"]
    assert found[0].fact == "the choice `cancel_free` has no text in de"


def test_a_language_without_the_systems_sentences_is_warned_of() -> None:
    french = replace(a_wording(), language="fr", choices=())
    choices: dict[str, Choice] = {}

    (found,) = check(a_rule(wording=french), choices)

    assert found.warning and "sentences are not there in fr" in found.fact
