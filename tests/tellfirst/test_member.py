"""The name by which the consumer group knows a worker: each has its own, and the same again after a restart."""

import socket
import subprocess
import sys

import pytest

from tellfirst.run import member as naming
from tellfirst.run.member import member

GROUP = "a group of this test"
HOLD = f"from tellfirst.run.member import member\nwith member({GROUP!r}, None) as name:\n    print(name, flush=True)\n    input()"
HOST = socket.gethostname()


def test_workers_beside_each_other_are_numbered_and_a_number_comes_free_again() -> None:
    with member("one group", None) as first, member("one group", None) as second, member("another group", None) as other:
        assert (first, second, other) == (f"{HOST}-0", f"{HOST}-1", f"{HOST}-0")

    with member("one group", None) as again:
        assert again == f"{HOST}-0"


def test_the_number_of_a_worker_that_was_killed_is_free_at_once() -> None:
    held = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert held.stdout is not None
    assert held.stdout.readline().strip() == f"{HOST}-0"
    with member(GROUP, None) as beside:
        assert beside == f"{HOST}-1"

    held.kill()
    held.communicate()

    with member(GROUP, None) as instead:
        assert instead == f"{HOST}-0"


def test_a_name_that_was_given_is_taken_as_it_is() -> None:
    with member(GROUP, "worker-7") as name, member(GROUP, "worker-7") as same:
        assert name == same == "worker-7"


def test_where_numbers_cannot_be_held_the_host_is_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "ON_LINUX", False)

    with member(GROUP, None) as name:
        assert name == HOST
