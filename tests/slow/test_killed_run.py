"""The run is killed fifty times while 200,000 events come in: nothing is lost, no problem and no notice is doubled."""

from pathlib import Path

import pytest

from tests.tellfirst.killing import kill_while_sending


@pytest.mark.timeout(600)
def test_a_run_that_is_killed_fifty_times_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    came_to = kill_while_sending(tmp_path / "shop", events=200_000, kills=50, seed=4711)

    assert (came_to["applied"], came_to["problems"]) == (204_000, 4_000)
    assert came_to["repeated_requests"] > 0
