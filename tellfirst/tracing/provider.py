"""What makes and sends spans, set up as OTEL_… says: where to, how many of them, under which name."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter

from tellfirst.settings import CONSOLE, Telemetry


def provider_of(telemetry: Telemetry, version: str, address: str | None = None) -> tuple[TracerProvider, BatchSpanProcessor]:
    """Return what makes spans, and what sends those that ended.

    Whatever is not named here, the SDK reads from the environment itself: the sampler, limits, an address if none is given.
    """
    ours = Resource({"service.name": "tellfirst", "service.version": version})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    processor = BatchSpanProcessor(_exporter(telemetry, address))
    provider.add_span_processor(processor)
    return provider, processor


def _exporter(telemetry: Telemetry, address: str | None) -> SpanExporter:
    return ConsoleSpanExporter() if telemetry.traces_exporter == CONSOLE else OTLPSpanExporter(address)
