"""Is it still true, may this rule speak, and do we see enough to say it?"""

from contracts.notice import NoticePhase, Reason
from contracts.telling import Stage
from contracts.verdict import Hold, Pass, Verdict, Withhold
from notifiers.gates.question import Question


def still_open(telling: Question, now: int) -> Verdict:
    """Ends speak to those who were told; all else while the problem is open, and found late it is `missed`."""
    notice = telling.notice
    if notice.corrects_a_fact:
        return Pass() if telling.corrects is not None else Withhold(Reason.NOT_OPEN)
    if notice.phase.ends:
        return Pass() if telling.told_of_problem else Withhold(Reason.NOT_OPEN)
    if not telling.problem.ended:
        return Withhold(Reason.NOT_OPEN) if _was_overtaken(telling) else Pass()
    missed = notice.phase.begins and telling.was_late
    return Withhold(Reason.MISSED if missed else Reason.NOT_OPEN)


def _was_overtaken(telling: Question) -> bool:
    """News that keeps a promise is none when the customer has heard since."""
    notice = telling.notice
    return notice.phase is NoticePhase.NEWS and any(told.sent_at >= notice.at for told in telling.told_of_problem)


def rule_was_live(telling: Question, now: int) -> Verdict:
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
    if telling.notice.phase is NoticePhase.NEWS or sees_enough(telling, now):
        return Pass()
    return Hold(now + telling.limits.look_again, Reason.NOT_CAUGHT_UP)


def sees_enough(telling: Question, now: int) -> bool:
    """Whether what we know of the case reaches at least to now, less 5 minutes and the source's own lag."""
    return telling.seen_up_to is None or telling.seen_up_to >= now - telling.limits.behind - telling.lag


def breaker(telling: Question, now: int) -> Verdict:
    """Too many at once: a person decides."""
    return Hold(None, Reason.BREAKER) if telling.state.breaker_open else Pass()


def cause_speaks(telling: Question, now: int) -> Verdict:
    """While its cause is told, the consequence is silent."""
    return Hold(None, Reason.CAUSE_SPEAKS) if telling.cause_open and telling.notice.phase.begins else Pass()
