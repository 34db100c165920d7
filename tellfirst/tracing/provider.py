"""What makes and sends spans, set up as OTEL_… says: where to, how many of them, under which name."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from tellfirst.settings import CONSOLE, Telemetry


class ComputedIds(RandomIdGenerator):
    """The ids of the next span, where they are computed of what it tells of; else drawn."""

    def __init__(self) -> None:
        self.trace: int | None = None
        self.span: int | None = None

    def generate_trace_id(self) -> int:
        trace, self.trace = self.trace, None
        return super().generate_trace_id() if trace is None else trace

    def generate_span_id(self) -> int:
        span, self.span = self.span, None
        return super().generate_span_id() if span is None else span


def provider_of(telemetry: Telemetry, version: str, address: str | None = None) -> TracerProvider:
    """Whatever is not named here, the SDK reads from the environment itself: the sampler, limits, an address if none is given."""
    ours = Resource({"service.name": "tellfirst", "service.version": version})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()), id_generator=ComputedIds())
    provider.add_span_processor(BatchSpanProcessor(_exporter(telemetry, address)))
    return provider


def _exporter(telemetry: Telemetry, address: str | None) -> SpanExporter:
    return ConsoleSpanExporter() if telemetry.traces_exporter == CONSOLE else OTLPSpanExporter(address)
