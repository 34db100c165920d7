"""What our_time runs, without the fences that its first word names, with short sessions and a pause before each commit.

A worker that is stopped is mostly stopped in such a pause: with everything read and decided, and nothing of it written.
"""

import sys
import time
from typing import Any

from tests.slow.torture import our_time
from tests.storage.unfenced import without

SESSION_SECONDS, HEARTBEAT_SECONDS = 4.0, 1.5
PAUSE_SECONDS = 0.05


def begin() -> None:
    for fence in sys.argv.pop(1).split(","):
        for module, statement, text in without(fence):
            setattr(module, statement, text)
    our_time.take_up()
    from streams.kafka import shell
    from streams.kafka.at_work import AtWork
    from tellfirst.cli import main

    shell.SESSION_SECONDS, shell.HEARTBEAT_SECONDS = SESSION_SECONDS, HEARTBEAT_SECONDS
    commit = AtWork._commit

    def later(work: AtWork, *words: Any) -> Any:
        time.sleep(PAUSE_SECONDS)
        return commit(work, *words)

    AtWork._commit = later  # type: ignore[method-assign]
    main()


if __name__ == "__main__":
    begin()
