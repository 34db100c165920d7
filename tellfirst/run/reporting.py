"""What batches and rounds of telling came to goes to whoever watches: counts to metrics, lines to the log, spans to traces."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import structlog

from contracts.message import Outcome
from contracts.notice import Notice
from contracts.problem import ProblemPhase
from notifiers.courier.happenings import HandedOver, Happening, Held, News, Told, Tried, Withheld
from streams.batch import Committed
from streams.metrics import Metrics
from streams.noticing import Noticed
from streams.traceparent import Hear

if TYPE_CHECKING:
    from tellfirst.tracing.spans import Tracing

log = structlog.get_logger()


class Reporting:
    """Lines of the log name problems and notices by their ids, so that `why` finds them; no case, no customer, no address."""

    def __init__(self, metrics: Metrics, *, clock: Callable[[], int], tracing: "Tracing | None" = None) -> None:
        self._metrics, self._clock, self._tracing = metrics, clock, tracing

    @property
    def hear(self) -> Hear | None:
        """Return who gets the traces that records belong to, None where nobody asks."""
        return self._tracing.hear if self._tracing else None

    def committed(self, committed: Committed, arrived: int | None = None) -> None:
        """Hear what a batch came to. arrived: its oldest record."""
        now = self._clock()
        trace = self._tracing.committed(committed, now=now) if self._tracing else None
        self._metrics.committed(committed, now=now, arrived=arrived, trace=trace)
        for noticed in committed.noticed:
            _say_found(noticed)
        for rule in committed.counts.breakers:
            log.warning("breaker opened", rule=rule)

    def told(self, happenings: Sequence[Happening]) -> None:
        """Hear what a round of the courier did."""
        if self._tracing is None:
            self._metrics.told(happenings)
        else:
            self._tracing.told(happenings)
            self._metrics.told(happenings, trace_of=self._tracing.trace_kept)
        for happening in happenings:
            _say_told(happening)


def _say_found(noticed: Noticed) -> None:
    finding, notices = noticed.found.finding, [notice.notice for notice in noticed.notices]
    if isinstance(finding, ProblemPhase):
        log.info(f"problem {finding.phase}", problem=finding.problem, rule=finding.rule, by=finding.detector, notices=notices)
    else:
        log.info("facts changed", problem=finding.problem, notices=notices)


def _say_told(happening: Happening) -> None:
    notice = happening.notice
    match happening:
        case Told() | News():
            _say("told", notice, channel=notice.channel)
        case Held(reason=reason):
            _say("held", notice, reason=reason)
        case Withheld(reason=reason):
            _say("withheld", notice, reason=reason)
        case HandedOver(desk=desk):
            _say("handed over", notice, desk=desk)
        case Tried(outcome=outcome):
            if outcome is not Outcome.ACCEPTED:
                _say(f"try {outcome}", notice, channel=notice.channel)


def _say(what: str, notice: Notice, **more: str | None) -> None:
    log.info(what, notice=notice.notice, problem=notice.problem, rule=notice.rule, phase=notice.phase, **more)
