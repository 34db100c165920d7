"""A rule file is read into what it says; a folder of them into rules that fit together."""

from pathlib import Path

import pytest

from contracts.notice import NoticeClass, Urgency
from contracts.times import DAY, HOUR, MINUTE, parse_instant
from rules.errors import Faulty
from rules.loader import load_choices, load_rules, read_rule
from rules.model import Expect, Rule, Sequence, Silence, When
from rules.shipped import shipped_catalogue

SHORT = """\
rule: {name}
title: A parcel is late
watch: parcel
detect:
  over:
    expect: delivery.delivered
    within: 5d
    says: may be late
message:
  what: {{may be late: It may be late.}}
  effect: We do not know the new day yet.
  why: We do not know the cause yet.
  doing: We are looking for it.
  you_need_to: nothing
  choices: []
  cleared: It is moving again.
  solved: It has arrived.
"""
GERMAN = """\
message:
  what: {may be late: Es kann später werden.}
  effect: Den neuen Tag wissen wir noch nicht.
  why: Den Grund wissen wir noch nicht.
  doing: Wir suchen danach.
  you_need_to: nothing
  cleared: Es geht weiter.
  solved: Es ist da.
"""


def short(name: str = "late-parcel", more: str = "") -> str:
    return SHORT.format(name=name) + more


def read(text: str) -> Rule:
    return read_rule(text, "rules/late-parcel.yaml", shipped_catalogue())


def faults_in(folder: Path) -> list[str]:
    with pytest.raises(Faulty) as caught:
        load_rules(folder, shipped_catalogue(), choices={})
    return [str(fault) for fault in caught.value.faults]


def test_what_a_rule_does_not_say_has_its_default() -> None:
    rule = read(short())

    assert (rule.owner, rule.opens_on, rule.once, rule.again) == ("desk", (), False, DAY)
    assert (rule.tell.urgency, rule.tell.notice_class, rule.tell.channels) == (Urgency.SOON, NoticeClass.SERVICE, ("email",))
    assert (rule.tell.next_update, rule.tell.desk, rule.tell.open_for, rule.tell.tells_end) == (None, "desk", None, True)
    assert rule.detectors[0].grace == 2 * MINUTE


def test_the_four_detectors_are_read_in_the_order_of_the_file() -> None:
    more = """\
  silent: {silence: [delivery.scanned, delivery.attempted], after: shipment.handed_over, longer_than: 1d12h, says: may be late}
  bad: {when: since(delivery.scanned) > 2d, for: 10m, clear: since(delivery.scanned) < 1h, grace: 0s, says: may be late}
  odd: {sequence: [shipment.rerouted, shipment.rerouted], within: 6h, not: delivery.eta, says: may be late}
"""
    expect, silent, bad, odd = read(short().replace("message:", more + "message:")).detectors

    assert isinstance(expect, Expect) and (expect.awaited, expect.by, expect.within) == (("delivery.delivered",), None, 5 * DAY)
    assert isinstance(silent, Silence) and (silent.awaited[1], silent.longer_than) == ("delivery.attempted", 36 * HOUR)
    assert isinstance(bad, When) and (bad.lasting, bad.clear and bad.clear.text) == (10 * MINUTE, "since(delivery.scanned) < 1h")
    assert bad.grace == 0
    assert isinstance(odd, Sequence) and (odd.steps, odd.broken_by) == (
        ("shipment.rerouted", "shipment.rerouted"),
        ("delivery.eta",),
    )


def test_until_alone_means_solved() -> None:
    assert read(short(more="until: delivery.delivered\n")).solved_by == ("delivery.delivered",)
    assert read(short(more="until: {moot: [order.cancelled]}\n")).moot_by == ("order.cancelled",)


def test_again_never_is_no_length() -> None:
    assert read(short(more="tell: {again: never}\n")).again is None
    assert read(short(more="tell: {again: 3d}\n")).again == 3 * DAY


def test_payments_cards_and_accounts_are_private_unless_the_rule_says_otherwise() -> None:
    about_payments = short().replace("watch: parcel", "watch: order").replace("delivery.delivered", "order.completed")
    counting = about_payments.replace("    says:", "    if: count(payment.failed, 24h) >= 1\n    says:")

    assert not read(short()).tell.private
    assert not read(about_payments).tell.private
    assert read(counting).tell.private
    assert not read(counting + "tell: {private: false}\n").tell.private
    assert read(short(more="tell: {class: account}\n")).tell.private


def test_the_lines_of_a_block_keep_their_places() -> None:
    text = short().replace("    says:", "    if: |\n      since(delivery.scanned) > 2d\n        and has(x)\n    says:")

    asked = read(text).detectors[0].only_if

    assert asked is not None
    assert str(asked.place_at(asked.text.index("since"))) == "rules/late-parcel.yaml:9:7"
    assert str(asked.place_at(asked.text.index("has"))) == "rules/late-parcel.yaml:10:13"


def test_a_quoted_text_begins_behind_its_quote() -> None:
    rule = read(short().replace("effect: We do", 'effect: "We do').replace("day yet.", 'day yet."'))

    assert str(rule.sections["en", "effect"].place_at(3)) == "rules/late-parcel.yaml:11:15"
    assert str(rule.sections["en", "what.may be late"].place_at(0)) == "rules/late-parcel.yaml:10:23"


def test_the_fingerprint_is_of_the_meaning_only() -> None:
    first = read(short()).fingerprint
    shuffled = "# a comment\n" + short(more="owner: others\n").replace("watch: parcel\n", "") + "watch: parcel\n"

    assert read(shuffled).fingerprint == first
    assert read(short(more="tell: {again: 24h}\n")).fingerprint == first
    assert read(short().replace("within: 5d", "within: 6d")).fingerprint != first
    assert read(short().replace("It may be late.", "It may come later.")).fingerprint != first


def test_a_line_of_a_test_keeps_its_values_as_written() -> None:
    tests = """\
tests:
  - name: late
    zone: Europe/Berlin
    customer: {channels: [push, email], zone: Asia/Tokyo}
    given:
      - {at: 2h, time: 1h, event: delivery.promised, promised_day: +3d}
      - {at: 2h, event: delivery.eta, day: null, id: e7}
    then: [{at: -1h, cleared: over}]
"""
    test = read(short(more=tests)).tests[0]

    assert test.start == parse_instant("2026-03-02T09:00:00Z")
    assert test.customer == {"channels": ("push", "email"), "zone": "Asia/Tokyo"}
    assert (test.given[0].at, test.given[0].time, test.given[0].fields["promised_day"].text) == (2 * HOUR, HOUR, "+3d")
    assert (test.given[1].fields["day"].null, test.given[1].fields["id"].text) == (True, "e7")
    assert (test.then[0].at, test.then[0].words) == (-HOUR, {"cleared": "over"})


def test_a_customer_can_be_unknown() -> None:
    tests = "tests: [{name: nobody, customer: unknown, given: [], then: []}]\n"

    assert read(short(more=tests)).tests[0].customer is None


def test_a_file_beside_the_rule_holds_another_language(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(short())
    (tmp_path / "late.de.yaml").write_text(GERMAN)

    rule = load_rules(tmp_path, shipped_catalogue(), choices={}).rules[0]

    assert list(rule.wordings) == ["en", "de"]
    assert rule.wordings["de"].what == {"may be late": "Es kann später werden."}
    assert rule.sections["de", "solved"].starts[0].file == f"{tmp_path.name}/late.de.yaml"


def test_a_language_without_its_rule_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(short())
    (tmp_path / "lat.de.yaml").write_text(GERMAN)

    assert faults_in(tmp_path) == [f"{tmp_path.name}/lat.de.yaml:1:1  there is no lat.yaml beside it — did you mean `late`?"]


def test_a_translation_lacks_nothing(tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(short())
    (tmp_path / "late.de.yaml").write_text(GERMAN.replace("  solved: Es ist da.\n", "  choices: []\n"))

    assert [fault.split("  ")[1].split(" — ")[0] for fault in faults_in(tmp_path)] == [
        "`solved` is missing",
        "unknown key `choices`",
    ]


def test_two_rules_of_one_name_are_a_fault(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(short())
    (tmp_path / "b.yaml").write_text(short())

    fault = f"there is a rule `late-parcel` already, at {tmp_path.name}/a.yaml:1:1 — give one of them another name"
    assert faults_in(tmp_path) == [f"{tmp_path.name}/b.yaml:1:1  {fault}"]


def test_the_faults_of_all_files_are_found_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(short("a").replace("within: 5d", "within: long"))
    (tmp_path / "b.yaml").write_text("rule: [\n")
    (tmp_path / "c.yaml").write_bytes(b"rule: \xff\n")
    (tmp_path / "d.yaml").write_text(short("d", more="tests: [{name: x, with: [e], given: [], then: []}]\n"))

    assert [fault.split(":")[0].rpartition("/")[2] for fault in faults_in(tmp_path)] == ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]


def test_a_cause_that_is_no_rule_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(short(more="tell: {unless_open: [payment-faling]}\n"))

    loaded = load_rules(tmp_path, shipped_catalogue(), choices={})

    assert [each.warning for each in loaded.warnings] == [True]
    assert "no rule of this project is named `payment-faling`" in str(loaded.warnings[0])


def test_a_shipped_rule_may_be_a_cause_also_where_the_project_leaves_it_out(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(short(more="tell: {unless_open: [payment-failing]}\n"))

    assert load_rules(tmp_path, shipped_catalogue(), choices={}).warnings == ()


def test_a_rule_in_another_language_than_its_project_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(short(more="language: en\n"))

    (rule,) = load_rules(tmp_path, shipped_catalogue(), choices={}, language="de").rules

    assert set(rule.wordings) == {"en"}


def test_a_language_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(short(more="language: English\n"))

    assert any("'English' is not a language — write such as `language: en`" in fault for fault in faults_in(tmp_path))


def test_choices_are_read_with_their_languages_and_link(tmp_path: Path) -> None:
    path = tmp_path / "choices.yaml"
    path.write_text("wait: {en: I will wait, de: Ich warte, link: https://example.com/wait}\n")

    choice = load_choices(path)["wait"]

    assert (choice.texts, choice.link) == ({"en": "I will wait", "de": "Ich warte"}, "https://example.com/wait")


def test_a_choice_that_does_nothing_safe_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "choices.yaml"
    path.write_text("wait: {en: I will wait, link: 'javascript:alert(1)'}\nleave: {}\n")

    with pytest.raises(Faulty) as caught:
        load_choices(path)

    assert [fault.place for fault in caught.value.faults] == ["choices.yaml:1:25", "choices.yaml:2:8"]
