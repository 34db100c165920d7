"""The courier: claims what is due, asks the gates, and sends; what waits to be told is the best way to keep a promise."""

from collections.abc import Mapping, Sequence

from contracts.notice import Notice, NoticePhase
from contracts.tell import RuleTelling
from notifiers.channels import Channel, Desk
from notifiers.composing import Composer
from notifiers.courier.asking import Asking, Sight, sees_all
from notifiers.courier.deciding import Deciding, Digest
from notifiers.courier.desk_words import DeskWords
from notifiers.courier.happenings import Happening
from notifiers.courier.promising import Promising
from notifiers.courier.sending import Sending
from notifiers.limits import Limits
from notifiers.ports import Ledger
from notifiers.profiles import Defaults

MOST_CUSTOMERS = 10_000
LIMITS = Limits()
DEFAULTS = Defaults()


class Courier:
    """Tells what is due of the ledger's notices; claims fence it from other couriers.

    channels: the rule's word to a channel; stand_in: for the words that have none. sight: how far each case is certainly seen.
    says_when_late: whether messages admit that we noticed late; replays and backtests do not.
    """

    def __init__(
        self,
        ledger: Ledger,
        rules: Mapping[str, RuleTelling],
        *,
        composer: Composer,
        stand_in: Channel,
        desk: Desk,
        channels: Mapping[str, Channel] | None = None,
        limits: Limits = LIMITS,
        defaults: Defaults = DEFAULTS,
        sight: Sight = sees_all,
        says_when_late: bool = True,
    ) -> None:
        self._ledger, self._rules = ledger, rules
        self._asking = Asking(ledger, rules, defaults=defaults, limits=limits, sight=sight, says_when_late=says_when_late)
        self._promising = Promising(ledger, rules, self._asking, limits=limits)
        self._sending = Sending(ledger, composer, self._promising, channels=channels or {}, stand_in=stand_in)
        words = DeskWords(composer, language=defaults.language)
        self._deciding = Deciding(ledger, self._sending, self._promising, desk=desk, words=words)

    async def round(self, now: int) -> tuple[Happening, ...]:
        """Do everything that is due at `now`, in microseconds; return what was done, in order."""
        self._asking.begin_round(now)
        self._promising.hand_over_what_is_due(now)
        due = self._promising.wake_news(now)
        happened = await self._tell_all(now, due)
        if due:
            self._promising.keep(now)
            happened += await self._tell_all(now, due)
        return tuple(happened)

    async def _tell_all(self, now: int, due: frozenset[str]) -> list[Happening]:
        """due: problems of which news is due."""
        happened: list[Happening] = []
        for _ in range(MOST_CUSTOMERS):
            with self._ledger.transaction() as tx:
                notices = tx.claim_due(now)
            if not notices:
                break
            happened += await self._tell(notices, now, due)
        return happened

    async def _tell(self, notices: Sequence[Notice], now: int, due: frozenset[str]) -> list[Happening]:
        """Tell what is due of one customer, one by one, so that each sees what was sent before it; the digest at the end."""
        happened: list[Happening] = []
        digest = Digest()
        for notice in notices:
            happened += await self._tell_one(notice, now, keeps_promise=notice.problem in due, digest=digest)
        return happened + await digest.send(self._sending, now)

    async def _tell_one(self, notice: Notice, now: int, *, keeps_promise: bool, digest: Digest) -> list[Happening]:
        rule = self._rules.get(notice.rule)
        if rule is not None and notice.phase is NoticePhase.HANDED_OVER:
            return await self._deciding.give_to_desk(notice, rule, now)
        question = self._asking.question(notice, now, keeps_promise=keeps_promise)
        if question is None:
            self._deciding.cancel(notice)
            return []
        return await self._deciding.decide(question, now, digest)
