"""tellfirst without one of its safeguards, for the proof that it is what protects: as tests.slow.ahead, with its name before."""

import sys
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from contracts.message import Outcome
from contracts.on_its_way import OnItsWay
from notifiers.channels import Reply
from notifiers.courier.receipts import Receipts
from storage.courier_writes import BEGIN, CourierWrites
from tellfirst import restoring
from tests.slow.ahead import begin


def nothing_is_written_before_it_is_sent() -> None:
    """Else a store that knows nothing of what its log says was told is taken for a copy, and refused."""

    def begin(self: CourierWrites, sends: Sequence[OnItsWay]) -> Sequence[OnItsWay]:
        return [send for send in sends if self._write(BEGIN, send, told_at=send.attempt.began_at)]

    CourierWrites.begin = begin  # type: ignore[method-assign]
    vars(restoring)["must_be_whole"] = lambda project, store: None


def no_answer_is_taken_for_not_sent() -> None:
    write = Receipts.write

    def careless(self: Receipts, bundles, replies: Sequence[Reply], *rest):  # type: ignore[no-untyped-def]
        sure = [replace(each, outcome=Outcome.RETRY) if each.outcome is Outcome.AMBIGUOUS else each for each in replies]
        return write(self, bundles, sure, *rest)

    Receipts.write = careless  # type: ignore[method-assign]


WITHOUT: dict[str, Callable[[], None]] = {
    each.__name__: each for each in (nothing_is_written_before_it_is_sent, no_answer_is_taken_for_not_sent)
}

if __name__ == "__main__":
    WITHOUT[sys.argv.pop(1)]()
    begin()
