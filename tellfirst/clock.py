"""The time: the only place of the whole house that reads a clock."""

import time


def now() -> int:
    """Return the instant: microseconds since 1970 in UTC. It can run back when the machine's clock is set."""
    return time.time_ns() // 1000


def elapsed() -> float:
    """Return seconds since some fixed moment of this process; they never run back."""
    return time.perf_counter()
