"""What keeps a slot one worker's: its epoch, which a claim raises and every transaction of the slot asks for first."""

from storage.errors import Fenced
from storage.questions import Questions

CLAIM_SLOT = """
    INSERT INTO slots (slot, epoch) VALUES (?, 1) ON CONFLICT (slot) DO UPDATE SET epoch = slots.epoch + 1 RETURNING epoch"""
EPOCH_OF = "SELECT epoch FROM slots WHERE slot = ?"


class SlotWrites(Questions):
    def claim_slot(self, slot: int) -> int:
        return int(self.session.value(CLAIM_SLOT, slot))

    def hold_slot(self, slot: int, *, epoch: int) -> None:
        stored = self.session.value(EPOCH_OF + self.session.held, slot)
        if stored != epoch:
            raise Fenced(f"slot {slot}: was claimed as {epoch}, and since by another worker — forget it, and claim it again")
