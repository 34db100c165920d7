"""Records on their way to topics: kept in the transaction of what they tell of, and let go once the brokers have them."""

from collections.abc import Sequence

from contracts.outgoing import Outgoing
from storage.questions import OUTGOING, Questions

SEND_ON = f"INSERT INTO outgoing ({OUTGOING.columns}) VALUES ({OUTGOING.marks})"
SENT_ON = "DELETE FROM outgoing WHERE number IN (%s) RETURNING number"


class OutgoingWrites(Questions):
    def send_on(self, records: Sequence[Outgoing]) -> None:
        self.session.change_all(SEND_ON, [OUTGOING.row(record) for record in records])

    def sent_on(self, numbers: Sequence[int]) -> None:
        self.session.among(SENT_ON, numbers)
