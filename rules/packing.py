"""A memory as bytes and back. One that was packed in another way, or under an older layout, is read by the names of its parts."""

from msgspec import msgpack

from rules.detectors.sight import Sight
from rules.forgetting import settle
from rules.layouts import Layout
from rules.memory import Memory
from rules.older import brought_up
from rules.plan import CasePlan
from rules.watching import Watching

MEMORY_LIMIT = 64 * 1024
LARGEST_ENTRY = 46
"""More bytes than one entry or bucket of a window can take."""

PACKING = b"\x05"
"""The number of the way in which memories are packed, whatever the layout is; it stands first in every memory.

By this one a memory is packed as it is: a struct, field by field. Each number has a version of the store's schema, so that
whoever does not know the number refuses the store.
"""

_encoder = msgpack.Encoder()


def pack(plan: CasePlan, memory: Memory) -> bytes:
    """Return the memory as msgpack; beyond 64 KiB the oldest entries of its largest window go, and that is counted."""
    settle(plan, memory)
    blob = PACKING + _encoder.encode(memory)
    while len(blob) > MEMORY_LIMIT:
        entries = max(1, (len(blob) - MEMORY_LIMIT) // LARGEST_ENTRY)
        dropped = sum(_drop_one(plan, memory) for _ in range(entries))
        if not dropped:
            break
        memory.limit_hits += dropped
        blob = PACKING + _encoder.encode(memory)
    return blob


def _drop_one(plan: CasePlan, memory: Memory) -> bool:
    windows = plan.windows_in(memory)
    return bool(windows) and max(windows, key=lambda window: len(window.times)).drop_oldest()


def unpack(plan: CasePlan, case: str, blob: bytes, layout: Layout) -> Memory:
    """Return the memory; where the layout is another one, deadlines are worked out anew from what is remembered.

    Raises ValueError for bytes that were packed in a way that nobody knows, or that are damaged.
    """
    is_present = layout is plan.layout or layout == plan.layout
    is_as_now = is_present and blob[:1] == PACKING
    memory = plan.decoder.decode(memoryview(blob)[1:]) if is_as_now else brought_up(plan, blob, layout)
    memory.case, memory.limit_hits, memory.too_late = case, 0, 0
    if not is_present and not memory.stub:
        _rearm(plan, memory)
    return memory


def _rearm(plan: CasePlan, memory: Memory) -> None:
    """A rule changed: what is armed follows the new rule, from what is remembered; what holds goes on holding."""
    for rule in plan.rules:
        life, last = memory.watch(rule.life, rule.position), len(rule.detectors) - 1
        if (problems := memory.problems.get(rule.position)) is not None:
            problems.peak, problems.speaker = min(problems.peak, last), min(problems.speaker, last)
        if life.is_open:
            Watching(rule, Sight(memory, memory.newest, start=life.start or 0)).rearm()
    if not settle(plan, memory):
        memory.ripe_at = memory.newest
