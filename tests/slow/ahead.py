"""tellfirst under a clock that is ahead: `python -m tests.slow.ahead SECONDS WORDS…` is `tellfirst WORDS…` so much later."""

import sys

from contracts.times import SECOND
from tellfirst import clock
from tellfirst.cli import main


def begin() -> None:
    ahead, now = int(sys.argv.pop(1)) * SECOND, clock.now
    clock.now = lambda: now() + ahead
    main()


if __name__ == "__main__":
    begin()
