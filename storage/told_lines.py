"""The log of what was told, line by line: what a store must know of a notice so that nobody hears it twice. No words of it."""

from collections.abc import Collection, Iterator

from msgspec import Struct, json

from contracts.message import Outcome
from contracts.promise import Promise
from storage.questions import PROMISE, Questions
from storage.rows import Shape


class Hearing(Struct, frozen=True, kw_only=True):
    """From `told_at` on the customer may have heard it. sent_at: None as long as no answer has come.

    message … sent_in: of its newest try; None where it went to the desk. claims: as the store has them, JSON in a text.
    """

    customer: str | None
    channel: str | None
    told_at: int
    sent_at: int | None
    sorry: bool | None
    message: str | None
    language: str | None
    claims: str | None
    tries: int | None
    outcome: Outcome | None
    began_at: int | None
    ended_at: int | None
    sent_in: str | None


class ToldLine(Struct, frozen=True):
    """hearing: None where it turned out that nobody heard the notice. promise: that was made with it."""

    notice: str
    hearing: Hearing | None = None
    promise: Promise | None = None


HEARING = Shape(Hearing)
HEARINGS = f"""
    SELECT n.notice, n.told_at IS NOT NULL,
        n.customer, COALESCE(n.told_on, n.channel), n.told_at, n.sent_at, n.apology, n.told_by, m.language, m.claims,
        a.tries, a.outcome, a.began_at, a.ended_at, a.sent_in, {PROMISE.columns_of("p")}
    FROM notices n
    LEFT JOIN messages m ON m.message = n.told_by
    LEFT JOIN attempts a ON a.message = n.told_by AND a.tries = (SELECT MAX(tries) FROM attempts WHERE message = n.told_by)
    LEFT JOIN promises p ON p.notice = n.notice
    WHERE n.notice IN (%s)"""
NOTICES_OF = "SELECT DISTINCT notice FROM messages WHERE message IN (%s)"

_decode = json.Decoder(ToldLine).decode
encode = json.Encoder().encode


def told_lines(store: Questions, notices: Collection[str]) -> Iterator[ToldLine]:
    """Yield how it stands with notices: whether somebody may have heard them."""
    for notice, was_told, *rest in store.session.among(HEARINGS, sorted(notices)):
        hearing, promise = rest[: len(HEARING.names)], rest[len(HEARING.names) :]
        if was_told:
            yield ToldLine(notice, HEARING.record(hearing), PROMISE.record(promise) if promise[0] is not None else None)
        else:
            yield ToldLine(notice)


def notices_of(store: Questions, messages: Collection[str]) -> list[str]:
    return [notice for (notice,) in store.session.among(NOTICES_OF, sorted(messages))]


def decode(line: bytes | str) -> ToldLine:
    """Raises msgspec.DecodeError for what is no line of the log."""
    return _decode(line)
