"""The shipped rules load as they are, in two languages, prove themselves with tests, and do not speak over each other."""

from pathlib import Path
from shutil import copytree

import pytest

from contracts.notice import NoticeClass
from rules.compiler import compile_rules
from rules.loader import library, load_rules
from rules.model import Rule
from rules.shipped import shipped_catalogue
from streams.project import load_project
from streams.rule_tests import run_rule_tests

LIBRARY = load_rules(library(), shipped_catalogue(), choices={})
ABOUT_MONEY = {"payment-failing", "payment-last-chance", "order-not-confirmed", "refund-overdue", "card-expiring"}
CHOICES = """\
wait: {en: I will wait, de: Ich warte, link: https://example.com/wait}
call_me: {en: Please call me, de: Bitte rufen Sie mich an}
"""

# Of two rules that watch one case, the one that knows the cause speaks. The first line names the rule whose tests it joins.
TOGETHER = {
    "while a parcel is held up, nobody hears that it may be late": """\
parcel-held-up
  - name: together
    zone: UTC
    with: [late-parcel]
    given:
      - {at: 0h, event: shipment.created}
      - {at: 0h, event: delivery.promised, promised_day: +1d}
      - {at: 3h, event: delivery.exception, kind: customs}
      - {at: 50h, event: delivery.released}
    until: 51h
    then:
      - {at: 3h, opened: held, told: is held up, rule: parcel-held-up}
      - {at: 39h, opened: day_over, held: cause_speaks, rule: late-parcel}
      - {at: 50h, solved: delivery.released, told: solved, rule: parcel-held-up}
      - {at: 50h, told: is late, rule: late-parcel}
""",
    "an address that is not found at the door is told once": """\
delivery-attempt-failed
  - name: together
    with: [parcel-held-up]
    given:
      - {at: 3h, event: delivery.attempted, outcome: address not found}
      - {at: 3h10m, event: delivery.exception, kind: address}
    until: 4h
    then:
      - {at: 3h10m, opened: held, told: is held up, rule: parcel-held-up}
      - {at: 3h30m, opened: once, held: cause_speaks, rule: delivery-attempt-failed}
""",
    "who paid after all hears it from one rule": """\
payment-last-chance
  - name: together
    with: [payment-failing]
    given:
      - {at: 1h, event: payment.failed}
      - {at: 25h, event: payment.failed}
      - {at: 49h, event: payment.failed}
      - {at: 52h, event: payment.succeeded}
    then:
      - {at: 1h, opened: first, told: may stay unpaid, rule: payment-failing}
      - {at: 25h, updated: again, told: may need another way to pay, rule: payment-failing}
      - {at: 49h, opened: last_chance, told: may be cancelled, rule: payment-last-chance}
      - {at: 52h, solved: payment.succeeded, told: solved, rule: payment-failing}
      - {at: 52h, solved: payment.succeeded, rule: payment-last-chance}
""",
    "a payment that fails speaks for the card that expires": """\
card-expiring
  - name: together
    zone: UTC
    with: [payment-failing]
    given:
      - {at: 1h, event: payment.failed, subscription_id: S1}
      - {at: 2h, event: card.expiring, expires_on: +3d}
      - {at: 3h, event: card.updated}
    until: 4h
    then:
      - {at: 1h, opened: first, told: may stay unpaid, rule: payment-failing}
      - {at: 2h, opened: ahead, held: cause_speaks, rule: card-expiring}
      - {at: 3h, solved: card.updated, rule: card-expiring}
""",
}


def a_project(folder: Path, settings: str = "") -> Path:
    copytree(library(), folder / "rules")
    (folder / "tellfirst.yaml").write_text(settings)
    (folder / "choices.yaml").write_text(CHOICES)
    return folder


def test_ten_problems_have_a_rule() -> None:
    assert {rule.name for rule in LIBRARY.rules} == {
        "late-parcel",
        "delivery-attempt-failed",
        "parcel-held-up",
        "order-not-confirmed",
        "refund-overdue",
        "payment-failing",
        "payment-last-chance",
        "card-expiring",
        "allowance-nearly-used",
        "unusual-usage",
        "complaint-unanswered",
    }


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_project_in_either_language_has_nothing_to_say_against_the_library(language: str, tmp_path: Path) -> None:
    assert load_project(a_project(tmp_path, f"language: {language}")).warnings == ()


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.name)
def test_a_rule_can_be_taken_alone(rule: Rule, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    for file in (f"{rule.name}.yaml", f"{rule.name}.de.yaml"):
        (tmp_path / "rules" / file).write_bytes((library() / file).read_bytes())

    project = load_project(tmp_path)

    assert project.warnings == ()
    assert set(project.rules[0].wordings) == {"en", "de"}


def test_the_shipped_rules_compile() -> None:
    assert set(compile_rules(LIBRARY.rules, shipped_catalogue()).tellings) == {rule.name for rule in LIBRARY.rules}


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.name)
def test_a_shipped_rule_is_proved_in_both_directions(rule: Rule) -> None:
    assert len(rule.tests) >= 4
    assert any(not test.then or "solved" in test.then[-1].words for test in rule.tests)
    assert any("told" in line.words for test in rule.tests for line in test.then)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_the_examples_hold_wherever_the_business_is(zone: str, tmp_path: Path) -> None:
    failed = [each for each in run_rule_tests(load_project(a_project(tmp_path, f"zone: {zone}"))) if not each.passed]

    assert not failed, "\n".join(f"{each.rule}: {each.name}\n{each.difference}" for each in failed)


@pytest.mark.parametrize("story", TOGETHER.values(), ids=TOGETHER)
def test_one_voice_speaks(story: str, tmp_path: Path) -> None:
    rule, _, example = story.partition("\n")
    file = a_project(tmp_path) / "rules" / f"{rule}.yaml"
    file.write_text(file.read_text().rstrip() + "\n\n" + example)

    together = run_rule_tests(load_project(tmp_path), rules=[rule])[-1]

    assert together.name == "together"
    assert together.passed, together.difference


@pytest.mark.parametrize("rule", LIBRARY.rules, ids=lambda rule: rule.name)
def test_a_rule_about_money_is_private_and_no_rule_is_marketing(rule: Rule) -> None:
    assert rule.tell.private == (rule.name in ABOUT_MONEY)
    assert rule.tell.notice_class is not NoticeClass.MARKETING
