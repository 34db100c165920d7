"""What is about to be sent is written down first: that it is on its way, its message, and what its gates said."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from msgspec.structs import replace

from contracts.message import Posted
from contracts.notice import LEASE
from contracts.verdict import Look
from notifiers.courier.letters import Sealed, in_one, messages_of
from notifiers.ports import Ledger, Transaction

Begun: TypeAlias = tuple[Sealed, Posted]


def begin(ledger: Ledger, some: Sequence[Sealed], now: int) -> list[Begun | None]:
    """Return what of each is still ours to send, with its message; None where another courier has claimed all of it.

    now: from here on its customer may have heard it, and its claim lasts.
    """
    begun: list[Begun | None] = []
    kept: list[Posted] = []
    some = [each.beginning(now) for each in some]
    with ledger.transaction() as tx:
        sends = tx.begin([letter.begun(now + LEASE) for each in some for letter in each.letters])
        ours = {send.notice.notice for send in sends}
        for each in some:
            letters = [letter for letter in each.letters if letter.draft.notice in ours]
            messages = messages_of(letters) if letters else []
            begun.append((Sealed(each.bundle, each.carrier, in_one(letters)), messages[0]) if letters else None)
            kept += messages
        tx.save_messages(kept)
        tx.log_gates([look for each in some for look in each.bundle.looks if look.notice in ours])
    return begun


def leave(ledger: Ledger, some: Iterable[Sealed], now: int) -> None:
    """Have bundles that were not begun asked again at once, with nothing else changed."""
    with ledger.transaction() as tx:
        for each in some:
            for letter in each.letters:
                tx.answer(replace(letter.question.notice, ask_at=now))


def put_off(ledger: Ledger, some: Sequence[tuple[Sealed, int, str]], now: int) -> None:
    """Let bundles wait for their provider until a time, without a try; why is said once."""
    with ledger.transaction() as tx:
        for sealed, until, why in some:
            _put_off(tx, sealed, until, why, now)


def _put_off(tx: Transaction, sealed: Sealed, until: int, why: str, now: int) -> None:
    for letter in sealed.letters:
        notice = letter.question.notice
        if tx.answer(letter.waiting(until)) and notice.channel != letter.draft.channel:
            waits = Look(notice.notice, now, ((letter.draft.channel, "hold", why, until),))
            tx.log_gates([*(look for look in sealed.bundle.looks if look.notice == notice.notice), waits])
