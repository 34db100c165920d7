"""What customers were really told of days, times and amounts, against what was so: each wrong word is put right once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from streams.simulator.evidence import Evidence, Violation
from streams.simulator.teller import ENDS, Send
from streams.simulator.world import TOLD_FACTS


@dataclass(frozen=True)
class Word:
    """One fact in one message on its way. value: as it was stated, None where it said that nobody knows."""

    fact: str
    value: Any
    send: Send

    @property
    def whom(self) -> tuple[str, str, str]:
        return self.send.message.customer, self.send.case, self.fact


def words_of(send: Send) -> list[Word]:
    return [Word(claim.fact, plain(claim.value), send) for claim in send.message.claims if claim.fact in TOLD_FACTS]


def plain(value: Any) -> Any:
    """Return a stated day, time or amount in a form in which two that mean the same are the same."""
    return tuple(value) if isinstance(value, list) else value


def put_right(run: Evidence) -> Iterator[Violation]:
    """Nobody is left with a day, a time or an amount that is no longer so, unless there is a reason why."""
    heard: dict[tuple[str, str, str], Word] = {}
    for word in (word for send in run.mail.sends for word in words_of(send)):
        if word.send.fate.delivers or word.value == plain(run.world.now(word.send.case, word.fact)):
            heard[word.whom] = word
    for (customer, case, fact), word in heard.items():
        now = run.world.now(case, fact)
        if word.value not in (None, plain(now)) and not _has_a_reason(run, word):
            yield Violation("put right", f"{customer} was told {fact} {word.value} of {case}, it is {now}, and nobody said so")


def _has_a_reason(run: Evidence, word: Word) -> bool:
    """Whether it is moot, a person has it, or the update of an open problem was withheld or came too late."""
    problem = word.send.problem
    turns = run.reference.turns.get(problem, ())
    if turns and turns[-1].phase.value == "moot":
        return True
    handed_over = any(notice["case"] == word.send.case and notice["phase"] == "handed_over" for notice in run.notices)
    return handed_over or any(
        notice["problem"] == problem and notice["phase"] == "updated" and notice["answer"] != "told" for notice in run.notices
    )


def corrected_once(run: Evidence) -> Iterator[Violation]:
    """Who is corrected may have heard otherwise, and has not yet heard what is said now."""
    heard: dict[tuple[str, str, str], set[Any]] = {}
    begun: set[str] = set()
    for send in run.mail.sends:
        words, notice = words_of(send), send.message.notice
        corrects = send.phase == "corrected" and send.fact is not None and notice not in begun
        if corrects and all(heard.get(word.whom, set()) <= {word.value} for word in words):
            yield Violation("corrected once", f"{send.fact} of {send.case} was corrected to {send.message.customer} in vain")
        begun.add(notice)
        for word in words:
            before = set() if send.fate.may_have_arrived else heard.get(word.whom, set())
            heard[word.whom] = {word.value, *before}


def told_where_told(run: Evidence) -> Iterator[Violation]:
    """An end or a correction goes first to a channel by which, at its clock, the notice before it counted as told.

    A courier that died right after it had written down a try never sent it, but nobody else can know that.
    """
    sent = {(send.message.message, send.judged_at) for send in run.mail.sends}
    never_left = {row["channel"] for row in run.attempts if (row["message"], row["began_at"]) not in sent}
    before: dict[tuple[str, str], tuple[Send, set[str]]] = {}
    tried: set[str] = set()
    for send in run.mail.sends:
        whom, by, notice = (send.problem, send.message.customer), send.message.channel, send.message.notice
        newest, channels = before.get(whom, (send, {by}))
        if send.phase in ENDS and notice not in tried and by not in channels | never_left:
            yield Violation("told where told", f"{send.phase} of {send.case} went to {by}, and before it {channels} were heard")
        tried.add(notice)
        if send.counted:
            only = newest.message.notice != notice and send.fate.may_have_arrived and send.judged_at > newest.judged_at
            before[whom] = send, ({by} if only else {by, *channels})


def promises_answered(run: Evidence) -> Iterator[Violation]:
    """A promise that was kept has its news, one that a person keeps has its hand-over, one that ended has an end."""
    spoken = {(notice["problem"], notice["phase"]) for notice in run.notices}
    for promise in run.rows("SELECT problem, notice, state FROM promises"):
        problem, state = promise["problem"], promise["state"]
        ended = any(turn.phase.ends for turn in run.reference.turns.get(problem, ()))
        answered = {
            "kept": (problem, "news") in spoken,
            "handed_over": (problem, "handed_over") in spoken,
            "ended": ended or (problem, "handed_over") in spoken,
        }
        if not answered.get(state, True):
            yield Violation("promises answered", f"the promise of {promise['notice']} is {state}, and nothing came of it")
