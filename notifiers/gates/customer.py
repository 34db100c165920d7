"""Who is it, did somebody ask for silence, and does the customer want to hear this at this hour?"""

from contracts.notice import NoticeClass, NoticePhase, Reason, Urgency
from contracts.verdict import Hold, Pass, Verdict, Withhold
from notifiers.gates.question import Question
from notifiers.local_time import quiet_end


def known_customer(telling: Question, now: int) -> Verdict:
    """Nobody to tell yet: asked again when a profile arrives, given up a day after the finding."""
    if telling.customer is not None:
        return Pass()
    until = telling.notice.found_at + telling.limits.customer_wait
    return Hold(until, Reason.CUSTOMER_UNKNOWN) if now < until else Withhold(Reason.CUSTOMER_UNKNOWN)


def silenced(telling: Question, now: int) -> Verdict:
    return Withhold(Reason.SILENCED) if telling.silenced else Pass()


def complained(telling: Question, now: int) -> Verdict:
    """An agent speaks with this customer; a second voice would only disturb."""
    if telling.complained and not telling.rule.watches_complaints:
        return Withhold(Reason.COMPLAINED)
    return Pass()


def consent(telling: Question, now: int) -> Verdict:
    """Service and account notices can be objected to, by rule or class; marketing needs a yes."""
    customer, tell = telling.customer, telling.rule.tell
    if customer is None:
        return Pass()
    if not customer.objects_to.isdisjoint({telling.rule.rule, tell.notice_class.value}):
        return Withhold(Reason.CONSENT)
    agreed = tell.notice_class is not NoticeClass.MARKETING or tell.notice_class.value in customer.agrees_to
    return Pass() if agreed else Withhold(Reason.CONSENT)


def urgency(telling: Question, now: int) -> Verdict:
    """The customer wants less than this."""
    refused = telling.customer is not None and telling.notice.urgency.value in telling.customer.objects_to
    return Withhold(Reason.URGENCY) if refused else Pass()


def quiet_hours(telling: Question, now: int) -> Verdict:
    """What is urgent passes, but not what merely keeps a promise."""
    urgent = telling.notice.urgency is Urgency.NOW and telling.notice.phase is not NoticePhase.NEWS
    if telling.customer is None or urgent:
        return Pass()
    end = quiet_end(now, telling.customer)
    return Pass() if end is None else Hold(end, Reason.QUIET_HOURS)
