"""What each channel promises of one message: how often it may arrive, and that what may have got lost is shown."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from contracts.message import UNANSWERED, Outcome
from contracts.receipt import ReceiptKind
from contracts.times import MINUTE
from streams.simulator.evidence import Evidence, Violation
from streams.simulator.teller import AT_MOST_ONCE, PEACE, Fate, Send

MOST_ARRIVALS = 2
LONGEST_ABSENCE = 12 * MINUTE
MAY_HAVE_ARRIVED = (Outcome.ACCEPTED, *UNANSWERED)


def never_twice(run: Evidence) -> Iterator[Violation]:
    """Where twice is worse than never no message arrives twice, elsewhere at most once more; and no problem opens twice."""
    arrived = Counter((send.message.channel, send.message.message) for send in run.mail.sends if send.fate.delivers)
    for (channel, message), times in arrived.items():
        if times > (1 if AT_MOST_ONCE[channel] else MOST_ARRIVALS):
            yield Violation("never twice", f"{message} arrived {times} times by {channel}")
    for notice in run.notices:
        if notice["phase"] == "opened" and notice["number"]:
            yield Violation("never twice", f"{notice['problem']} has a second notice of its opening")


def once_over_all(run: Evidence) -> Iterator[Violation]:
    """Over all channels a notice is told once, and once more only after a try that nobody answered and that may be repeated."""
    for notice, sends in by_notice(run).items():
        for place, send in enumerate(sends):
            by, before = send.message.channel, sends[:place]
            heard = [each for each in before if each.fate is Fate.ACCEPTED and each.by == send.by and each.ended_before(send)]
            if heard and not any(each.fate is Fate.BOUNCED for each in before):
                yield Violation("once over all", f"{notice} was accepted, and then sent by {by}")
            if any(each.fate.may_have_arrived and AT_MOST_ONCE[each.message.channel] for each in before):
                yield Violation("once over all", f"{notice} may have arrived by sms, and was then sent by {by}")
        came_back = any(send.fate is Fate.BOUNCED for send in sends)
        if sum(send.fate.delivers for send in sends) > MOST_ARRIVALS + came_back:
            yield Violation("once over all", f"{notice} arrived more than {MOST_ARRIVALS} times")


def left_in_peace(run: Evidence) -> Iterator[Violation]:
    """A provider that asks for peace is not given the message again before it is over, by whoever could know of it."""
    known = {(row["message"], row["began_at"]) for row in run.attempts if row["outcome"] == Outcome.RETRY}
    asked = [send for send in run.mail.sends if send.fate is Fate.ASKED_LATER and not send.stalled]
    for first in (send for send in asked if (send.message.message, send.judged_at) in known):
        for again in run.mail.sends[first.number + 1 :]:
            same = again.message.message == first.message.message and first.ended_before(again)
            passed = again.judged_at - first.judged_at
            if same and passed < PEACE and (again.by == first.by or passed > LONGEST_ABSENCE):
                yield Violation("left in peace", f"{again.message.notice} was sent again before it was time")


def doubles_are_listed(run: Evidence) -> Iterator[Violation]:
    """Whoever reads the attempts sees what may have arrived twice; and what may never have arrived is listed as unknown."""
    listed = Counter(row["notice"] for row in run.attempts if row["outcome"] in MAY_HAVE_ARRIVED)
    arrivals = Counter(send.message.notice for send in run.mail.sends if send.fate.delivers)
    for notice, times in arrivals.items():
        if times > listed[notice]:
            yield Violation("doubles are listed", f"{notice} arrived {times} times, and {listed[notice]} tries may have")
    lost = {row["notice"] for row in run.attempts if row["receipt"] in (ReceiptKind.UNKNOWN, ReceiptKind.BOUNCED)}
    for row in run.notices:
        sent = row["answer"] == "told" and row["channel"] in AT_MOST_ONCE
        if sent and not arrivals[row["notice"]] and row["notice"] not in lost:
            yield Violation("losses are listed", f"{row['notice']} is told, never arrived, and is not listed as unknown")


def really_told(run: Evidence) -> Iterator[Violation]:
    """On a channel that loses nothing, what is told has arrived, unless two tries had no answer, or one and it was over."""
    sends = by_notice(run)
    over = {row["problem"] for row in run.rows("SELECT DISTINCT problem FROM phases WHERE phase NOT IN ('opened', 'updated')")}
    for notice in run.notices:
        tries = sends.get(notice["notice"], ())
        if notice["answer"] != "told" or AT_MOST_ONCE.get(notice["channel"]) is not False or any(s.fate.delivers for s in tries):
            continue
        outlives_its_end = notice["phase"] == "corrected" and notice["fact"] is not None
        is_over = notice["problem"] in over and not outlives_its_end
        if len(tries) < MOST_ARRIVALS and not is_over and not _was_overtaken(run, tries):
            yield Violation("really told", f"{notice['notice']} ({notice['phase']}, {notice['case']}) is told, and never arrived")


def _was_overtaken(run: Evidence, tries: Sequence[Send]) -> bool:
    """Whether the customer has heard of the problem since, or a person speaks of it."""
    last = tries[-1]
    return any(
        send.problem == last.problem and send.message.customer == last.message.customer and send.fate.delivers
        for send in run.mail.sends[last.number + 1 :]
    ) or any(notice["problem"] == last.problem and notice["phase"] == "handed_over" for notice in run.notices)


def by_notice(run: Evidence) -> Mapping[str, Sequence[Send]]:
    """Return all tries of each notice, in the order in which they began."""
    sends: defaultdict[str, list[Send]] = defaultdict(list)
    for send in run.mail.sends:
        sends[send.message.notice].append(send)
    return sends
