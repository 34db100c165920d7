"""One word of a good rule is broken at a time: the exact line that its author reads."""

# ruff: noqa: E501
import pytest

from contracts.tell import Choice
from rules.errors import Faulty
from rules.loader import read_rule
from rules.shipped import shipped_catalogue

CHOICES = {"wait": Choice(choice="wait", texts={"en": "I will wait"})}

GOOD = """\
rule: late-parcel
title: A parcel will miss its promised day
owner: delivery-ops
watch: parcel
from: shipment.created
until: {solved: delivery.delivered, moot: order.cancelled}
facts:
  promised: delivery.promised.promised_day
  chance: delivery.eta.p_late
detect:
  silent:
    silence: delivery.scanned
    after: shipment.handed_over
    longer_than: 36h
    says: may be late
  predicted:
    when: chance >= 0.7
    for: 10m
    says: may be late
  round:
    sequence: [shipment.rerouted, delivery.attempted]
    within: 6h
    says: may be late
  over:
    expect: delivery.delivered
    by: promised
    says: is late
tell:
  urgency: soon
  channels: [push, email]
  next_update: 24h
  worth_telling: {promised: 2d}
message:
  what:
    may be late: "It may be late."
    is late: "It is late."
  effect: "We do not know the new day yet."
  why: "We do not know the cause yet."
  sorry: "We are sorry."
  doing: "We are looking for it."
  you_need_to: nothing
  choices: [wait]
  cleared: "It is moving again."
  solved: "It has arrived."
tests:
  - name: silence
    given:
      - {at: 0h, event: shipment.created}
      - {at: 1h, event: shipment.handed_over}
    until: 50h
    then:
      - {at: 37h, opened: silent, held: quiet_hours}
      - {at: 47h, told: may be late}
"""

# what stands in the good rule · what stands there instead · line, column, fact and remedy
BROKEN = [
    ("    by: promised", "    within: 50d of delivery.eta", "26:13  '50d of delivery.eta' is two things in one — write `within: 50d`, and `of: delivery.eta` on a line of its own"),
    ("    within: 6h", "    witin: 6h", "22:5  unknown key `witin` — did you mean `within`?"),
    ("    longer_than: 36h", "    longer_than: 2 weeks", "14:18  '2 weeks' is not a duration — write whole numbers with w, d, h, m or s, such as 14d"),
    ("    longer_than: 36h", "    longer_than: 0h", "14:18  '0h' is no time at all — write at least 1s"),
    ("    longer_than: 36h", "    longer_than: 400d", "14:18  '400d' is longer than a year — write at most 366d"),
    ("    longer_than: 36h\n", "", "12:5  `longer_than` is missing — write how long the silence may last, such as `longer_than: 36h`"),
    ("    longer_than: 36h", "    longer_than:", "14:5  `longer_than` is empty — write its value, or leave the key out"),
    ("from: shipment.created", "from: shipment.creatd", "5:7  there is no event type `shipment.creatd` — did you mean `shipment.created`?"),
    ("from: shipment.created", "from: usage.recorded", "5:7  `usage.recorded` is never seen by a rule that watches `parcel` — it concerns account, meter; watch one of these, or name an event that concerns a case of kind parcel"),
    ("from: shipment.created", "from: {a: b}", "5:7  `from` is a mapping — write one word, or a list such as [a, b]"),
    ("from: shipment.created", "from: [shipment.created, shipment.created]", "5:26  `shipment.created` stands here twice — keep one"),
    ("from: shipment.created", "from: []", "5:7  `from` is an empty list — name at least one, or leave the key out"),
    ("watch: parcel", "watch: parsel", "4:8  no event concerns a case of kind `parsel` — did you mean `parcel`?"),
    ("watch: parcel\n", "", "1:1  `watch` is missing — write the kind of case, such as `watch: parcel`"),
    ("rule: late-parcel", "rule: late parcel", "1:7  'late parcel' is not a name for a rule — write letters, digits, - and _, at most 100, such as late-parcel"),
    ("title: A parcel will miss its promised day\n", "", "1:1  `title` is missing — say in a line what it finds"),
    ("moot: order.cancelled", "mute: order.cancelled", "6:37  unknown key `mute` — the keys here are `solved` or `moot`"),
    ("moot: order.cancelled", "moot: delivery.delivered", "6:37  `delivery.delivered` is both solved and moot — name it in one of them"),
    ("  promised: delivery.promised.promised_day", "  promised: delivery.promised.promise_day", "8:13  `delivery.promised` has no field `promise_day` — did you mean `promised_day`?"),
    ("  promised: delivery.promised.promised_day", "  promised: delivery.promised", "8:13  'delivery.promised' is not a field of an event — write event type and field, such as delivery.eta.day"),
    ("  promised: delivery.promised.promised_day", "  promised: promised_day", "8:13  'promised_day' is not a field of an event — write event type and field, such as delivery.eta.day"),
    ("  chance: delivery.eta.p_late", "  case: delivery.eta.p_late", "9:3  `case` is a word of the language, not a name for a fact — write another, such as `the_case`"),
    ("  chance: delivery.eta.p_late", "  p-late: delivery.eta.p_late", "9:3  `p-late` is not a name for a fact — write one word of letters, digits and _, not beginning with a digit"),
    ("  chance: delivery.eta.p_late", "  chance: [delivery.eta.p_late]", "9:11  `chance` is a list — write one value"),
    ("    for: 10m\n    says", "    within: 10m\n    says", "18:5  `within` belongs to `expect` or `sequence`, not to `when` — take it out, or make another detector"),
    ("    by: promised", "    by: promised\n    for: 10m", "27:5  `for` belongs to `when`, not to `expect` — take it out, or make another detector"),
    ("    by: promised", "    by: promised\n    within: 1h", "27:5  `expect` has both `by` and `within` — write one of `by: FACT` and `within: 24h`"),
    ("    by: promised\n", "", "25:5  `expect` says neither `by` when nor `within` which time — write one of `by: FACT` and `within: 24h`"),
    ("    by: promised", "    of: shipment.created\n    by: promised", "26:5  `of` stands without `within` — write `within: 24h` and `of: EVENT`"),
    ("    when: chance >= 0.7\n", "", "17:5  the detector `predicted` does not say what to look for — give it one of `expect`, `silence`, `when` or `sequence`"),
    ("    when: chance >= 0.7", "    when: chance >= 0.7\n    silence: delivery.scanned", "17:5  `predicted` has both `silence` and `when` — make two detectors of it"),
    ("    when: chance >= 0.7", "    when: chance >= 0.7\n    where: it.amount > 0", "18:5  `where` chooses among events, and `when` names none — write `count(EVENT where …, 24h)` in the condition"),
    ("    when: chance >= 0.7", "    when: [chance]", "17:11  `when` is a list — write one value"),
    ("    says: is late", "    says: is too late", "35:5  there is no wording for `is too late`, which `over` says — did you mean `is late`?"),
    ("[shipment.rerouted, delivery.attempted]", "[shipment.rerouted]", "21:5  a sequence has 2 to 8 steps, not 1 — write them as [FIRST, SECOND]"),
    ("    within: 6h\n", "", "21:5  `within` is missing — write how long the whole may take, such as `within: 6h`"),
    ("  urgency: soon", "  urgency: sooner", "29:12  'sooner' is not a word for `urgency` — did you mean `soon`?"),
    ("  urgency: soon", "  urgency: soon\n  class: sevice", "30:10  'sevice' is not a word for `class` — did you mean `service`?"),
    ("[push, email]", "[push, mail]", "30:20  'mail' is not a channel — did you mean `email`?"),
    ("  next_update: 24h", "  next_update: 1.5h", "31:16  '1.5h' is not a duration — write whole numbers with w, d, h, m or s, such as 14d"),
    ("  next_update: 24h", "  on_clear: yes", "31:13  'yes' is not a word for `on_clear` — write `tell` or `silent`"),
    ("  next_update: 24h", "  private: yes", "31:12  'yes' is neither true nor false — write true or false"),
    ("  next_update: 24h", "  again: newer", "31:10  'newer' is not a duration — write whole numbers with w, d, h, m or s, such as 14d"),
    ("  next_update: 24h", "  unless_open: [late-parcel]", "31:17  `late-parcel` would wait for itself — take it out of `unless_open`"),
    ("  next_update: 24h", "  hand_over: {too: desk}", "31:15  unknown key `too` — did you mean `to`?"),
    ("  next_update: 24h", "  hand_over: desk", "31:14  `hand_over` is a text — write keys with values, one on a line"),
    ("{promised: 2d}", "{promised: 20%}", "32:29  '20%' is not a change of a date — write whole numbers with w, d, h, m or s, such as 14d, or `always` or `never`"),
    ("{promised: 2d}", "{chance: 2d}", "32:27  '2d' is not a change of a decimal — write a share such as 20%, or `always` or `never`"),
    ("{promised: 2d}", "{promise: 2d}", "32:19  there is no fact `promise` — did you mean `promised`?"),
    ('  effect: "We do not know the new day yet."\n', "", "34:3  `effect` is missing — say what it means for the customer"),
    ('  sorry: "We are sorry."\n', "", "34:3  `sorry` is missing — say that we are sorry, because the rule says that something `is` wrong"),
    ("  choices: [wait]", "  choices: [wit]", "42:13  there is no choice `wit` — did you mean `wait`?"),
    ("  choices: [wait]\n", "", "34:3  `choices` is missing — list what the customer can choose, or write `choices: []`"),
    ('    is late: "It is late."', '    is lat: "It is late."', "35:5  there is no wording for `is late`, which `over` says — did you mean `is lat`?"),
    ("    until: 50h", "    untill: 50h", "50:5  unknown key `untill` — did you mean `until`?"),
    ("  - name: silence\n    given", "  - given", "46:5  `name` is missing — say in a sentence what the test shows"),
    ("opened: silent", "opened: silence", "52:27  'silence' is not what `opened` can name here — did you mean `silent`?"),
    ("held: quiet_hours", "held: quiet", "52:41  'quiet' is not a reason — did you mean `quiet_hours`?"),
    ("told: may be late}", "told: may be lat}", "53:25  'may be lat' is not what `told` can name here — did you mean `may be late`?"),
    ("{at: 47h, told: may be late}", "{at: 47h}", "53:9  the line does not say what happened — write one of `opened`, `updated`, `cleared`, `corrected`, `solved`, `moot`, `told`, `held`, `withheld`, `news` or `handed_over`"),
    ("{at: 47h, told: may be late}", "{at: 47h, tld: may be late}", "53:19  unknown key `tld` — did you mean `told`?"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: shipment.handed}", "49:25  there is no event type `shipment.handed` — did you mean `shipment.handed_over`?"),
    ("{at: 1h, event: shipment.handed_over}", "{event: shipment.handed_over}", "49:9  `at` is missing — write when it comes in, such as `at: 1h`"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: shipment.handed_over, carier: X}", "49:47  `shipment.handed_over` has no field `carier` — did you mean `carrier`?"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: shipment.handed_over, handed_at: tomorrow}", "49:58  'tomorrow' is not an instant — write an instant with its zone such as 2026-03-05T09:00:00Z, or +3d from the event's own time"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: delivery.promised, promised_day: 2026-02-30}", "49:58  '2026-02-30' is not a date — write a day such as 2026-03-05, or +3d from the event's own time"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: delivery.eta, p_late: high}", "49:47  'high' is not a decimal — write a number such as 0.7"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: delivery.promised, zone: Europe/Berln}", "49:50  there is no time zone 'Europe/Berln' — write a name such as Europe/Berlin"),
    ("{at: 1h, event: shipment.handed_over}", "{at: 1h, event: shipment.handed_over, carrier: null}", "49:56  `carrier` of `shipment.handed_over` must have a value — write one, or leave the key out"),
    ("      - {at: 0h, event: shipment.created}\n", "      - {at: 2h, event: shipment.created}\n", "49:9  this line stands after a later one — order the lines by `at`, and give a late event its own `time`"),
    ("    until: 50h", "    start: Monday", "50:12  'Monday' is not an instant with a zone — write it as 2026-03-02T09:00:00Z"),
    ("    until: 50h", "    zone: Berlin", "50:11  there is no time zone 'Berlin' — write a name such as Europe/Berlin"),
    ("    until: 50h", "    customer: nobody", "50:15  `customer` is neither a profile nor `unknown` — write such as {zone: Asia/Tokyo, language: en}"),
    ("    until: 50h", "    customer: {tongue: de}", "50:16  unknown key `tongue` — did you mean `zone`?"),
    ("title: A", "title: &a A", "2:8  the anchor `&a` is not read — write the text out, or put it in quotes"),
    ("title: A", "title: *a", "2:8  YAML does not read this as one text, because of its leading `*` — put the text in quotes, or on its own line after `|`"),
    ("title: A", "title: !!str A", "2:8  YAML does not read this as one text, because a leading `!` is a tag — put the text in quotes, or on its own line after `|`"),
    ("title: A", "title: A\ntitle: A", "3:1  `title` stands here twice — keep one"),
    ("title: A parcel", "title: Parcels: a parcel", "2:8  YAML does not read this as one text, because of the `: ` in it — put the text in quotes, or on its own line after `|`"),
    ("owner: delivery-ops", "<<: {owner: delivery-ops}", "3:1  merge keys are not read — write the keys out"),
    ("    when: chance >= 0.7", "    when: !has(chance)", "17:11  YAML does not read this as one expression, because a leading `!` is a tag — put the expression on its own line after `|`, or write `not`"),
    ("    when: chance >= 0.7", "    when: !(chance < 0.7)", "17:11  YAML does not read this as one expression, because a leading `!` is a tag — put the expression on its own line after `|`, or write `not`"),
    ("    when: chance >= 0.7", "    when: chance >= 0.7 ? true : false", "17:11  YAML does not read this as one expression, because of the `: ` in it — put the expression on its own line after `|`, or write `not`"),
    ("    when: chance >= 0.7", '    when: "x" == "x"', "17:11  YAML does not read this as one expression, because more follows the quoted part — put the expression on its own line after `|`, or write `not`"),
    ("    when: chance >= 0.7", '    when: "a #1" == x', "17:11  YAML does not read this as one expression, because more follows the quoted part — put the expression on its own line after `|`, or write `not`"),
    ("    when: chance >= 0.7", '    when: x == "a #1"', "17:11  YAML takes the rest of `when` for a comment, because of the ` #` in it — put the expression on its own line after `|`"),
    ('  solved: "It has arrived."', "  solved: {{ case.label }} has arrived.", "44:11  YAML does not read this as one text, because of its leading `{` — put the text in quotes, or on its own line after `|`"),
    ('  solved: "It has arrived."', "  solved: {{ case.label }}", "44:11  YAML does not read this as one text, because of its leading `{` — put the text in quotes, or on its own line after `|`"),
    ('  solved: "It has arrived."', "\tsolved: a", "44:1  YAML stumbles here: found character that cannot start any token — indent with spaces, and put a text that begins with a sign in quotes"),
    ("    for: 10m", "   for: 10m", "18:4  this line does not fit the one before it — begin both in the same column; a line that has others below it ends in `:`"),
    ("tests:", "---\ntests:", "45:1  a second document begins here — write one document in a file, without `---` between"),
    ("      - {at: 1h, event: shipment.handed_over}", "      - {at: 1h, event: shipment.handed_over", "50:10  YAML stumbles here: did not find expected ',' or '}' — look at the indentation, the brackets and the quotes before this place"),
    ("    when: chance >= 0.7", "    whn: chance >= 0.7", "17:5  unknown key `whn` — did you mean `when`?"),
    ("  what:\n", "  what: late\n", "35:5  this line does not fit the one before it — begin both in the same column; a line that has others below it ends in `:`"),
    ("late-parcel\ntitle", "late-parcel\nonce: perhaps\ntitle", "2:7  'perhaps' is neither true nor false — write true or false"),
    ('  effect: "We do not know the new day yet."', '  effect: ""', "37:3  `effect` is empty — write its value, or leave the key out"),
    ("[shipment.rerouted, delivery.attempted]", "[shipment.rerouted, delivery.atempted]", "21:35  there is no event type `delivery.atempted` — did you mean `delivery.attempted`?"),
    ("  round:", "  now:", "20:3  `now` is a word of the language, not a name for a detector — write another, such as `the_now`"),
    ("    for: 10m", "    grace: soon", "18:12  'soon' is not a duration — write whole numbers with w, d, h, m or s, such as 14d"),
    ("  - name: silence\n", "  - name: silence\n    given: []\n    then: []\n  - name: silence\n", "49:5  two tests are named 'silence' — name each for what it shows"),
]  # fmt: skip


def faults_of(text: str) -> list[str]:
    try:
        read_rule(text, "rules/late-parcel.yaml", shipped_catalogue(), choices=CHOICES)
    except Faulty as faulty:
        return [str(fault) for fault in faulty.faults]
    return []


def test_the_good_rule_has_no_fault() -> None:
    assert faults_of(GOOD) == []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"), BROKEN, ids=[f"{number} {wrong.strip()[:40]}" for number, (_, wrong, _) in enumerate(BROKEN)]
)
def test_a_broken_rule_tells_place_fact_and_remedy(right: str, wrong: str, expected: str) -> None:
    assert right in GOOD

    assert faults_of(GOOD.replace(right, wrong, 1)) == [f"rules/late-parcel.yaml:{expected}"]


def test_several_faults_are_found_in_one_run_in_the_order_of_their_lines() -> None:
    broken = (
        GOOD.replace("watch: parcel", "watch: parsel").replace("within: 6h", "witin: 6h").replace("urgency: soon", "urgency: son")
    )

    assert [line.split("  ")[0] for line in faults_of(broken)] == [
        f"rules/late-parcel.yaml:{place}" for place in ("4:8", "22:5", "29:12")
    ]


def test_a_missing_says_leaves_its_wording_without_a_speaker() -> None:
    assert faults_of(GOOD.replace("    says: is late\n", "")) == [
        "rules/late-parcel.yaml:25:5  `says` is missing — write which wording of the message it picks, such as `says: may be late`",
        "rules/late-parcel.yaml:35:5  warning: no detector says `is late` — take the wording out, or let a detector say it",
    ]
