"""When a message that was not accepted is tried again."""

from hashlib import blake2b

from contracts.times import DAY, HOUR, MINUTE, SECOND

DELAYS = (30 * SECOND, 5 * MINUTE, HOUR)
MOST_TRIES = len(DELAYS) + 1


def next_try_at(message: str, tries: int, *, ended: int, retry_after: int | None = None) -> int | None:
    """Return when to try again, or None to stop. Times in microseconds.

    tries: tries made so far, the first one counted; at least 1. retry_after: what the provider asked for; heeded up to a day.
    Delays are 30 s, 5 min and 1 h, each shortened by up to 10 %, computed from the message id, so that a replay agrees.
    """
    if tries > len(DELAYS):
        return None
    delay = DELAYS[tries - 1]
    drawn = int.from_bytes(blake2b(f"{message} {tries}".encode(), digest_size=4).digest())
    return ended + max(delay - delay * drawn // (10 << 32), min(retry_after or 0, DAY))
