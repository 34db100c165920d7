"""Is it still true, may this rule speak, and do we see enough to say it?"""

from contracts.notice import NoticePhase, Reason
from contracts.telling import Stage, Telling
from contracts.verdict import Hold, Pass, Verdict, Withhold
from notifiers.gates.question import Question


def still_open(telling: Question, now: int) -> Verdict:
    """Ends speak to those who were told; all else while the problem is open, and found late it is `missed`."""
    notice = telling.notice
    if notice.phase.ends:
        return Pass() if telling.told_of_problem else Withhold(Reason.NOT_OPEN)
    if not telling.problem.ended:
        return Pass()
    missed = notice.phase.begins and notice.found_at - notice.at > telling.limits.late
    return Withhold(Reason.MISSED if missed else Reason.NOT_OPEN)


def rule_was_live(telling: Telling, now: int) -> Verdict:
    """A problem older than its rule's going live is not spoken of, unless something graver came later (S22)."""
    state, notice = telling.state, telling.notice
    if state.stage is Stage.SHADOW or state.live_since is None:
        return Withhold(Reason.BEFORE_THE_RULE)
    if state.stage is Stage.PAUSED:
        return Hold(None, Reason.BREAKER)
    graver_since = notice.graver and notice.at >= state.live_since
    was_live = telling.problem.at >= state.live_since or graver_since or bool(telling.told_of_problem)
    return Pass() if was_live else Withhold(Reason.BEFORE_THE_RULE)


def caught_up(telling: Question, now: int) -> Verdict:
    """What we have not read yet may refute what we would say. News speaks all the same, and says that it does not see all."""
    limits = telling.limits
    if telling.notice.phase is NoticePhase.NEWS or telling.seen_up_to is None:
        return Pass()
    if telling.seen_up_to >= now - limits.behind - telling.lag:
        return Pass()
    return Hold(now + limits.look_again, Reason.NOT_CAUGHT_UP)


def breaker(telling: Telling, now: int) -> Verdict:
    """Too many at once: a person decides."""
    return Hold(None, Reason.BREAKER) if telling.state.breaker_open else Pass()


def cause_speaks(telling: Telling, now: int) -> Verdict:
    """While its cause is told, the consequence is silent."""
    return Hold(None, Reason.CAUSE_SPEAKS) if telling.cause_open and telling.notice.phase.begins else Pass()
