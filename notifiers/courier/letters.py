"""One question on its way by one channel: its words, its try, and how its notice is written down meanwhile."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from contracts.message import Attempt, Outcome, Posted
from contracts.notice import Answer, Notice
from contracts.on_its_way import OnItsWay
from contracts.verdict import Look
from notifiers.composing import Draft, Occasion, lay_out
from notifiers.courier.happenings import CANNOT_SEE, KNOWN_NOW, NOTHING_NEW
from notifiers.courier.posting import Carrier
from notifiers.courier.promising import Promised
from notifiers.gates.question import Question


class Bundle(Struct):
    """What goes to one customer as one message. words: channels still to try; looks: what its gates said, written once.

    unsaid: why it could not be put into the words of a channel that was passed over.
    """

    questions: Sequence[Question]
    words: list[str]
    looks: Sequence[Look]
    unsaid: str = ""

    def only(self, questions: Sequence[Question]) -> "Bundle":
        """Return the bundle with these of its questions."""
        notices = {question.notice.notice for question in questions}
        return Bundle(questions, self.words, [look for look in self.looks if look.notice in notices], self.unsaid)

    def passing_over(self, word: str, question: Question, *, why: str, now: int) -> "Bundle":
        """Return one of its questions by itself, for the next channel; what hinders it on this one can be read afterwards."""
        alone, skipped = self.only([question]), Look(question.notice.notice, now, ((word, "skip", why, None),))
        return Bundle(alone.questions, list(self.words), [*alone.looks, skipped], why)


class Letter(Struct, frozen=True, kw_only=True):
    """tries: this one counted. promise: what its message promises. sent_in: the message that carries it, None: its own.

    began_at: when it began to be sent, None: when it was written.
    """

    question: Question
    draft: Draft
    occasion: Occasion
    tries: int
    promise: Promised | None
    sent_in: str | None = None
    began_at: int | None = None

    @property
    def sent_at(self) -> int:
        return self.occasion.now if self.began_at is None else self.began_at

    def attempt(self, outcome: Outcome, *, ended_at: int | None = None, detail: str = "") -> Attempt:
        return Attempt(
            message=self.draft.message,
            tries=self.tries,
            outcome=outcome,
            began_at=self.sent_at,
            ended_at=ended_at,
            detail=detail,
            sent_in=self.sent_in,
        )

    def waiting(self, ask_at: int) -> Notice:
        """Return the notice with the channel and the customer that were chosen; ask_at: when to ask again if no receipt comes."""
        return replace(
            self.question.notice,
            answer=Answer.WAITING,
            reason=None,
            ask_at=ask_at,
            channel=self.draft.channel,
            customer=self.draft.customer,
        )

    def told(self, *, again: int | None = None) -> Notice:
        """Return the notice as told; again: when it is sent once more. It was told when it may first have arrived."""
        notice = self.waiting(0)
        sent_at = self.sent_at if notice.sent_at is None else notice.sent_at
        return replace(notice, answer=Answer.TOLD if again is None else Answer.WAITING, ask_at=again, sent_at=sent_at)

    def begun(self, ask_at: int) -> OnItsWay:
        return OnItsWay(self.waiting(ask_at), self.attempt(Outcome.SENDING), self.draft.says_sorry)

    def accepted(self, now: int, detail: str) -> OnItsWay:
        attempt = self.attempt(Outcome.ACCEPTED, ended_at=now, detail=detail)
        return OnItsWay(self.told(), attempt, self.draft.says_sorry)

    def tried(self) -> Question:
        """Return the question after its channel gave up, so that the next one knows that there were tries."""
        return replace(self.question, notice=replace(self.question.notice, channel=self.draft.channel))


class Sealed(Struct, frozen=True):
    """A bundle in the words of one channel. letters: one for each of its questions, the first of which names their message."""

    bundle: Bundle
    carrier: Carrier
    letters: Sequence[Letter]

    @property
    def has_waited(self) -> bool:
        """Whether it was tried by this channel before, or had to wait for it."""
        first = self.letters[0]
        return first.question.notice.channel == first.draft.channel

    def beginning(self, now: int) -> "Sealed":
        if all(letter.sent_at == now for letter in self.letters):
            return self
        return Sealed(self.bundle, self.carrier, [replace(letter, began_at=now) for letter in self.letters])

    def refused(self) -> Bundle:
        """Return the bundle for the next channel; its gates were written down already."""
        return Bundle([letter.tried() for letter in self.letters], self.bundle.words, ())


def in_one(letters: Sequence[Letter]) -> Sequence[Letter]:
    """Return letters that go as one message: all but the first say in which."""
    if len(letters) == 1:
        return letters
    first = letters[0].draft.message
    return [letters[0], *(replace(letter, sent_in=first) for letter in letters[1:])]


def messages_of(letters: Sequence[Letter]) -> list[Posted]:
    """Return what is kept of each; the first is what is sent, and tells the stories of all."""
    together = lay_out([letter.draft for letter in letters])
    return [together, *(lay_out([letter.draft]) for letter in letters[1:])]


def route(question: Question) -> tuple[str, ...]:
    """Return the channels to try: of an end the one on which it was told, else the customer's order, restricted to the rule's."""
    customer, told = question.customer, question.told_of_problem
    heard = [each.channel for each in told if customer is not None and each.customer == customer.customer]
    if question.notice.phase.ends and heard:
        return (heard[-1],)
    allowed = question.rule.tell.channels
    wished = customer.channels if customer is not None else ()
    return tuple([word for word in wished if word in allowed]) or allowed


def news_text(occasion: Occasion) -> str:
    if not occasion.can_see:
        return CANNOT_SEE
    return KNOWN_NOW if occasion.something_new else NOTHING_NEW
