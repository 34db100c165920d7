"""How often Python looks for circles of garbage while much is made that stays: memories, rules."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

NEW_THINGS = 400_000


@contextmanager
def rare_collection() -> Iterator[None]:
    """Let Python seldom look for circles of garbage: there are few, and what stays is much."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(NEW_THINGS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
