"""By which name the consumer group knows this worker: no other on this machine has it, and after a restart it is the same."""

import hashlib
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

ON_LINUX = sys.platform.startswith("linux")


@contextmanager
def member(group: str, given: str | None) -> Iterator[str]:
    """Yield the name that was given; else that of the host, with the first number that no worker of this machine has.

    The number is ours as long as this lasts. Only Linux can do that; elsewhere workers beside each other need names.
    """
    if given is not None or not ON_LINUX:
        yield given or socket.gethostname()
        return
    of_group = hashlib.sha256(group.encode()).hexdigest()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mark:
        number = next(each for each in count() if _is_free(mark, f"\0tellfirst/{of_group}/{each}"))
        yield f"{socket.gethostname()}-{number}"


def _is_free(mark: socket.socket, name: str) -> bool:
    """Take the name, which the system gives back when we end, however that is."""
    try:
        mark.bind(name)
    except OSError:
        return False
    return True
