"""What a case remembers: it survives packing and changed rules, is bounded, and is forgotten when nothing needs it."""

import pytest

from contracts.event import Event, Fate
from contracts.ids import mark_of
from contracts.problem import Phase, ProblemPhase
from contracts.times import DAY, HOUR, MINUTE, parse_instant
from rules.compiler import RuleSet, compile_rules
from rules.loader import read_rule
from rules.memory import MARKS_KEPT, Memory
from rules.packing import MEMORY_LIMIT, pack, unpack
from rules.plan import CasePlan
from rules.step import apply, settle, wake
from rules.windows import EXACT
from tests.rules.core_run import CATALOGUE, CHOICES, compiled

START = parse_instant("2026-03-02T09:00:00Z")
RULE = """
rule: silent-parcel
title: Nobody scans a parcel
watch: parcel
from: shipment.created
until: {{solved: delivery.delivered}}
facts: {{place: delivery.scanned.place}}
detect:
  silent: {{silence: delivery.scanned, after: shipment.handed_over, longer_than: {length}, says: may be late}}
  often: {{when: "count(delivery.attempted, 30d) >= 3", says: may be stuck}}
message:
  what: {{may be late: "Parcel {{{{ case.label }}}} may be late.", may be stuck: "Parcel {{{{ case.label }}}} may be stuck."}}
  effect: We do not know yet what this changes for you.
  why: We do not know the cause yet.
  doing: We are looking into it.
  you_need_to: nothing
  choices: []
  cleared: It moves again.
  solved: It is here.
"""


class ACase:
    """One parcel, its plan, and events that come in order unless said otherwise."""

    def __init__(self, rules: RuleSet) -> None:
        self.plan: CasePlan = rules.plans["parcel"]
        self.memory: Memory = self.plan.new_memory("parcel/P1")
        self.count = 0

    def happens(
        self, event_type: str, hours: float, *, event_id: str | None = None, w: float | None = None, **data: object
    ) -> list[str]:
        self.count += 1
        name = event_id or f"e{self.count}"
        time = START + int(hours * HOUR)
        event = Event(name, "test", event_type, time, ("parcel/P1",), {"parcel_id": "P1", **data}, mark_of("test", name))
        applied = apply(self.plan, self.memory, event, w=time if w is None else START + int(w * HOUR))
        self.fate = applied.fate
        return said(applied.findings)

    def passes(self, hours: float) -> list[str]:
        w, lines = START + int(hours * HOUR), []
        while self.memory.ripe_at is not None and self.memory.ripe_at <= w:
            lines += said(wake(self.plan, self.memory, w=w))
        return lines


def said(findings: object) -> list[str]:
    return [f"{each.phase} {each.detector or each.ended_by}" for each in findings if isinstance(each, ProblemPhase)]  # type: ignore[attr-defined]


def a_case(length: str = "24h") -> ACase:
    return ACase(compiled(RULE.format(length=length)))


def test_a_memory_is_the_same_after_packing() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("shipment.handed_over", 1)
    case.happens("delivery.scanned", 2, place="hub")
    case.happens("delivery.attempted", 3)

    blob = pack(case.plan, case.memory)
    again = unpack(case.plan, "parcel/P1", blob, case.plan.layout)

    assert pack(case.plan, again) == blob
    assert settle(case.plan, again) and again.ripe_at == START + 26 * HOUR + 2 * MINUTE


def test_what_is_merely_armed_is_remembered_as_when_it_is_ripe_and_what_is_not_even_that_not_at_all() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("delivery.attempted", 1)
    assert case.memory.states == {}

    case.happens("shipment.handed_over", 1)

    assert case.memory.states == {0: START + 25 * HOUR + 2 * MINUTE}
    assert case.memory.timers() == [(START + 25 * HOUR, START + 25 * HOUR + 2 * MINUTE)]


def test_when_what_was_next_is_not_due_any_more_the_case_is_looked_at_for_what_is_next_then() -> None:
    often = 'often: {when: "count(delivery.attempted, 30d) >= 3", says: may be stuck}'
    case = ACase(
        compiled(RULE.format(length="24h").replace(often, "soon: {expect: delivery.attempted, within: 2h, says: may be stuck}"))
    )
    case.happens("shipment.created", 0)
    case.happens("shipment.handed_over", 1)
    assert case.memory.ripe_at == START + 2 * HOUR + 2 * MINUTE

    case.happens("delivery.attempted", 1.5)

    assert case.memory.ripe_at == START + 25 * HOUR + 2 * MINUTE


def test_what_was_past_when_learnt_is_ripe_later_than_its_grace_says() -> None:
    case = a_case()
    case.happens("shipment.created", 0)

    case.happens("shipment.handed_over", 1, w=30)

    assert case.memory.timers() == [(START + 25 * HOUR, START + 30 * HOUR + 2 * MINUTE)]


def test_a_watch_that_was_over_before_it_began_is_looked_at_when_it_may_be_forgotten() -> None:
    case = a_case()
    case.happens("delivery.delivered", 2)

    case.happens("shipment.created", 1)

    assert case.memory.ripe_at == START + 2 * HOUR + 7 * DAY


def test_a_case_that_begins_anew_is_looked_at_before_its_stub_would_have_been() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.passes(91 * 24)
    assert case.memory.stub and case.memory.ripe_at == START + 120 * DAY

    case.happens("delivery.attempted", 24)

    assert case.memory.ripe_at == START + 91 * DAY


def test_a_changed_rule_keeps_what_it_remembers_and_moves_its_deadline() -> None:
    before, after = a_case("24h"), a_case("12h")
    before.happens("shipment.created", 0)
    before.happens("shipment.handed_over", 1)

    after.memory = unpack(after.plan, "parcel/P1", pack(before.plan, before.memory), before.plan.layout)

    assert after.memory.ripe_at == START + 13 * HOUR + 2 * MINUTE
    assert after.passes(13.1) == ["opened silent"]


def test_a_fact_that_a_new_rule_reads_starts_unknown() -> None:
    before = ACase(compiled(RULE.format(length="24h").replace("facts: {place: delivery.scanned.place}\n", "")))
    after = a_case()
    before.happens("shipment.created", 0)
    before.happens("delivery.scanned", 1, place="hub")

    memory = unpack(after.plan, "parcel/P1", pack(before.plan, before.memory), before.plan.layout)

    assert memory.value(0) is None
    assert memory.lives[0].start == START


def test_a_closed_case_is_forgotten_after_seven_days_and_its_stub_after_thirty_more() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("delivery.delivered", 10)

    case.passes(10 + 7 * 24 - 1)
    assert not case.memory.stub

    case.passes(10 + 7 * 24)
    assert case.memory.stub
    assert len(pack(case.plan, case.memory)) < 100

    case.passes(10 + 37 * 24)
    assert case.memory.gone


def test_a_straggler_does_not_reopen_a_forgotten_case_and_a_later_beginning_does() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("delivery.delivered", 10)
    case.passes(10 + 8 * 24)

    case.happens("shipment.created", 5)
    assert case.memory.stub

    case.happens("shipment.created", 10 + 9 * 24)
    assert not case.memory.stub
    assert case.memory.lives[0].start == START + (10 + 9 * 24) * HOUR


def test_nothing_is_forgotten_while_a_problem_is_open() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("shipment.handed_over", 1)

    assert case.passes(200 * 24) == ["opened silent"]

    assert not case.memory.stub
    assert case.happens("delivery.delivered", 201 * 24) == ["solved delivery.delivered"]


def test_a_case_that_never_began_is_forgotten_ninety_days_after_its_newest_event() -> None:
    case = a_case()
    case.happens("delivery.scanned", 0, place="hub")

    case.passes(90 * 24 - 1)
    assert not case.memory.stub

    case.passes(90 * 24)
    assert case.memory.stub


def test_a_repeat_changes_nothing_whatever_it_contains() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("delivery.scanned", 1, event_id="s", place="hub")

    case.happens("delivery.scanned", 5, event_id="s", place="elsewhere")

    assert case.fate is Fate.REPEATED
    assert case.memory.value(0) == "hub"


def test_a_window_knows_its_entries_longer_than_the_case_knows_its_events() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    case.happens("delivery.attempted", 1, event_id="a1")
    case.happens("delivery.attempted", 2, event_id="a2")
    for number in range(MARKS_KEPT + 1):
        case.happens("delivery.scanned", 3 + number / 10)

    assert case.happens("delivery.attempted", 1, event_id="a1") == []

    assert case.fate is Fate.REPEATED
    assert case.happens("delivery.attempted", 6, event_id="a3") == ["opened often"]


def test_a_memory_beyond_its_limit_drops_its_oldest_entries_and_counts_it() -> None:
    rules = compiled(RULE.format(length="24h").replace("count(delivery.attempted, 30d) >= 3", MANY_WINDOWS))
    case = ACase(rules)
    case.happens("shipment.created", 0)
    for number in range(140):
        case.happens("delivery.attempted", 1 + number / 10)

    blob = pack(case.plan, case.memory)

    assert len(blob) <= MEMORY_LIMIT
    assert case.memory.limit_hits > 0


MANY_WINDOWS = " or ".join(f"count(delivery.attempted, {days}d) >= 500" for days in range(20, 75))


def test_the_step_reports_the_newest_customer_of_the_case() -> None:
    case = a_case()
    case.happens("shipment.created", 0, customer_id="C1")
    case.happens("shipment.handed_over", 1, customer_id="C2")

    findings = wake(case.plan, case.memory, w=START + 26 * HOUR)

    assert [phase_and_customer(each) for each in findings] == [(Phase.OPENED, "C2")]
    assert case.memory.ripe_at is None or case.memory.ripe_at > START + DAY


def phase_and_customer(finding: object) -> tuple[Phase, str | None]:
    assert isinstance(finding, ProblemPhase)
    return finding.phase, finding.customer


def test_a_rule_that_comes_later_watches_from_the_next_opening_on() -> None:
    before, both = a_case(), ACase(beside_a_second_rule())
    both.count = 2
    before.happens("shipment.created", 0)
    before.happens("shipment.handed_over", 1)

    both.memory = unpack(both.plan, "parcel/P1", pack(before.plan, before.memory), before.plan.layout)

    assert both.passes(40) == ["opened silent"]
    assert both.happens("delivery.delivered", 50) == ["solved delivery.delivered"]
    assert both.happens("shipment.created", 60) == []
    assert both.happens("shipment.handed_over", 61) == []
    assert both.passes(100) == ["opened silent", "opened silent"]


def test_a_memory_that_was_packed_in_a_way_of_which_nobody_knows_is_refused() -> None:
    case = a_case()

    with pytest.raises(ValueError, match="packed in a way that this tellfirst does not know"):
        unpack(case.plan, "parcel/P1", b"\x06" + pack(case.plan, case.memory)[1:], case.plan.layout)


def test_entries_that_came_too_late_for_a_window_are_counted_once() -> None:
    case = a_case()
    case.happens("shipment.created", 0)
    for number in range(EXACT + 6):
        case.happens("delivery.attempted", 1 + number / 10)

    case.happens("delivery.attempted", 1)

    assert case.memory.too_late == 1
    assert unpack(case.plan, "parcel/P1", pack(case.plan, case.memory), case.plan.layout).too_late == 0


def beside_a_second_rule() -> RuleSet:
    texts = [RULE.format(length="24h"), RULE.format(length="30h").replace("silent-parcel", "another-rule")]
    return compile_rules([read_rule(text, "rules/trace.yaml", CATALOGUE, choices=CHOICES) for text in texts], CATALOGUE)
