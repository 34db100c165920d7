"""What becomes of dead letters later: taken in after all, discarded, or kept with a newer reason; what leaves is counted."""

from contracts.event import DeadLetter, Fate
from storage.batch_writes import COUNT_RECORDS
from storage.questions import Questions

REMOVE = "DELETE FROM dead_letters WHERE source = ? AND position = ?"
EXPLAIN_ANEW = "UPDATE dead_letters SET reason = ?, detail = ? WHERE source = ? AND position = ?"
COUNT_GONE = """
    INSERT INTO dead_letters_gone (how, reason, letters) VALUES (?, ?, 1)
    ON CONFLICT (how, reason) DO UPDATE SET letters = dead_letters_gone.letters + 1"""


class LetterWrites(Questions):
    def take_letter_in(self, letter: DeadLetter, fate: Fate) -> bool:
        """Take it off the list: its record, counted as dead, counts as `fate` from now on. False when it was not there."""
        if not self._remove(letter, "redriven"):
            return False
        self.session.change_all(COUNT_RECORDS, [(letter.source, 0, Fate.DEAD.value, -1), (letter.source, 0, fate.value, 1)])
        return True

    def send_letter_back(self, letter: DeadLetter) -> bool:
        """Take it off the list: its topic has a copy of it, which is a record of its own. False when it was not there."""
        return self._remove(letter, "redriven")

    def discard_letter(self, letter: DeadLetter) -> bool:
        """Take it off the list for good; its record counts as dead ever after. False when it was not there."""
        return self._remove(letter, "discarded")

    def explain_letter(self, letter: DeadLetter) -> None:
        """Give a letter of the list the reason and the detail of this one."""
        self.session.change(EXPLAIN_ANEW, letter.reason.value, letter.detail, letter.source, letter.position)

    def _remove(self, letter: DeadLetter, how: str) -> bool:
        if not self.session.change(REMOVE, letter.source, letter.position):
            return False
        self.session.change(COUNT_GONE, how, letter.reason.value)
        return True
