"""How much of a batch to try once it has failed: halved until one record is left, which alone is to blame."""

PATIENCE = 3


class Doubt:
    """For one topic of a slot. most: how many records to try at once; None: as many as there are.

    A batch that fails may fail for a reason that passes, so it is tried whole a few times. A record that fails alone is poison.
    """

    def __init__(self) -> None:
        self.most: int | None = None
        self._at: int | None = None
        self._tries = 0

    def failed(self, at: int, records: int) -> bool:
        """The batch of this many records from offset `at` on has failed. Return whether its only record is poison."""
        self._tries = self._tries + 1 if at == self._at else 1
        self._at = at
        if self.most is None and self._tries < PATIENCE:
            return False
        if records == 1:
            return self._tries >= PATIENCE
        self.most = max(records // 2, 1)
        return False

    def worked(self, records: int) -> None:
        """A batch was committed. Trust comes back as it went: twice as many the next time."""
        if self.most is not None:
            self.most = None if records < self.most else self.most * 2
