"""What makes and sends spans, set up as OTEL_… says: where to, how many of them, under which name."""

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

from tellfirst.settings import CONSOLE, Telemetry


def provider_of(telemetry: Telemetry, version: str, address: str | None = None) -> tuple[TracerProvider, BatchSpanProcessor]:
    """Return what makes spans, and what sends those that ended.

    Whatever is not named here, the SDK reads from the environment itself: the sampler, limits, an address if none is given.
    """
    ours = Resource({"service.name": "tellfirst", "service.version": version})
    provider = TracerProvider(resource=ours.merge(OTELResourceDetector().detect()))
    on_the_console = telemetry.traces_exporter == CONSOLE
    processor = BatchSpanProcessor(ConsoleSpanExporter() if on_the_console else OTLPSpanExporter(address))
    provider.add_span_processor(processor)
    return provider, processor
