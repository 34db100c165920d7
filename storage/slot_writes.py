"""What keeps a slot one worker's: its epoch, which a claim raises and every transaction of the slot asks for first."""

from collections.abc import Sequence

from storage.errors import Fenced
from storage.questions import MINUTES, Questions
from storage.records import MinutesRow, Seen

CLAIM_SLOT = """
    INSERT INTO slots (slot, epoch) VALUES (?, 1) ON CONFLICT (slot) DO UPDATE SET epoch = slots.epoch + 1 RETURNING epoch"""
HOLD_SLOT = "UPDATE slots SET epoch = epoch WHERE slot = ? AND epoch = ?"
SEE_SLOT = "UPDATE slots SET w = ?, own_w = ?, lag = ?, seen_at = ? WHERE slot = ? AND epoch = ?"

SAVE_MINUTES = f"""
    INSERT INTO minutes ({MINUTES.columns}) VALUES ({MINUTES.marks}) ON CONFLICT (part, source) DO UPDATE SET
    since = excluded.since, newest = excluded.newest, heard = excluded.heard, looked = excluded.looked"""


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

    def save_minutes(self, rows: Sequence[MinutesRow]) -> None:
        self.session.change_all(SAVE_MINUTES, [MINUTES.row(row) for row in rows])
