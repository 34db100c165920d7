"""Is it too much: too many notices of one problem, of one week, or of one day?"""

from collections.abc import Sequence

from contracts.notice import Notice, NoticePhase, Reason, Urgency
from contracts.verdict import Hold, Pass, Verdict, Withhold
from notifiers.gates.question import Question
from notifiers.local_time import last_instant_of, next_instant_of


def caps(telling: Question, now: int) -> Verdict:
    """One problem speaks at most three times before its end, once as an update (S23); `soon` at most three times a week."""
    notice, limits = telling.notice, telling.limits
    if is_one_too_many(telling) or is_second_update(telling):
        return Withhold(Reason.CAPS)
    if telling.keeps_promise or notice.urgency is not Urgency.SOON or not notice.phase.begins:
        return Pass()
    lately = [told.sent_at for told in telling.told_lately if told.urgency is Urgency.SOON and told.phase.begins]
    counted = [sent_at for sent_at in lately if now - limits.window < sent_at <= now]
    if len(counted) < limits.soon_per_window:
        return Pass()
    return Hold(sorted(counted)[-limits.soon_per_window] + limits.window, Reason.CAPS)


def is_one_too_many(telling: Question) -> bool:
    """Whether it would be a fourth notice before the end: a person takes over."""
    told = [each.phase for each in telling.told_of_problem]
    return comes_before_the_end(telling.notice.phase) and before_the_end(told) >= telling.limits.before_end


def before_the_end(told: Sequence[NoticePhase]) -> int:
    """Return how many notices of these phases were told before the end of their problem."""
    return sum(comes_before_the_end(phase) for phase in told)


def looks_back(notice: Notice) -> bool:
    """Whether caps or grouping ask what its customer was told lately, of whatever problem."""
    return notice.urgency is Urgency.DIGEST or (notice.urgency is Urgency.SOON and notice.phase.begins)


def comes_before_the_end(phase: NoticePhase) -> bool:
    return phase.begins or phase is NoticePhase.NEWS


def is_second_update(telling: Question) -> bool:
    """The first notice sent counts as the opening, whatever its phase."""
    begun = [told for told in telling.told_of_problem if told.phase.begins]
    return telling.notice.phase.begins and len(begun) > telling.limits.updates


def grouping(telling: Question, now: int) -> Verdict:
    """Digest notices wait for 09:00 of the customer's clock; one that comes back from there or from a try passes, also late."""
    notice, customer = telling.notice, telling.customer
    keeps_promise = telling.keeps_promise or notice.phase is NoticePhase.NEWS
    if customer is None or notice.urgency is not Urgency.DIGEST or keeps_promise:
        return Pass()
    newest = last_instant_of(telling.limits.digest_at, customer.zone, now=now)
    waited_for = newest == now or notice.channel is not None or (notice.reason is Reason.GROUPING and notice.found_at <= newest)
    digests = [told for told in telling.told_lately if told.urgency is Urgency.DIGEST and told.phase is not NoticePhase.NEWS]
    had_today = any(told.sent_at >= newest for told in digests)
    if waited_for and not had_today:
        return Pass()
    return Hold(next_instant_of(telling.limits.digest_at, customer.zone, now=now + 1), Reason.GROUPING)
