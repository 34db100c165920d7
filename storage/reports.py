"""What people read: the numbers for `stats`, and all that is kept of one case or customer for `why`."""

from collections.abc import Mapping
from typing import Any

from msgspec import json

from contracts.notice import Notice
from contracts.telling import ProblemNow
from contracts.verdict import GateAnswer
from storage.questions import ATTEMPT, MESSAGE, PHASE, PROBLEM, PROMISE, Questions
from storage.records import RecordedPhase
from storage.session import Session

Tree = dict[str, Any]

COUNTS = {
    "records": "SELECT source, fate, CAST(SUM(records) AS BIGINT) FROM records_read GROUP BY 1, 2 ORDER BY 1, 2",
    "dead_letters": "SELECT reason, COUNT(*) FROM dead_letters GROUP BY reason ORDER BY reason",
    "dead_letters_gone": "SELECT how, reason, letters FROM dead_letters_gone ORDER BY how, reason",
    "problems": "SELECT rule, phase, COUNT(*) FROM phases GROUP BY 1, 2 ORDER BY 1, 2",
    "open": "SELECT rule, COUNT(*) FROM problems WHERE phase IN ('opened', 'updated') GROUP BY rule ORDER BY rule",
    "notices": "SELECT answer, COALESCE(reason, ''), COUNT(*) FROM notices GROUP BY 1, 2 ORDER BY 1, 2",
    "attempts": "SELECT channel, outcome, COUNT(*) FROM attempts JOIN messages USING (message) GROUP BY 1, 2 ORDER BY 1, 2",
    "receipts": """
        SELECT channel, receipt, COUNT(*) FROM attempts JOIN messages USING (message)
        WHERE receipt IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2""",
    "promises": "SELECT state, COUNT(*) FROM promises GROUP BY state ORDER BY state",
}
TOTALS = {"cases": "SELECT COUNT(*) FROM cases", "customers": "SELECT COUNT(*) FROM customers"}

PROBLEMS_OF_CASE = f'SELECT {PROBLEM.columns} FROM problems WHERE "case" = ? ORDER BY at, rule'
PROBLEMS_OF_CUSTOMER = f'SELECT {PROBLEM.columns} FROM problems WHERE customer = ? OR "case" = ? ORDER BY at, "case", rule'
CASES_OF_CUSTOMER = 'SELECT "case" FROM cases WHERE customer = ? ORDER BY "case"'
PHASES_OF = f"SELECT found_at, {PHASE.columns} FROM phases WHERE problem = ? ORDER BY place"
GATES_OF = "SELECT at, answers FROM gate_answers WHERE notice = ? ORDER BY at"
MESSAGES_OF = f"SELECT {MESSAGE.columns} FROM messages WHERE notice = ? ORDER BY composed_at, message"
ATTEMPTS_OF = f"SELECT {ATTEMPT.columns} FROM attempts JOIN messages USING (message) WHERE notice = ? ORDER BY began_at, tries"
PROMISES_OF = f"SELECT {PROMISE.columns} FROM promises WHERE problem = ? ORDER BY made_at, notice"


def counts(session: Session) -> Mapping[str, Any]:
    """Return trees of numbers, such as counts["problems"]["late-parcel"]["opened"]; a notice without a reason counts under ""."""
    trees: Tree = {name: _tree(session.rows(text)) for name, text in COUNTS.items()}
    return trees | {name: session.value(text) for name, text in TOTALS.items()}


def _tree(rows: list[tuple[Any, ...]]) -> Tree:
    tree: Tree = {}
    for *path, last, number in rows:
        branch = tree
        for name in path:
            branch = branch.setdefault(name, {})
        branch[last] = number
    return tree


def story(session: Session, questions: Questions, about: str) -> Mapping[str, Any]:
    """Return the records about a case (KIND/ID) or a customer (customer/ID, or an id without a kind), oldest first.

    Lists: cases, linked (names of other cases), complaints, problems, phases, notices, gates, messages (with their claims),
    attempts, promises; and customer: the customer's row, or None.
    """
    kind, _, customer = about.partition("/") if "/" in about else ("customer", "/", about)
    if kind == "customer":
        cases = [f"customer/{customer}"] + [case for (case,) in session.rows(CASES_OF_CUSTOMER, customer)]
        problems = PROBLEM.records(session.rows(PROBLEMS_OF_CUSTOMER, customer, f"customer/{customer}"))
        known = questions.customer(customer)
    else:
        cases, problems = [about], PROBLEM.records(session.rows(PROBLEMS_OF_CASE, about))
        known = None
    return _people(questions, cases) | {"customer": known} | _told(session, questions, problems)


def _people(questions: Questions, cases: list[str]) -> Tree:
    return {
        "cases": list(questions.load_cases(cases).values()),
        "linked": list(dict.fromkeys(other for case in cases for other in questions.linked_cases(case) if other not in cases)),
        "complaints": list(questions.complaints(cases)),
    }


def _told(session: Session, questions: Questions, problems: list[ProblemNow]) -> Tree:
    notices = [notice for problem in problems for notice in questions.notices_of(problem.problem)]
    return {
        "problems": problems,
        "phases": [phase for problem in problems for phase in _phases(session, problem)],
        "notices": notices,
        "gates": [answer for notice in notices for answer in _gates(session, notice)],
        "messages": [message for notice in notices for message in MESSAGE.records(session.rows(MESSAGES_OF, notice.notice))],
        "attempts": [attempt for notice in notices for attempt in ATTEMPT.records(session.rows(ATTEMPTS_OF, notice.notice))],
        "promises": [promise for problem in problems for promise in PROMISE.records(session.rows(PROMISES_OF, problem.problem))],
    }


def _phases(session: Session, problem: ProblemNow) -> list[RecordedPhase]:
    return [RecordedPhase(PHASE.record(row), found_at) for found_at, *row in session.rows(PHASES_OF, problem.problem)]


def _gates(session: Session, notice: Notice) -> list[GateAnswer]:
    looks = [(at, json.decode(line)) for at, lines in session.rows(GATES_OF, notice.notice) for line in lines.split("\n")]
    return [GateAnswer(notice.notice, at, *said) for at, said in looks]
