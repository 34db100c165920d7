"""What one batch of events writes about sources, cases and people."""

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from msgspec.json import decode

from contracts.event import DeadLetter, Fate
from contracts.telling import Complaint, RuleState, Silence
from storage.codec import to_json
from storage.errors import Fenced
from storage.questions import CASE, COMPLAINT, CUSTOMER, DEAD_LETTER, POSITION, RULE_STATE, SILENCE, Questions
from storage.records import CaseRow, CustomerRow, SourcePosition

MOST_LINKS = 8

BEGIN_SOURCE = f"""
    INSERT INTO sources ({POSITION.columns}) VALUES ({POSITION.marks})
    ON CONFLICT (source, part) DO UPDATE SET next = excluded.next, state = excluded.state WHERE sources.next = 0"""
MOVE_SOURCE = "UPDATE sources SET next = ?, state = ? WHERE source = ? AND part = ? AND next = ?"
COUNT_RECORDS = """
    INSERT INTO records_read (source, part, fate, records) VALUES (?, ?, ?, ?)
    ON CONFLICT (source, part, fate) DO UPDATE SET records = records_read.records + excluded.records"""
ADD_DEAD_LETTER = f"INSERT INTO dead_letters ({DEAD_LETTER.columns}) VALUES ({DEAD_LETTER.marks}) ON CONFLICT DO NOTHING"

SAVE_CASE = CASE.upsert("cases", key="case")
FORGET = tuple(f'DELETE FROM {table} WHERE "case" IN (%s) RETURNING "case"' for table in ("cases", "linked_cases"))
BEGIN_LINKS = 'INSERT INTO linked_cases ("case", others) VALUES (?, ?) ON CONFLICT DO NOTHING'
LINKS_OF = 'SELECT "case", others FROM linked_cases WHERE "case" IN (%s) ORDER BY "case"'
SAVE_LINKS = """
    INSERT INTO linked_cases ("case", others) VALUES (?, ?) ON CONFLICT ("case") DO UPDATE SET others = excluded.others"""
LAYOUT_NUMBER = "SELECT number FROM layouts WHERE kind = ? AND layout = ?"
NEXT_LAYOUT = "SELECT COALESCE(MAX(number), 0) + 1 FROM layouts"
ADD_LAYOUT = "INSERT INTO layouts (number, kind, layout) VALUES (?, ?, ?)"

SAVE_CUSTOMER = CUSTOMER.upsert("customers", key="customer")
LATER = "CASE WHEN complaints.{0} IS NULL OR excluded.{0} > complaints.{0} THEN excluded.{0} ELSE complaints.{0} END"
SAVE_COMPLAINT = f"""
    INSERT INTO complaints ({COMPLAINT.columns}) VALUES ({COMPLAINT.marks}) ON CONFLICT (about) DO UPDATE SET
    raised_at = {LATER.format("raised_at")}, resolved_at = {LATER.format("resolved_at")}"""
RULE_STATE_OF = f"SELECT {RULE_STATE.columns} FROM rules WHERE rule = ?"
SAVE_RULE = RULE_STATE.upsert("rules", key="rule")
ADD_RULE = f"INSERT INTO rules ({RULE_STATE.columns}) VALUES ({RULE_STATE.marks}) ON CONFLICT (rule) DO NOTHING"
ADD_SILENCE = f"INSERT INTO silences ({SILENCE.columns}) VALUES ({SILENCE.marks}) ON CONFLICT DO NOTHING"
END_SILENCE = "UPDATE silences SET ends = ? WHERE silence = ? AND ends > ?"
ADD_FIRED = """
    INSERT INTO fired (rule, minute, part, problems) VALUES (?, ?, ?, ?)
    ON CONFLICT (rule, minute, part) DO UPDATE SET problems = fired.problems + excluded.problems"""


class BatchWrites(Questions):
    # sources

    def move_position(self, position: SourcePosition, *, expected: int) -> None:
        source, part, following, state = POSITION.row(position)
        if expected == 0:
            moved = self.session.change(BEGIN_SOURCE, source, part, following, state)
        else:
            moved = self.session.change(MOVE_SOURCE, following, state, source, part, expected)
        if not moved:
            raise Fenced(f"source {source}, part {part}: is no longer at {expected} — forget what was read since, and read again")

    def count_records(self, source: str, fates: Mapping[Fate, int], *, part: int = 0) -> None:
        rows = [(source, part, fate.value, records) for fate, records in fates.items() if records]
        self.session.change_all(COUNT_RECORDS, rows)

    def add_dead_letter(self, letter: DeadLetter) -> bool:
        return self.session.change(ADD_DEAD_LETTER, *DEAD_LETTER.row(letter)) == 1

    # cases

    def save_cases(self, rows: Sequence[CaseRow]) -> None:
        """Rows are written in the order of their keys: neighbours share pages."""
        self.session.change_all(SAVE_CASE, [CASE.row(row) for row in sorted(rows, key=attrgetter("case"))])

    def forget_cases(self, cases: Sequence[str]) -> None:
        for text in FORGET:
            self.session.among(text, sorted(cases))

    def link_cases(self, links: Iterable[Sequence[str]]) -> None:
        """Rows are written in the order of their names, so that nobody waits in a circle.

        Where others write too, they are made first and then kept: so nobody's links are lost.
        """
        named: dict[str, list[str]] = {}
        for case, *others in links:
            for other in others:
                if other != case:
                    named.setdefault(case, []).append(other)
                    named.setdefault(other, []).append(case)
        cases = sorted(named)
        if self.session.held:
            self.session.change_all(BEGIN_LINKS, [(case, "[]") for case in cases])
        known: dict[str, str] = dict(self.session.among(LINKS_OF + self.session.held, cases))
        rows = [(case, to_json(_newest([*decode(known.get(case, "[]")), *named[case]]))) for case in cases]
        self.session.change_all(SAVE_LINKS, [(case, links) for case, links in rows if links != known.get(case)])

    # people

    def save_customers(self, rows: Sequence[CustomerRow]) -> None:
        """Rows are written in the order of their keys, so that nobody waits in a circle."""
        self.session.change_all(SAVE_CUSTOMER, [CUSTOMER.row(row) for row in sorted(rows, key=attrgetter("customer"))])

    def save_complaints(self, complaints: Sequence[Complaint]) -> None:
        """Rows are written in the order of what they are about."""
        self.session.change_all(SAVE_COMPLAINT, [COMPLAINT.row(each) for each in sorted(complaints, key=attrgetter("about"))])

    def rule_state(self, rule: str) -> RuleState | None:
        row = self.session.row(RULE_STATE_OF + self.session.held, rule)
        return RULE_STATE.record(row) if row else None

    def add_rule(self, state: RuleState) -> None:
        self.session.change(ADD_RULE, *RULE_STATE.row(state))

    def save_rule(self, state: RuleState) -> None:
        self.session.change(SAVE_RULE, *RULE_STATE.row(state))

    def add_silence(self, silence: Silence) -> None:
        self.session.change(ADD_SILENCE, *SILENCE.row(silence))

    def end_silence(self, silence: str, *, now: int) -> bool:
        return self.session.change(END_SILENCE, now, silence, now) == 1

    # rules

    def one_at_a_time(self, what: Sequence[str]) -> None:
        self.session.one_at_a_time(what)

    def add_fired(self, fired: Mapping[tuple[str, int], int], *, part: int) -> None:
        self.session.change_all(ADD_FIRED, [(rule, minute, part, count) for (rule, minute), count in fired.items() if count])

    def layout_number(self, kind: str, layout: Sequence[Sequence[str]]) -> int:
        text = to_json(layout)
        known = self.session.value(LAYOUT_NUMBER, kind, text)
        if known is not None:
            return int(known)
        self.one_at_a_time(["layouts"])
        if (known := self.session.value(LAYOUT_NUMBER, kind, text)) is not None:
            return int(known)
        number = int(self.session.value(NEXT_LAYOUT))
        self.session.change(ADD_LAYOUT, number, kind, text)
        return number


def _newest(others: Sequence[str]) -> list[str]:
    """Return each once, where it stands last; the last of them."""
    return list(reversed(dict.fromkeys(reversed(others))))[-MOST_LINKS:]
