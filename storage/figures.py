"""How things stand in a store, in numbers for those who run it: one look a minute, since it reads much."""

from collections.abc import Mapping

from msgspec import Struct

from storage.session import Session

OPEN = "SELECT rule, COUNT(*) FROM problems WHERE phase IN ('opened', 'updated') GROUP BY rule"
LETTERS = "SELECT source, COUNT(*) FROM dead_letters GROUP BY source"
ARMED = "SELECT COUNT(*) FROM cases WHERE ripe_at IS NOT NULL"
OUTGOING = "SELECT COUNT(*) FROM outgoing"
HELD = "SELECT reason, COUNT(*) FROM notices WHERE answer = 'held' GROUP BY reason"
TO_ASK = "SELECT COUNT(*) FROM notices WHERE ask_at IS NOT NULL AND answer = 'waiting'"
BREAKER_HELD = "SELECT rule, COUNT(*) FROM notices WHERE answer = 'held' AND reason = 'breaker' GROUP BY rule"
PROMISES_OPEN = "SELECT rule, COUNT(*) FROM promises WHERE state = 'made' GROUP BY rule"
OLDEST_PROMISE = "SELECT MIN(deadline) FROM promises WHERE state = 'made'"
PROMISES_OVER = """
SELECT rule, CASE WHEN state = 'made' OR ended_at > deadline THEN 'broken' ELSE state END AS outcome, COUNT(*)
FROM promises WHERE state <> 'made' OR deadline < ? GROUP BY rule, outcome"""
COMPLAINTS = """
SELECT CASE WHEN EXISTS (
        SELECT 1 FROM problems JOIN notices USING (problem) WHERE problems."case" = about AND told_at < raised_at
    ) OR EXISTS (SELECT 1 FROM notices WHERE notices.customer = SUBSTR(about, 10) AND told_at < raised_at)
    THEN 'yes' ELSE 'no' END AS preceded, COUNT(*)
FROM complaints WHERE raised_at IS NOT NULL GROUP BY preceded"""


class Figures(Struct, frozen=True, kw_only=True):
    """Waiting notices by reason, `due` for those that no gate holds. promises_over: by rule and outcome; times in microseconds.

    A promise is broken when it was not over by its deadline, whatever became of it later.
    complaints: whether we had told of the case, or its customer of anything, before; by yes and no.
    """

    problems_open: Mapping[str, int]
    dead_letters: Mapping[str, int]
    timers_armed: int
    outgoing: int
    notices_waiting: Mapping[str, int]
    breaker_held: Mapping[str, int]
    promises_open: Mapping[str, int]
    promises_over: Mapping[tuple[str, str], int]
    promises_oldest_due: int | None
    complaints: Mapping[str, int]


def figures(session: Session, now: int) -> Figures:
    return Figures(
        problems_open=dict(session.rows(OPEN)),
        dead_letters=dict(session.rows(LETTERS)),
        timers_armed=session.value(ARMED),
        outgoing=session.value(OUTGOING),
        notices_waiting=dict(session.rows(HELD)) | {"due": session.value(TO_ASK)},
        breaker_held=dict(session.rows(BREAKER_HELD)),
        promises_open=dict(session.rows(PROMISES_OPEN)),
        promises_over={(rule, outcome): number for rule, outcome, number in session.rows(PROMISES_OVER, now)},
        promises_oldest_due=session.value(OLDEST_PROMISE),
        complaints=dict(session.rows(COMPLAINTS)),
    )
