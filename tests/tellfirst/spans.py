"""Whoever gets traces: an OTLP receiver over HTTP on this machine, and the spans that came."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.tellfirst.posted import posted


@contextmanager
def otlp_receiver() -> Iterator[tuple[str, list[Any]]]:
    """Yield its address, and the spans that it got, as OTLP has them."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    spans: list[Any] = []

    def take(body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        spans.extend(span for each in request.resource_spans for scope in each.scope_spans for span in scope.spans)

    with posted(take) as address:
        yield address, spans


def attributes_of(span: Any) -> dict[str, str | int]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}
