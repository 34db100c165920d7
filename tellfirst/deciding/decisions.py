"""What people decide about rules, silence and dead letters, as records, and what each of them does to the store."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from contracts.event import DeadLetter
from contracts.notice import Answer, Reason
from contracts.telling import RuleState, Silence, Stage
from storage.store import Store, Transaction
from streams.redriving import letter_of


class SetStage(Struct, frozen=True, tag="set_stage"):
    """Let a rule speak, only record, or stop."""

    rule: str
    stage: Stage


class Release(Struct, frozen=True, tag="release"):
    """What the breaker holds of a rule is told, as far as it is still true."""

    rule: str


class Withdraw(Struct, frozen=True, tag="withdraw"):
    """What the breaker holds of a rule is not told."""

    rule: str


class BeSilent(Struct, frozen=True, tag="be_silent"):
    silence: Silence


class EndSilence(Struct, frozen=True, tag="end_silence"):
    silence: str


class Redrive(Struct, frozen=True, tag="redrive"):
    """Dead letters, as SOURCE:POSITION, are taken in again, by this mapping or the one that fits."""

    letters: tuple[str, ...]
    mapping: str | None


class SendBack(Struct, frozen=True, tag="send_back"):
    """Dead letters, as SOURCE:POSITION, were written back to their topics, and leave the list."""

    letters: tuple[str, ...]


class Discard(Struct, frozen=True, tag="discard"):
    """Dead letters, as SOURCE:POSITION, are thrown away."""

    letters: tuple[str, ...]


class EraseTold(Struct, frozen=True, tag="erase_told"):
    """Nothing of these notices stays in the log of what was told."""

    notices: tuple[str, ...]


Written: TypeAlias = SetStage | Release | Withdraw | BeSilent | EndSilence | SendBack | Discard | EraseTold
"""What one transaction of the store carries out."""

Decision: TypeAlias = Written | Redrive


def silence_id(silence: Silence) -> str:
    """Return the id of a silence, computed from all else that it says; the same request twice is one silence."""
    parts = (silence.rule, silence.case, silence.customer, silence.starts, silence.ends, silence.why)
    return "sil_" + blake2b(repr(parts).encode(), digest_size=5).hexdigest()


def carry_out(decision: Written, store: Store, *, now: int) -> None:
    """Write a decision into the store; to carry it out twice does no more than once. now: microseconds."""
    with store.transaction() as tx:
        match decision:
            case SetStage(rule, stage):
                tx.save_rule(_staged(_state(tx, rule), stage, now))
                tx.ask_again(reasons=[Reason.BREAKER], now=now)
            case Release(rule):
                tx.save_rule(replace(_state(tx, rule), breaker_open=False))
                tx.ask_again(reasons=[Reason.BREAKER], now=now)
            case Withdraw(rule):
                _withdraw(rule, store, tx)
                tx.save_rule(replace(_state(tx, rule), breaker_open=False))
            case BeSilent(silence):
                tx.add_silence(silence)
            case EndSilence(silence):
                tx.end_silence(silence, now=now)
                tx.ask_again(reasons=[Reason.SILENCED], now=now)
            case SendBack(letters):
                for letter in _there(letters, store):
                    tx.send_letter_back(letter)
            case Discard(letters):
                for letter in _there(letters, store):
                    tx.discard_letter(letter)
            case EraseTold(notices):
                tx.erase_told(notices)


def _there(names: Iterable[str], store: Store) -> Iterator[DeadLetter]:
    """Yield those of these letters that are on the list."""
    return (found for name in names if (found := letter_of(name, store)) is not None)


def _state(tx: Transaction, rule: str) -> RuleState:
    return tx.rule_state(rule) or RuleState(rule=rule, stage=Stage.SHADOW, live_since=None)


def _staged(state: RuleState, stage: Stage, now: int) -> RuleState:
    """A rule that goes live speaks of what is true from now on; one that was only paused goes on where it stopped."""
    match stage:
        case Stage.LIVE:
            goes_on = state.stage is not Stage.SHADOW and state.live_since is not None
            return replace(state, stage=stage, live_since=state.live_since if goes_on else now)
        case Stage.SHADOW | Stage.PAUSED:
            return replace(state, stage=stage)


def _withdraw(rule: str, store: Store, tx: Transaction) -> None:
    held = {line["problem"] for line in store.export("notices") if line["rule"] == rule and line["reason"] == Reason.BREAKER}
    waiting = [notice for own in tx.waiting_of_each(sorted(held)).values() for notice in own]
    tx.settle([notice for notice in waiting if notice.reason is Reason.BREAKER], Answer.WITHHELD, reason=Reason.BREAKER)
