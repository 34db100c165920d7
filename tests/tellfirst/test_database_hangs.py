"""A worker whose database takes statements and answers nothing: it answers itself, and ends when asked to."""

import re
import time
from collections.abc import Callable

import httpx
import pytest

from tests.slow.torture.staff import Member
from tests.slow.torture.town import Town
from tests.storage.server import is_ours, standing_still
from tests.tellfirst import test_short_torture

town = test_short_torture.town
BEGINS_WITHIN, ASKED_FOR_SECONDS = 60.0, 4.0
ANSWERS_WITHIN, ENDS_WITHIN = 3.0, 25.0

pytestmark = pytest.mark.skipif(not is_ours(), reason="the database is another machine's")


def answers(member: Member) -> Callable[[str], httpx.Response]:
    """Return what asks a process that has begun to answer."""
    where = re.findall(r"listening on (http://\S+)", member.log.read_text())[-1]
    return lambda path: httpx.get(f"{where}{path}", timeout=ANSWERS_WITHIN)


def test_a_worker_whose_database_hangs_answers_all_the_same_and_ends_in_time(town: Town) -> None:
    town.hire("worker-1", role="worker", wiring=("tests.tellfirst.mock_kafka",))
    [worker] = town.staff
    town.begin(within=BEGINS_WITHIN)
    asked = answers(worker)
    assert asked("/readyz").status_code == 200

    with standing_still(town.database.address):
        end, readiness = time.monotonic() + ASKED_FOR_SECONDS, set()
        while time.monotonic() < end:
            assert asked("/livez").json() == {"alive": True}
            assert "tellfirst_loop_delay_seconds" in asked("/metrics").text
            readiness.add(asked("/readyz").status_code)
        asked_at = time.monotonic()
        code = worker.stop()
        took = time.monotonic() - asked_at

    assert readiness >= {503}
    assert (code, took < ENDS_WITHIN) == (0, True), (code, took, worker.log.read_text()[-2000:])
