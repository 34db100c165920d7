"""tellfirst with a fault in its core, which the events of one order meet: `python -m tests.slow.poisoned WORDS…`."""

from typing import Any

from contracts.event import Fate
from streams.batch import Core
from tellfirst.cli import main

POISONED = "order/poison"


def spoil() -> None:
    take = Core.take

    def spoilt(self: Core, event: Any, **times: int) -> Fate:
        if POISONED in event.cases:
            raise ZeroDivisionError("a rule divided by nothing")
        return take(self, event, **times)

    Core.take = spoilt  # type: ignore[method-assign]


if __name__ == "__main__":
    spoil()
    main()
