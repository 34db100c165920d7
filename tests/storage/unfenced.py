"""Which fence keeps who out, and the statements without it, for tests that need to see it missing."""

from collections.abc import Iterator
from types import ModuleType

from storage import batch_writes, slot_writes

EPOCH, POSITION = "epoch", "position"
"""What a claim raises and every transaction of a slot asks for; and what every batch compares before it moves it."""

STATEMENTS = {EPOCH: (slot_writes, ("HOLD_SLOT", "SEE_SLOT"), "epoch"), POSITION: (batch_writes, ("MOVE_SOURCE",), "next")}


def without(fence: str) -> Iterator[tuple[ModuleType, str, str]]:
    """Yield the statements that a fence is in: where each stands, its name, and its text without that fence."""
    module, names, column = STATEMENTS[fence]
    for name in names:
        guarded = getattr(module, name)
        assert f"AND {column} = ?" in guarded
        yield module, name, guarded.replace(f"AND {column} = ?", f"AND {column} >= 0 * ?")
