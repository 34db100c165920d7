"""Traces by OpenTelemetry, where it is installed and the environment asks for them; else nothing of it is even imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog

from tellfirst.settings import read_telemetry

if TYPE_CHECKING:
    from tellfirst.tracing.spans import Tracing

log = structlog.get_logger()


@contextmanager
def traced() -> "Iterator[Tracing | None]":
    """Yield what makes spans, or None; at the end what was made is sent."""
    tracing = _tracing()
    try:
        yield tracing
    finally:
        if tracing is not None:
            tracing.close()


def _tracing() -> "Tracing | None":
    telemetry = read_telemetry()
    if not telemetry.asks_for_traces:
        return None
    try:
        from tellfirst.tracing.provider import provider_of
        from tellfirst.tracing.spans import Tracing
    except ImportError:
        log.warning("OTEL_… asks for traces, but OpenTelemetry is not installed — pip install 'tellfirst[otel]'")
        return None
    return Tracing(*provider_of(telemetry, version("tellfirst")))
