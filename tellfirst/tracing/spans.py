"""What happens becomes spans: one for each batch, linked to the traces of its records, and a trace for each problem.

The trace of a problem begins with its opening; its phases, its notices and the tries to send them are below that. All of these
ids are computed, so that another process, days later, adds to the same trace, and `why` can name it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from msgspec import Struct, json
from msgspec.structs import replace
from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from contracts.message import Posted
from contracts.notice import Notice
from contracts.outgoing import Outgoing, Word
from contracts.problem import Phase, ProblemPhase
from notifiers.channels.opening import Provided
from notifiers.courier.happenings import HandedOver, Happening, Held, News, Told, Tried, Withheld
from streams.batch import Committed
from streams.noticing import Noticed
from streams.traceparent import NAME
from tellfirst.tracing.afterwards import Afterwards, kept
from tellfirst.tracing.tries import TracedChannel

MOST_LINKS = 128
OPENED = f"problem {Phase.OPENED}"

TELLING = (Word.PROBLEMS, Word.NOTICES)


class _Told(Struct):
    """What a line of an export says of whose it is."""

    problem: str
    notice: str = ""


_told = json.Decoder(_Told)
_words = TraceContextTextMapPropagator()


class Tracing:
    """Times come in as microseconds."""

    def __init__(self, provider: TracerProvider, processor: BatchSpanProcessor) -> None:
        self._provider, self._tracer = provider, provider.get_tracer("tellfirst")
        self._spans = Afterwards(provider, processor)
        self._heard: dict[str, Link] = {}
        self._channels: frozenset[str] = frozenset()

    def close(self) -> None:
        self._provider.shutdown()

    def hear(self, traceparent: str) -> None:
        """Have the next batch linked to a record's trace."""
        if traceparent not in self._heard and len(self._heard) < MOST_LINKS:
            context = get_current_span(_words.extract({NAME: traceparent})).get_span_context()
            if context.is_valid:
                self._heard[traceparent] = Link(context)

    def committed(self, committed: Committed, *, now: int) -> str | None:
        """Tell of a batch and of what it found; return its trace, None where it is not kept."""
        links, self._heard = tuple(self._heard.values()), {}
        records = _records(committed)
        if not records and not committed.noticed:
            return None
        began, batch = now - sum(committed.counts.spent.values()), self._spans.a_place()
        self._spans.write("batch", began, now, here=batch, kind=SpanKind.CONSUMER, links=links, more=records)
        for noticed in committed.noticed:
            self._found(noticed, batch, began, now)
        return kept(batch)

    def _found(self, noticed: Noticed, batch: SpanContext, began: int, now: int) -> None:
        finding, links = noticed.found.finding, (Link(batch),)
        root = self._spans.place_in(finding.problem, finding.problem)
        about: dict[str, str] = {"tellfirst.problem": finding.problem, "tellfirst.rule": finding.rule}
        name = "facts changed"
        if isinstance(finding, ProblemPhase):
            name, about["tellfirst.by"] = f"problem {finding.phase}", finding.detector or finding.ended_by or ""
        if name == OPENED:
            self._spans.write(name, began, now, here=root, links=links, more=about)
        else:
            self._spans.write(name, began, now, here=self._spans.place_in(finding.problem), under=root, links=links, more=about)

    def told(self, happenings: Sequence[Happening]) -> None:
        """Tell of what a round of the courier did, but of tries that `sending` has told of already."""
        for happening in happenings:
            notice, at = happening.notice, happening.at
            match happening:
                case Told() | News() | HandedOver():
                    self._answered(notice, "told", at)
                case Withheld(reason=reason):
                    self._answered(notice, "withheld", at, {"tellfirst.reason": reason})
                case Held(reason=reason):
                    self._of_notice("notice held", notice, at, {"tellfirst.reason": reason})
                case Tried(outcome=outcome) if notice.channel not in self._channels:
                    self._of_notice(f"send {notice.channel}", notice, at, {"tellfirst.outcome": outcome})
                case Tried():
                    """Its span was made while it was sent."""

    def _answered(self, notice: Notice, answer: str, at: int, more: Mapping[str, str] | None = None) -> None:
        here = self._spans.place_in(notice.problem, notice.notice)
        under = self._spans.place_in(notice.problem, notice.problem)
        about = _of(notice) | {"tellfirst.channel": notice.channel or ""} | dict(more or {})
        self._spans.write(f"notice {answer}", notice.found_at, at, here=here, under=under, more=about)

    def _of_notice(self, name: str, notice: Notice, at: int, more: Mapping[str, str]) -> None:
        here = self._spans.place_in(notice.problem)
        under = self._spans.place_in(notice.problem, notice.notice)
        self._spans.write(name, at, at, here=here, under=under, more=_of(notice) | dict(more))

    def over(self, channels: Mapping[str, Provided]) -> dict[str, Provided]:
        """Return channels that make a span of each try."""
        self._channels = frozenset(channels)
        return {word: TracedChannel(channel, self.sending) for word, channel in channels.items()}

    @contextmanager
    def sending(self, message: Posted) -> Iterator[Span]:
        """Yield the span of one try to send, which ends with the block."""
        first = message.about[0]
        about = {"tellfirst.message": message.message, "tellfirst.notice": first.notice, "tellfirst.rule": first.rule}
        under = self._below(first.problem, first.notice)
        with self._tracer.start_as_current_span(
            f"send {message.channel}", context=under, kind=SpanKind.CLIENT, attributes=about
        ) as span:
            yield span

    def headers(self) -> Mapping[str, str]:
        """Return what a request to a provider carries, so that its traces go on where ours are."""
        carrier: dict[str, str] = {}
        _words.inject(carrier)
        return carrier

    def on_a_record(self, record: Outgoing) -> Outgoing:
        """Return a record for a topic with the trace of the problem or the notice that it tells of."""
        if record.topic not in TELLING or record.value is None:
            return record
        told = _told.decode(record.value)
        trace: dict[str, str] = {}
        _words.inject(trace, context=self._below(told.problem, told.notice or told.problem))
        return replace(record, headers=(*record.headers, *((name, value.encode()) for name, value in trace.items())))

    def trace_kept(self, problem: str) -> str | None:
        """Return the trace of a problem, None where it is not kept."""
        return kept(self._spans.place_in(problem))

    def _below(self, problem: str, name: str) -> Context:
        """Return what stands for a span of a problem's trace that was made elsewhere, or will be."""
        return set_span_in_context(NonRecordingSpan(self._spans.place_in(problem, name)), Context())


def _records(committed: Committed) -> dict[str, int]:
    """Return how many records were read, by what became of them."""
    total: Counter[str] = Counter()
    for fates in committed.counts.fates.values():
        total.update(fates)
    return {f"tellfirst.records.{fate}": number for fate, number in total.items() if number}


def _of(notice: Notice) -> dict[str, str]:
    return {"tellfirst.notice": notice.notice, "tellfirst.rule": notice.rule, "tellfirst.phase": notice.phase}
