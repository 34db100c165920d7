"""A rule's tests, and what their author reads when what happened is not what was expected."""

from pathlib import Path

import pytest

from streams.project import load_project
from streams.rule_tests import run_rule_tests
from tests.streams.shop import a_shop

RULE = """
rule: parcel-unseen
title: A parcel that nobody scans
watch: parcel
from: shipment.created
until: delivery.delivered
detect:
  silent:
    silence: delivery.scanned
    longer_than: 24h
    says: may be late
tell: {channels: [email], next_update: 14d}
message:
  what: {may be late: "Your parcel {{ case.label }} may be late."}
  effect: We do not know yet what this changes for you.
  why: We do not know the cause yet.
  doing: We are looking into it.
  you_need_to: nothing
  choices: []
  cleared: Your parcel {{ case.label }} is moving again.
  solved: Your parcel {{ case.label }} has arrived.
tests:
  - name: the test
    given:
      - {at: 0h, event: shipment.created}
"""
FOUND = "{at: 24h, found: 24h2m, opened: silent, told: may be late}"


def difference(folder: Path, *, then: str, given: str = "", more: str = "") -> str | None:
    (folder / "rules").mkdir()
    text = RULE + (f"      - {given}\n" if given else "") + f"    then: {then}\n" + more
    (folder / "rules" / "parcel-unseen.yaml").write_text(text)
    (result,) = run_rule_tests(load_project(folder))
    assert result.passed == (result.difference is None)
    return result.difference


@pytest.mark.parametrize(
    "then",
    [
        f"[{FOUND}]",
        "[{at: 24h, opened: silent, told: may be late}]",
        "[{opened: silent, told: may be late, case: parcel/P1, rule: parcel-unseen, channel: email}]",
        "[{at: 24h, opened: silent}, {at: 24h2m, told: may be late}]",
    ],
)
def test_a_line_may_leave_fields_out_and_an_answer_may_stand_alone(then: str, tmp_path: Path) -> None:
    assert difference(tmp_path, then=then) is None


@pytest.mark.parametrize(
    "then",
    [
        "[]",
        "[{at: 24h, opened: silent}]",
        "[{at: 23h, opened: silent, told: may be late}]",
        "[{at: 24h, found: 24h, opened: silent, told: may be late}]",
        "[{at: 24h, opened: silent, held: quiet_hours}]",
        "[{at: 24h, opened: silent, told: may be late, case: parcel/P2}]",
        "[{at: 24h, opened: silent, told: may be late, channel: sms}]",
        f"[{FOUND}, {{at: 25h, told: may be late}}]",
    ],
)
def test_what_differs_fails(then: str, tmp_path: Path) -> None:
    assert difference(tmp_path, then=then) is not None


def test_the_author_reads_both_sides_from_the_first_difference_on(tmp_path: Path) -> None:
    found = difference(tmp_path, then="[{at: 24h, opened: silent, held: quiet_hours}, {at: 47h, told: may be late}]")

    assert found is not None
    assert found.splitlines() == [
        "- {at: 24h, opened: silent, held: quiet_hours}",
        "- {at: 47h, told: may be late}",
        "+ {at: 24h, found: 24h2m, opened: silent, told: may be late}",
    ]


def test_the_author_reads_the_case_where_it_matters(tmp_path: Path) -> None:
    found = difference(tmp_path, then="[{at: 24h, opened: silent, told: may be late, case: parcel/P2}]")

    assert found is not None
    assert found.splitlines() == [
        "- {at: 24h, opened: silent, told: may be late, case: parcel/P2}",
        "+ {at: 24h, found: 24h2m, opened: silent, told: may be late, case: parcel/P1}",
    ]


def test_a_test_that_arms_nothing_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    text = RULE.replace("event: shipment.created}", "event: delivery.attempted}") + "    then: []\n"
    (tmp_path / "rules" / "parcel-unseen.yaml").write_text(text)

    (result,) = run_rule_tests(load_project(tmp_path))

    assert result.difference is not None
    assert "no detector was ever armed" in result.difference


def test_the_clock_runs_past_what_an_event_put_off(tmp_path: Path) -> None:
    scanned = "{at: 10h, event: delivery.scanned}"
    then = "[{at: 34h, opened: silent}, {at: 34h2m, told: may be late}]"

    assert difference(tmp_path, given=scanned, then=then) is None


def test_a_customer_whom_nobody_knows_is_waited_for_a_day(tmp_path: Path) -> None:
    then = "[{at: 24h, opened: silent, held: customer_unknown}, {at: 48h2m, withheld: customer_unknown}]"

    assert difference(tmp_path, then=then, more="    customer: unknown\n    until: 50h\n") is None


def test_the_rules_of_the_library_pass_their_own_tests(tmp_path: Path) -> None:
    failed = [result for result in run_rule_tests(a_shop(tmp_path)) if not result.passed]

    assert not failed, "\n".join(f"{each.rule}: {each.name}\n{each.difference}" for each in failed)
