"""The courier: claims what is due, asks the gates, and sends; what waits to be told is the best way to keep a promise."""

from collections.abc import Callable, Mapping, Sequence

from contracts.notice import Notice
from contracts.tell import RuleTelling
from notifiers.channels import Channel, Desk
from notifiers.composing import Composer
from notifiers.courier.asking import Asking, Sight, sees_all
from notifiers.courier.deciding import Deciding
from notifiers.courier.desk_words import DeskWords
from notifiers.courier.happenings import Happening
from notifiers.courier.promising import Promising
from notifiers.courier.receipts import Receipts
from notifiers.courier.sealing import Sealing
from notifiers.courier.sending import Sending
from notifiers.courier.waves import Waves
from notifiers.limits import Limits
from notifiers.ports import Ledger
from notifiers.profiles import Defaults

MOST_CLAIMS = 10_000
LIMITS = Limits()
DEFAULTS = Defaults()


class Courier:
    """Tells what is due of the ledger's notices; claims fence it from other couriers.

    channels: the rule's word to a channel; stand_in: for the words that have none. sight: how far each case is certainly seen.
    says_when_late: whether messages admit that we noticed late; replays and backtests do not.
    clock: the time while a round waits for providers; None: it stands still. resting: which providers are left alone for now.
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
        clock: Callable[[], int] | None = None,
    ) -> None:
        self._ledger, self._rules = ledger, rules
        self._asking = Asking(ledger, rules, defaults=defaults, limits=limits, sight=sight, says_when_late=says_when_late)
        self._promising = Promising(ledger, rules, self._asking, limits=limits)
        sealing = Sealing(ledger, composer, channels=channels or {}, stand_in=stand_in)
        receipts = Receipts(ledger, self._promising, carrier=sealing.carrier)
        sending = Sending(ledger, sealing, receipts, clock=clock)
        words = DeskWords(composer, language=defaults.language)
        deciding = Deciding(ledger, receipts, self._promising, desk=desk, words=words)
        self._waves = Waves(rules, self._asking, deciding, sending)
        self.resting = sealing.resting

    async def round(self, now: int) -> tuple[Happening, ...]:
        """Do everything that is due at `now`, in microseconds; return what was done, in order.

        After an outage the promises that are overdue come first, the oldest before the others and so many in one round.
        """
        self._asking.begin_round(now)
        handed_over = self._promising.hand_over_what_is_due(now)
        due = self._promising.wake_news(now)
        self._promising.answer_overdue(now, in_hand=self._waves.in_hand)
        happened = await self._tell_all(now, due, handed_over)
        if due:
            self._promising.keep(now, in_hand=self._waves.in_hand)
            happened += await self._tell_all(now, due)
        return tuple(happened)

    async def _tell_all(self, now: int, due: frozenset[str], claimed: Sequence[Notice] = ()) -> list[Happening]:
        """due: problems of which news is due; claimed: what is ours already."""
        happened: list[Happening] = []
        for _ in range(MOST_CLAIMS):
            with self._ledger.transaction() as tx:
                notices = [*claimed, *tx.claim_due(now)]
            if not notices:
                break
            try:
                happened += await self._waves.tell(notices, now, due)
            finally:
                self._ledger.let_go(notices)
            claimed = ()
        return happened
