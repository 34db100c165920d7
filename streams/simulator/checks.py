"""What must hold of every run, one check each; what does not is a violation with a sentence."""

from collections.abc import Callable, Iterator
from typing import Any

from contracts.times import DAY, MINUTE
from streams.simulator.channel_checks import doubles_are_listed, left_in_peace, never_twice, once_over_all, really_told
from streams.simulator.evidence import Evidence, Violation
from streams.simulator.house import project
from streams.simulator.reference import problem_lines
from streams.simulator.teller import ENDS
from streams.simulator.word_checks import corrected_once, promises_answered, put_right, told_where_told
from streams.simulator.world import DELAY, SOURCE

BEGINNINGS = ("opened", "updated")
NOT_SEEN = 5 * MINUTE + DELAY + MINUTE
CAPPED = "SELECT COUNT(*) FROM gate_answers g JOIN notices n USING (notice) WHERE n.problem = ? AND g.answers LIKE '%\"caps\"%'"


def same_problems(run: Evidence) -> Iterator[Violation]:
    """Whatever broke, the problems are those of a run in which nothing did."""
    found, wanted = problem_lines(run.store), list(run.reference.lines)
    for line in (line for line in found if line not in wanted):
        yield Violation("same problems", f"{line['rule']} of {line['case']} is {line['phase']} at {line['at']}, which is not so")
    for line in (line for line in wanted if line not in found):
        yield Violation(
            "same problems", f"{line['rule']} of {line['case']} was {line['phase']} at {line['at']}, and nobody saw it"
        )


def nobody_forgotten(run: Evidence) -> Iterator[Violation]:
    """Every notice comes to an end; who has a problem for a day beyond all outages is told, or there is a reason why not."""
    for notice in run.notices:
        if notice["answer"] in ("waiting", "held"):
            yield Violation("nobody forgotten", f"{notice['notice']} ({notice['phase']}, {notice['case']}) still waits")
    spoken = {
        notice["problem"] for notice in run.notices if notice["phase"] in BEGINNINGS and notice["answer"] in ("told", "withheld")
    }
    handed_over = {row["problem"] for row in run.rows("SELECT problem FROM problems WHERE handed_over_at IS NOT NULL")}
    for problem in run.reference.turns.keys() - spoken - handed_over:
        lasted = run.reference.open_for(problem)
        if (lasted is None or lasted >= DAY + run.down_for) and not run.database.execute(CAPPED, (problem,)).fetchone()[0]:
            yield Violation("nobody forgotten", f"{problem} was open for a day, and nothing was said or decided")


def nothing_refuted(run: Evidence) -> Iterator[Violation]:
    """No beginning is told that the records which had arrived by then refute."""
    for send in run.mail.sends:
        if send.phase in BEGINNINGS and run.reference.refutes(send.problem, send.at, known_by=send.judged_at - NOT_SEEN):
            yield Violation("nothing refuted", f"{send.by} told {send.case} of a problem that an unread record had ended")


def still_true(run: Evidence) -> Iterator[Violation]:
    """Nothing is told of a problem that had ended when the gates were asked; ends only to those who may have heard of it."""
    for send in run.mail.sends:
        if send.phase not in ENDS and send.problem in send.look.ended:
            yield Violation("still true", f"{send.by} told {send.phase} of {send.case}, which had ended before")
        if send.phase in ENDS and send.fact is None and (send.problem, send.message.customer) not in send.look.heard:
            yield Violation(
                "still true", f"{send.by} told {send.phase} of {send.case} to {send.message.customer}, who never heard of it"
            )


def records_balance(run: Evidence) -> Iterator[Violation]:
    """Every record was counted once, and the position is at the end of the log."""
    counted = sum(run.store.counts()["records"].get(SOURCE, {}).values())
    position = run.store.position(SOURCE, 0)
    if counted != len(run.world.log):
        yield Violation("records balance", f"{len(run.world.log)} records arrived, {counted} are counted")
    if position is None or position.next != len(run.world.log):
        yield Violation("records balance", f"the position is {position and position.next} of {len(run.world.log)}")


def accepted_is_told(run: Evidence) -> Iterator[Violation]:
    """What a provider accepted is told."""
    for row in run.rows(
        "SELECT n.notice, n.answer FROM attempts a JOIN messages m USING (message) JOIN notices n USING (notice) "
        "WHERE a.outcome = 'accepted' AND a.receipt IS NOT 'bounced' AND n.answer <> 'told'"
    ):
        yield Violation("accepted is told", f"{row['notice']} was accepted, and stands as {row['answer']}")


def promises_balance(run: Evidence) -> Iterator[Violation]:
    """Every promise was made by what was told, when it was told; what speaks before the end promises; all come to an end."""
    told = {notice["notice"]: notice for notice in run.notices if notice["answer"] == "told"}
    promises = {row["notice"]: row for row in run.rows("SELECT * FROM promises")}
    bounced = {row["notice"] for row in run.attempts if row["receipt"] == "bounced"}
    for notice, promise in promises.items():
        if notice in bounced and promise["state"] != "made":
            continue  # what came back was not told; what it promised had come to its end by then
        if notice not in told or told[notice]["sent_at"] != promise["made_at"]:
            yield Violation("promises balance", f"the promise of {notice} was made by nothing that was told at that time")
        if promise["state"] == "made":
            yield Violation("promises balance", f"the promise of {notice} is still open")
    for notice in told.keys() - promises.keys():
        if _must_promise(run, told[notice]):
            yield Violation("promises balance", f"{notice} ({told[notice]['phase']}, {told[notice]['case']}) made no promise")


def _must_promise(run: Evidence, notice: dict[str, Any]) -> bool:
    """Whether it was told before its problem ended or was handed over, by a rule that promises."""
    if notice["phase"] not in (*BEGINNINGS, "news") or project().ruleset.tellings[notice["rule"]].tell.next_update is None:
        return False
    [(handed_over,)] = run.database.execute("SELECT handed_over_at FROM problems WHERE problem = ?", (notice["problem"],))
    ended = any(turn.phase.ends for turn in run.reference.turns.get(notice["problem"], ()))
    return handed_over is None and not ended


def desk_has_all(run: Evidence) -> Iterator[Violation]:
    """Every hand-over reached the desk, unless its problem was over for good before."""
    over = {row["problem"] for row in run.rows("SELECT problem FROM problems WHERE phase IN ('solved', 'corrected', 'moot')")}
    for notice in run.notices:
        if notice["phase"] == "handed_over" and notice["notice"] not in run.mail.desk.items and notice["problem"] not in over:
            yield Violation("desk has all", f"{notice['problem']} was handed over, and the desk does not know it")


Check = Callable[[Evidence], Iterator[Violation]]

CHECKS: tuple[Check, ...] = (
    same_problems, never_twice, once_over_all, left_in_peace, doubles_are_listed, really_told,
    nobody_forgotten, nothing_refuted, still_true, put_right, corrected_once, told_where_told,
    records_balance, accepted_is_told, promises_balance, promises_answered, desk_has_all,
)  # fmt: skip
