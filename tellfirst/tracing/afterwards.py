"""Spans of what is over already: written whole, with ids that are computed, so that none has to be begun, kept and ended."""

from collections.abc import Mapping, Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags, format_trace_id

from contracts.ids import span_of, trace_of

NANOSECONDS = 1_000
OURS = InstrumentationScope("tellfirst")
NOWHERE = Context()


class Afterwards:
    """processor: of the provider, whose sampler is asked by the id of a trace alone: all of it is kept, or nothing."""

    def __init__(self, provider: TracerProvider, processor: BatchSpanProcessor) -> None:
        self._provider, self._processor = provider, processor

    def a_place(self) -> SpanContext:
        """Return the beginning of a trace that nobody else will add to."""
        return self._place(self._provider.id_generator.generate_trace_id(), None)

    def place_in(self, problem: str, name: str | None = None) -> SpanContext:
        """Return a place in the trace of a problem: that of the problem or notice of this name, or a new one."""
        return self._place(trace_of(problem), None if name is None else span_of(name))

    def _place(self, trace: int, span: int | None) -> SpanContext:
        kept = self._provider.sampler.should_sample(NOWHERE, trace, "").decision.is_sampled()  # type: ignore[no-untyped-call]
        span = self._provider.id_generator.generate_span_id() if span is None else span
        return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(kept))

    def write(
        self,
        name: str,
        began: int,
        ended: int,
        *,
        here: SpanContext,
        under: SpanContext | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        links: Sequence[Link] = (),
        more: Mapping[str, str | int],
    ) -> None:
        """Times in microseconds. under: None for the beginning of a trace."""
        if here.trace_flags.sampled:
            span = ReadableSpan(
                name,
                here,
                under,
                self._provider.resource,
                more,
                links=links,
                kind=kind,
                start_time=began * NANOSECONDS,
                end_time=ended * NANOSECONDS,
                instrumentation_scope=OURS,
            )
            self._processor.on_end(span)


def kept(place: SpanContext) -> str | None:
    """Return the trace of a place as it is written, None where the sampler dropped it."""
    return format_trace_id(place.trace_id) if place.trace_flags.sampled else None
