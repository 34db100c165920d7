"""What the process says about itself on stderr: lines on a terminal, JSON elsewhere; no addresses and no names in them."""

import logging
import sys
from collections import Counter

import structlog

from tellfirst.clock import elapsed

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
CLIENTS = ("aiokafka", "faust", "mode")
HARMLESS = "mode.timers"
ONCE_IN_SECONDS = 30.0


class Seldom(logging.Handler):
    """Says what the clients of Kafka say, each kind of it once in 30 s: while brokers are away they say it all the time."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said_at: dict[tuple[str, int], float] = {}
        self._unsaid: Counter[tuple[str, int]] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        kind, now = (record.name, record.lineno), elapsed()
        if now - self._said_at.get(kind, -ONCE_IN_SECONDS) < ONCE_IN_SECONDS:
            self._unsaid[kind] += 1
            return
        self._said_at[kind] = now
        structlog.get_logger().warning("kafka", by=record.name, said=record.getMessage(), unsaid=self._unsaid.pop(kind, 0))


def set_up_logs(level: str) -> None:
    """level: debug, info, warning or error; anything else is info."""
    on_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS.get(level, logging.INFO)),
        logger_factory=lambda *names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for name in CLIENTS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [Seldom()], False
    logging.getLogger(HARMLESS).setLevel(logging.ERROR)
