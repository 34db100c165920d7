"""What keeps a slot one worker's: its epoch, which a claim raises and every transaction of the slot asks for first."""

from storage.errors import Fenced
from storage.questions import Questions
from storage.records import Seen

CLAIM_SLOT = """
    INSERT INTO slots (slot, epoch) VALUES (?, 1) ON CONFLICT (slot) DO UPDATE SET epoch = slots.epoch + 1 RETURNING epoch"""
HOLD_SLOT = "UPDATE slots SET epoch = epoch WHERE slot = ? AND epoch = ?"
SEE_SLOT = "UPDATE slots SET w = ?, own_w = ?, lag = ?, seen_at = ? WHERE slot = ? AND epoch = ?"


class SlotWrites(Questions):
    def claim_slot(self, slot: int) -> int:
        return int(self.session.value(CLAIM_SLOT, slot))

    def hold_slot(self, slot: int, *, epoch: int, seen: Seen | None = None) -> None:
        if seen is None:
            held = self.session.change(HOLD_SLOT, slot, epoch)
        else:
            held = self.session.change(SEE_SLOT, seen.w, seen.own_w, seen.lag, seen.at, slot, epoch)
        if not held:
            raise Fenced(f"slot {slot}: was claimed as {epoch}, and since by another worker — forget it, and claim it again")
